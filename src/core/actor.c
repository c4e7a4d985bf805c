#include "core/actor.h"

#include "base/time.h"

struct actor actor_system(void)
{
    return (struct actor){.kind = ACTOR_SYSTEM};
}

bool actor_load(struct db *db, struct arena *a, int64_t account, int32_t day, struct actor *ret, struct error *e)
{
    struct db_rows r;
    size_t room = 8;

    ret->kind = ACTOR_ACCOUNT;
    ret->account = account;
    ret->posts = ARENA_ARRAY(a, struct actor_post, room);
    ret->post_count = 0;
    ret->mask = 0;
    if (!db_rows(db, &r, e,
                 "select p.post, p.unit, p.office, u.ord, u.ord_end, u.level, p.stands_in_for from post p join unit u on u.id = p.unit "
                 "where p.account = ?1 and p.from_day <= ?2 and (p.to_day is null or p.to_day > ?2) order by p.id",
                 ARGS(INT(account), INT(day))))
        return false;
    while (db_next(&r)) {
        if (ret->post_count == room) {
            struct actor_post *more = ARENA_ARRAY(a, struct actor_post, room * 2);
            memcpy(more, ret->posts, room * sizeof *more);
            ret->posts = more;
            room *= 2;
        }
        struct actor_post *p = &ret->posts[ret->post_count++];
        *p = (struct actor_post){
            .post = (enum post)db_int(&r, 0),
            .unit = db_int(&r, 1),
            .office = db_int(&r, 2),
            .lo = db_int(&r, 3),
            .hi = db_int(&r, 4),
            .level = (int)db_int(&r, 5),
            .stands_in_for = db_int(&r, 6),
        };
        ret->mask |= (post_mask)1 << p->post;
    }
    return db_end(&r, e);
}

const struct actor_post *actor_post_at(const struct actor *a, int64_t ord, post_mask posts)
{
    const struct actor_post *best = NULL;
    for (size_t i = 0; i < a->post_count; i++) {
        const struct actor_post *p = &a->posts[i];
        if (((posts >> p->post) & 1) == 0 || ord < p->lo || ord >= p->hi)
            continue;
        if (best == NULL || p->hi - p->lo < best->hi - best->lo)
            best = p;
    }
    return best;
}
