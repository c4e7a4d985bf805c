/* What a stranger may know of a paper that left the house: that it was printed here, when, and the hashes of what it says and of the file. Nothing of
 * its contents, and nobody's name. */
#ifndef CORE_PROOF_H
#define CORE_PROOF_H

#include "base/crypto.h"
#include "core/core.h"

struct proof {
    struct str code, paper, unit; /* unit: the committee's name */
    int64_t case_id, unit_id, made_at;
    unsigned char content[HASH_BYTES], document[HASH_BYTES];
    int64_t printed; /* how many prints have the same contents */
    bool latest;     /* no later print says something else */
};
bool proof_add(struct db *db, const struct proof *p, struct error *e);
/* NOT_FOUND. */
bool proof_find(struct db *db, struct arena *a, struct str code, struct proof *ret, struct error *e);

#endif
