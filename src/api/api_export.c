/* Lists and figures as files. A list goes page by page: one read of its own, then the rows into a file without a name, then the next; at the end, where
 * it shows people, a line that says who took it; then the file is sent. */
#include <stdatomic.h>
#include <stdlib.h>

#include "base/time.h"
#include "core/access.h"
#include "core/account.h"
#include "core/oral.h"
#include "core/register.h"
#include "core/unit.h"
#include "paper/figures_book.h"
#include "api/handlers.h"

enum { AT_ONCE = 8 };
static atomic_int running; /* each keeps a file on the disk while it runs */

struct exporting {
    struct listing listing;
    struct figures figures; /* instead of a list */
    enum book_format format;
    struct book *book;
    struct arena *rows;
    struct list_page page;
    int64_t count;
    int64_t unit; /* what it is about, for the access log */
    struct str who, unit_name;
    const char *name, *filters;
    int fd;
};

static void free_export(void *state)
{
    struct exporting *x = state;
    listing_close(&x->listing);
    book_abandon(x->book);
    if (x->fd > 0)
        (void)close(x->fd);
    arena_close(x->rows);
    free(x);
    (void)atomic_fetch_sub(&running, 1);
}

/* ---- The end of every file ------------------------------------------------------------------------------ */

static bool deliver(struct call *c, struct error *e)
{
    struct exporting *x = c->state;
    char day[DATE_TEXT];

    (void)e;
    date_format(day_of(time_now()), day);
    buf_clear(&c->r->reply);
    c->r->type = book_type(x->format);
    http_reply_header(c->r, "Content-Disposition",
                      arena_printf(c->r->arena, "attachment; filename=\"liuxiao-%s-%s.%s\"", x->name, day,
                                   x->format == BOOK_CSV ? "csv" : "xlsx"));
    c->r->open_file = x->fd;
    x->fd = 0;
    return true;
}

/* Nothing leaves before the line is on disk. */
static bool log_export(struct call *c, struct error *e)
{
    struct exporting *x = c->state;
    const char *what = arena_printf(c->scratch, "export %s %s %lld", x->name,
                                    x->format == BOOK_CSV ? "csv" : "xlsx", (long long)x->count);
    if (!access_write(c->api->core, c->db, c->scratch, &c->actor, SUBJECT_UNIT, x->unit, str_of(what), e))
        return false;
    call_then(c, HOW_SLOW, deliver);
    return true;
}

static bool finish(struct call *c, bool personal, struct error *e)
{
    struct exporting *x = c->state;
    struct arena *a = c->r->arena;
    enum lang lang = c->r->lang;
    char now[TIME_TEXT];
    struct book *book = x->book;

    time_format(time_now(), now);
    now[10] = ' ';
    now[16] = '\0';
    const struct book_note notes[] = {
        {lang_word(lang, "list.note_what"), lang_word(lang, arena_printf(a, "list.%s", x->name))},
        {lang_word(lang, "list.note_unit"), arena_z(a, x->unit_name)},
        {lang_word(lang, "list.note_filters"),
         x->filters[0] != '\0' ? x->filters : lang_word(lang, "list.note_none")},
        {lang_word(lang, "list.note_rows"), arena_printf(a, "%lld", (long long)x->count)},
        {lang_word(lang, "list.note_when"), arena_printf(a, "%s (+08:00)", now)},
        {lang_word(lang, "list.note_who"), arena_z(a, x->who)},
        {lang_word(lang, "list.note_care"), lang_word(lang, personal ? "list.note_masked" : "list.note_plain")},
    };
    x->book = NULL; /* ended here, whatever comes of it */
    if (!book_close(book, notes, sizeof notes / sizeof notes[0], &x->fd, e))
        return false;
    call_then(c, personal ? HOW_WRITE : HOW_SLOW, personal ? log_export : deliver);
    return true;
}

/* ---- Lists ---------------------------------------------------------------------------------------------- */

static bool read_rows(struct call *c, struct error *e);

static bool write_rows(struct call *c, struct error *e)
{
    struct exporting *x = c->state;
    const struct list_kind *kind = x->listing.kind;

    if (x->book == NULL &&
        (!book_open(&x->book, x->format, c->r->lang, c->api->config->data, e) ||
         !book_table(x->book, lang_word(c->r->lang, arena_printf(c->r->arena, "list.%s", kind->name)),
                     kind->columns, kind->column_count, e)))
        return false;
    for (size_t i = 0; i < x->page.rows; i++)
        if (!book_row(x->book, x->page.cells + i * kind->column_count, e))
            return false;
    x->count += (int64_t)x->page.rows;
    listing_take(&x->listing, &x->page);
    if (x->listing.done)
        return finish(c, kind->personal, e);
    call_then(c, HOW_READ, read_rows);
    return true;
}

/* Asked again with every page: who loses their post or signs out meanwhile gets no further. */
static bool read_rows(struct call *c, struct error *e)
{
    struct exporting *x = c->state;
    arena_reset(x->rows);
    if (!listing_page(&x->listing, &c->actor, c->db, x->rows, &x->page, e))
        return false;
    call_then(c, HOW_SLOW, write_rows);
    return true;
}

static const char *filters_of(struct call *c)
{
    struct buf b = BUF_INIT(BUF_LINE);
    struct str name, value;
    for (size_t i = 0; http_query_at(c->r, i, &name, &value); i++)
        if (value.n > 0 && !str_is(name, "format") && !str_is(name, "lang"))
            buf_addf(&b, "%s%.*s = %.*s", b.n > 0 ? "; " : "", (int)name.n, name.p, (int)value.n, value.p);
    const char *z = arena_z(c->r->arena, buf_str(&b));
    buf_free(&b);
    return z;
}

/* What a task must not do twice stands behind `c->state == NULL`. */
static struct exporting *begin(struct call *c, const char *name, struct error *e)
{
    struct exporting *x = c->state;

    if (x == NULL) {
        if (atomic_fetch_add(&running, 1) >= AT_ONCE || (x = calloc(1, sizeof *x)) == NULL) {
            (void)atomic_fetch_sub(&running, 1);
            (void)error_set(e, ERROR_OVERLOADED, NULL);
            return NULL;
        }
        x->rows = arena_open();
        c->state = x;
        c->state_free = free_export;
    }
    x->name = name;
    x->filters = filters_of(c);
    if (!book_format_parse(call_query(c, "format"), &x->format)) {
        (void)error_set(e, ERROR_NOT_A_CHOICE, "format");
        return NULL;
    }
    return account_name(c->api->core, c->db, c->r->arena, c->actor.account, &x->who, e) ? x : NULL;
}

/* The unit that the query names, or null and the first of one's own. */
static bool about_unit(struct call *c, struct exporting *x, bool needed, post_mask posts, struct unit *u,
                       struct error *e)
{
    struct str code = call_query(c, "unit");
    *u = (struct unit){0};
    if (code.n == 0 && needed)
        return error_set(e, ERROR_MISSING, "unit");
    if (code.n > 0 &&
        (!unit_by_code(c->db, c->r->arena, code, u, NULL) || !scope_reaches(&c->actor, u->ord, posts)))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    x->unit = u->id != 0 ? u->id : c->actor.post_count > 0 ? c->actor.posts[0].unit : 0;
    return x->unit == 0 || unit_full_name(c->db, c->r->arena, x->unit, UNIT_TOWN, &x->unit_name, e);
}

static bool list(struct call *c, struct exporting *x, const struct list_kind *kind)
{
    struct listing fresh;
    const struct listing *set = &x->listing;

    listing_open(&fresh, kind, c->api->core, c->r->lang);
    fresh.sources = set->sources;
    fresh.source_count = set->source_count;
    fresh.cases = set->cases;
    fresh.rows = set->rows;
    fresh.from = set->from;
    fresh.to = set->to;
    fresh.type = set->type;
    listing_close(&x->listing);
    x->listing = fresh;
    call_then(c, HOW_READ, read_rows);
    return true;
}

/* One source: the unit, which the caller may see whole. */
static void whole_unit(struct call *c, struct exporting *x, const struct unit *u)
{
    struct list_source *s = ARENA_NEW(c->r->arena, struct list_source);
    *s = (struct list_source){0, u->ord, u->ord_end};
    x->listing.sources = s;
    x->listing.source_count = 1;
}

bool export_cases(struct call *c, struct error *e)
{
    struct exporting *x = begin(c, "cases", e);
    struct list_source *sources;
    struct unit u;

    if (x == NULL || !about_unit(c, x, false, POSTS_ALL, &u, e) || !case_filter_read(c, &x->listing.cases, e))
        return false;
    x->listing.cases.q = arena_str(c->r->arena, x->listing.cases.q);
    x->listing.source_count = listing_case_sources(&c->actor, c->r->arena, &x->listing.cases, &sources);
    if (x->listing.cases.q.n > 0)
        x->listing.source_count = 1; /* a number is looked for everywhere, once */
    x->listing.sources = sources;
    return list(c, x, &list_cases);
}

bool export_activities(struct call *c, struct error *e)
{
    struct exporting *x = begin(c, "activities", e);
    struct activity_filter f = {0};
    struct unit u;

    if (x == NULL || !about_unit(c, x, true, POSTS_ALL, &u, e) || !activity_filter_read(c, &f, e))
        return false;
    x->listing.from = f.from;
    x->listing.to = f.to;
    x->listing.type = f.type;
    whole_unit(c, x, &u);
    return list(c, x, &list_activities);
}

bool export_oral(struct call *c, struct error *e)
{
    struct exporting *x = begin(c, list_oral.name, e);
    struct oral_filter f;
    struct unit u;

    if (x == NULL || !about_unit(c, x, true, POSTS_WORK, &u, e) || !oral_filter_read(c, &f, &u, e))
        return false;
    x->listing.from = f.from;
    x->listing.to = f.to;
    whole_unit(c, x, &u);
    return list(c, x, &list_oral);
}

bool export_persons(struct call *c, struct error *e)
{
    struct exporting *x = begin(c, "persons", e);
    struct list_source *sources;
    struct unit u;

    if (x == NULL || !about_unit(c, x, false, POSTS_ALL, &u, e))
        return false;
    x->listing.source_count = listing_unit_sources(
        &c->actor, c->r->arena, POSTS_DESK | POSTS_MEDIATOR | AS(STEWARD), u.ord, u.ord_end, &sources);
    x->listing.sources = sources;
    return list(c, x, &list_persons);
}

static bool export_of_unit(struct call *c, const struct list_kind *kind, post_mask posts, struct error *e)
{
    struct exporting *x = begin(c, kind->name, e);
    struct unit u;
    if (x == NULL || !about_unit(c, x, true, posts, &u, e))
        return false;
    whole_unit(c, x, &u);
    return list(c, x, kind);
}

bool export_places(struct call *c, struct error *e)
{
    return export_of_unit(c, &list_places, POSTS_WORK, e);
}

bool export_accounts(struct call *c, struct error *e)
{
    return export_of_unit(c, &list_accounts, POSTS_ALL, e);
}

bool export_rows(struct call *c, struct error *e)
{
    const struct register_def *def = register_named(c->api->core, c->capture[0]);
    struct exporting *x = begin(c, list_rows.name, e);
    struct unit u;
    if (x == NULL || !about_unit(c, x, true, POSTS_ALL, &u, e))
        return false;
    if (def == NULL || !scope_reaches(&c->actor, u.ord, def->readers))
        return error_set(e, ERROR_NOT_FOUND, NULL);
    x->listing.rows = def;
    whole_unit(c, x, &u);
    return list(c, x, &list_rows);
}

bool export_journal(struct call *c, struct error *e)
{
    return export_of_unit(c, &list_journal, AS(AUDITOR) | AS(ADMIN), e);
}

/* ---- Figures: no person in them ------------------------------------------------------------------------- */

static bool write_figures(struct call *c, struct error *e)
{
    struct exporting *x = c->state;
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++)
        x->count += x->figures.counts[k];
    return book_open(&x->book, x->format, c->r->lang, c->api->config->data, e) &&
           figures_book(x->book, &x->figures, c->r->lang, e) && finish(c, false, e);
}

bool export_figures(struct call *c, struct error *e)
{
    struct exporting *x = begin(c, "figures", e);
    struct unit u;
    int32_t from, to;

    if (x == NULL || !about_unit(c, x, true, POSTS_ALL, &u, e) || !figures_period(c, &from, &to, e) ||
        !figures_make(c->api->core, c->db, c->r->arena, u.id, from, to, &x->figures, e))
        return false;
    call_then(c, HOW_SLOW, write_figures);
    return true;
}
