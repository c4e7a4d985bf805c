/* The register of oral agreements (口头协议登记, People's Mediation Law art. 28): every dispute of a unit that ended in one, in the order of their days. No
 * second book: what it shows is what stands in the cases. */
#ifndef CORE_ORAL_H
#define CORE_ORAL_H

#include "core/actor.h"

struct oral_filter {
    int64_t lo, hi;             /* of the unit */
    int64_t from, to;           /* agreed within [from, to), ms */
    int64_t after_at, after_id; /* keyset */
    int64_t limit;
};

/* {"items":[…],"next":cursor|null}, the cursor "at.id". Only those that the actor may work on; people masked. Of matters whose every reading is written
 * down (children, illness) a list says no more than the case list does: `withheld`. */
bool oral_write_list(struct core *core, struct db *db, struct arena *a, struct jw *w,
                     const struct actor *actor, const struct oral_filter *f, struct error *e);

#endif
