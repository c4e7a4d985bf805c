/* The routing rules' test page (R3): who would get it, and why. */
#include "core/office_rule.h"
#include "core/unit.h"
#include "api/handlers.h"

bool office_rule_show(struct call *c, struct error *e)
{
    const struct pack *pack = core_pack(c->api->core, c->db, 0, e);
    struct str kind_name = call_query(c, "kind"), code = call_query(c, "category");
    const struct category *category = NULL;
    enum kind kind = KIND_REQUEST;
    struct unit u;

    if (pack == NULL)
        return false;
    if (kind_name.n > 0 && (!kind_parse(kind_name, &kind) || kind == KIND_TALK))
        return error_set(e, ERROR_NOT_A_CHOICE, "kind");
    if (code.n > 0 && (category = pack_category(pack, kind, code)) == NULL)
        return error_set(e, ERROR_NOT_A_CHOICE, "category");
    if (!unit_by_code(c->db, c->scratch, call_query(c, "unit"), &u, NULL))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    return office_rule_write(c->db, c->scratch, &c->w, pack, category, u.id, c->r->lang, e);
}
