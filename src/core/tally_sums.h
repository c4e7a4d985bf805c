/* Sums gathered in memory during one call and added to derived.tally at its end. Private to tally.c and
 * tally_sums.c. */
#ifndef CORE_TALLY_SUMS_H
#define CORE_TALLY_SUMS_H

#include "core/tally_share.h"

/* Cells in memory before they are written: a rebuild of a province must not need the memory of one. */
enum { SUM_LEVELS = 3, SUMS_MOST = 50000 };

/* The committee, town and county of a unit; 0 where it stands higher itself. */
struct ancestry {
    int64_t unit, above[SUM_LEVELS];
};

struct sum {
    int64_t unit, kind;
    int32_t month;
    struct str category;
    bool taken; /* something was taken out: it may be nothing now */
    int64_t m[MEASURE_COUNT];
};

struct tally {
    struct core *core;
    struct db *db;
    struct arena *arena;    /* as long as the call */
    struct ancestry *units; /* open addressing, both: a power of two, at most half full */
    size_t unit_room, unit_count;
    struct sum *sums;
    size_t sum_room, sum_count;
};

void sums_open(struct tally *t, struct core *core, struct db *db);
void sums_close(struct tally *t);
/* Adds a share (sign 1) or takes it out (sign -1), in each unit above. */
bool sums_add(struct tally *t, const struct share *s, int sign, struct error *e);
/* Writes all and forgets them. */
bool sums_write(struct tally *t, struct error *e);

#endif
