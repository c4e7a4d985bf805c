/* Ready answers that fit what somebody asks (R2). */
#include "core/scope.h"
#include "core/unit.h"
#include "six/answers.h"
#include "api/handlers.h"

/* While somebody types. Residents get what is checked and of today; staff of the place also what ought to be looked at again. */
bool answer_suggest(struct call *c, struct error *e)
{
    struct answer_query q = {.q = call_text(c, "q"), .limit = 5};
    struct unit u;

    if (!unit_by_code(c->db, c->scratch, call_text(c, "unit"), &u, NULL))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    q.unit = u.id;
    q.stale = c->actor.kind == ACTOR_ACCOUNT && scope_reaches(&c->actor, u.ord, POSTS_WORK);
    jw_object(&c->w);
    jw_key(&c->w, "items");
    bool ok = answers_write(c->api->core, c->db, c->scratch, &c->w, &q, e);
    jw_end_object(&c->w);
    return ok;
}

bool answer_of_case(struct call *c, struct error *e)
{
    struct case_row row;
    return call_case(c, &row, e) && answers_write_case(c->api->core, c->db, c->scratch, &c->w, &row, e);
}
