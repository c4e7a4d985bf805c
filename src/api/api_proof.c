/* 开证明 (R8). */
#include "base/time.h"
#include "core/unit.h"
#include "six/proof.h"
#include "paper/proofslip.h"
#include "api/handlers.h"

bool proof_list(struct call *c, struct error *e)
{
    const struct pack *p = core_pack(c->api->core, c->db, 0, e);
    if (p == NULL)
        return false;
    proofs_write(c->scratch, &c->w, p, call_query(c, "q"));
    return true;
}

static bool slip_paper(struct call *c, struct error *e)
{
    call_pdf(c, "liuxiao-proof");
    return proof_slip_pdf(c->state, &c->r->reply, e);
}

bool proof_paper(struct call *c, struct error *e)
{
    const struct pack *p = core_pack(c->api->core, c->db, 0, e);
    const json_t *row = p != NULL ? proof_named(p, call_query(c, "name")) : NULL;
    struct proof_slip *s = ARENA_NEW(c->r->arena, struct proof_slip);
    struct unit_place at;

    if (row == NULL)
        return error_set(e, ERROR_NOT_FOUND, "name");
    if (!unit_place(c->db, c->r->arena, call_query(c, "unit"), &at, NULL))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    *s = (struct proof_slip){
        .committee = at.committee.name,
        .name = arena_str(c->r->arena, json_text(row, "name")),
        .who = arena_str(c->r->arena, json_text(row, "who")),
        .bring = arena_str(c->r->arena, json_text(row, "bring")),
        .say = arena_str(c->r->arena, json_text(row, "say")),
        .basis = arena_str(
            c->r->arena, json_text(json_object_get(json_object_get(p->doc, "powers"), "proof_basis"), "text")),
        .may = json_flag(row, "may"),
        .at = time_now(),
    };
    c->state = s;
    call_then(c, HOW_SLOW, slip_paper);
    return true;
}
