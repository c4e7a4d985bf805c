/* From the journal to the sums: which subjects were touched, what changed in their shares, and to which
 * committee, town and county that goes. */
#include "core/tally.h"

#include <endian.h>
#include <stdlib.h>

#include "base/embed.h"
#include "base/time.h"
#include "core/journal.h"
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

/* ---- The cursor ---------------------------------------------------------------------------------------- */

/* On SQLite, where a cursor needs no xid, it carries the beginning of the entry's hash instead. The
 * derived file is not in step with the journal after a crash or a restore; then another entry stands
 * there, or none. */
static int64_t entry_mark(struct str hash)
{
    uint64_t v = 0;
    if (hash.n >= sizeof v)
        memcpy(&v, hash.p, sizeof v);
    return (int64_t)(be64toh(v) >> 1);
}

/* Locks the cursor's row, so that two callers don't both add the same change. */
static bool cursor_lock(struct db *db, struct journal_cursor *ret, struct error *e)
{
    int64_t ignored;
    return db_exec(db, e,
                   "insert into derived.reader_cursor(name, xid, seq) values('tally', 0, 0) on conflict(name) do nothing",
                   NO_ARGS) &&
           db_one_int(db, &ignored, 0, e, "select seq from derived.reader_cursor where name = 'tally' {lock}",
                      NO_ARGS) &&
           cursor_get(db, true, "tally", ret, e);
}

static bool cursor_holds(struct db *db, const struct journal_cursor *c, bool *ret, struct error *e)
{
    struct db_rows r;

    *ret = c->seq == 0;
    if (*ret)
        return true;
    if (!db_rows(db, &r, e, "select hash, {sqlite:0}{pg:xid} from journal where seq = ?1", ARGS(INT(c->seq))))
        return false;
    if (db_next(&r))
        *ret = c->xid == (db_engine(db) == DB_SQLITE ? entry_mark(db_blob(&r, 0)) : db_int(&r, 1));
    return db_end(&r, e);
}

/* The newest entry that a walk may have read by now. */
static bool cursor_newest(struct db *db, struct journal_cursor *ret, struct error *e)
{
    struct db_rows r;
    const char *sql =
        db_engine(db) == DB_SQLITE
            ? "select seq, hash from journal order by seq desc limit 1"
            : "select seq, hash, xid from journal where xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint "
              "order by xid desc, seq desc limit 1";

    *ret = (struct journal_cursor){0};
    if (!db_rows(db, &r, e, sql, NO_ARGS))
        return false;
    if (db_next(&r)) {
        ret->seq = db_int(&r, 0);
        ret->xid = db_engine(db) == DB_SQLITE ? entry_mark(db_blob(&r, 1)) : db_int(&r, 2);
    }
    return db_end(&r, e);
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

struct touched {
    int64_t kind, id;
};

static int by_subject(const void *a, const void *b)
{
    const struct touched *l = a, *r = b;
    return l->kind != r->kind ? (l->kind > r->kind) - (l->kind < r->kind) : (l->id > r->id) - (l->id < r->id);
}

/* The subjects of the next entries, each as often as it was touched. */
static bool read_entries(struct db *db, struct journal_cursor *cursor, int64_t most, struct touched *ret,
                         size_t *ret_n, int64_t *ret_done, struct error *e)
{
    struct db_rows r;
    struct journal_entry entry;

    *ret_n = 0;
    *ret_done = 0;
    if (!journal_after(db, &r, *cursor, most, e))
        return false;
    while (journal_next(&r, &entry)) {
        cursor->seq = entry.seq;
        cursor->xid = db_engine(db) == DB_SQLITE ? entry_mark(str_range((const char *)entry.hash, HASH_BYTES))
                                                 : entry.xid;
        if (entry.subject_kind == SUBJECT_CASE || entry.subject_kind == SUBJECT_ACTIVITY)
            ret[(*ret_n)++] = (struct touched){entry.subject_kind, entry.subject};
        ++*ret_done;
    }
    return db_end(&r, e);
}

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
    size_t n = 0, kept = 0, step;
    bool ok = read_entries(t->db, &cursor, most, list, &n, ret_done, e);

    if (n > 1)
        qsort(list, n, sizeof *list, by_subject);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || by_subject(&list[i], &list[kept - 1]) != 0)
            list[kept++] = list[i];
    for (size_t i = 0; ok && i < kept; i += step) {
        for (step = 1; step < SHARES_LOADED && i + step < kept && list[i + step].kind == list[i].kind; step++) {
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
    if (!cursor_lock(db, &cursor, e) || !cursor_holds(db, &cursor, &holds, e))
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
    bool ok = cursor_lock(db, &ignored, e) && cursor_newest(db, &newest, e) &&
              db_exec(db, e, "delete from derived.tally_row", NO_ARGS) &&
              db_exec(db, e, "delete from derived.tally", NO_ARGS) && rebuild_kind(&t, a, SUBJECT_CASE, e) &&
              rebuild_kind(&t, a, SUBJECT_ACTIVITY, e) && sums_write(&t, e) &&
              cursor_set(db, true, "tally", newest, e) && learn_sizes(db, e);
    sums_close(&t);
    arena_close(a);
    return ok;
}
