/* The same need from many (R6): rounds that a committee asks, and what one may join. */
#include "core/case_read.h"
#include "core/unit.h"
#include "six/rounds.h"
#include "api/handlers.h"

static bool read_unit(struct call *c, struct unit *u, struct error *e)
{
    return unit_by_code(c->db, c->scratch, call_query(c, "unit"), u, NULL) ||
           error_set(e, ERROR_NOT_FOUND, "unit");
}

bool round_list(struct call *c, struct error *e)
{
    struct unit u;
    return read_unit(c, &u, e) && rounds_write(c->api->core, c->db, c->scratch, &c->w, u.id, e);
}

/* Without an account: a name and a telephone, as on the paper that used to hang by the shop's door. */
bool round_join(struct call *c, struct error *e)
{
    static const char *const same[] = {"unit", "how_many", "remark"};
    struct str name = call_text(c, "name"), phone = call_text(c, "phone");
    struct answer answer;
    struct id nothing = {{0}};
    json_t *fields =
        json_pack("{s:s%,s:{s:s%,s:s%}}", "round", c->capture[0].p, c->capture[0].n, "person", "name",
                  name.p != NULL ? name.p : "", name.n, "phone", phone.p != NULL ? phone.p : "", phone.n);

    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (json_object_get(c->body, same[i]) != NULL)
            (void)json_object_set(fields, same[i], json_object_get(c->body, same[i]));
    bool ok = call_command(c, SUBJECT_ENTRY, STR("join"), nothing, fields, &answer, e);
    json_decref(fields);
    if (ok) {
        jw_object(&c->w);
        jw_kbool(&c->w, "joined", true);
        jw_end_object(&c->w);
    }
    return ok;
}

bool joinable_list(struct call *c, struct error *e)
{
    struct unit_place at;
    return (unit_place(c->db, c->scratch, call_query(c, "unit"), &at, NULL) ||
            error_set(e, ERROR_NOT_FOUND, "unit")) &&
           case_write_joinable(c->api->core, c->db, c->scratch, &c->w, &at.committee, e);
}
