/* What somebody did in a month, on paper: for themselves, and for the committee to hand to those who never open the program. */
#include "base/time.h"
#include "core/account.h"
#include "core/scope.h"
#include "core/subject.h"
#include "core/thanks.h"
#include "core/unit.h"
#include "paper/thankssheet.h"
#include "api/handlers.h"

static bool draw(struct call *c, struct error *e)
{
    call_pdf(c, "liuxiao-thanks");
    return thanks_sheet_pdf(c->state, &c->r->reply, e);
}

/* "2026-11"; without it this month. */
static bool read_month(struct call *c, int32_t *ret_from, int32_t *ret_until, struct error *e)
{
    struct str text = call_query(c, "month");
    char day[DATE_TEXT];
    if (text.n == 0) {
        struct civil now = civil_of(time_now());
        (void)snprintf(day, sizeof day, "%04d-%02d-01", now.year, now.month);
    } else {
        (void)snprintf(day, sizeof day, "%.7s-01", arena_z(c->scratch, text));
    }
    if ((text.n != 0 && text.n != 7) || !date_parse(str_of(day), ret_from))
        return error_set(e, ERROR_MALFORMED, "month");
    struct civil next = civil_of(day_start(*ret_from + 31));
    (void)snprintf(day, sizeof day, "%04d-%02d-01", next.year, next.month);
    return date_parse(str_of(day), ret_until);
}

/* The account's own, or of somebody with a post in reach of the desk. */
static bool find_account(struct call *c, int64_t *ret, struct unit *ret_unit, struct error *e)
{
    struct actor who;
    struct id id;
    int32_t today = day_of(time_now());

    if (!id_parse(c->capture[0], &id) || !subject_id(c->db, SUBJECT_ACCOUNT, id, ret, NULL) ||
        !actor_load(c->db, c->r->arena, *ret, today, &who, NULL))
        return error_set(e, ERROR_NOT_FOUND, NULL);
    for (size_t i = 0; i < who.post_count; i++)
        if (*ret == c->actor.account || scope_reaches(&c->actor, who.posts[i].lo, POSTS_DESK))
            return unit_load(c->db, c->r->arena, who.posts[i].unit, ret_unit, e);
    return error_set(e, ERROR_NOT_FOUND, NULL);
}

bool account_thanks(struct call *c, struct error *e)
{
    struct thanks *t = ARENA_NEW(c->r->arena, struct thanks);
    struct thanks_sheet *s = ARENA_NEW(c->r->arena, struct thanks_sheet);
    struct unit unit, committee;
    int32_t from, until;
    int64_t account;

    if (!read_month(c, &from, &until, e) || !find_account(c, &account, &unit, e) ||
        !thanks_read(c->api->core, c->db, c->r->arena, account, from, until, t, e))
        return false;
    if (!unit_above(c->db, c->r->arena, unit.id, UNIT_COMMITTEE, &committee, NULL))
        committee = unit;
    struct thanks_sheet_line *lines = ARENA_ARRAY(c->r->arena, struct thanks_sheet_line, THANKS_MOST);
    for (size_t i = 0; i < t->n; i++) {
        struct civil day = civil_of(day_start(t->lines[i].day));
        lines[i] = (struct thanks_sheet_line){day.month,        day.day,         t->lines[i].unit,
                                              t->lines[i].what, t->lines[i].how, t->lines[i].said};
    }
    struct civil month = civil_of(day_start(from));
    *s = (struct thanks_sheet){.name = t->name,
                               .committee = committee.name,
                               .year = month.year,
                               .month = month.month,
                               .disputes_alone = t->disputes_alone,
                               .at = time_now(),
                               .lines = lines,
                               .n = t->n};
    c->state = s;
    call_then(c, HOW_SLOW, draw);
    return true;
}
