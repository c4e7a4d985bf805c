#include "base/time.h"
#include "core/activity.h"
#include "core/booking.h"
#include "core/scope.h"
#include "core/unit.h"
#include "api/handlers.h"

static bool day_query(struct call *c, const char *name, int days_more, int64_t *ret, struct error *e)
{
    int32_t day;
    struct str s = call_query(c, name);
    if (s.n == 0)
        return true;
    if (!date_parse(s, &day))
        return error_set(e, ERROR_MALFORMED, name);
    *ret = day_start(day + days_more);
    return true;
}

static bool read_cursor(struct call *c, struct activity_filter *f, struct error *e)
{
    struct str rest = call_query(c, "cursor"), at, id;
    if (rest.n == 0)
        return true;
    return (str_split(&rest, '.', &at) && str_split(&rest, '.', &id) && rest.p == NULL &&
            str_int(at, &f->before_at) && str_int(id, &f->before_id)) ||
           error_set(e, ERROR_MALFORMED, "cursor");
}

bool activity_filter_read(struct call *c, struct activity_filter *f, struct error *e)
{
    struct str type = call_query(c, "type");
    if (type.n > 0 && !activity_type_parse(type, &f->type))
        return error_set(e, ERROR_NOT_A_CHOICE, "type");
    return day_query(c, "from", 0, &f->from, e) && day_query(c, "to", 1, &f->to, e);
}

bool activity_list(struct call *c, struct error *e)
{
    struct activity_filter f = {.limit = call_query_int(c, "limit", 50, 1, 200)};
    struct str code = call_query(c, "unit");
    struct unit u;
    int64_t last_at, last_id;

    if (code.n == 0)
        return error_set(e, ERROR_MISSING, "unit");
    if (!unit_by_code(c->db, c->scratch, code, &u, NULL) || !scope_reaches(&c->actor, u.ord, POSTS_ALL))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    f.lo = u.ord;
    f.hi = u.ord_end;
    if (!activity_filter_read(c, &f, e) || !read_cursor(c, &f, e))
        return false;
    jw_object(&c->w);
    if (!activity_write_list(c->api->core, c->db, c->scratch, &c->w, &f, &last_at, &last_id, e))
        return false;
    jw_kz(&c->w, "next",
          last_id != 0 ? arena_printf(c->scratch, "%lld.%lld", (long long)last_at, (long long)last_id) : NULL);
    jw_end_object(&c->w);
    return true;
}

bool activity_create(struct call *c, struct error *e)
{
    struct answer answer;
    struct id nothing = {{0}};
    int64_t at = 0;
    /* What lies ahead is planned, what has been is recorded. */
    (void)time_parse(call_text(c, "at"), &at);
    return call_command(c, SUBJECT_ACTIVITY, at > time_now() ? STR("plan") : STR("record"), nothing, c->body,
                        &answer, e) &&
           activity_write(c->api->core, c->db, c->scratch, &c->w, answer.subject, e);
}

bool activity_act(struct call *c, struct error *e)
{
    struct answer answer;
    struct id id;
    return (id_parse(c->capture[0], &id) || error_set(e, ERROR_NOT_FOUND, NULL)) &&
           call_command(c, SUBJECT_ACTIVITY, c->capture[1], id, c->body, &answer, e) &&
           activity_write(c->api->core, c->db, c->scratch, &c->w, answer.subject, e);
}

/* A week of the committee's rooms and mediators; at most five weeks at once. */
bool booking_list(struct call *c, struct error *e)
{
    struct unit u;
    int64_t from = 0, to = 0;

    if (!unit_by_code(c->db, c->scratch, call_query(c, "unit"), &u, NULL) ||
        !scope_reaches(&c->actor, u.ord, POSTS_WORK))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    if (!day_query(c, "from", 0, &from, e) || !day_query(c, "to", 1, &to, e))
        return false;
    if (to <= from || to - from > 35 * (int64_t)TIME_DAY)
        return error_set(e, ERROR_OUT_OF_RANGE, "to");
    return booking_write_calendar(c->api->core, c->db, c->scratch, &c->w, &c->actor, u.ord, u.ord_end, from,
                                  to, e);
}
