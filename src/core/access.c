#include "core/access.h"

#include <endian.h>

#include "base/time.h"
#include "core/vault.h"

void access_hash(const char *node, int64_t day, int64_t n, int64_t at, int64_t account, int64_t post,
                 int64_t kind, int64_t subject, struct str purpose, const unsigned char prev[HASH_BYTES],
                 unsigned char out[HASH_BYTES])
{
    const int64_t numbers[] = {day, n, at, account, post, kind, subject, (int64_t)purpose.n};
    struct hasher h;
    hash_start(&h);
    hash_add(&h, prev, HASH_BYTES);
    hash_add(&h, node, strlen(node) + 1);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        uint64_t big = htobe64((uint64_t)numbers[i]);
        hash_add(&h, &big, sizeof big);
    }
    hash_add(&h, purpose.p, purpose.n);
    hash_end(&h, out);
}

void access_key(const struct core *core, struct arena *a, int64_t day, struct key *ret)
{
    unsigned char bytes[HASH_BYTES];
    blind_index(core->keys, "access day", str_of(arena_printf(a, "%lld", (long long)day)), bytes);
    memcpy(ret->b, bytes, sizeof ret->b);
}

bool access_purpose(const struct core *core, struct arena *a, int64_t day, struct str sealed, struct str *ret,
                    struct error *e)
{
    struct key key;
    access_key(core, a, day, &key);
    return vault_open_text(a, &key, "access", sealed, ret, e);
}

bool access_write(struct core *core, struct db *db, struct arena *a, const struct actor *actor,
                  enum subject_kind kind, int64_t subject, struct str purpose, struct error *e)
{
    unsigned char prev[HASH_BYTES] = {0}, hash[HASH_BYTES];
    struct db_rows r;
    int64_t n = 1, now = time_now(), day = day_of(now);
    struct key key;

    if (str_trim(purpose).n == 0)
        return error_set(e, ERROR_MISSING, "purpose");
    if (!db_rows(db, &r, e, "select n, hash from access where node = ?1 and day = ?2 order by n desc limit 1",
                 ARGS(TEXTZ(core->node), INT(day))))
        return false;
    if (db_next(&r)) {
        n = db_int(&r, 0) + 1;
        if (db_blob(&r, 1).n == HASH_BYTES)
            memcpy(prev, db_blob(&r, 1).p, HASH_BYTES);
    }
    if (!db_end(&r, e))
        return false;
    access_key(core, a, day, &key);
    struct str sealed = vault_seal_text(a, &key, "access", purpose);
    access_hash(core->node, day, n, now, actor->account,
                actor->post_count > 0 ? (int64_t)actor->posts[0].post : -1, kind, subject, sealed, prev, hash);
    return db_exec(db, e,
                   "insert into access(node, day, n, at, account, post, subject_kind, subject, purpose, prev, hash) "
                   "values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                   ARGS(TEXTZ(core->node), INT(day), INT(n), INT(now), INT(actor->account),
                        INT(actor->post_count > 0 ? (int64_t)actor->posts[0].post : -1), INT(kind),
                        INT(subject), BLOB(sealed), BYTES(prev, HASH_BYTES), BYTES(hash, HASH_BYTES)));
}
