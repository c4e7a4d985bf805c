#include "core/office_rule.h"

#include "base/lang.h"
#include "core/unit.h"

/* What the pack says of a category for a unit, or for one that it lies in: "offices_by_unit": {CODE: […]}. */
static const json_t *by_unit(const json_t *row, const struct unit *above, size_t n, size_t *ret_at)
{
    const json_t *map = json_object_get(row, "offices_by_unit");
    for (size_t i = 0; map != NULL && i < n; i++) {
        const json_t *codes = json_object_getn(map, above[i].code.p, above[i].code.n);
        if (codes != NULL) {
            *ret_at = i;
            return codes;
        }
    }
    return NULL;
}

static const json_t *find_rule(const struct category *c, const struct unit *above, size_t n,
                               struct office_rule *ret)
{
    const json_t *rows[] = {c != NULL ? c->row : NULL, c != NULL ? c->parent_row : NULL}, *codes;
    size_t at;

    ret->from = RULE_NONE;
    for (size_t i = 0; i < 2; i++) {
        if (rows[i] == NULL)
            continue;
        ret->category = json_text(rows[i], "label");
        if ((codes = by_unit(rows[i], above, n, &at)) != NULL) {
            ret->from = RULE_OF_UNIT;
            ret->unit = above[at].name;
            return codes;
        }
        if ((codes = json_object_get(rows[i], "office")) != NULL) {
            ret->from = i == 0 ? RULE_OF_CATEGORY : RULE_OF_PARENT;
            return codes;
        }
    }
    return NULL;
}

static bool nearest(struct db *db, struct arena *a, const struct unit *above, size_t n, struct str code,
                    struct office *ret, struct error *e)
{
    *ret = (struct office){0};
    for (size_t i = 0; i < n; i++) {
        struct error why = {0};
        if (office_by_code(db, a, above[i].id, code, ret, &why))
            return true;
        if (why.code != ERROR_NOT_FOUND) {
            *e = why;
            return false;
        }
    }
    *ret = (struct office){0};
    return true;
}

bool office_rule(struct db *db, struct arena *a, const struct category *category, int64_t unit,
                 struct office_rule *ret, struct error *e)
{
    enum { LEVELS = 8 };
    struct unit above[LEVELS];
    size_t n = 0, i;
    const json_t *code;

    *ret = (struct office_rule){0};
    for (int64_t id = unit; id != 0 && n < LEVELS; id = above[n++].parent)
        if (!unit_load(db, a, id, &above[n], e))
            return false;
    const json_t *codes = find_rule(category, above, n, ret);
    if (codes == NULL)
        ret->v[ret->n++].code = STR("center");
    json_array_foreach(codes, i, code)
        if (ret->n < RULE_OFFICES)
            ret->v[ret->n++].code = str_of(json_string_value(code));
    for (i = 0; i < ret->n; i++)
        if (!nearest(db, a, above, n, ret->v[i].code, &ret->v[i].office, e))
            return false;
    return true;
}

bool office_rule_write(struct db *db, struct arena *a, struct jw *w, const struct pack *p,
                       const struct category *category, int64_t unit, enum lang lang, struct error *e)
{
    static const char *const names[] = {"", "unit", "category", "parent", "none"};
    struct office_rule rule;
    char id[ID_TEXT];

    if (!office_rule(db, a, category, unit, &rule, e))
        return false;
    const char *params[] = {arena_z(a, rule.category), arena_z(a, rule.unit)};
    jw_object(w);
    jw_kz(w, "from", names[rule.from]);
    jw_kz(w, "why", lang_say(a, lang, arena_printf(a, "rule.%s", names[rule.from]), params, 2));
    jw_karray(w, "items");
    for (size_t i = 0; i < rule.n; i++) {
        jw_object(w);
        jw_ktext(w, "code", rule.v[i].code);
        jw_ktext(w, "label", pack_label(p, "offices", rule.v[i].code));
        jw_kbool(w, "leads", i == 0);
        jw_key(w, "office");
        if (rule.v[i].office.id == 0) {
            jw_null(w);
        } else {
            id_format(rule.v[i].office.uuid, id);
            jw_object(w);
            jw_kz(w, "id", id);
            jw_ktext(w, "name", rule.v[i].office.name);
            jw_end_object(w);
        }
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_end_object(w);
    return true;
}
