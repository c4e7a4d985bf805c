/* Suggestions: which kind and category words speak for, and which cases may be the same matter. Learned from the committee's own cases, those of its county
 * and the pack's words: a projection of the journal, like the tally and search. Only cases whose category a person chose or corrected teach anything; those
 * that few may read (children's, restricted, past the village) teach nothing, and health and family teach the county alone. Nothing is applied by
 * itself, and what is asked here is kept nowhere. */
#ifndef CORE_SUGGEST_H
#define CORE_SUGGEST_H

#include "base/json.h"
#include "core/actor.h"
#include "core/kind.h"
#include "core/suggest_store.h"
#include "core/unit.h"

/* Follows the journal from the cursor "suggest", at most `most` entries, or goes on with a rebuild by as many cases; *ret_done is how many there were,
 * 0: up to date. Twice does no harm. In the caller's transaction. */
bool suggest_catch_up(struct core *core, struct db *db, int64_t most, int64_t *ret_done, struct error *e)
    __attribute__((warn_unused_result));
/* Begins anew; suggest_catch_up learns again, page by page. */
bool suggest_rebuild(struct core *core, struct db *db, struct error *e) __attribute__((warn_unused_result));

/* The pack's labels and definitions as the first documents of a scope: suggestions on the first day, before there are cases. */
bool suggest_learn_pack(struct lessons *l, const struct core *core, const struct pack *pack, int64_t scope,
                        struct error *e) __attribute__((warn_unused_result));
/* The class of a category and of that above it: "request/R0601" and "^request/R06". */
struct str suggest_class(struct arena *a, enum kind kind, const struct category *c, struct str *ret_above);

struct suggest_query {
    struct str title, text, place;
    const struct unit_place *at;
    enum kind kind; /* KIND_NONE: all */
    const json_t *persons;
};
/* {"categories":[{kind,kind_label,category,label,upper_label,share,because:[words]}],"duplicates":[{case,score,because:[{reason,words}]}],"complete"}. At
 * most three of each, best first. Duplicates are open cases, or ones that ended in the last ninety days, whose words the actor may read. */
bool suggest_write(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                   const struct suggest_query *q, struct error *e);

/* The part of suggest_write that looks for the same matter: [{case,score,because}]. `rarity`: how telling each feature is (core/suggest_rank.h). */
bool suggest_twins(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                   const struct suggest_query *q, const struct features *f, const double *rarity,
                   struct error *e);

#endif
