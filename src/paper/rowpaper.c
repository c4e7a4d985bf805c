#include "paper/rowpaper.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/time.h"
#include "paper/draw.h"
#include "paper/rowtable.h"

#define SLICE(s) (int)(s).n, (s).p != NULL ? (s).p : ""

static const double size = 11, label_width = 118;

struct drawing {
    const struct row_paper *f;
    struct arena *a;
    struct row_table table;
};

/* "2026年4月1日" of "2026-04-01"; anything else as it is. */
static struct str in_words(struct arena *a, struct str value)
{
    int32_t day;
    if (value.n != 10 || !date_parse(value, &day))
        return value;
    struct civil c = civil_of(day_start(day));
    return str_of(arena_printf(a, "%d年%d月%d日", c.year, c.month, c.day));
}

/* "今收到{things}": braces name a fact; one that is not known stays a blank to be filled in by hand. */
static const char *filled(const struct drawing *d, const char *text)
{
    struct buf b = BUF_INIT(BUF_SEALED);
    for (const char *at = text; *at != '\0'; at++) {
        const char *end = *at == '{' ? strchr(at, '}') : NULL;
        struct str label, value = STR("");
        if (end == NULL) {
            buf_addc(&b, *at);
            continue;
        }
        (void)row_fact(d->f->page, arena_z(d->a, str_range(at + 1, (size_t)(end - at - 1))), &label, &value);
        if (value.n > 0)
            buf_add(&b, in_words(d->a, value));
        else
            buf_addz(&b, "＿＿＿＿＿＿");
        at = end;
    }
    const char *z = arena_z(d->a, buf_str(&b));
    buf_free(&b);
    return z;
}

static void draw_head(struct leaf *s, const struct drawing *d)
{
    struct str head = json_text(d->f->form, "head"), copies = json_text(d->f->form, "copies");

    s->y += 26;
    leaf_fit(s, SERIF, 21, true, arena_printf(d->a, "%.*s", SLICE(json_text(d->f->form, "title"))),
             s->form.width / 2, s->y, 0.5, leaf_inner(s));
    s->y += 24;
    leaf_line(s, SERIF, size, false, arena_z(d->a, d->f->committee), s->form.left, s->y, 0);
    leaf_line(s, SERIF, size, false, arena_z(d->a, copies), s->form.width - s->form.right, s->y, 1);
    s->y += 10;
    if (head.n == 0 || str_is(json_text(d->f->form, "review"), "已核")) /* a note for whoever adopts the wording */
        return;
    leaf_ink(s, 0.3);
    s->y += leaf_column(s, SANS, 8.5, false, arena_z(d->a, head), s->form.left, s->y, leaf_inner(s), true) + 6;
    leaf_ink(s, 0);
}

static void draw_facts(struct leaf *s, const struct drawing *d)
{
    const json_t *name;
    size_t i;
    json_array_foreach(json_object_get(d->f->form, "facts"), i, name) {
        struct str label, value;
        struct str own = json_text(json_object_get(d->f->form, "fact_labels"), json_string_value(name));
        if (!row_fact(d->f->page, json_string_value(name), &label, &value))
            continue;
        label = own.n > 0 ? own : label;
        const struct leaf_cell cells[] = {{arena_z(d->a, label), label_width, true, true},
                                          {arena_z(d->a, value.n > 0 ? in_words(d->a, value) : STR("—")),
                                           leaf_inner(s) - label_width, false, false}};
        leaf_cells(s, cells, 2, size);
    }
    s->y += 10;
}

static void draw_text(struct leaf *s, const struct drawing *d)
{
    const struct leaf_setting set = {.family = SERIF, .size = 12.5, .pitch = 23, .indent = 25};
    const json_t *line;
    size_t i;
    json_array_foreach(json_object_get(d->f->form, "text"), i, line)
        leaf_paragraph(s, &set, filled(d, json_string_value(line)));
}

static void draw_signatures(struct leaf *s, const struct drawing *d)
{
    const json_t *who = json_object_get(d->f->form, "signatures"), *one;
    double step = leaf_inner(s) / 2;
    size_t i, lines = (json_array_size(who) + 1) / 2;

    (void)leaf_need(s, 34 + 34 * (double)lines + 12);
    s->y += 34;
    json_array_foreach(who, i, one) {
        const char *text = json_string_value(one);
        double x = s->form.left + (double)(i % 2) * step;
        leaf_line(s, SERIF, 11.5, false, text, x, s->y, 0);
        leaf_rule(s, x + leaf_text_width(s, SERIF, 11.5, false, text) + 4, x + step - 14, s->y + 3, 0.5);
        if (i % 2 == 1 || i + 1 == json_array_size(who))
            s->y += 34;
    }
    leaf_line(s, SERIF, 12, false, "年　　月　　日", s->form.width - s->form.right - 8, s->y, 1);
    s->y += 10;
}

static void draw_footer(struct leaf *s, void *context)
{
    const struct drawing *d = context;
    struct civil c = civil_of(d->f->at);
    double y = s->form.height - 46;
    bool named = d->f->purpose.n > 0;

    leaf_page_number(s, y);
    leaf_ink(s, 0.25);
    leaf_fit(s, SANS, 8, false,
             arena_printf(d->a, "%.*s打印于%d年%d月%d日　%s%.*s", SLICE(d->f->printed_by), c.year, c.month, c.day,
                          named ? "含个人信息，请妥善保管。用途：" : "姓名、电话已遮盖", SLICE(d->f->purpose)),
             s->form.width / 2, y + 15, 0.5, leaf_inner(s));
    leaf_ink(s, 0);
}

static void draw_all(struct leaf *s, void *context)
{
    const struct drawing *d = context;
    draw_head(s, d);
    draw_facts(s, d);
    row_table_draw(s, &d->table);
    draw_text(s, d);
    draw_signatures(s, d);
}

bool row_paper_pdf(const struct row_paper *f, struct buf *out, struct error *e)
{
    struct arena *a = arena_open();
    struct drawing d = {.f = f, .a = a};
    struct leaf_about about = {
        .title = arena_z(a, json_text(f->form, "title")), .author = arena_z(a, f->committee), .made = f->at};
    row_table_make(a, f->form, f->page, &d.table);
    bool ok = leaf_pdf(&leaf_a4, &about, draw_all, draw_footer, &d, out, e);
    arena_close(a);
    return ok;
}

bool row_paper_book(const struct row_paper *f, enum book_format format, enum lang lang, const char *folder,
                    int *ret_fd, struct error *e)
{
    struct arena *a = arena_open();
    const char *title = arena_z(a, json_text(f->form, "title"));
    struct str about = json_text(f->page, "title");
    struct row_table table;
    struct book *book = NULL;

    row_table_make(a, f->form, f->page, &table);
    const struct book_note notes[] = {
        {lang_word(lang, "list.note_what"), arena_printf(a, "%s　%.*s", title, SLICE(about))},
        {lang_word(lang, "list.note_unit"), arena_z(a, f->committee)},
        {lang_word(lang, "list.note_who"), arena_z(a, f->printed_by)},
        {lang_word(lang, "list.note_purpose"), arena_z(a, f->purpose)},
        {lang_word(lang, "list.note_care"),
         lang_word(lang, f->purpose.n > 0 ? "list.note_named" : "list.note_masked")},
    };
    bool ok = book_open(&book, format, lang, folder, e) && row_table_book(&table, a, title, book, e);
    if (ok)
        ok = book_close(book, notes, sizeof notes / sizeof notes[0], ret_fd, e);
    else
        book_abandon(book);
    arena_close(a);
    return ok;
}
