/* How often a group of the care list is looked in on, as the pack says it. */
#ifndef SIX_RHYTHM_H
#define SIX_RHYTHM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"

struct rhythm {
    int64_t every;
    bool months, weeks; /* else days */
    bool phone_counts;
};

/* Of a row of the pack's key_groups; without a rhythm it is once in three months. */
struct rhythm rhythm_of(const json_t *group);
/* The end of the day on which the next visit is due after one at `at`: `factor` rhythms later. A month later is the same day of the month, or its
 * last. */
int64_t rhythm_next(struct rhythm r, int64_t at, int factor);

#endif
