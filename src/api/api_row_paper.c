/* Papers of registers: a row in the pack's template, with what hangs on it; its table as a workbook too. */
#include <stdlib.h>
#include <unistd.h>

#include "base/time.h"
#include "core/access.h"
#include "core/account.h"
#include "core/listing.h"
#include "core/register.h"
#include "core/unit.h"
#include "paper/rowpaper.h"
#include "api/handlers.h"

struct row_job {
    struct row_paper f;
    json_t *page, *form;
    int64_t unit;
    bool as_book;
    enum book_format format;
    int fd;
};

static void free_job(void *state)
{
    struct row_job *s = state;
    json_decref(s->page);
    json_decref(s->form);
    if (s->fd > 0)
        (void)close(s->fd);
    free(s);
}

static bool make_book(struct call *c, struct row_job *s, struct error *e)
{
    char day[DATE_TEXT];

    if (!row_paper_book(&s->f, s->format, c->r->lang, c->api->config->data, &s->fd, e))
        return false;
    date_format(day_of(s->f.at), day);
    buf_clear(&c->r->reply);
    c->r->type = book_type(s->format);
    http_reply_header(c->r, "Content-Disposition",
                      arena_printf(c->r->arena, "attachment; filename=\"liuxiao-list-%s.%s\"", day,
                                   s->format == BOOK_CSV ? "csv" : "xlsx"));
    c->r->open_file = s->fd;
    s->fd = 0;
    return true;
}

static bool make_paper(struct call *c, struct error *e)
{
    struct row_job *s = c->state;
    s->f.page = s->page;
    s->f.form = s->form;
    if (s->as_book)
        return make_book(c, s, e);
    call_pdf(c, "liuxiao-slip");
    return row_paper_pdf(&s->f, &c->r->reply, e);
}

/* A write: no name leaves before the line that says who read it is on disk. Of a table each person has a line; a workbook without names has one. */
static bool write_down(struct call *c, struct error *e)
{
    struct row_job *s = c->state;
    json_t *person = json_object_get(s->page, "person"), *child;
    size_t i;

    if (s->f.purpose.n == 0) {
        const char *what = arena_printf(c->scratch, "export %.*s %s", (int)call_query(c, "paper").n,
                                        call_query(c, "paper").p, s->format == BOOK_CSV ? "csv" : "xlsx");
        call_then(c, HOW_SLOW, make_paper);
        return access_write(c->api->core, c->db, c->scratch, &c->actor, SUBJECT_UNIT, s->unit, str_of(what), e);
    }
    if (json_is_object(person) && !call_unmask(c, person, s->f.purpose, e))
        return false;
    if (json_is_array(json_object_get(s->form, "table")))
        json_array_foreach(json_object_get(s->page, "children"), i, child) {
            person = json_object_get(child, "person");
            if (json_is_object(person) && !call_unmask(c, person, s->f.purpose, e))
                return false;
        }
    call_then(c, HOW_SLOW, make_paper);
    return true;
}

/* Those of the form's state: what isn't printed isn't read with its names. */
static bool keep_children(json_t *all, const json_t *items, struct str state)
{
    json_t *one;
    size_t i;
    bool ok = true;
    json_array_foreach((json_t *)items, i, one)
        if (str_eq(json_text(one, "state"), state))
            ok = ok && json_array_append(all, one) == 0;
    return ok;
}

/* All that hang on the row, and not only those that its page shows. */
static bool read_children(struct call *c, struct row_job *s, const struct register_def *of, int64_t parent,
                          struct error *e)
{
    json_t *all = json_array();
    int64_t after = 0;
    bool ok = true;

    do {
        const struct register_filter f = {
            .hi = INT64_MAX, .all = true, .parent = parent, .after_id = after, .limit = LIST_PAGE};
        struct buf text = BUF_INIT(BUF_REPLY);
        struct jw w = JW_INIT(&text);
        ok = register_write_list(c->api->core, c->db, c->scratch, &w, &c->actor, of, &f, e);
        json_t *shown = ok ? json_read(buf_str(&text), e) : NULL;
        struct str rest = json_text(shown, "next"), due, id;
        buf_free(&text);
        ok = shown != NULL &&
             keep_children(all, json_object_get(shown, "items"), json_text(s->form, "table_state"));
        after = 0;
        if (ok && rest.n > 0 && str_split(&rest, '.', &due) && str_split(&rest, '.', &id))
            (void)str_int(id, &after);
        json_decref(shown);
    } while (ok && after > 0);
    (void)json_object_set_new(s->page, "children", all);
    return ok;
}

static bool read_page(struct call *c, struct row_job *s, const struct register_def *def,
                      const struct register_row *row, struct error *e)
{
    struct buf text = BUF_INIT(BUF_REPLY);
    struct jw w = JW_INIT(&text);
    struct register_seen seen = {0};
    bool ok = register_write_page(c->api->core, c->db, c->scratch, &w, &c->actor, def, row, &seen, e);

    json_decref(s->page);
    s->page = ok ? json_read(buf_str(&text), e) : NULL;
    buf_free(&text);
    for (size_t n = 0; s->page != NULL && n < seen.n; n++)
        call_read(c, def->subject, seen.ids[n]);
    return s->page != NULL;
}

/* The form that the query names, if it is one of those that the page offers. */
static bool choose_form(struct call *c, struct row_job *s, const struct pack *p, struct error *e)
{
    const json_t *paper;
    size_t i;

    json_decref(s->form);
    s->form = NULL;
    json_array_foreach(json_object_get(s->page, "papers"), i, paper)
        if (str_eq(json_text(paper, "code"), call_query(c, "paper")))
            s->form = json_deep_copy(pack_row(p, "papers", call_query(c, "paper")));
    if (s->form == NULL)
        return error_set(e, ERROR_NOT_A_CHOICE, "paper");
    return !s->as_book || json_is_array(json_object_get(s->form, "table")) ||
           error_set(e, ERROR_NOT_A_CHOICE, "format");
}

static bool read_row(struct call *c, struct row_job *s, struct error *e)
{
    const struct register_def *def = register_named(c->api->core, c->capture[0]), *of;
    const struct pack *p = core_pack(c->api->core, c->db, 0, e);
    struct register_row row;
    struct unit u;
    struct id id;

    if (p == NULL || def == NULL || !id_parse(c->capture[1], &id))
        return error_set(e, ERROR_NOT_FOUND, NULL);
    if (!register_one(c->api->core, c->db, c->scratch, &c->actor, def, id, &row, e) ||
        !read_page(c, s, def, &row, e) || !choose_form(c, s, p, e) ||
        !unit_above(c->db, c->r->arena, row.unit, UNIT_COMMITTEE, &u, e) ||
        !unit_full_name(c->db, c->r->arena, u.id, UNIT_TOWN, &s->f.committee, e))
        return false;
    s->unit = row.unit;
    of = def->spends != SUBJECT_NONE ? register_of(c->api->core, def->spends) : NULL;
    return of == NULL || !json_is_array(json_object_get(s->form, "table")) || read_children(c, s, of, row.id, e);
}

bool register_paper(struct call *c, struct error *e)
{
    struct row_job *s = c->state != NULL ? c->state : calloc(1, sizeof *s);
    struct str purpose = str_trim(call_query(c, "purpose")), format = call_query(c, "format");

    if (s == NULL)
        return error_set(e, ERROR_OVERLOADED, NULL);
    c->state = s;
    c->state_free = free_job;
    s->as_book = format.n > 0;
    if (s->as_book && !book_format_parse(format, &s->format))
        return error_set(e, ERROR_NOT_A_CHOICE, "format");
    if (str_points(purpose) > 100)
        return error_setf(e, ERROR_TOO_LONG, "purpose", "100");
    if (!read_row(c, s, e) ||
        !account_name(c->api->core, c->db, c->r->arena, c->actor.account, &s->f.printed_by, e))
        return false;
    s->f.purpose = purpose;
    s->f.at = time_now();
    bool written = purpose.n > 0 || s->as_book;
    call_then(c, written ? HOW_WRITE : HOW_SLOW, written ? write_down : make_paper);
    return true;
}
