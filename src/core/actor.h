/* Who acts: an account with its posts, a resident with a tracking code, or the system itself. Resolved once per request or command. */
#ifndef CORE_ACTOR_H
#define CORE_ACTOR_H

#include "base/id.h"
#include "base/lang.h"
#include "core/core.h"
#include "core/post.h"

enum actor_kind { ACTOR_NOBODY, ACTOR_ACCOUNT, ACTOR_RESIDENT, ACTOR_SYSTEM };

/* One post that holds today, with the interval of the tree it reaches. */
struct actor_post {
    enum post post;
    int64_t unit, office;
    int64_t lo, hi;
    int level; /* of the unit: 3 county … 6 group */
    int64_t stands_in_for;
};

struct actor {
    enum actor_kind kind;
    int64_t account;
    struct id uuid;
    struct str login;
    struct actor_post *posts;
    size_t post_count;
    post_mask mask;  /* all posts together */
    int64_t case_id; /* of a resident: the case of the tracking code */
    enum lang lang;
    struct str peer;
    unsigned char session[HASH_BYTES]; /* hash of the cookie or token it came with */
    bool by_token, session_stale;
};

/* The posts that an account holds on `day`, stand-ins included. */
bool actor_load(struct db *db, struct arena *a, int64_t account, int32_t day, struct actor *ret, struct error *e);
/* For who reads them together with something else: the columns of post p and its unit u, and a row of them, which begin at `at`; null: no post. */
#define ACTOR_POST_COLUMNS "p.post, p.unit, p.office, u.ord, u.ord_end, u.level, p.stands_in_for"
void actor_add_post(struct actor *actor, struct arena *a, const struct db_rows *r, int at);
/* The system: jobs, and what follows by itself. */
struct actor actor_system(void);
/* Does the actor hold one of the posts? */
static inline bool actor_is(const struct actor *a, post_mask posts)
{
    return (a->mask & posts) != 0;
}
/* Is it the actor's own account, or that of somebody whom they stand in for today? */
bool actor_acts_for(const struct actor *a, int64_t account);
/* The accounts whom the actor stands in for today, each once, from *at on (0 to begin with); 0 at the end. */
int64_t actor_next_absent(const struct actor *a, size_t *at);
/* The post that best explains why this actor may act in a unit at `ord`: the narrowest interval that holds it, among `posts`, one of their own before
 * one that they stand in; null when none. */
const struct actor_post *actor_post_at(const struct actor *a, int64_t ord, post_mask posts);

#endif
