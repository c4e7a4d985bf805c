/* What the files of stand-ins share. */
#ifndef CORE_STAND_IN_PARTS_H
#define CORE_STAND_IN_PARTS_H

#include "core/stand_in.h"

enum { HELD_MOST = 16 };

/* A post that somebody may stand in for, and where a stand-in comes from: of a village group from the whole committee, else from the very unit, and of
 * an office from that office. */
struct held_post {
    enum post post;
    int64_t unit, office, ord, lo, hi;
};

extern const post_mask stand_in_kept;

/* An account's own posts that hold on one of the days before `end`, at most HELD_MOST. */
bool stand_in_held(struct db *db, int64_t account, int32_t from, int32_t end, struct held_post *ret,
                   size_t *ret_n, struct error *e);
/* May `with` hold it on these days? */
bool stand_in_fits(struct db *db, const struct held_post *h, int64_t with, int32_t from, int32_t end,
                   bool *ret, struct error *e);
/* May the actor say so: for themselves, or as chair or administrator of the post's unit? */
bool stand_in_may_send(const struct actor *a, int64_t account, const struct held_post *h);

#endif
