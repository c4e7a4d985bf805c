/* Full search. */
#include "core/scope.h"
#include "core/search.h"
#include "core/unit.h"
#include "api/handlers.h"

/* `kind` is one of the types of what is found, or a kind of case. */
static bool read_kind(struct call *c, struct search_query *q, struct error *e)
{
    struct str kind = call_query(c, "kind");

    if (kind.n == 0 || search_type_parse(kind, &q->type))
        return true;
    q->type = SEARCH_CASE;
    return (kind_parse(kind, &q->kind) && q->kind != KIND_TALK) || error_set(e, ERROR_NOT_A_CHOICE, "kind");
}

bool search_show(struct call *c, struct error *e)
{
    struct search_query q = {.q = str_trim(call_query(c, "q")), .limit = call_query_int(c, "limit", 50, 1, 100)};
    struct str code = call_query(c, "unit"), cursor = call_query(c, "cursor");
    struct unit u;

    if (!read_kind(c, &q, e))
        return false;
    if (code.n > 0) {
        if (!unit_by_code(c->db, c->scratch, code, &u, NULL))
            return error_set(e, ERROR_NOT_FOUND, "unit");
        q.lo = u.ord;
        q.hi = u.ord_end;
    }
    if (cursor.n > 0 && (!str_int(cursor, &q.before) || q.before <= 0))
        return error_set(e, ERROR_MALFORMED, "cursor");
    return search_write(c->api->core, c->db, c->scratch, &c->w, &c->actor, &q, e);
}
