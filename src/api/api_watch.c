/* What a committee had better look at by itself: what comes back, what is missing, what the season brings; and the wording that stands ready. */
#include "core/coverage.h"
#include "core/root.h"
#include "core/scope.h"
#include "six/phrases.h"
#include "six/season.h"
#include "api/handlers.h"

static bool unit_of(struct call *c, post_mask posts, struct unit *ret, struct error *e)
{
    struct str code = call_query(c, "unit");
    if (code.n == 0)
        return error_set(e, ERROR_MISSING, "unit");
    if (!unit_by_code(c->db, c->scratch, code, ret, NULL) || !scope_reaches(&c->actor, ret->ord, posts))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    return true;
}

bool root_list(struct call *c, struct error *e)
{
    struct unit u;
    return unit_of(c, c->route->posts, &u, e) &&
           root_write(c->api->core, c->db, c->scratch, &c->w, &c->actor, u.ord, u.ord_end, e);
}

bool coverage_show(struct call *c, struct error *e)
{
    struct unit u;
    return unit_of(c, c->route->posts, &u, e) &&
           coverage_write(c->api->core, c->db, c->scratch, &c->w, &c->actor, &u, e);
}

bool phrase_list(struct call *c, struct error *e)
{
    struct unit u;
    return unit_of(c, c->route->posts, &u, e) &&
           phrases_write(c->api->core, c->db, c->scratch, &c->w, &c->actor, &u, call_query(c, "verb"),
                         call_query(c, "kind"), e);
}

/* Of a group too: its committee's calendar. */
bool season_show(struct call *c, struct error *e)
{
    struct unit u, committee;
    return unit_of(c, c->route->posts, &u, e) &&
           (unit_above(c->db, c->scratch, u.id, UNIT_COMMITTEE, &committee, NULL) ||
            error_set(e, ERROR_NOT_ALLOWED_HERE, "unit")) &&
           season_write(c->api->core, c->db, c->scratch, &c->w, &c->actor, &committee, e);
}
