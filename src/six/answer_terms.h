/* How texts of the answer bank are cut into terms: the pairs and words of search (core/search_doc.h), each with its place. */
#ifndef SIX_ANSWER_TERMS_H
#define SIX_ANSWER_TERMS_H

#include "core/search_fold.h"
#include "core/search_index.h"

struct asked_term {
    int64_t term;
    size_t at, n; /* in the folded text */
};
/* The terms of a text in their order, at most `room`; words that say nothing of what is asked (怎么, 哪里) are left out. */
size_t asked_terms(const struct core *core, struct arena *a, struct str text, struct folded *ret_folded,
                   struct asked_term *ret, size_t room);

#endif
