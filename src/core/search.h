/* Full search over cases, persons, places and activities: a projection of the journal, like the tally. What it finds is checked once more on
 * the texts themselves and on the reader's own reach; nothing that the reader may not see is shown or counted. */
#ifndef CORE_SEARCH_H
#define CORE_SEARCH_H

#include "base/json.h"
#include "core/actor.h"
#include "core/kind.h"
#include "core/search_index.h"

/* Follows the journal from the cursor "search", at most `most` entries, or goes on with a rebuild by as many subjects; *ret_done is how many
 * there were, 0: up to date. Twice does no harm. In the caller's transaction. */
bool search_catch_up(struct core *core, struct db *db, int64_t most, int64_t *ret_done, struct error *e)
    __attribute__((warn_unused_result));
/* Begins anew: empties the index; search_catch_up fills it, page by page, so that writers wait for no more than a page. */
bool search_rebuild(struct db *db, struct error *e) __attribute__((warn_unused_result));
/* Is a rebuild under way? */
bool search_building(struct db *db, bool *ret, struct error *e) __attribute__((warn_unused_result));

struct search_query {
    struct str q;
    enum search_type type; /* 0: all */
    enum kind kind;        /* of cases alone; KIND_NONE: all */
    int64_t lo, hi;        /* narrowed to a unit; hi 0: the whole reach */
    int64_t limit;
    int64_t before; /* cursor: documents below this one; 0: from the start */
};
/* "case", "person", "place", "activity"; "" for 0. */
const char *search_type_code(enum search_type type);
bool search_type_parse(struct str s, enum search_type *ret);

/* {"items":[{"type","snippet":[{"text","hit"}],"case"|"person"|"place"|"activity":{…}}],"next":cursor|null,"complete"}. Hits come by type, then
 * newest first; `complete` is false while a rebuild is under way. MISSING, TOO_SHORT (a single character), TOO_LONG on "q". */
bool search_write(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                  const struct search_query *query, struct error *e);

/* What a person reads out or types off a slip: a case's number, the number it has elsewhere or on a paper form, or a resident's tracking code, exactly. 0: there is no such case. Fresh, not by the
 * index. */
bool search_exact_case(const struct core *core, struct db *db, struct str q, int64_t *ret, struct error *e);

#endif
