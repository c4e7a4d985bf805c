#include "core/follow.h"

#include <endian.h>
#include <stdlib.h>

/* On SQLite, where a cursor needs no xid, it carries the beginning of the entry's hash instead. The derived file is not in step with
 * the journal after a crash or a restore; then another entry stands there, or none. */
static int64_t entry_mark(struct str hash)
{
    uint64_t v = 0;
    if (hash.n >= sizeof v)
        memcpy(&v, hash.p, sizeof v);
    return (int64_t)(be64toh(v) >> 1);
}

bool follow_lock(struct db *db, const char *name, struct journal_cursor *ret, struct error *e)
{
    int64_t ignored;
    return db_exec(db, e,
                   "insert into derived.reader_cursor(name, xid, seq) values(?1, 0, 0) on conflict(name) do nothing",
                   ARGS(TEXTZ(name))) &&
           db_one_int(db, &ignored, 0, e, "select seq from derived.reader_cursor where name = ?1 {lock}",
                      ARGS(TEXTZ(name))) &&
           cursor_get(db, true, name, ret, e);
}

bool follow_holds(struct db *db, const struct journal_cursor *c, bool *ret, struct error *e)
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

bool follow_newest(struct db *db, struct journal_cursor *ret, struct error *e)
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

static int by_subject(const void *a, const void *b)
{
    const struct touched *l = a, *r = b;
    return l->kind != r->kind ? (l->kind > r->kind) - (l->kind < r->kind) : (l->id > r->id) - (l->id < r->id);
}

size_t touched_sort(struct touched *list, size_t n)
{
    size_t kept = 0;
    if (n > 1)
        qsort(list, n, sizeof *list, by_subject);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || by_subject(&list[i], &list[kept - 1]) != 0)
            list[kept++] = list[i];
    return kept;
}

bool follow_entries(struct db *db, struct journal_cursor *cursor, int64_t most, unsigned kinds,
                    struct touched *ret, size_t *ret_n, int64_t *ret_done, struct error *e)
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
        if ((kinds >> entry.subject_kind & 1) != 0)
            ret[(*ret_n)++] = (struct touched){entry.subject_kind, entry.subject};
        ++*ret_done;
    }
    *ret_n = touched_sort(ret, *ret_n);
    return db_end(&r, e);
}
