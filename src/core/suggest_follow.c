/* Behind the journal: what each case teaches now goes in, what it taught before goes out. */
#include <stdlib.h>

#include "core/case.h"
#include "core/follow.h"
#include "core/person.h"
#include "core/suggest.h"
#include "core/vault.h"

enum { ENTRIES_MOST = 5000, RELATED = 200, UNITS_KEPT = 4096 };

/* A rebuild is a cursor too: xid 1 while it is under way, seq the last case's id. And the pack whose words were learned. */
#define BUILDING "suggest.build"
#define PACK "suggest.pack"

/* ---- The pack ------------------------------------------------------------------------------------------ */

struct str suggest_class(struct arena *a, enum kind kind, const struct category *c, struct str *ret_above)
{
    const struct category *up = c->parent != NULL ? c->parent : c;
    *ret_above = str_of(arena_printf(a, "^%s/%.*s", kind_code(kind), (int)up->code.n, up->code.p));
    return str_of(arena_printf(a, "%s/%.*s", kind_code(kind), (int)c->code.n, c->code.p));
}

/* Does it point elsewhere by a code (有危险的归 H05)? Then its words speak for that other category. */
static bool points_elsewhere(struct str part)
{
    for (size_t i = 0; i + 2 < part.n; i++)
        if (part.p[i] >= 'A' && part.p[i] <= 'Z' && part.p[i + 1] >= '0' && part.p[i + 1] <= '9' &&
            part.p[i + 2] >= '0' && part.p[i + 2] <= '9')
            return true;
    return false;
}

static void add_definition(struct features *f, struct str text)
{
    static const struct str stop = {"；", 3};

    while (text.n > 0) {
        const char *at = memmem(text.p, text.n, stop.p, stop.n);
        struct str part = at != NULL ? str_range(text.p, (size_t)(at - text.p)) : text;
        size_t used = at != NULL ? part.n + stop.n : text.n;
        if (!points_elsewhere(part))
            features_add(f, part, WEIGHT_TEXT);
        text = str_range(text.p + used, text.n - used);
    }
}

bool suggest_learn_pack(struct lessons *l, const struct core *core, const struct pack *pack, int64_t scope,
                        struct error *e)
{
    for (int kind = KIND_DISPUTE; kind <= KIND_HAZARD; kind++)
        for (size_t i = 0; i < pack->kinds[kind].category_count; i++) {
            const struct category *c = &pack->kinds[kind].categories[i];
            struct features f;
            struct lesson lesson;
            struct str above, name = suggest_class(l->arena, (enum kind)kind, c, &above);
            if (str_eq(c->code, pack->kinds[kind].fallback))
                continue;
            features_open(&f, core, l->arena);
            features_add(&f, c->label, WEIGHT_TITLE);
            add_definition(&f, c->definition);
            if (c->parent != NULL)
                features_add(&f, c->parent->label, WEIGHT_TEXT);
            features_end(&f);
            lesson = (struct lesson){.v = f.v, .n = f.n};
            if (!lessons_class(l, name, above, &lesson.class, e))
                return false;
            lessons_add(l, scope, &lesson, 1);
        }
    return true;
}

/* ---- Cases --------------------------------------------------------------------------------------------- */

/* What a case teaches, and where. */
struct taught {
    int64_t id, narrow, wide, class;
    struct str terms;
    bool there;
};

struct home {
    int64_t unit, committee, county;
};

struct run {
    struct core *core;
    struct db *db;
    struct arena *arena; /* of the whole run: what is learned is written at its end */
    struct lessons lessons;
    struct home *homes;
    size_t home_count;
    int64_t *counties; /* those that have the pack's words by now */
    size_t county_count;
};

/* The names of people in a range of cases, by case. */
struct named {
    int64_t id;
    struct str name;
};
struct names_of {
    struct named *v;
    size_t n, room, at;
};

static bool tolerable(const struct error *why, struct error *e)
{
    if (why->code == ERROR_KEY_DESTROYED || why->code == ERROR_NOT_FOUND)
        return true;
    if (e != NULL)
        *e = *why;
    return false;
}

static bool read_names(struct run *run, struct names_of *names, int64_t from, int64_t to, struct error *e)
{
    struct identity who;
    struct db_rows r;
    bool ok = true;

    *names = (struct names_of){.room = 64};
    names->v = ARENA_ARRAY(run->arena, struct named, names->room);
    if (!db_rows(run->db, &r, e,
                 "select q.case_id, p.key, p.sealed from case_person q join person p on p.id = q.person "
                 "where q.case_id >= ?1 and q.case_id <= ?2 order by q.case_id",
                 ARGS(INT(from), INT(to))))
        return false;
    while (ok && db_next(&r)) {
        struct error why = {0};
        if (!person_unseal(run->core, run->arena, db_blob(&r, 1), db_blob(&r, 2), &who, &why)) {
            ok = tolerable(&why, e);
            continue;
        }
        if (names->n == names->room) {
            struct named *more = ARENA_ARRAY(run->arena, struct named, 2 * names->room);
            names->v = memcpy(more, names->v, names->n * sizeof *more);
            names->room *= 2;
        }
        names->v[names->n++] = (struct named){db_int(&r, 0), who.name};
    }
    return db_end(&r, ok ? e : NULL) && ok;
}

/* The names of one case; cases are asked for in their order. */
static size_t names_of_case(struct names_of *names, struct arena *a, int64_t id, struct str **ret)
{
    size_t n = 0, from;

    while (names->at < names->n && names->v[names->at].id < id)
        names->at++;
    for (from = names->at; from + n < names->n && names->v[from + n].id == id; n++) {
    }
    *ret = ARENA_ARRAY(a, struct str, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = names->v[from + i].name;
    return n;
}

static bool find_home(struct run *run, int64_t unit, struct home *ret, struct error *e)
{
    struct unit committee, county;

    for (size_t i = run->home_count; i-- > 0;)
        if (run->homes[i].unit == unit) {
            *ret = run->homes[i];
            return true;
        }
    if (!unit_above(run->db, run->arena, unit, UNIT_COMMITTEE, &committee, e) ||
        !unit_above(run->db, run->arena, unit, UNIT_COUNTY, &county, e))
        return false;
    if (run->home_count == UNITS_KEPT)
        run->home_count = 0;
    *ret = run->homes[run->home_count++] = (struct home){unit, committee.id, county.id};
    return true;
}

/* Whether a person chose its category, and enough people may read it. */
static bool teaches(const struct pack *pack, enum kind kind, struct str category, enum case_state state,
                    unsigned class)
{
    return state != STATE_WITHDRAWN && (class & (CLASS_MINOR | CLASS_RESTRICTED | CLASS_BYPASS)) == 0 &&
           !str_eq(category, pack->kinds[kind].fallback);
}

static bool read_words(struct run *run, struct names_of *names, const struct db_rows *r, struct features *f,
                       bool *ret, struct error *e)
{
    struct error why = {0};
    struct str *left_out;
    struct key key;

    *ret = false;
    if (!vault_key(run->core, db_blob(r, 1), &key, &why))
        return tolerable(&why, e);
    json_t *words = vault_open(run->arena, &key, "case", db_blob(r, 2), e);
    if (words == NULL)
        return false;
    features_open(f, run->core, run->arena);
    size_t n = names_of_case(names, run->arena, db_int(r, 0), &left_out);
    features_leave_out(f, left_out, n);
    features_add_titled(f, json_text(words, "title"), json_text(words, "text"));
    features_add(f, json_text(words, "place"), WEIGHT_TEXT);
    features_end(f);
    for (size_t i = 0; i < f->n; i++)
        f->v[i].at = (struct str){NULL, 0}; /* they lie in `words` */
    json_decref(words);
    *ret = f->n > 0;
    return true;
}

/* Columns: id, key, sealed, unit, kind, category, pack, state, class. */
static bool read_case(struct run *run, struct names_of *names, const struct db_rows *r, struct taught *ret,
                      struct error *e)
{
    const struct pack *pack = core_pack(run->core, run->db, db_int(r, 6), e);
    enum kind kind = (enum kind)db_int(r, 4);
    struct str above, code = arena_str(run->arena, db_text(r, 5));
    struct features f;
    struct home home;

    *ret = (struct taught){.id = db_int(r, 0)};
    if (pack == NULL)
        return false;
    const struct category *category = pack_category(pack, kind, code);
    if (category == NULL || !teaches(pack, kind, code, (enum case_state)db_int(r, 7), (unsigned)db_int(r, 8)))
        return true;
    if (!read_words(run, names, r, &f, &ret->there, e) || !find_home(run, db_int(r, 3), &home, e))
        return false;
    if (!ret->there)
        return true;
    struct str name = suggest_class(run->arena, kind, category, &above);
    ret->narrow = db_int(r, 8) == 0 ? home.committee : 0;
    ret->wide = home.county;
    ret->terms = lesson_pack(run->arena, f.v, f.n);
    return lessons_class(&run->lessons, name, above, &ret->class, e);
}

/* A county that learns for the first time knows the pack's words already. */
static bool county_ready(struct run *run, int64_t county, struct error *e)
{
    int64_t there;

    for (size_t i = 0; i < run->county_count; i++)
        if (run->counties[i] == county)
            return true;
    if (!db_one_int(run->db, &there, 0, e,
                    "select docs from derived.suggest_sum where scope = ?1 and class = 0", ARGS(INT(county))))
        return false;
    int64_t *more = realloc(run->counties, (run->county_count + 1) * sizeof *more);
    if (more == NULL)
        return error_cause(e, ERROR_INTERNAL, "no memory for suggestions");
    run->counties = more;
    run->counties[run->county_count++] = county;
    return there != 0 ||
           suggest_learn_pack(&run->lessons, run->core, core_pack(run->core, run->db, 0, e), county, e);
}

static bool learn(struct run *run, const struct taught *t, int times, struct error *e)
{
    struct feature *v;
    size_t n = lesson_unpack(run->arena, t->terms, &v);
    struct lesson lesson = {t->class, v, n};

    if (!county_ready(run, t->wide, e))
        return false;
    lessons_add(&run->lessons, t->wide, &lesson, times);
    if (t->narrow != 0)
        lessons_add(&run->lessons, t->narrow, &lesson, times);
    return true;
}

static bool same(const struct taught *a, const struct taught *b)
{
    return a->there == b->there && a->narrow == b->narrow && a->wide == b->wide && a->class == b->class &&
           str_eq(a->terms, b->terms);
}

static bool replace(struct run *run, const struct taught *was, const struct taught *now, struct error *e)
{
    if (same(was, now))
        return true;
    if ((was->there && !learn(run, was, -1, e)) || (now->there && !learn(run, now, 1, e)))
        return false;
    return now->there
               ? db_exec(run->db, e,
                         "insert into derived.suggest_case(id, narrow, wide, class, terms) values(?1, ?2, ?3, ?4, ?5) "
                         "on conflict(id) do update set narrow = excluded.narrow, wide = excluded.wide, class = excluded.class, "
                         "terms = excluded.terms",
                         ARGS(INT(now->id), INT(now->narrow), INT(now->wide), INT(now->class), BLOB(now->terms)))
               : db_exec(run->db, e, "delete from derived.suggest_case where id = ?1", ARGS(INT(was->id)));
}

static bool read_taught(struct run *run, int64_t from, int64_t to, struct taught **ret, size_t *ret_n,
                        struct error *e)
{
    struct db_rows r;
    size_t room = 16, n = 0;
    struct taught *v = ARENA_ARRAY(run->arena, struct taught, room);

    if (!db_rows(run->db, &r, e,
                 "select id, narrow, wide, class, terms from derived.suggest_case where id >= ?1 and id <= ?2 order by id",
                 ARGS(INT(from), INT(to))))
        return false;
    while (db_next(&r)) {
        if (n == room) {
            v = memcpy(ARENA_ARRAY(run->arena, struct taught, 2 * room), v, n * sizeof *v);
            room *= 2;
        }
        v[n++] = (struct taught){
            db_int(&r, 0), db_int(&r, 1), db_int(&r, 2), db_int(&r, 3), arena_str(run->arena, db_blob(&r, 4)),
            true};
    }
    *ret = v;
    *ret_n = n;
    return db_end(&r, e);
}

/* The cases from `from` to `to`. Rows that are gone since teach nothing any more. */
static bool refresh(struct run *run, int64_t from, int64_t to, struct error *e)
{
    struct names_of names;
    struct taught *old, none = {0};
    struct db_rows r;
    size_t n, at = 0;
    bool ok = true;

    if (!read_names(run, &names, from, to, e) || !read_taught(run, from, to, &old, &n, e) ||
        !db_rows(run->db, &r, e,
                 "select id, key, sealed, unit, kind, category, pack, state, class from cases where id >= ?1 and id <= ?2 "
                 "order by id",
                 ARGS(INT(from), INT(to))))
        return false;
    while (ok && db_next(&r)) {
        struct taught now;
        for (; ok && at < n && old[at].id < db_int(&r, 0); at++)
            ok = replace(run, &old[at], &none, e);
        ok = ok && read_case(run, &names, &r, &now, e) &&
             replace(run, at < n && old[at].id == now.id ? &old[at++] : &none, &now, e);
    }
    ok = db_end(&r, ok ? e : NULL) && ok;
    for (; ok && at < n; at++)
        ok = replace(run, &old[at], &none, e);
    return ok;
}

/* ---- Following ----------------------------------------------------------------------------------------- */

/* A person's name stands in no lesson: when it changes, those of their cases do. */
static bool refresh_person(struct run *run, int64_t person, struct error *e)
{
    int64_t ids[RELATED], after = 0;
    size_t n = RELATED;
    bool ok = true;

    while (ok && n == RELATED) {
        struct db_rows r;
        n = 0;
        if (!db_rows(run->db, &r, e,
                     "select distinct case_id from case_person where person = ?1 and case_id > ?2 order by case_id limit ?3",
                     ARGS(INT(person), INT(after), INT(RELATED))))
            return false;
        while (n < RELATED && db_next(&r))
            ids[n++] = db_int(&r, 0);
        ok = db_end(&r, e);
        for (size_t i = 0; ok && i < n; i++)
            ok = refresh(run, ids[i], ids[i], e);
        after = n > 0 ? ids[n - 1] : after;
    }
    return ok;
}

static bool follow(struct run *run, struct journal_cursor cursor, int64_t most, int64_t *ret_done,
                   struct error *e)
{
    struct touched *list = ARENA_ARRAY(run->arena, struct touched, most);
    size_t n = 0;
    bool ok = follow_entries(run->db, &cursor, most, 1u << SUBJECT_CASE | 1u << SUBJECT_PERSON, list, &n,
                             ret_done, e);

    for (size_t i = 0; ok && i < n; i++)
        ok = list[i].kind == SUBJECT_CASE ? refresh(run, list[i].id, list[i].id, e)
                                          : refresh_person(run, list[i].id, e);
    return ok && (*ret_done == 0 ||
                  (lessons_write(&run->lessons, e) && cursor_set(run->db, true, "suggest", cursor, e)));
}

static bool build(struct run *run, struct journal_cursor at, int64_t most, int64_t *ret_done, struct error *e)
{
    struct db_rows r;
    int64_t n = 0, last = 0;

    if (!db_rows(run->db, &r, e,
                 "select count(*), max(id) from (select id from cases where id > ?1 order by id limit ?2) as page",
                 ARGS(INT(at.seq), INT(most))))
        return false;
    if (db_next(&r)) {
        n = db_int(&r, 0);
        last = db_int(&r, 1);
    }
    if (!db_end(&r, e) || (n > 0 && !refresh(run, at.seq + 1, last, e)) || !lessons_write(&run->lessons, e))
        return false;
    at = n < most ? (struct journal_cursor){0, 0} : (struct journal_cursor){1, last};
    *ret_done = n > 0 ? n : 1;
    return cursor_set(run->db, true, BUILDING, at, e);
}

bool suggest_rebuild(struct core *core, struct db *db, struct error *e)
{
    struct journal_cursor newest, ignored;
    const struct pack *pack = core_pack(core, db, 0, e);
    struct arena *a = arena_open();
    struct lessons l;

    /* The cursor first: what is written meanwhile is read again later, and that does no harm. */
    bool ok = pack != NULL && follow_lock(db, "suggest", &ignored, e) && follow_newest(db, &newest, e) &&
              lessons_clear(db, e) && lessons_open(&l, db, a, e) &&
              suggest_learn_pack(&l, core, pack, SCOPE_PACK, e) && lessons_write(&l, e) &&
              cursor_set(db, true, "suggest", newest, e) &&
              cursor_set(db, true, PACK, (struct journal_cursor){0, pack->id}, e) &&
              cursor_set(db, true, BUILDING, (struct journal_cursor){1, 0}, e);
    arena_close(a);
    return ok;
}

bool suggest_catch_up(struct core *core, struct db *db, int64_t most, int64_t *ret_done, struct error *e)
{
    struct journal_cursor cursor, building, learned;
    const struct pack *pack = core_pack(core, db, 0, e);
    bool holds;

    *ret_done = 0;
    most = most < 1 ? 1 : most > ENTRIES_MOST ? ENTRIES_MOST : most;
    if (pack == NULL || !follow_lock(db, "suggest", &cursor, e) || !follow_holds(db, &cursor, &holds, e) ||
        !cursor_get(db, true, BUILDING, &building, e) || !cursor_get(db, true, PACK, &learned, e))
        return false;
    /* A restore, another pack, or an installation that is older than suggestions. */
    if (!holds || learned.seq != pack->id) {
        *ret_done = 1;
        return suggest_rebuild(core, db, e);
    }
    struct run run = {.core = core, .db = db, .arena = arena_open()};
    run.homes = ARENA_ARRAY(run.arena, struct home, UNITS_KEPT);
    bool ok = lessons_open(&run.lessons, db, run.arena, e) &&
              (building.xid != 0 ? build(&run, building, most, ret_done, e)
                                 : follow(&run, cursor, most, ret_done, e));
    free(run.counties);
    arena_close(run.arena);
    return ok;
}
