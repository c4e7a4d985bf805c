/* The first rows of a ledger as the cases they will become, for whoever is to say whether the columns were understood. */
#include "core/ledger.h"
#include "core/unit.h"

enum { TEXT_SHOWN = 200 };

static void write_problem(struct jw *w, struct arena *a, enum lang lang, const struct error *e)
{
    struct str code = str_of(error_name(e->code)), field = str_of(e->field);
    jw_kobject(w, "problem");
    jw_ktext(w, "field", field);
    jw_ktext(w, "code", code);
    jw_kz(w, "title", ledger_sentence(a, lang, code, str_of(e->detail), field));
    jw_end_object(w);
}

static bool write_unit(struct jw *w, struct db *db, struct arena *a, struct str code, struct error *e)
{
    struct unit u = {.name = STR("")};
    if (code.n > 0 && !unit_by_code(db, a, code, &u, e) && e->code != ERROR_NOT_FOUND)
        return false;
    jw_ktext(w, "unit", u.name);
    return true;
}

static void write_kind(struct jw *w, const struct pack *p, const json_t *fields, bool ended)
{
    enum kind kind = KIND_NONE;
    struct str code = json_text(fields, "category");
    if (!kind_parse(json_text(fields, "kind"), &kind) || kind == KIND_TALK)
        kind = KIND_NONE;
    const struct category *category = kind != KIND_NONE ? pack_category(p, kind, code) : NULL;
    jw_ktext(w, "kind", kind != KIND_NONE ? p->kinds[kind].short_label : STR(""));
    jw_ktext(w, "category", category != NULL ? category->label : STR(""));
    jw_ktext(w, "state",
             p->kinds[kind != KIND_NONE ? kind : KIND_REQUEST].states[ended ? STATE_CLOSED : STATE_REPORTED]);
}

static void write_time(struct jw *w, const char *name, const json_t *fields)
{
    struct str at = json_text(fields, name);
    jw_kz(w, name, at.n > 0 ? at.p : NULL);
}

bool ledger_map_preview(struct ledger_map *m, struct core *core, struct db *db, struct arena *a,
                        const struct actor *actor, const struct str *cells, size_t n, int64_t line,
                        enum lang lang, struct jw *w, struct error *e)
{
    const struct pack *pack = core_pack(core, db, 0, e);
    struct error wrong = {0};
    JSON_OWNED json_t *fields = ledger_map_row(m, db, a, actor, cells, n, &wrong);
    bool ok = pack != NULL;

    if (fields == NULL && error_status(wrong.code) >= 500) {
        *e = wrong;
        return false;
    }
    jw_object(w);
    jw_kint(w, "line", line);
    if (ok && fields != NULL) {
        bool ended = json_text(fields, "settled_at").n > 0 || json_text(fields, "closed_at").n > 0;
        jw_ktext(w, "number", json_text(json_object_get(fields, "external"), "number"));
        jw_ktext(w, "title", json_text(fields, "title"));
        jw_ktext(w, "text", str_head(json_text(fields, "text"), TEXT_SHOWN));
        ok = write_unit(w, db, a, json_text(fields, "unit"), e);
        write_kind(w, pack, fields, ended);
        write_time(w, "happened_at", fields);
        write_time(w, "settled_at", fields);
        jw_kz(w, "problem", NULL);
    } else if (ok) {
        write_problem(w, a, lang, &wrong);
    }
    jw_end_object(w);
    return ok;
}
