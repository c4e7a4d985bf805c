/* Behind the journal: which documents were touched, and making all of them anew, page by page. */
#include <stdlib.h>

#include "core/follow.h"
#include "core/search.h"
#include "core/search_doc.h"

enum { ENTRIES_MOST = 2000, RELATED = 200 };

/* A rebuild is a cursor too: xid is the type under way (0: none), seq the last row's id. */
#define BUILDING "search.build"

static const char *const tables[SEARCH_TYPES] = {NULL, "activity", "place", "cases", "person"};

static enum search_type type_of(int64_t subject_kind)
{
    return subject_kind == SUBJECT_CASE       ? SEARCH_CASE
           : subject_kind == SUBJECT_PERSON   ? SEARCH_PERSON
           : subject_kind == SUBJECT_PLACE    ? SEARCH_PLACE
           : subject_kind == SUBJECT_ACTIVITY ? SEARCH_ACTIVITY
                                              : (enum search_type)0;
}

struct run {
    struct core *core;
    struct db *db;
    struct arena *arena; /* of a page of documents */
    struct lineages lines;
};

static bool refresh(struct run *run, enum search_type type, int64_t from, int64_t to, struct error *e)
{
    bool ok = search_refresh(run->core, run->db, run->arena, &run->lines, type, from, to, e);
    arena_reset(run->arena);
    return ok;
}

/* The rows of another type that hang on a row: at most RELATED at a time, by id. */
static bool refresh_related(struct run *run, const char *sql, enum search_type type, int64_t of, struct error *e)
{
    int64_t ids[RELATED], after = 0;
    size_t n = RELATED;
    bool ok = true;

    while (ok && n == RELATED) {
        struct db_rows r;
        n = 0;
        if (!db_rows(run->db, &r, e, sql, ARGS(INT(of), INT(after), INT(RELATED))))
            return false;
        while (n < RELATED && db_next(&r))
            ids[n++] = db_int(&r, 0);
        ok = db_end(&r, e);
        for (size_t i = 0; ok && i < n; i++)
            ok = refresh(run, type, ids[i], ids[i], e);
        after = n > 0 ? ids[n - 1] : after;
    }
    return ok;
}

/* A person stands in the documents of their cases with name and telephone; and a report may bring a person into being, of whom no entry of the
 * journal tells. */
static bool refresh_touched(struct run *run, const struct touched *t, struct error *e)
{
    if (t->kind >= SUBJECT_REGISTERS) /* a row of a register may bring a person too */
        return refresh_related(
            run, "select person from register_row where id = ?1 and person > ?2 order by person limit ?3",
            SEARCH_PERSON, t->id, e);
    if (!refresh(run, type_of(t->kind), t->id, t->id, e))
        return false;
    if (t->kind == SUBJECT_PERSON)
        return refresh_related(run,
                               "select distinct case_id from case_person where person = ?1 and case_id > ?2 "
                               "order by case_id limit ?3",
                               SEARCH_CASE, t->id, e);
    return t->kind != SUBJECT_CASE ||
           refresh_related(
               run,
               "select distinct person from case_person where case_id = ?1 and person > ?2 order by person limit ?3",
               SEARCH_PERSON, t->id, e);
}

static bool follow(struct run *run, struct journal_cursor cursor, int64_t most, int64_t *ret_done,
                   struct error *e)
{
    const unsigned registers = (1u << SUBJECT_COUNT) - (1u << SUBJECT_REGISTERS);
    const unsigned kinds =
        1u << SUBJECT_CASE | 1u << SUBJECT_PERSON | 1u << SUBJECT_PLACE | 1u << SUBJECT_ACTIVITY | registers;
    struct touched *list = calloc((size_t)most, sizeof *list);
    size_t n = 0;
    bool ok = list != NULL || error_cause(e, ERROR_INTERNAL, "no memory for search");

    ok = ok && follow_entries(run->db, &cursor, most, kinds, list, &n, ret_done, e);
    for (size_t i = 0; ok && i < n; i++)
        ok = refresh_touched(run, &list[i], e);
    free(list);
    return ok && (*ret_done == 0 || cursor_set(run->db, true, "search", cursor, e));
}

/* The next page of the type under way; with its last page the next type begins. */
static bool build(struct run *run, struct journal_cursor at, int64_t most, int64_t *ret_done, struct error *e)
{
    struct db_rows r;
    char sql[128];
    int64_t n = 0, last = 0;

    (void)snprintf(sql, sizeof sql,
                   "select count(*), max(id) from (select id from %s where id > ?1 order by id limit ?2) as page",
                   tables[at.xid]);
    if (!db_rows(run->db, &r, e, sql, ARGS(INT(at.seq), INT(most))))
        return false;
    if (db_next(&r)) {
        n = db_int(&r, 0);
        last = db_int(&r, 1);
    }
    if (!db_end(&r, e) || (n > 0 && !refresh(run, (enum search_type)at.xid, at.seq + 1, last, e)))
        return false;
    at.seq = last;
    if (n < most) {
        at = (struct journal_cursor){(at.xid + 1) % SEARCH_TYPES, 0};
        if (at.xid == 0 && !index_ready(run->db, e))
            return false;
    }
    *ret_done = n > 0 ? n : 1;
    return cursor_set(run->db, true, BUILDING, at, e);
}

bool search_rebuild(struct db *db, struct error *e)
{
    struct journal_cursor newest, ignored;

    /* The cursor first: what is written meanwhile is read again later, and that does no harm. */
    return follow_lock(db, "search", &ignored, e) && follow_newest(db, &newest, e) && index_clear(db, e) &&
           cursor_set(db, true, "search", newest, e) &&
           cursor_set(db, true, BUILDING, (struct journal_cursor){SEARCH_ACTIVITY, 0}, e);
}

bool search_building(struct db *db, bool *ret, struct error *e)
{
    struct journal_cursor building;
    if (!cursor_get(db, true, BUILDING, &building, e))
        return false;
    *ret = building.xid != 0;
    return true;
}

bool search_catch_up(struct core *core, struct db *db, int64_t most, int64_t *ret_done, struct error *e)
{
    struct journal_cursor cursor, building;
    bool holds;

    *ret_done = 0;
    most = most < 1 ? 1 : most > ENTRIES_MOST ? ENTRIES_MOST : most;
    if (!follow_lock(db, "search", &cursor, e) || !follow_holds(db, &cursor, &holds, e) ||
        !cursor_get(db, true, BUILDING, &building, e))
        return false;
    /* Nothing followed yet and no rebuild either: an installation that is older than search, or empty. */
    if (!holds || (cursor.seq == 0 && building.xid == 0)) {
        struct journal_cursor newest;
        if (!follow_newest(db, &newest, e))
            return false;
        if (newest.seq == 0)
            return true;
        *ret_done = 1;
        return search_rebuild(db, e);
    }
    struct run run = {.core = core, .db = db, .arena = arena_open()};
    bool ok = building.xid != 0 ? build(&run, building, most, ret_done, e)
                                : follow(&run, cursor, most, ret_done, e);
    lineages_free(&run.lines);
    arena_close(run.arena);
    return ok;
}
