/* Root causes (G15): what came back three times in ninety days at one place is proposed as one root problem, with its cases behind it. Nothing is decided by
 * it: somebody takes the proposal up (the verb `root`, on a case that stands for the cause) or says that there is no common cause (`not_root`). */
#ifndef CORE_ROOT_H
#define CORE_ROOT_H

#include "core/actor.h"
#include "core/command.h"

enum link_relation { LINK_MERGED = 1, LINK_ROOT, LINK_NO_ROOT };

enum { ROOT_DAYS = 90, ROOT_TIMES = 3, ROOT_METRES = 50 };

/* {"items":[{kind,kind_label,category_label,unit,why,days,root,cases:[card]}]} of [lo, hi), the most frequent first, from the cases that the actor reads with
 * their words; `why`: place, near, words. `root`: the case that stands for it already, when only the newest are not behind it yet; else null. */
bool root_write(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                int64_t lo, int64_t hi, struct error *e);

/* The proposal that is open and that this case is one of: its oldest and its newest case; else 0. Of cases that few may read nothing is said. Looks at
 * the newest 150 of its category. */
bool root_completed(struct core *core, struct db *db, struct arena *a, const struct case_row *c,
                    int64_t *ret_first, int64_t *ret_newest, struct error *e);

bool apply_root(struct work *w, struct error *e);
bool apply_not_root(struct work *w, struct error *e);

#endif
