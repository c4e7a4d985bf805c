/* Who read personal data, and what for: chained per node and day, so that a missing line shows. */
#ifndef CORE_ACCESS_H
#define CORE_ACCESS_H

#include "core/actor.h"
#include "core/kind.h"

/* In the caller's transaction. MISSING when the purpose is empty. */
bool access_write(struct core *core, struct db *db, struct arena *a, const struct actor *actor,
                  enum subject_kind kind, int64_t subject, struct str purpose, struct error *e);
/* Several lines in one transaction: the chain is looked up once. */
struct access_chain {
    const char *node;
    struct arena *arena;
    struct key key; /* of the day */
    int64_t at, day, n;
    unsigned char prev[HASH_BYTES];
};
bool access_chain_open(const struct core *core, struct db *db, struct arena *a, const char *node,
                       struct access_chain *ret, struct error *e);
bool access_chain_add(struct access_chain *c, struct db *db, int64_t account, int64_t post,
                      enum subject_kind kind, int64_t subject, struct str purpose, struct error *e);
/* Purposes name people: they are sealed under a key of the day, which is derived and not stored. */
void access_key(const struct core *core, struct arena *a, int64_t day, struct key *ret);
/* The purpose of a line of that day, unsealed. */
bool access_purpose(const struct core *core, struct arena *a, int64_t day, struct str sealed, struct str *ret,
                    struct error *e);
/* The hash of a line, from its columns: for writing and for verify. */
void access_hash(const char *node, int64_t day, int64_t n, int64_t at, int64_t account, int64_t post,
                 int64_t kind, int64_t subject, struct str purpose, const unsigned char prev[HASH_BYTES],
                 unsigned char out[HASH_BYTES]);

#endif
