#include "core/coverage.h"

#include "base/time.h"
#include "core/place.h"
#include "core/post.h"
#include "core/scope.h"

enum { PLACES_MOST = 1000 };

struct covering {
    struct core *core;
    struct db *db;
    struct arena *a;
    struct jw *w;
    enum lang lang;
    const struct pack *pack;
    const struct unit *u;
    int64_t today, count;
    bool works_here;
};

static void begin(struct covering *k, const char *gap)
{
    k->count = 0;
    jw_object(k->w);
    jw_kz(k->w, "gap", gap);
    jw_kz(k->w, "label", lang_word(k->lang, arena_printf(k->a, "coverage.%s.label", gap)));
    jw_kz(k->w, "next", lang_word(k->lang, arena_printf(k->a, "coverage.%s.next", gap)));
    jw_karray(k->w, "rows");
}

static void add(struct covering *k, struct str code, struct str name, struct str what)
{
    if (k->count++ >= COVERAGE_ROWS)
        return;
    jw_object(k->w);
    jw_kobject(k->w, "unit");
    jw_ktext(k->w, "code", code);
    jw_ktext(k->w, "name", name);
    jw_end_object(k->w);
    jw_ktext(k->w, "what", what);
    jw_end_object(k->w);
}

static void finish(struct covering *k)
{
    jw_end_array(k->w);
    jw_kint(k->w, "count", k->count);
    jw_end_object(k->w);
}

/* Rows of code and name. */
static bool list(struct covering *k, const char *gap, const char *sql, const struct db_arg *args, size_t n,
                 struct error *e)
{
    struct db_rows r;
    begin(k, gap);
    if (!db_rows(k->db, &r, e, sql, args, n))
        return false;
    while (db_next(&r))
        add(k, db_text(&r, 0), db_text(&r, 1), db_text(&r, 2));
    finish(k);
    return db_end(&r, e);
}

#define HOLDS "p.from_day <= ?3 and (p.to_day is null or p.to_day > ?3)"

static bool no_steward(struct covering *k, struct error *e)
{
    return list(k, "no_steward",
                "select v.code, v.name, '' from unit v where v.ord >= ?1 and v.ord < ?2 and v.level = 6 and v.valid_to is null "
                "and not exists (select 1 from post p where p.unit = v.id and p.post = ?4 and " HOLDS
                ") order by v.ord",
                ARGS(INT(k->u->ord), INT(k->u->ord_end), INT(k->today), INT(POST_STEWARD)), e);
}

static bool no_visit(struct covering *k, struct error *e)
{
    return list(
        k, "no_visit",
        "select v.code, v.name, '' from unit v where v.ord >= ?1 and v.ord < ?2 and v.level = 6 and v.valid_to is null "
        "and not exists (select 1 from activity t where t.scope = v.ord and t.happened_at >= ?3 and t.state = ?4 and t.type in (1, 2)) "
        "order by v.ord",
        ARGS(INT(k->u->ord), INT(k->u->ord_end), INT(time_now() - (int64_t)COVERAGE_DAYS * TIME_DAY), INT(HELD)),
        e);
}

/* ---- Categories without an office ---------------------------------------------------------------------- */

static bool office_there(struct covering *k, const char *code, bool *ret, struct error *e)
{
    int64_t found;
    if (!db_one_int(k->db, &found, 0, e,
                    UNITS_ABOVE("?1") "select 1 from office o join above b on b.id = o.unit where o.code = ?2 and o.closed_at is null limit 1",
                    ARGS(INT(k->u->id), TEXTZ(code))))
        return false;
    *ret = found != 0;
    return true;
}

/* One of those that the pack names is enough. */
static bool category_served(struct covering *k, const struct category *c, bool *ret, struct str *ret_what,
                            struct error *e)
{
    const json_t *codes = json_object_get(c->row, "office"), *code;
    size_t i;

    *ret = json_array_size(codes) == 0;
    *ret_what = STR("");
    json_array_foreach(codes, i, code) {
        const char *z = json_string_value(code);
        if (z == NULL || *ret)
            continue;
        if (!office_there(k, z, ret, e))
            return false;
        if (!*ret && ret_what->n == 0)
            *ret_what = pack_label(k->pack, "offices", str_of(z));
    }
    return true;
}

static bool no_office(struct covering *k, struct error *e)
{
    begin(k, "no_office");
    for (int kind = KIND_DISPUTE; kind <= KIND_HAZARD; kind++)
        for (size_t i = 0; i < k->pack->kinds[kind].category_count; i++) {
            const struct category *c = &k->pack->kinds[kind].categories[i];
            bool served;
            struct str what;
            if (!category_served(k, c, &served, &what, e))
                return false;
            if (!served)
                add(k, k->u->code, c->label, what);
        }
    finish(k);
    return true;
}

/* ---- Levels without a handler -------------------------------------------------------------------------- */

static bool staffed(struct covering *k, int64_t unit, post_mask posts, bool *ret, struct error *e)
{
    struct db_rows r;
    *ret = false;
    if (!db_rows(k->db, &r, e,
                 "select p.post from post p join account a on a.id = p.account where p.unit = ?1 and a.closed_at is null "
                 "and p.from_day <= ?2 and (p.to_day is null or p.to_day > ?2)",
                 ARGS(INT(unit), INT(k->today))))
        return false;
    while (db_next(&r))
        *ret = *ret || (posts >> db_int(&r, 0) & 1) != 0;
    return db_end(&r, e);
}

/* From the committee up to the county: somebody at the desk, somebody who mediates, a dispatcher at each level above. */
static bool levels_above(struct covering *k, struct error *e)
{
    static const struct {
        int level;
        post_mask posts;
        const char *what;
    } wanted[] = {{UNIT_COMMITTEE, POSTS_DESK, "officer"},
                  {UNIT_COMMITTEE, POSTS_MEDIATOR, "mediator"},
                  {UNIT_COMMITTEE, AS(SUPERVISOR), "supervisor"},
                  {UNIT_TOWN, AS(DISPATCHER), "dispatcher"},
                  {UNIT_COUNTY, AS(DISPATCHER), "dispatcher"}};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        struct unit at;
        bool there;
        struct error ignored;
        if (!unit_above(k->db, k->a, k->u->id, wanted[i].level, &at, &ignored))
            continue;
        if (!staffed(k, at.id, wanted[i].posts, &there, e))
            return false;
        if (!there)
            add(k, at.code, at.name, pack_label(k->pack, "posts", str_of(wanted[i].what)));
    }
    return true;
}

static bool no_handler(struct covering *k, struct error *e)
{
    struct db_rows r;

    begin(k, "no_handler");
    if (!levels_above(k, e) ||
        !db_rows(
            k->db, &r, e,
            UNITS_ABOVE(
                "?1") "select v.code, v.name, o.name from office o join above b on b.id = o.unit join unit v on v.id = o.unit "
                      "where o.closed_at is null and not exists (select 1 from post p join account a on a.id = p.account "
                      "where p.office = o.id and a.closed_at is null and p.from_day <= ?2 and (p.to_day is null or p.to_day > ?2)) order by o.id",
            ARGS(INT(k->u->id), INT(k->today))))
        return false;
    while (db_next(&r))
        add(k, db_text(&r, 0), db_text(&r, 1), db_text(&r, 2));
    finish(k);
    return db_end(&r, e);
}

/* ---- Places without a person --------------------------------------------------------------------------- */

/* "塘长/承包人": what the kind says of its responsible is a role and nobody's name. */
static struct str role_of(const struct covering *k, struct str kind)
{
    const json_t *row;
    size_t i;
    json_array_foreach(json_object_get(k->pack->doc, "place_kinds"), i, row)
        if (str_eq(json_text(row, "code"), kind))
            return json_text(json_object_get(row, "default_responsible"), "operator");
    return STR("");
}

static bool no_person(struct covering *k, struct error *e)
{
    struct place_query q = {.lo = k->u->ord, .hi = k->u->ord_end, .after_scope = -1, .limit = PLACES_MOST};
    struct place *rows;
    size_t n;

    begin(k, "no_person");
    if (!place_page(k->core, k->db, k->a, &q, &rows, &n, e))
        return false;
    /* A house's name is its people's: whoever doesn't work there learns its kind alone. */
    for (const struct place *p = rows; p < rows + n; p++)
        if (p->owner.n == 0 || str_eq(p->owner, role_of(k, p->kind)))
            add(k, p->unit_code, p->unit_name, k->works_here ? p->name : p->kind_label);
    finish(k);
    return true;
}

bool coverage_write(struct core *core, struct db *db, struct arena *a, struct jw *w,
                    const struct actor *actor, const struct unit *u, struct error *e)
{
    struct covering k = {.core = core,
                         .db = db,
                         .a = a,
                         .w = w,
                         .lang = actor->lang,
                         .pack = core_pack(core, db, 0, e),
                         .u = u,
                         .today = day_of(time_now()),
                         .works_here = scope_reaches(actor, u->ord, POSTS_WORK)};
    if (k.pack == NULL)
        return false;
    jw_object(w);
    jw_kint(w, "days", COVERAGE_DAYS);
    jw_karray(w, "gaps");
    bool ok = no_steward(&k, e) && no_visit(&k, e) && no_office(&k, e) && no_handler(&k, e) && no_person(&k, e);
    jw_end_array(w);
    jw_end_object(w);
    return ok;
}
