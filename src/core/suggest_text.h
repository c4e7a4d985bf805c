/* Text as suggestions see it: what stands in it, each once, with a weight. Characters and overlapping pairs of them, words of other scripts whole, and
 * for a number what it counts (5000元, 3号楼 and a telephone are a sum, a house and a long number, whichever they are). No words leave this file but as
 * slices of the text that was given. */
#ifndef CORE_SUGGEST_TEXT_H
#define CORE_SUGGEST_TEXT_H

#include "core/search_fold.h"
#include "core/search_index.h"

/* What a title says weighs more than what the text says. */
enum { WEIGHT_TEXT = 2, WEIGHT_TITLE = 5, FEATURES_MOST = 6000 };

struct feature {
    uint64_t term;
    int64_t weight; /* after features_end: its part of a vector of length FEATURE_UNIT */
    struct str at;  /* where it stands first, in the text as given */
    bool single;    /* one character, or a number: too little to be shown as a reason */
};
enum { FEATURE_UNIT = 1024 };

struct features {
    struct arena *arena;
    struct short_key key;
    struct feature *v;
    size_t n, room;
    const struct folded *left_out; /* names of people: as if they weren't there */
    size_t left_out_count;
};

void features_open(struct features *f, const struct core *core, struct arena *a);
/* These are passed over in every text that is added from now on. */
void features_leave_out(struct features *f, const struct str *names, size_t n);
/* A title and a text; a title that the text begins with says nothing of its own (case_birth.c makes such ones). */
void features_add_titled(struct features *f, struct str title, struct str text);
void features_add(struct features *f, struct str text, int64_t weight);
/* Sorted by term, each once, weighed. */
void features_end(struct features *f);

#endif
