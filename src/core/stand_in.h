/* Stand-ins: somebody on leave is covered without lending a password (G1). For some days a colleague holds posts of the absent one too, as rows of
 * `post` that name whom they stand in for; reach, lists and notices follow from those (core/actor.h, core/scope.h). They end by their date. */
#ifndef CORE_STAND_IN_H
#define CORE_STAND_IN_H

#include "core/command.h"

/* The longest that one may be away at a stretch; more is for the administrator to appoint. */
enum { STAND_IN_DAYS = 60 };

/* The verbs away {with, from?, to} and back {with?} of an account; `to` is the last day. */
bool apply_away(struct work *w, struct error *e);
bool apply_back(struct work *w, struct error *e);

/* No stand-in of `account` (of `with` alone, 0: of all) holds after the day before `day`. */
bool stand_in_end(struct db *db, int64_t account, int64_t with, int32_t day, struct error *e);

/* A step that somebody took in another's place says so in its record: by the post they acted by, or because the case is the other's. */
bool stand_in_noted(struct work *w, const struct actor_post *post, struct error *e);

/* {"most_days","may":[account],"with":[account],"items":[…]}: whom the actor may send away, who could stand in for `absent` (0: for the actor), and who
 * stands in for whom now and later, as far as it concerns the actor: their own, and of the units of a chair or administrator. NOT_FOUND ("for"). */
bool stand_in_write(struct core *core, struct db *db, struct arena *a, struct jw *w,
                    const struct actor *actor, struct id absent, struct error *e);
/* "covers":[{"name","until"}], "covered_by":[{"name","from","until"}] of the actor: members of an object. */
bool stand_in_write_own(struct core *core, struct db *db, struct arena *a, struct jw *w,
                        const struct actor *actor, struct error *e);

#endif
