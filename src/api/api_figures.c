#include <stdlib.h>

#include "base/time.h"
#include "core/figures.h"
#include "core/scope.h"
#include "core/seals.h"
#include "paper/report.h"
#include "api/handlers.h"

/* Figures show no person: whoever holds any post over the unit, or works for it, may read them. */
static bool find_unit(struct call *c, struct unit *ret, struct error *e)
{
    struct str code = call_query(c, "unit");
    if (code.n == 0)
        return error_set(e, ERROR_MISSING, "unit");
    if (!unit_by_code(c->db, c->scratch, code, ret, NULL) || !scope_reaches(&c->actor, ret->ord, POSTS_ALL))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    return true;
}

static bool day_query(struct call *c, const char *name, int32_t otherwise, int32_t *ret, struct error *e)
{
    struct str s = call_query(c, name);
    *ret = otherwise;
    return s.n == 0 || date_parse(s, ret) || error_set(e, ERROR_MALFORMED, name);
}

/* The year so far, unless the query says otherwise. */
bool figures_period(struct call *c, int32_t *ret_from, int32_t *ret_to, struct error *e)
{
    struct civil now = civil_of(time_now());
    return day_query(c, "from", day_from_date(now.year, 1, 1), ret_from, e) &&
           day_query(c, "to", day_of(time_now()), ret_to, e);
}

bool figures_show(struct call *c, struct error *e)
{
    struct unit u;
    struct figures f;
    int32_t from, to;
    if (!find_unit(c, &u, e) || !figures_period(c, &from, &to, e) ||
        !figures_make(c->api->core, c->db, c->scratch, u.id, from, to, &f, e))
        return false;
    figures_write(&c->w, &f);
    return true;
}

static bool read_cursor(struct call *c, struct figures_query *q, struct error *e)
{
    struct str rest = call_query(c, "cursor"), day, id;
    int64_t n;
    if (rest.n == 0)
        return true;
    if (!str_split(&rest, '.', &day) || !str_split(&rest, '.', &id) || rest.p != NULL || !str_int(day, &n) ||
        !str_int(id, &q->before_id))
        return error_set(e, ERROR_MALFORMED, "cursor");
    q->before_day = (int32_t)n;
    return true;
}

/* From a number down to the cases behind it. */
bool figures_list(struct call *c, struct error *e)
{
    struct unit u;
    struct figures_query q = {.limit = call_query_int(c, "limit", 50, 1, 200), .hidden = scope_hidden(&c->actor)};
    struct figures_case *rows;
    struct str kind = call_query(c, "kind");
    size_t n;

    if (!find_unit(c, &u, e) || !figures_period(c, &q.from_day, &q.to_day, e) || !read_cursor(c, &q, e))
        return false;
    if (kind.n > 0 && (!kind_parse(kind, &q.kind) || q.kind == KIND_TALK))
        return error_set(e, ERROR_NOT_A_CHOICE, "kind");
    q.unit = u.id;
    q.category = call_query(c, "category");
    if (!figures_cases(c->db, c->scratch, &q, &rows, &n, e))
        return false;
    int64_t *ids = ARENA_ARRAY(c->scratch, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].id;
    jw_object(&c->w);
    jw_key(&c->w, "items");
    if (!case_write_rows(c->api->core, c->db, c->scratch, &c->w, &c->actor, ids, n, e))
        return false;
    bool more = n == (size_t)q.limit;
    jw_kz(&c->w, "next",
          more ? arena_printf(c->scratch, "%d.%lld", (int)rows[n - 1].day, (long long)rows[n - 1].id) : NULL);
    jw_end_object(&c->w);
    return true;
}

/* The annual report. Making the document is slow work: figures on a reader, paper in the pool. */
struct report_state {
    struct figures f;
    int year;
    struct str seal;
};

static bool report_paper(struct call *c, struct error *e)
{
    struct report_state *s = c->state;
    buf_clear(&c->r->reply);
    c->r->type = "application/pdf";
    http_reply_header(c->r, "Content-Disposition",
                      arena_printf(c->r->arena, "inline; filename=\"liuxiao-%d.pdf\"", s->year));
    return report_pdf(&s->f, s->year, s->seal, &c->r->reply, e);
}

static void free_state(void *state)
{
    free(state);
}

bool report_show(struct call *c, struct error *e)
{
    struct unit u;
    struct report_state *s = c->state != NULL ? c->state : calloc(1, sizeof *s);
    struct str format = call_query(c, "format");

    if (s == NULL)
        return error_set(e, ERROR_OVERLOADED, NULL);
    c->state = s;
    c->state_free = free_state;
    s->year = (int)call_query_int(c, "year", civil_of(time_now()).year, 2000, 2100);
    if (!find_unit(c, &u, e) ||
        !figures_make(c->api->core, c->db, c->r->arena, u.id, day_from_date(s->year, 1, 1),
                      day_from_date(s->year, 12, 31), &s->f, e) ||
        !seals_last_text(c->db, c->r->arena, &s->seal, e))
        return false;
    if (str_is(format, "json")) {
        figures_write(&c->w, &s->f);
        return true;
    }
    if (str_is(format, "text")) {
        c->r->type = "text/plain; charset=utf-8";
        return report_text(&s->f, s->year, &c->r->reply, e);
    }
    if (format.n > 0 && !str_is(format, "pdf"))
        return error_set(e, ERROR_NOT_A_CHOICE, "format");
    call_then(c, HOW_SLOW, report_paper);
    return true;
}
