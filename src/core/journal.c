#include "core/journal.h"

#include <endian.h>

#define ENTRY_COLUMNS                                                                                        \
    "seq, id, recorded_at, happened_at, scope, actor_kind, actor, post, subject_kind, subject, n, verb, open, data, body_hash, prev, hash"

static void add_number(struct hasher *h, int64_t v)
{
    uint64_t big = htobe64((uint64_t)v);
    hash_add(h, &big, sizeof big);
}

static void add_text(struct hasher *h, struct str s)
{
    add_number(h, (int64_t)s.n);
    hash_add(h, s.p, s.n);
}

void journal_hash(struct journal_entry *entry)
{
    struct hasher h;
    hash_start(&h);
    hash_add(&h, entry->prev, HASH_BYTES);
    hash_add(&h, entry->id.b, sizeof entry->id.b);
    add_number(&h, entry->recorded_at);
    add_number(&h, entry->happened_at);
    add_number(&h, entry->actor_kind);
    add_number(&h, entry->actor);
    add_number(&h, entry->post);
    add_number(&h, entry->subject_kind);
    add_number(&h, entry->subject);
    add_number(&h, entry->n);
    add_text(&h, entry->verb);
    add_number(&h, entry->open);
    add_text(&h, entry->data);
    hash_add(&h, entry->body_hash, HASH_BYTES);
    hash_end(&h, entry->hash);
}

bool journal_append(struct db *db, struct journal_entry *entry, struct error *e)
{
    journal_hash(entry);
    return db_one_int(
        db, &entry->seq, 0, e,
        "insert into journal(id, recorded_at, happened_at, scope, actor_kind, actor, post, subject_kind, subject, n, verb, open, data, "
        "body_hash, prev, hash) values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) returning seq",
        ARGS(ID(entry->id), INT(entry->recorded_at), INT(entry->happened_at), INT(entry->scope),
             INT(entry->actor_kind), OPT_INT(entry->actor), INT(entry->post), INT(entry->subject_kind),
             INT(entry->subject), INT(entry->n), TEXT(entry->verb), INT(entry->open), BLOB(entry->data),
             BYTES(entry->body_hash, HASH_BYTES), BYTES(entry->prev, HASH_BYTES),
             BYTES(entry->hash, HASH_BYTES)));
}

static void copy_hash(unsigned char out[HASH_BYTES], struct str blob)
{
    memset(out, 0, HASH_BYTES);
    if (blob.n == HASH_BYTES)
        memcpy(out, blob.p, HASH_BYTES);
}

bool journal_next(struct db_rows *r, struct journal_entry *ret)
{
    if (!db_next(r))
        return false;
    *ret = (struct journal_entry){
        .seq = db_int(r, 0),
        .id = db_id(r, 1),
        .recorded_at = db_int(r, 2),
        .happened_at = db_int(r, 3),
        .scope = db_int(r, 4),
        .actor_kind = (enum actor_kind)db_int(r, 5),
        .actor = db_int(r, 6),
        .post = db_int(r, 7),
        .subject_kind = (enum subject_kind)db_int(r, 8),
        .subject = db_int(r, 9),
        .n = db_int(r, 10),
        .verb = db_text(r, 11),
        .open = db_int(r, 12) != 0,
        .data = db_blob(r, 13),
        .xid = db_int(r, 17),
    };
    copy_hash(ret->body_hash, db_blob(r, 14));
    copy_hash(ret->prev, db_blob(r, 15));
    copy_hash(ret->hash, db_blob(r, 16));
    return true;
}

bool journal_find(struct db *db, struct arena *a, struct id id, struct journal_entry *ret, bool *ret_found,
                  struct error *e)
{
    struct db_rows r;
    if (!db_rows(db, &r, e, "select " ENTRY_COLUMNS ", 0 from journal where id = ?1", ARGS(ID(id))))
        return false;
    *ret_found = journal_next(&r, ret);
    if (*ret_found) {
        ret->verb = arena_str(a, ret->verb);
        ret->data = arena_str(a, ret->data);
    }
    return db_end(&r, e);
}

bool journal_after(struct db *db, struct db_rows *r, struct journal_cursor after, int64_t limit, struct error *e)
{
    if (db_engine(db) == DB_SQLITE)
        return db_rows(db, r, e, "select " ENTRY_COLUMNS ", 0 from journal where seq > ?1 order by seq limit ?2",
                       ARGS(INT(after.seq), INT(limit)));
    /* An older transaction may commit a smaller seq later: only what every running transaction must follow is read, in (xid, seq) order. */
    return db_rows(db, r, e,
                   "select " ENTRY_COLUMNS ", xid from journal where (xid, seq) > (?1, ?2) "
                   "and xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint order by xid, seq limit ?3",
                   ARGS(INT(after.xid), INT(after.seq), INT(limit)));
}

bool journal_head(struct db *db, struct journal_cursor *ret, struct error *e)
{
    *ret = (struct journal_cursor){0, 0};
    if (db_engine(db) == DB_SQLITE)
        return db_one_int(db, &ret->seq, 0, e, "select max(seq) from journal", NO_ARGS);
    ret->seq = INT64_MAX;
    return db_one_int(db, &ret->xid, 0, e, "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1",
                      NO_ARGS);
}

bool journal_of(struct db *db, struct db_rows *r, enum subject_kind kind, int64_t subject, int64_t from_n,
                struct error *e)
{
    return db_rows(db, r, e,
                   "select " ENTRY_COLUMNS
                   ", 0 from journal where subject_kind = ?1 and subject = ?2 and n >= ?3 order by n",
                   ARGS(INT(kind), INT(subject), INT(from_n)));
}

bool journal_between(struct db *db, struct db_rows *r, enum subject_kind kind, int64_t from, int64_t to,
                     int64_t from_n, struct error *e)
{
    return db_rows(
        db, r, e,
        "select " ENTRY_COLUMNS
        ", 0 from journal where subject_kind = ?1 and subject >= ?2 and subject <= ?3 and n >= ?4 order by subject, n",
        ARGS(INT(kind), INT(from), INT(to), INT(from_n)));
}

bool cursor_get(struct db *db, bool derived, const char *name, struct journal_cursor *ret, struct error *e)
{
    struct db_rows r;
    *ret = (struct journal_cursor){0};
    if (!db_rows(db, &r, e,
                 derived ? "select xid, seq from derived.reader_cursor where name = ?1"
                         : "select xid, seq from reader_cursor where name = ?1",
                 ARGS(TEXTZ(name))))
        return false;
    if (db_next(&r))
        *ret = (struct journal_cursor){db_int(&r, 0), db_int(&r, 1)};
    return db_end(&r, e);
}

bool cursor_set(struct db *db, bool derived, const char *name, struct journal_cursor c, struct error *e)
{
    return db_exec(
        db, e,
        derived
            ? "insert into derived.reader_cursor(name, xid, seq) values(?1, ?2, ?3) on conflict(name) do update set xid = excluded.xid, seq = excluded.seq"
            : "insert into reader_cursor(name, xid, seq) values(?1, ?2, ?3) on conflict(name) do update set xid = excluded.xid, seq = excluded.seq",
        ARGS(TEXTZ(name), INT(c.xid), INT(c.seq)));
}

/* On PostgreSQL an entry with a smaller number may be unread while a larger one is: the place is before the first of them. */
static bool place_of(struct db *db, struct journal_cursor c, int64_t *ret, struct error *e)
{
    int64_t last;
    if (db_engine(db) == DB_SQLITE) {
        *ret = c.seq;
        return true;
    }
    return db_one_int(db, &last, 0, e, "select max(seq) from journal", NO_ARGS) &&
           db_one_int(db, ret, last, e, "select min(seq) - 1 from journal where (xid, seq) > (?1, ?2)",
                      ARGS(INT(c.xid), INT(c.seq)));
}

bool cursor_places(struct db *db, struct arena *a, struct str *ret, struct error *e)
{
    enum { READERS_MAX = 16 };
    const char *names[READERS_MAX];
    struct journal_cursor at[READERS_MAX];
    struct buf out = BUF_INIT(BUF_LINE);
    struct jw w = JW_INIT(&out);
    struct db_rows r;
    size_t n = 0;

    if (!db_rows(db, &r, e, "select name, xid, seq from reader_cursor order by name", NO_ARGS))
        return false;
    for (; n < READERS_MAX && db_next(&r); n++) {
        names[n] = arena_z(a, db_text(&r, 0));
        at[n] = (struct journal_cursor){db_int(&r, 1), db_int(&r, 2)};
    }
    bool ok = db_end(&r, e);
    jw_object(&w);
    for (size_t i = 0; ok && i < n; i++) {
        int64_t seq;
        ok = place_of(db, at[i], &seq, e);
        jw_kint(&w, names[i], ok ? seq : 0);
    }
    jw_end_object(&w);
    *ret = arena_str(a, buf_str(&out));
    buf_free(&out);
    return ok;
}

bool cursor_place(struct db *db, const char *name, int64_t seq, struct error *e)
{
    struct journal_cursor c = {.seq = seq};
    if (db_engine(db) == DB_POSTGRES &&
        !db_one_int(db, &c.xid, 0, e, "select pg_current_xact_id()::text::bigint", NO_ARGS))
        return false;
    return cursor_set(db, false, name, c, e);
}
