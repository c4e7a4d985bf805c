/* Cases as they are shown: cards, the whole page, the timeline, what a resident sees, lists. */
#ifndef CORE_CASE_READ_H
#define CORE_CASE_READ_H

#include "core/actor.h"
#include "core/case.h"
#include "core/scope.h"

/* Its card, as much of it as the actor may see: what who has just made it wants to know. NOT_FOUND. */
bool case_write_made(struct core *core, struct db *db, struct arena *a, struct jw *w,
                     const struct actor *actor, struct id uuid, struct error *e);
/* The whole page: card, words, people (masked), clocks, referrals, verbs open to the actor, timeline. NOT_FOUND outside the actor's sight.
 * *ret_logged (may be null): its id, when words of a case were shown of which each reading is written down; else 0. */
bool case_write_page(struct core *core, struct db *db, struct arena *a, struct jw *w,
                     const struct actor *actor, struct id uuid, int64_t *ret_logged, struct error *e);
/* "persons": […], masked, into an open object. */
bool case_write_people(struct core *core, struct db *db, struct arena *a, struct jw *w,
                       const struct case_row *c, const json_t *words, enum lang lang, struct error *e);
/* Children's matters and illness: each reading of their words is written down (L5). */
static inline bool case_logged(const struct case_row *c)
{
    return (c->class & (CLASS_MINOR | CLASS_HEALTH)) != 0;
}
/* The resident's view, by tracking code. */
bool case_write_public(struct core *core, struct db *db, struct arena *a, struct jw *w,
                       const struct actor *actor, struct error *e);
/* A card within a list; words are left out (`veiled`) for those who see only that it exists. */
bool case_write_card(struct core *core, struct db *db, struct arena *a, struct jw *w,
                     const struct actor *actor, const struct case_row *c, bool veiled, struct error *e);

/* {"items":[{"number","category_label","about","state_label","reported_at","others"}]}: open requests of a committee that one may join. */
struct unit;
bool case_write_joinable(struct core *core, struct db *db, struct arena *a, struct jw *w,
                         const struct unit *committee, struct error *e);

enum case_view {
    VIEW_OPEN,
    VIEW_NEW,
    VIEW_MINE,
    VIEW_OVERDUE,
    VIEW_TODAY,
    VIEW_OFFICE,
    VIEW_RESIDENT,
    VIEW_REVISIT,
    VIEW_EXTENSION, /* asked for, and the reader decides */
    VIEW_CLOSED,
    VIEW_COUNT
};
bool case_view_parse(struct str s, enum case_view *ret);

struct case_filter {
    enum case_view view;
    enum kind kind;        /* KIND_NONE: all */
    enum case_state state; /* 0: all */
    int64_t lo, hi;        /* narrowed to a unit; hi 0: the whole reach */
    struct str q;          /* a number or tracking code, exactly (core/search.h) */
    int64_t limit;
    int64_t after_due, after_id; /* keyset */
    bool has_after;
};

/* {"items":[card],"next":cursor|null}; the cursor is "due.id". */
bool case_write_list(struct core *core, struct db *db, struct arena *a, struct jw *w,
                     const struct actor *actor, const struct case_filter *f, struct error *e);
/* Ids of one source of a list (a kind of holder up to `hi`; of ended cases HOLDER_UNIT), in the order in which they lie in the database, so that a long
 * list costs one walk: behind `after` (holder, due, id; of ended cases scope, time, id). Each row of `ret` is such a key, its last number the id. */
bool case_list_walk(struct db *db, const struct actor *actor, const struct case_filter *f,
                    enum holder_kind holder, int64_t hi, const int64_t after[3], int64_t (*ret)[3],
                    size_t room, size_t *ret_n, struct error *e);
/* Cards of these rows, those outside the actor's sight left out: for drilling down from a figure. */
bool case_write_rows(struct core *core, struct db *db, struct arena *a, struct jw *w,
                     const struct actor *actor, const int64_t *ids, size_t n, struct error *e);

/* [{"n","verb","label","at","actor","open","text","facts"}] oldest first; residents see the public steps, and who
 * sees only the card sees those without their words. */
bool case_write_timeline(struct core *core, struct db *db, struct arena *a, struct jw *w,
                         const struct case_row *c, const struct pack *pack, enum sight sight, struct error *e);

#endif
