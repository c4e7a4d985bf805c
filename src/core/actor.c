#include "core/actor.h"

#include "base/time.h"

struct actor actor_system(void)
{
    return (struct actor){.kind = ACTOR_SYSTEM};
}

void actor_add_post(struct actor *actor, struct arena *a, const struct db_rows *r, int at)
{
    const size_t first = 8, n = actor->post_count;

    if (db_null(r, at)) /* joined, and there is none */
        return;
    if (n == 0 || (n >= first && (n & (n - 1)) == 0)) { /* as often as it doubles */
        struct actor_post *more = ARENA_ARRAY(a, struct actor_post, n == 0 ? first : 2 * n);
        if (n > 0)
            memcpy(more, actor->posts, n * sizeof *more);
        actor->posts = more;
    }
    struct actor_post *p = &actor->posts[actor->post_count++];
    *p = (struct actor_post){
        .post = (enum post)db_int(r, at),
        .unit = db_int(r, at + 1),
        .office = db_int(r, at + 2),
        .lo = db_int(r, at + 3),
        .hi = db_int(r, at + 4),
        .level = (int)db_int(r, at + 5),
        .stands_in_for = db_int(r, at + 6),
    };
    actor->mask |= (post_mask)1 << p->post;
}

bool actor_load(struct db *db, struct arena *a, int64_t account, int32_t day, struct actor *ret, struct error *e)
{
    struct db_rows r;

    ret->kind = ACTOR_ACCOUNT;
    ret->account = account;
    ret->posts = NULL;
    ret->post_count = 0;
    ret->mask = 0;
    if (!db_rows(db, &r, e,
                 "select " ACTOR_POST_COLUMNS " from post p join unit u on u.id = p.unit "
                 "where p.account = ?1 and p.from_day <= ?2 and (p.to_day is null or p.to_day > ?2) order by p.id",
                 ARGS(INT(account), INT(day))))
        return false;
    while (db_next(&r))
        actor_add_post(ret, a, &r, 0);
    return db_end(&r, e);
}

const struct actor_post *actor_post_at(const struct actor *a, int64_t ord, post_mask posts)
{
    const struct actor_post *best = NULL;
    for (size_t i = 0; i < a->post_count; i++) {
        const struct actor_post *p = &a->posts[i];
        if (((posts >> p->post) & 1) == 0 || ord < p->lo || ord >= p->hi)
            continue;
        int64_t wide = p->hi - p->lo;
        if (best == NULL || wide < best->hi - best->lo ||
            (wide == best->hi - best->lo && p->stands_in_for == 0 && best->stands_in_for != 0))
            best = p;
    }
    return best;
}

int64_t actor_next_absent(const struct actor *a, size_t *at)
{
    for (; *at < a->post_count; (*at)++) {
        int64_t absent = a->posts[*at].stands_in_for;
        bool before = absent == 0;
        for (size_t i = 0; i < *at && !before; i++)
            before = a->posts[i].stands_in_for == absent;
        if (!before) {
            (*at)++;
            return absent;
        }
    }
    return 0;
}

bool actor_acts_for(const struct actor *a, int64_t account)
{
    if (a->kind != ACTOR_ACCOUNT || account == 0)
        return false;
    if (a->account == account)
        return true;
    for (size_t i = 0; i < a->post_count; i++)
        if (a->posts[i].stands_in_for == account)
            return true;
    return false;
}
