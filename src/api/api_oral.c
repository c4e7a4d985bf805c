/* The register of oral agreements: on the screen, and on paper. */
#include <stdlib.h>

#include "base/time.h"
#include "core/account.h"
#include "core/oral.h"
#include "core/scope.h"
#include "core/unit.h"
#include "paper/oralbook.h"
#include "api/handlers.h"

enum { PRINTED_MOST = 2000 };

/* Of the committee that is named, this year unless days are. */
bool oral_filter_read(struct call *c, struct oral_filter *f, struct unit *u, struct error *e)
{
    struct str code = call_query(c, "unit"), rest = call_query(c, "cursor"), at, id;
    int32_t from, to;

    if (code.n == 0)
        return error_set(e, ERROR_MISSING, "unit");
    if (!unit_by_code(c->db, c->r->arena, code, u, NULL) || !scope_reaches(&c->actor, u->ord, POSTS_WORK))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    if (!figures_period(c, &from, &to, e))
        return false;
    *f = (struct oral_filter){.lo = u->ord, .hi = u->ord_end, .from = day_start(from), .to = day_start(to + 1)};
    if (rest.n > 0 && !(str_split(&rest, '.', &at) && str_split(&rest, '.', &id) && rest.p == NULL &&
                        str_int(at, &f->after_at) && str_int(id, &f->after_id)))
        return error_set(e, ERROR_MALFORMED, "cursor");
    return true;
}

bool oral_list(struct call *c, struct error *e)
{
    struct oral_filter f;
    struct unit u;

    if (!oral_filter_read(c, &f, &u, e))
        return false;
    f.limit = call_query_int(c, "limit", 50, 1, 200);
    return oral_write_list(c->api->core, c->db, c->scratch, &c->w, &c->actor, &f, e);
}

/* ---- On paper ------------------------------------------------------------------------------------------ */

struct printing {
    json_t *items, *plain; /* as they are shown; with names, once that is written down */
    struct oralbook book;
    struct str purpose;
};

static void free_printing(void *state)
{
    struct printing *p = state;
    json_decref(p->items);
    json_decref(p->plain);
    free(p);
}

static bool draw(struct call *c, struct error *e)
{
    struct printing *p = c->state;
    p->book.items = p->plain != NULL ? p->plain : p->items;
    call_pdf(c, "liuxiao-oral");
    return oralbook_pdf(&p->book, &c->r->reply, e);
}

/* A write, because no name leaves before the line that says who read it is on disk. */
static bool unmask(struct call *c, struct error *e)
{
    struct printing *p = c->state;
    json_t *item;
    size_t i;

    json_decref(p->plain);
    p->plain = json_deep_copy(p->items);
    json_array_foreach(p->plain, i, item)
        if (!paper_unmask(c, item, p->purpose, e))
            return false;
    call_then(c, HOW_SLOW, draw);
    return true;
}

/* Page by page, all of them. */
static bool read_all(struct call *c, struct oral_filter f, json_t *items, struct error *e)
{
    for (;;) {
        struct buf text = BUF_INIT(BUF_DOCUMENT);
        struct jw w = JW_INIT(&text);
        struct str at, id;

        f.limit = PRINTED_MOST;
        bool ok = oral_write_list(c->api->core, c->db, c->scratch, &w, &c->actor, &f, e);
        json_t *page = ok ? json_read(buf_str(&text), e) : NULL;
        buf_free(&text);
        if (page == NULL)
            return false;
        (void)json_array_extend(items, json_object_get(page, "items"));
        struct str rest = json_text(page, "next");
        bool more = rest.n > 0 && str_split(&rest, '.', &at) && str_split(&rest, '.', &id) &&
                    str_int(at, &f.after_at) && str_int(id, &f.after_id);
        json_decref(page);
        if (json_array_size(items) > PRINTED_MOST)
            return error_setf(e, ERROR_OUT_OF_RANGE, "from", "%d", PRINTED_MOST);
        if (!more)
            return true;
    }
}

bool oral_paper(struct call *c, struct error *e)
{
    struct printing *p = c->state != NULL ? c->state : calloc(1, sizeof *p);
    struct oral_filter f;
    struct unit u;
    char from[DATE_TEXT], to[DATE_TEXT];

    if (p == NULL)
        return error_set(e, ERROR_OVERLOADED, NULL);
    c->state = p;
    c->state_free = free_printing;
    p->purpose = arena_str(c->r->arena, str_trim(call_query(c, "purpose")));
    if (str_points(p->purpose) > 100)
        return error_setf(e, ERROR_TOO_LONG, "purpose", "100");
    if (!oral_filter_read(c, &f, &u, e) ||
        !account_name(c->api->core, c->db, c->r->arena, c->actor.account, &p->book.by, e))
        return false;
    json_decref(p->items);
    p->items = json_array();
    if (!read_all(c, f, p->items, e))
        return false;
    date_format(day_of(f.from), from);
    date_format(day_of(f.to - 1), to);
    p->book.unit = u.name;
    p->book.from = arena_str(c->r->arena, str_of(from));
    p->book.to = arena_str(c->r->arena, str_of(to));
    p->book.plain = p->purpose.n > 0;
    p->book.purpose = p->purpose;
    p->book.at = time_now();
    call_then(c, p->book.plain ? HOW_WRITE : HOW_SLOW, p->book.plain ? unmask : draw);
    return true;
}
