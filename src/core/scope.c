#include "core/scope.h"

/* Posts that see all cases of their unit. Volunteers and the like see what they work on. */
#define READS_UNIT                                                                                           \
    (POSTS_DESK | POSTS_MEDIATOR | AS(STEWARD) | AS(GRID_LEAD) | AS(GROUP_HEAD) | AS(ELDER) | AS(CLERK) |    \
     AS(DISPATCHER) | AS(WORK_TEAM))
/* Posts that see where a case stands and none of its words. */
#define READS_CARD (AS(LEADER) | AS(SUPERVISOR))

/* Who may read a case of a class without working on it; `card` posts know that it is there. Everyone else with reach over the unit does not. */
static const struct {
    unsigned class;
    post_mask readers, card;
} class_rows[] = {
    {CLASS_MINOR, AS(CHILD_DIRECTOR) | AS(OFFICER) | AS(CHAIR), 0},
    {CLASS_HEALTH, POSTS_DESK | AS(STEWARD), READS_CARD},
    {CLASS_PRIVATE, POSTS_DESK | POSTS_MEDIATOR | AS(STEWARD) | AS(ELDER), READS_CARD},
    {CLASS_RESTRICTED, AS(CHAIR) | AS(POLICE_LIAISON), 0},
    /* Matters about the village's own people go past it: the level above and the supervisor (G19). */
    {CLASS_BYPASS, AS(DISPATCHER), AS(SUPERVISOR)},
};

static unsigned hidden_from(const struct actor *a, bool as_card)
{
    unsigned hidden = 0;
    if (a->kind == ACTOR_SYSTEM)
        return 0;
    for (size_t i = 0; i < sizeof class_rows / sizeof class_rows[0]; i++)
        if (!actor_is(a, class_rows[i].readers | (as_card ? class_rows[i].card : 0)))
            hidden |= class_rows[i].class;
    return hidden;
}

unsigned scope_hidden(const struct actor *a)
{
    return hidden_from(a, true);
}

post_mask scope_readers(unsigned class)
{
    post_mask posts = READS_UNIT;
    for (size_t i = 0; i < sizeof class_rows / sizeof class_rows[0]; i++)
        if ((class & class_rows[i].class) != 0)
            posts &= class_rows[i].readers;
    return posts;
}

bool scope_reaches(const struct actor *a, int64_t ord, post_mask posts)
{
    return a->kind == ACTOR_SYSTEM || actor_post_at(a, ord, posts) != NULL;
}

bool scope_holds_office(const struct actor *a, int64_t office)
{
    const post_mask sits = POSTS_OFFICE | AS(DISPATCHER);
    for (size_t i = 0; i < a->post_count; i++)
        if (office != 0 && a->posts[i].office == office && (sits >> a->posts[i].post & 1) != 0)
            return true;
    return false;
}

/* Offices keep seeing what they once handled. */
static bool office_handled(struct db *db, const struct actor *a, int64_t case_id, bool *ret, struct error *e)
{
    *ret = false;
    for (size_t i = 0; i < a->post_count && !*ret; i++) {
        int64_t found;
        if (a->posts[i].office == 0)
            continue;
        if (!db_one_int(db, &found, 0, e, "select 1 from referral where case_id = ?1 and office = ?2 limit 1",
                        ARGS(INT(case_id), INT(a->posts[i].office))))
            return false;
        *ret = found != 0;
    }
    return true;
}

/* By the role somebody has in the case (0: none), its office and its place. */
static enum sight sight_by_role(const struct actor *a, const struct case_row *c, int64_t role)
{
    if (role == WORKER_RECUSED)
        return SIGHT_NONE;
    if (role != 0 || scope_holds_office(a, c->office))
        return SIGHT_WORK;
    if ((c->class & hidden_from(a, false)) == 0 && scope_reaches(a, c->scope, READS_UNIT))
        return SIGHT_WORK;
    if ((c->class & scope_hidden(a)) == 0 && scope_reaches(a, c->scope, READS_CARD))
        return SIGHT_CARD;
    return SIGHT_NONE;
}

static bool sight_of(struct db *db, const struct actor *a, const struct case_row *c, int64_t role,
                     enum sight *ret, struct error *e)
{
    bool handled = false;
    *ret = sight_by_role(a, c, role);
    if (*ret != SIGHT_NONE || role == WORKER_RECUSED)
        return true;
    if (!office_handled(db, a, c->id, &handled, e))
        return false;
    if (handled)
        *ret = SIGHT_WORK;
    return true;
}

/* Who needs no asking: the system, residents, nobody. */
static bool sight_plain(const struct actor *a, const struct case_row *c, enum sight *ret)
{
    *ret = a->kind == ACTOR_SYSTEM                            ? SIGHT_WORK
           : a->kind == ACTOR_RESIDENT && a->case_id == c->id ? SIGHT_PUBLIC
                                                              : SIGHT_NONE;
    return a->kind != ACTOR_ACCOUNT;
}

bool scope_sight_as(struct db *db, const struct actor *a, const struct case_row *c, int64_t role,
                    enum sight *ret, struct error *e)
{
    return sight_plain(a, c, ret) || sight_of(db, a, c, role, ret, e);
}

/* Of two roles the one that counts: what somebody handles for who is away, unless they must keep out of it or handle it themselves. */
static int64_t role_with(int64_t own, int64_t absents)
{
    bool works = own == WORKER_HANDLER || own == WORKER_CO;
    bool lent = absents == WORKER_HANDLER || absents == WORKER_CO;
    return own == WORKER_RECUSED || works || !lent ? own : absents;
}

bool scope_role_beside(struct db *db, const struct actor *a, int64_t case_id, int64_t own, int64_t *ret,
                       struct error *e)
{
    size_t at = 0;

    *ret = own;
    for (int64_t absent = actor_next_absent(a, &at); absent != 0; absent = actor_next_absent(a, &at)) {
        int64_t role;
        if (!case_worker_role(db, case_id, absent, &role, e))
            return false;
        *ret = role_with(*ret, role);
    }
    return true;
}

bool scope_role(struct db *db, const struct actor *a, int64_t case_id, int64_t *ret, struct error *e)
{
    int64_t own = 0;
    *ret = 0;
    return a->kind != ACTOR_ACCOUNT || (case_worker_role(db, case_id, a->account, &own, e) &&
                                        scope_role_beside(db, a, case_id, own, ret, e));
}

bool scope_sight(struct db *db, const struct actor *a, const struct case_row *c, enum sight *ret, struct error *e)
{
    int64_t role;
    return scope_role(db, a, c->id, &role, e) && scope_sight_as(db, a, c, role, ret, e);
}

/* The roles in several cases: the actor's own, or beside those, which are there, the ones of an account whom they stand in for. */
static bool roles_of(struct db *db, int64_t account, bool own, const int64_t *ids, int64_t *roles, size_t n,
                     struct error *e)
{
    struct db_arg args[DB_MANY + 1];
    struct db_rows r;

    db_many(ids, n, args);
    args[DB_MANY] = INT(account);
    if (!db_rows(db, &r, e,
                 "select case_id, role from case_worker where case_id in (" DB_MANY_LIST ") and account = ?51",
                 args, DB_MANY + 1))
        return false;
    while (db_next(&r))
        for (size_t i = 0; i < n; i++)
            if (ids[i] == db_int(&r, 0))
                roles[i] = own ? db_int(&r, 1) : role_with(roles[i], db_int(&r, 1));
    return db_end(&r, e);
}

bool scope_sights(struct db *db, const struct actor *a, const struct case_row *rows, size_t n,
                  enum sight *ret, struct error *e)
{
    int64_t ids[DB_MANY] = {0}, roles[DB_MANY] = {0}, absent;
    size_t at = 0;

    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].id;
    bool ok = roles_of(db, a->account, true, ids, roles, n, e);
    while (ok && (absent = actor_next_absent(a, &at)) != 0)
        ok = roles_of(db, absent, false, ids, roles, n, e);
    for (size_t i = 0; ok && i < n; i++) {
        ret[i] = SIGHT_NONE;
        if (ids[i] != 0 && !sight_plain(a, &rows[i], &ret[i]))
            ok = sight_of(db, a, &rows[i], roles[i], &ret[i], e);
    }
    return ok;
}

size_t scope_intervals(const struct actor *a, struct arena *arena, post_mask posts, struct interval **ret)
{
    struct interval *v = ARENA_ARRAY(arena, struct interval, a->post_count + 1);
    size_t n = 0;

    if (a->kind == ACTOR_SYSTEM)
        v[n++] = (struct interval){0, INT64_MAX};
    for (size_t i = 0; i < a->post_count; i++) {
        const struct actor_post *p = &a->posts[i];
        if (((posts >> p->post) & 1) == 0)
            continue;
        size_t at = n;
        while (at > 0 && v[at - 1].lo > p->lo) {
            v[at] = v[at - 1];
            at--;
        }
        v[at] = (struct interval){p->lo, p->hi};
        n++;
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && v[i].lo <= v[kept - 1].hi)
            v[kept - 1].hi = v[i].hi > v[kept - 1].hi ? v[i].hi : v[kept - 1].hi;
        else
            v[kept++] = v[i];
    }
    *ret = v;
    return kept;
}

size_t scope_words(const struct actor *a, struct arena *arena, struct interval **ret)
{
    return scope_intervals(a, arena, READS_UNIT, ret);
}

size_t scope_units(const struct actor *a, struct arena *arena, struct interval **ret)
{
    return scope_intervals(a, arena, READS_UNIT | READS_CARD, ret);
}
