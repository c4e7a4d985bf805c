/* From features to classes: which were likest so far, and by which words. Two judges that look at the same counts: how near the text lies to the middle of
 * a class (the angle between them), which needs few examples, and how little its terms belong to all other classes (complement naive Bayes), which is
 * better with many. How much each counts follows from how many examples a class has. Measured: docs/performance.md. */
#ifndef CORE_SUGGEST_RANK_H
#define CORE_SUGGEST_RANK_H

#include "core/suggest_store.h"

enum { RANK_REASONS = 3 };

struct ranked {
    struct str name;
    double score, share; /* share: of all that were asked for, 0 … 1 */
    struct str because[RANK_REASONS];
    size_t because_count;
};

struct ranking {
    struct db *db;
    struct arena *arena;
    const struct features *features;
    int64_t narrow, wide; /* scopes; 0: none, and the pack's own words in the place of a county */
    /* Is this class one of those that are asked for? Null: all. */
    bool (*wanted)(void *context, struct str name);
    void *context;
    double *rarity; /* filled unless null: how telling each feature is here, the rarer the more */
};
/* The classes, best first, at most `room`. None when nothing speaks for any. */
bool rank(const struct ranking *q, struct ranked *ret, size_t room, size_t *ret_n, struct error *e);

/* The words that the features with the greatest parts stand for: parts that touch in the text are one word. Returns how many, at most RANK_REASONS. */
size_t rank_words(struct arena *a, const struct features *f, const double *parts, struct str ret[RANK_REASONS]);

#endif
