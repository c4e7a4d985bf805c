/* From the journal to the sums: which subjects were touched, what changed in their shares, and to which
 * committee, town and county that goes. */
#include "core/tally.h"

#include <stdlib.h>

#include "base/embed.h"
#include "base/time.h"
#include "core/follow.h"
#include "core/tally_sums.h"

int32_t tally_month(int32_t day)
{
    int year, month, day_of_month;
    day_to_date(day, &year, &month, &day_of_month);
    return year * 12 + month - 1;
}

int32_t tally_month_start(int32_t month)
{
    return day_from_date(month / 12, month % 12 + 1, 1);
}

enum { ENTRIES_MOST = 100000 };

bool derived_ready(struct db *db, struct error *e)
{
    const struct embed_file *f = embed_find("schema/derived.sql");
    if (f == NULL)
        return error_cause(e, ERROR_INTERNAL, "schema/derived.sql is not in the program");
    return db_script(db, e, "{pg:create schema if not exists derived}") &&
           db_script(db, e, (const char *)f->data);
}

bool tally_position(struct db *db, int64_t *ret, struct error *e)
{
    struct journal_cursor c;
    if (!cursor_get(db, true, "tally", &c, e))
        return false;
    *ret = c.seq;
    return true;
}

/* ---- Catching up --------------------------------------------------------------------------------------- */

/* Some subjects of one kind: what they were goes out of the sums, what they are now comes in. */
static bool refresh(struct tally *t, struct arena *a, const struct touched *list, size_t n, struct error *e)
{
    struct shares now[SHARES_LOADED], was[SHARES_LOADED];
    struct share_writer w = {.db = t->db, .arena = a};

    for (size_t i = 0; i < n; i++)
        now[i] = was[i] = (struct shares){.subject_kind = list[i].kind, .subject = list[i].id};
    if (!shares_load(t->core, t->db, a, now, n, e) || !shares_load_kept(t->db, a, was, n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        for (int p = PART_RESULT; p < PART_END; p++) {
            if (share_equal(&now[i].part[p], &was[i].part[p]))
                continue;
            if (!sums_add(t, &was[i].part[p], -1, e) || !sums_add(t, &now[i].part[p], 1, e) ||
                !share_put(&w, &now[i], (enum tally_part)p, e))
                return false;
        }
    return share_flush(&w, e);
}

static bool catch_up(struct tally *t, struct journal_cursor cursor, int64_t most, int64_t *ret_done,
                     struct error *e)
{
    struct arena *a = arena_open();
    struct touched *list = ARENA_ARRAY(t->arena, struct touched, most);
    size_t n = 0, step;
    bool ok = follow_entries(t->db, &cursor, most, 1u << SUBJECT_CASE | 1u << SUBJECT_ACTIVITY, list, &n,
                             ret_done, e);

    for (size_t i = 0; ok && i < n; i += step) {
        for (step = 1; step < SHARES_LOADED && i + step < n && list[i + step].kind == list[i].kind; step++) {
        }
        ok = refresh(t, a, list + i, step, e);
        arena_reset(a);
    }
    arena_close(a);
    return ok && (*ret_done == 0 || (sums_write(t, e) && cursor_set(t->db, true, "tally", cursor, e)));
}

bool tally_catch_up(struct core *core, struct db *db, int64_t most, int64_t *ret_done, struct error *e)
{
    struct journal_cursor cursor;
    struct tally t;
    bool holds;

    *ret_done = 0;
    most = most < 1 ? 1 : most > ENTRIES_MOST ? ENTRIES_MOST : most;
    if (!follow_lock(db, "tally", &cursor, e) || !follow_holds(db, &cursor, &holds, e))
        return false;
    if (!holds)
        return tally_rebuild(core, db, e);
    sums_open(&t, core, db);
    bool ok = catch_up(&t, cursor, most, ret_done, e);
    sums_close(&t);
    return ok;
}

/* ---- Anew ---------------------------------------------------------------------------------------------- */

static bool rebuild_kind(struct tally *t, struct arena *a, enum subject_kind kind, struct error *e)
{
    struct shares *list = calloc(SHARES_SCANNED, sizeof *list);
    int64_t after = 0;
    size_t n = 1;
    bool ok = list != NULL || error_cause(e, ERROR_INTERNAL, "no memory for the tally");

    while (ok && n > 0) {
        struct share_writer w = {.db = t->db, .arena = a};
        ok = shares_scan(t->core, t->db, a, kind, after, list, &n, e);
        for (size_t i = 0; ok && i < n; i++)
            for (int p = PART_RESULT; ok && p < PART_END; p++)
                ok = !list[i].part[p].there ||
                     (sums_add(t, &list[i].part[p], 1, e) && share_put(&w, &list[i], (enum tally_part)p, e));
        ok = ok && share_flush(&w, e);
        if (ok && n > 0)
            after = list[n - 1].subject;
        if (ok && t->sum_count > SUMS_MOST)
            ok = sums_write(t, e);
        arena_reset(a);
    }
    free(list);
    return ok;
}

/* PostgreSQL would go on believing that the tables are small. */
static bool learn_sizes(struct db *db, struct error *e)
{
    return db_engine(db) == DB_SQLITE || (db_exec(db, e, "{pg:analyze derived.tally_row}", NO_ARGS) &&
                                          db_exec(db, e, "{pg:analyze derived.tally}", NO_ARGS));
}

bool tally_rebuild(struct core *core, struct db *db, struct error *e)
{
    struct journal_cursor newest, ignored;
    struct arena *a = arena_open();
    struct tally t;

    sums_open(&t, core, db);
    /* The cursor first: what is written meanwhile is read again later, and that does no harm. */
    bool ok = follow_lock(db, "tally", &ignored, e) && follow_newest(db, &newest, e) &&
              db_exec(db, e, "delete from derived.tally_row", NO_ARGS) &&
              db_exec(db, e, "delete from derived.tally", NO_ARGS) && rebuild_kind(&t, a, SUBJECT_CASE, e) &&
              rebuild_kind(&t, a, SUBJECT_ACTIVITY, e) && sums_write(&t, e) &&
              cursor_set(db, true, "tally", newest, e) && learn_sizes(db, e);
    sums_close(&t);
    arena_close(a);
    return ok;
}
