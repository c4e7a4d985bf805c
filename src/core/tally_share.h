/* What one case or activity contributes, before it meets the sums. Private to tally.c and tally_share.c. */
#ifndef CORE_TALLY_SHARE_H
#define CORE_TALLY_SHARE_H

#include "core/tally.h"

/* A case counts in two parts, each on a day of its own: what came of it, and how its first promise of a reply was kept. */
enum tally_part { PART_RESULT = 1, PART_REPLY, PART_END };

struct share {
    bool there;
    int32_t day;
    int64_t unit;
    int64_t kind;
    struct str category;
    int64_t m[MEASURE_COUNT];
};

struct shares {
    int64_t subject_kind, subject;
    struct share part[PART_END]; /* by enum tally_part */
};

/* As the row stands; nothing is `there` when the row is gone. */
bool share_of(struct core *core, struct db *db, struct arena *a, struct shares *s, struct error *e);
/* As it was last summed: the rows of derived.tally_row. */
bool share_kept(struct db *db, struct arena *a, struct shares *s, struct error *e);
bool share_equal(const struct share *a, const struct share *b);
bool share_write(struct db *db, const struct shares *s, enum tally_part part, struct error *e);

/* All cases (then all activities) with ids above `after`, at most SHARE_BATCH of them; `ret_n` 0 at the end. Texts live in the arena. */
enum { SHARE_BATCH = 2000 };
bool share_batch(struct core *core, struct db *db, struct arena *a, enum subject_kind kind, int64_t after, struct shares *ret,
                 size_t *ret_n, struct error *e);

#endif
