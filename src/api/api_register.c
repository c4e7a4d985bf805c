/* Registers: one set of calls for all of them; which there are and what they ask follows from their rows and verbs. */
#include "base/time.h"
#include "core/register.h"
#include "core/scope.h"
#include "core/subject.h"
#include "core/unit.h"
#include "core/verb.h"
#include "api/handlers.h"

static bool find_register(struct call *c, const struct register_def **ret, struct error *e)
{
    *ret = register_named(c->api->core, c->capture[0]);
    return *ret != NULL || error_set(e, ERROR_NOT_FOUND, NULL);
}

bool register_all(struct call *c, struct error *e)
{
    return register_write_all(c->api->core, c->db, c->scratch, &c->w, &c->actor, e);
}

static bool id_query(struct call *c, const char *name, enum subject_kind kind, int64_t *ret, struct error *e)
{
    struct str s = call_query(c, name);
    struct id uuid;
    if (s.n == 0)
        return true;
    return (id_parse(s, &uuid) && subject_id(c->db, kind, uuid, ret, NULL)) ||
           error_set(e, ERROR_NOT_FOUND, name);
}

static bool read_place(struct call *c, const struct register_def *def, struct register_filter *f, struct error *e)
{
    struct str code = call_query(c, "unit"), state = call_query(c, "state");
    struct unit u = {.ord_end = INT64_MAX};

    /* What one looks after oneself is one's own wherever it lies. */
    if (code.n == 0 && !str_is(call_query(c, "mine"), "true"))
        return error_set(e, ERROR_MISSING, "unit");
    if (code.n > 0 &&
        (!unit_by_code(c->db, c->scratch, code, &u, NULL) || !scope_reaches(&c->actor, u.ord, POSTS_ALL)))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    f->unit = u.id;
    f->lo = u.ord;
    f->hi = u.ord_end;
    f->all = str_is(state, "all");
    for (int n = 1; n < REGISTER_STATES && def->states[n] != NULL; n++)
        if (str_is(state, def->states[n]))
            f->state = n;
    return state.n == 0 || f->all || f->state != 0 || error_set(e, ERROR_NOT_A_CHOICE, "state");
}

static bool read_cursor(struct call *c, struct register_filter *f, struct error *e)
{
    struct str rest = call_query(c, "cursor"), due, id;
    if (rest.n == 0)
        return true;
    return (str_split(&rest, '.', &due) && str_split(&rest, '.', &id) && rest.p == NULL &&
            str_int(due, &f->after_due) && str_int(id, &f->after_id)) ||
           error_set(e, ERROR_MALFORMED, "cursor");
}

bool register_list(struct call *c, struct error *e)
{
    struct register_filter f = {.limit = call_query_int(c, "limit", 50, 1, 200), .code = call_query(c, "code")};
    const struct register_def *def;
    int32_t day;

    if (!find_register(c, &def, e) || !read_place(c, def, &f, e) || !read_cursor(c, &f, e) ||
        !id_query(c, "person", SUBJECT_PERSON, &f.person, e) ||
        !id_query(c, "case", SUBJECT_CASE, &f.case_id, e) ||
        !id_query(c, "parent", SUBJECT_REGISTERS, &f.parent, e))
        return false;
    if (call_query(c, "due_before").n > 0) {
        if (!date_parse(call_query(c, "due_before"), &day))
            return error_set(e, ERROR_MALFORMED, "due_before");
        f.due_before = day_start(day);
    }
    if (str_is(call_query(c, "mine"), "true"))
        f.account = c->actor.account;
    return register_write_list(c->api->core, c->db, c->scratch, &c->w, &c->actor, def, &f, e);
}

bool register_counts(struct call *c, struct error *e)
{
    struct register_filter f = {0};
    const struct register_def *def;
    return find_register(c, &def, e) && read_place(c, def, &f, e) &&
           register_write_counts(c->api->core, c->db, c->scratch, &c->w, &c->actor, def, f.lo, f.hi, e);
}

static bool write_one(struct call *c, const struct register_def *def, struct id uuid, struct error *e)
{
    struct register_row row;
    struct register_seen seen = {0};
    if (!register_one(c->api->core, c->db, c->scratch, &c->actor, def, uuid, &row, e) ||
        !register_write_page(c->api->core, c->db, c->scratch, &c->w, &c->actor, def, &row, &seen, e))
        return false;
    for (size_t i = 0; i < seen.n && c->route->method == HTTP_GET; i++) /* what is done stands in the journal anyhow */
        call_read(c, def->subject, seen.ids[i]);
    return true;
}

bool register_show(struct call *c, struct error *e)
{
    const struct register_def *def;
    struct id id;
    if (!find_register(c, &def, e))
        return false;
    return id_parse(c->capture[1], &id) ? write_one(c, def, id, e) : error_set(e, ERROR_NOT_FOUND, NULL);
}

bool register_create(struct call *c, struct error *e)
{
    const struct register_def *def;
    struct answer answer;
    struct id nothing = {{0}};
    if (!find_register(c, &def, e))
        return false;
    const struct verb *maker = register_maker(c->api->core, def);
    return call_command(c, def->subject, str_of(maker->name), nothing, c->body, &answer, e) &&
           write_one(c, def, answer.uuid, e);
}

bool register_act(struct call *c, struct error *e)
{
    const struct register_def *def;
    struct answer answer;
    struct id id;
    if (!find_register(c, &def, e))
        return false;
    return (id_parse(c->capture[1], &id) || error_set(e, ERROR_NOT_FOUND, NULL)) &&
           call_command(c, def->subject, c->capture[2], id, c->body, &answer, e) && write_one(c, def, id, e);
}
