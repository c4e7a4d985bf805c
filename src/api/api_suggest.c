/* Suggestions while something is being told: a question, not a command. Nothing of it is kept. */
#include "core/scope.h"
#include "core/suggest.h"
#include "api/handlers.h"

bool suggest_show(struct call *c, struct error *e)
{
    struct suggest_query q = {.title = call_text(c, "title"),
                              .text = call_text(c, "text"),
                              .place = call_text(c, "place"),
                              .persons = json_object_get(c->body, "persons")};
    struct str kind = call_text(c, "kind");
    struct unit_place at;
    struct unit u;

    if (kind.n > 0 && (!kind_parse(kind, &q.kind) || q.kind == KIND_TALK))
        return error_set(e, ERROR_NOT_A_CHOICE, "kind");
    if (!unit_by_code(c->db, c->scratch, call_text(c, "unit"), &u, NULL) ||
        !scope_reaches(&c->actor, u.ord, POSTS_ALL))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    if (!unit_place(c->db, c->scratch, u.code, &at, e))
        return error_set(e, e->code, "unit");
    q.at = &at;
    return suggest_write(c->api->core, c->db, c->scratch, &c->w, &c->actor, &q, e);
}
