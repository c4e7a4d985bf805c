/* Who sees what: the one place where reach is decided.
 * A person's reach = the intervals of their posts, what their office or they themselves hold, minus the classes their posts may not read, minus
 * what they must recuse themselves from (architecture §4). Lists and single reads both come here. */
#ifndef CORE_SCOPE_H
#define CORE_SCOPE_H

#include "core/actor.h"
#include "core/case.h"

/* How much of a case an actor may see. */
enum sight {
    SIGHT_NONE,
    SIGHT_CARD,   /* that it exists, where it stands: leaders, supervisors */
    SIGHT_PUBLIC, /* the public steps: the resident who holds the tracking code */
    SIGHT_WORK,   /* everything but unmasked personal data */
};

/* The role of the actor in a case (enum worker_role; 0: none), where their own is `own`: who stands in for somebody has theirs too, but what they
 * are recused from themselves they stay recused from. */
bool scope_role_beside(struct db *db, const struct actor *a, int64_t case_id, int64_t own, int64_t *ret,
                       struct error *e);
bool scope_role(struct db *db, const struct actor *a, int64_t case_id, int64_t *ret, struct error *e);

bool scope_sight(struct db *db, const struct actor *a, const struct case_row *c, enum sight *ret,
                 struct error *e);

/* The same where the actor's role in the case (enum worker_role; 0: none) is known. */
bool scope_sight_as(struct db *db, const struct actor *a, const struct case_row *c, int64_t role,
                    enum sight *ret, struct error *e);

/* The same for several, at most DB_MANY; rows without an id are not seen. */
bool scope_sights(struct db *db, const struct actor *a, const struct case_row *rows, size_t n,
                  enum sight *ret, struct error *e);

/* Classes of cases (CLASS_…) that the actor's posts never show in lists of a unit; cases they work on themselves are shown all the same. */
unsigned scope_hidden(const struct actor *a);

/* The posts that read cases of these classes without working on them. */
post_mask scope_readers(unsigned class);

/* Does the actor sit in this office? */
bool scope_holds_office(const struct actor *a, int64_t office);

/* May the actor see rows of a unit at this ordinal with one of these posts? */
bool scope_reaches(const struct actor *a, int64_t ord, post_mask posts);

/* The intervals of the tree in which the actor holds one of `posts`, merged and sorted. */
struct interval {
    int64_t lo, hi;
};
size_t scope_intervals(const struct actor *a, struct arena *arena, post_mask posts, struct interval **ret);

/* The intervals whose cases the actor reads with their words: where a search by words may look. */
size_t scope_words(const struct actor *a, struct arena *arena, struct interval **ret);

/* The intervals whose cases the actor's lists show: posts that read their unit's cases, in whole or as cards. */
size_t scope_units(const struct actor *a, struct arena *arena, struct interval **ret);

#endif
