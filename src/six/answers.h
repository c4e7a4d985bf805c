/* The answer bank's index: which ready answers fit what somebody asks (R2). Derived data, like search: it follows the journal and can be made anew.
 * An answer is found by its question, its other wordings, its own words, and by what was asked when it was chosen. */
#ifndef SIX_ANSWERS_H
#define SIX_ANSWERS_H

#include "core/actor.h"
#include "core/case.h"
#include "core/register.h"

enum answer_state { ANSWER_DRAFT = 1, ANSWER_CHECKED, ANSWER_RETIRED };

/* As tally_catch_up and search_catch_up. */
bool answers_catch_up(struct core *core, struct db *db, int64_t most, int64_t *ret_done, struct error *e)
    __attribute__((warn_unused_result));
/* Empties it; answers_catch_up fills it. */
bool answers_rebuild(struct db *db, struct error *e) __attribute__((warn_unused_result));

enum { ANSWERS_MOST = 10 };
struct answer_query {
    int64_t unit; /* where it is asked: its answers and those of the units above */
    struct str q; /* as people write it; what lies behind the first 200 pairs is not looked at */
    bool stale;   /* those past their day too: for staff, who look at them again */
    size_t limit; /* at most ANSWERS_MOST */
};

/* [{"id","question","answer","category_label","source","unit","valid_until","stale","uses","because":[…]}], the best first; nothing that is not
 * checked. */
bool answers_write(struct core *core, struct db *db, struct arena *a, struct jw *w,
                   const struct answer_query *query, struct error *e);
/* {"items":[…],"draft":{…}|null}: those that fit a case, and of a settled request what a new answer begins with: its words without names and numbers. */
bool answers_write_case(struct core *core, struct db *db, struct arena *a, struct jw *w,
                        const struct case_row *c, struct error *e);

#endif
