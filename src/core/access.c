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

bool access_chain_open(const struct core *core, struct db *db, struct arena *a, const char *node,
                       struct access_chain *ret, struct error *e)
{
    struct db_rows r;
    *ret = (struct access_chain){.node = node, .arena = a, .at = time_now()};
    ret->day = day_of(ret->at);
    access_key(core, a, ret->day, &ret->key);
    if (!db_rows(db, &r, e, "select n, hash from access where node = ?1 and day = ?2 order by n desc limit 1",
                 ARGS(TEXTZ(node), INT(ret->day))))
        return false;
    if (db_next(&r)) {
        ret->n = db_int(&r, 0);
        if (db_blob(&r, 1).n == HASH_BYTES)
            memcpy(ret->prev, db_blob(&r, 1).p, HASH_BYTES);
    }
    return db_end(&r, e);
}

bool access_chain_add(struct access_chain *c, struct db *db, int64_t account, int64_t post,
                      enum subject_kind kind, int64_t subject, struct str purpose, struct error *e)
{
    unsigned char hash[HASH_BYTES];
    struct str sealed = vault_seal_text(c->arena, &c->key, "access", purpose);

    c->n++;
    access_hash(c->node, c->day, c->n, c->at, account, post, kind, subject, sealed, c->prev, hash);
    if (!db_exec(db, e,
                 "insert into access(node, day, n, at, account, post, subject_kind, subject, purpose, prev, hash) "
                 "values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                 ARGS(TEXTZ(c->node), INT(c->day), INT(c->n), INT(c->at), INT(account), INT(post), INT(kind),
                      INT(subject), BLOB(sealed), BYTES(c->prev, HASH_BYTES), BYTES(hash, HASH_BYTES))))
        return false;
    memcpy(c->prev, hash, HASH_BYTES);
    return true;
}

bool access_write(struct core *core, struct db *db, struct arena *a, const struct actor *actor,
                  enum subject_kind kind, int64_t subject, struct str purpose, struct error *e)
{
    struct access_chain chain;

    if (str_trim(purpose).n == 0)
        return error_set(e, ERROR_MISSING, "purpose");
    return access_chain_open(core, db, a, core->node, &chain, e) &&
           access_chain_add(&chain, db, actor->account,
                            actor->post_count > 0 ? (int64_t)actor->posts[0].post : -1, kind, subject,
                            purpose, e);
}
