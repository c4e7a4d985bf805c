#include "core/seals.h"

#include <endian.h>

#include "base/time.h"

enum { PAGE = 10000 };

static void add_number(struct hasher *h, int64_t v)
{
    uint64_t big = htobe64((uint64_t)v);
    hash_add(h, &big, sizeof big);
}

void seal_digest_start(struct hasher *h, const struct seal *s)
{
    static const char name[] = "liuxiao digest 1";
    hash_start(h);
    hash_add(h, name, sizeof name);
    hash_add(h, s->prev, sizeof s->prev);
    add_number(h, s->first_seq);
}

void seal_digest_end(struct hasher *h, struct seal *s)
{
    add_number(h, s->day);
    add_number(h, s->last_seq);
    add_number(h, s->entries);
    hash_end(h, s->digest);
}

static struct str message(const struct seal *s, unsigned char out[HASH_BYTES])
{
    static const char name[] = "liuxiao seal 1";
    const int64_t numbers[] = {s->day, s->first_seq, s->last_seq, s->entries, s->signed_at};
    struct hasher h;

    hash_start(&h);
    hash_add(&h, name, sizeof name);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        add_number(&h, numbers[i]);
    hash_add(&h, s->digest, sizeof s->digest);
    hash_add(&h, s->prev, sizeof s->prev);
    hash_add(&h, s->public_key, sizeof s->public_key);
    hash_end(&h, out);
    return str_range((const char *)out, HASH_BYTES);
}

void seal_sign(const struct keyring *k, struct seal *s)
{
    unsigned char hash[HASH_BYTES];
    memcpy(s->public_key, sign_public(k), sizeof s->public_key);
    sign(k, message(s, hash), s->signature);
}

bool seal_check(const struct seal *s)
{
    unsigned char hash[HASH_BYTES];
    return sign_check(s->public_key, message(s, hash), s->signature);
}

/* ---- Rows ---------------------------------------------------------------------------------------------- */

static void copy(unsigned char *out, size_t n, struct str blob)
{
    memset(out, 0, n);
    if (blob.n == n)
        memcpy(out, blob.p, n);
}

#define SEAL_COLUMNS "day, first_seq, last_seq, entries, digest, prev, signed_at, public_key, signature"

static bool next_seal(struct db_rows *r, struct seal *ret)
{
    if (!db_next(r))
        return false;
    *ret = (struct seal){.day = (int32_t)db_int(r, 0),
                         .first_seq = db_int(r, 1),
                         .last_seq = db_int(r, 2),
                         .entries = db_int(r, 3),
                         .signed_at = db_int(r, 6)};
    copy(ret->digest, sizeof ret->digest, db_blob(r, 4));
    copy(ret->prev, sizeof ret->prev, db_blob(r, 5));
    copy(ret->public_key, sizeof ret->public_key, db_blob(r, 7));
    copy(ret->signature, sizeof ret->signature, db_blob(r, 8));
    return true;
}

bool seals_last(struct db *db, struct seal *ret, bool *ret_found, struct error *e)
{
    struct db_rows r;
    *ret = (struct seal){0};
    if (!db_rows(db, &r, e, "select " SEAL_COLUMNS " from seal order by day desc limit 1", NO_ARGS))
        return false;
    *ret_found = next_seal(&r, ret);
    return db_end(&r, e);
}

bool seals_list(struct db *db, struct arena *a, int32_t after_day, int64_t most, struct seal **ret,
                size_t *ret_n, struct error *e)
{
    struct db_rows r;
    int64_t n;

    *ret_n = 0;
    if (!db_one_int(db, &n, 0, e, "select count(*) from seal where day > ?1", ARGS(INT(after_day))))
        return false;
    n = n < most ? n : most;
    *ret = ARENA_ARRAY(a, struct seal, n + 1);
    if (!db_rows(db, &r, e, "select " SEAL_COLUMNS " from seal where day > ?1 order by day limit ?2",
                 ARGS(INT(after_day), INT(n))))
        return false;
    while (*ret_n < (size_t)n && next_seal(&r, &(*ret)[*ret_n]))
        ++*ret_n;
    return db_end(&r, e);
}

static bool insert_seal(struct db *db, const struct seal *s, struct error *e)
{
    return db_exec(db, e, "insert into seal(" SEAL_COLUMNS ") values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                   ARGS(INT(s->day), INT(s->first_seq), INT(s->last_seq), INT(s->entries),
                        BYTES(s->digest, sizeof s->digest), BYTES(s->prev, sizeof s->prev), INT(s->signed_at),
                        BYTES(s->public_key, sizeof s->public_key), BYTES(s->signature, sizeof s->signature)));
}

/* ---- Making -------------------------------------------------------------------------------------------- */

/* The last seq below which nothing can turn up any more. SQLite has one writer and that is us. On
 * PostgreSQL a transaction that is still running may hold a smaller number than one that is long
 * committed: the lock lets all who write end first, and going back to the savepoint gives it up at once. */
static bool final_seq(struct db *db, int64_t *ret, struct error *e)
{
    if (db_engine(db) == DB_SQLITE)
        return db_one_int(db, ret, 0, e, "select max(seq) from journal", NO_ARGS);
    return db_savepoint(db, e) && db_exec(db, e, "{pg:lock table journal in share mode}", NO_ARGS) &&
           db_one_int(db, ret, 0, e, "select max(seq) from journal", NO_ARGS) && db_rollback_to(db, e);
}

/* A seal that grows while entries come by. */
struct sealing {
    struct core *core;
    struct db *db;
    struct seal seal;
    struct hasher h;
};

static void begin_seal(struct sealing *s, const struct seal *before)
{
    s->seal = (struct seal){.day = before->day, .first_seq = before->last_seq + 1};
    memcpy(s->seal.prev, before->digest, sizeof s->seal.prev);
    seal_digest_start(&s->h, &s->seal);
}

static bool end_seal(struct sealing *s, struct error *e)
{
    struct seal done;
    if (s->seal.entries == 0)
        return true;
    seal_digest_end(&s->h, &s->seal);
    s->seal.signed_at = time_now();
    seal_sign(s->core->keys, &s->seal);
    done = s->seal;
    begin_seal(s, &done);
    return insert_seal(s->db, &done, e);
}

/* One page of entries; `*ret_more` says whether to go on. */
static bool seal_page(struct sealing *s, int32_t today, int64_t last, bool *ret_more, struct error *e)
{
    struct db_rows r;
    int64_t after = s->seal.entries > 0 ? s->seal.last_seq : s->seal.first_seq - 1, n = 0;
    bool ok = true, open = false;

    if (!db_rows(s->db, &r, e,
                 "select seq, recorded_at, hash from journal where seq > ?1 and seq <= ?2 order by seq limit ?3",
                 ARGS(INT(after), INT(last), INT(PAGE))))
        return false;
    while (ok && db_next(&r)) {
        int32_t day = day_of(db_int(&r, 1));
        struct str hash = db_blob(&r, 2);
        n++;
        if (day >= today) { /* days only rise: whatever follows is of today too, or a clock's slip that is sealed with it */
            open = true;
            break;
        }
        if (s->seal.entries > 0 && day > s->seal.day)
            ok = end_seal(s, e);
        if (s->seal.entries == 0)
            s->seal.day = day > s->seal.day ? day : s->seal.day + 1;
        s->seal.entries++;
        s->seal.last_seq = db_int(&r, 0);
        hash_add(&s->h, hash.p, hash.n);
    }
    *ret_more = n == PAGE && !open;
    return db_end(&r, ok ? e : NULL) && ok;
}

bool seals_make(struct core *core, struct db *db, int32_t today, struct error *e)
{
    struct sealing s = {.core = core, .db = db};
    struct seal before;
    int64_t waiting, last = 0;
    bool found, more = true;

    if (!seals_last(db, &before, &found, e) ||
        !db_one_int(db, &waiting, 0, e, "select recorded_at from journal where seq > ?1 order by seq limit 1",
                    ARGS(INT(before.last_seq))))
        return false;
    if (waiting == 0 || day_of(waiting) >= today)
        return true;
    if (!final_seq(db, &last, e))
        return false;
    begin_seal(&s, &before);
    while (more)
        if (!seal_page(&s, today, last, &more, e))
            return false;
    if (s.seal.day >= today) /* only late entries of days that are sealed already: they wait for the next seal */
        return true;
    return end_seal(&s, e);
}

bool seals_last_text(struct db *db, struct arena *a, struct str *ret, struct error *e)
{
    struct seal last;
    struct buf hex = BUF_INIT(BUF_LINE);
    bool found;

    if (!seals_last(db, &last, &found, e))
        return false;
    if (found)
        buf_add_hex(&hex, last.digest, HASH_BYTES);
    *ret = arena_str(a, buf_str(&hex));
    buf_free(&hex);
    return true;
}
