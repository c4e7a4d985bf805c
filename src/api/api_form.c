/* Blank paper forms with numbers of their own (R1). */
#include "base/time.h"
#include "core/form_number.h"
#include "core/scope.h"
#include "paper/reportform.h"
#include "api/handlers.h"

static bool forms_paper(struct call *c, struct error *e)
{
    call_pdf(c, "liuxiao-forms");
    return report_forms_pdf(c->state, &c->r->reply, e);
}

bool form_make(struct call *c, struct error *e)
{
    struct report_forms *f = ARENA_NEW(c->r->arena, struct report_forms);
    size_t n = (size_t)json_int(c->body, "count", 1);
    struct str *numbers = ARENA_ARRAY(c->r->arena, struct str, n);
    struct unit_place at;

    if (!unit_place(c->db, c->r->arena, call_text(c, "unit"), &at, NULL) ||
        !scope_reaches(&c->actor, at.unit.ord, POSTS_WORK))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    if (!form_numbers(c->db, c->r->arena, &at.committee, civil_of(time_now()).year, numbers, n, e))
        return false;
    *f = (struct report_forms){.committee = at.committee.name, .numbers = numbers, .n = n};
    if (!core_public_url(c->api->core, c->db, c->r->arena, &f->url, NULL))
        f->url = STR("");
    c->state = f;
    call_then(c, HOW_SLOW, forms_paper);
    return true;
}
