#include "paper/rowpaper.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/time.h"
#include "paper/draw.h"

#define SLICE(s) (int)(s).n, (s).p != NULL ? (s).p : ""

static const double size = 11, label_width = 96;

struct drawing {
    const struct row_paper *f;
    struct arena *a;
};

/* A fact of a row by its field's name; person, phone, unit, account and case lie beside the facts. */
static bool fact_of(const json_t *page, const char *name, struct str *ret_label, struct str *ret_value)
{
    static const struct {
        const char *name, *object, *key, *label;
    } members[] = {{"person", "person", "name", "姓名"},     {"phone", "person", "phone", "电话"},
                   {"id_no", "person", "id_no", "身份证号"}, {"address", "person", "address", "住址"},
                   {"unit", "unit", "name", "村组"},         {"account", "account", "name", "经办人"},
                   {"case", "case", "number", "事项编号"}};
    const json_t *row;
    size_t i;

    for (i = 0; i < sizeof members / sizeof members[0]; i++)
        if (strcmp(members[i].name, name) == 0) {
            *ret_label = str_of(members[i].label);
            *ret_value = json_text(json_object_get(page, members[i].object), members[i].key);
            return true;
        }
    if (strcmp(name, "title") == 0 || strcmp(name, "state_label") == 0) {
        *ret_label = str_of(strcmp(name, "title") == 0 ? "内容" : "状态");
        *ret_value = json_text(page, name);
        return true;
    }
    json_array_foreach(json_object_get(page, "facts"), i, row)
        if (str_is(json_text(row, "name"), name)) {
            *ret_label = json_text(row, "label");
            *ret_value = json_text(row, "value");
            return true;
        }
    return false;
}

static bool fact(const struct drawing *d, const char *name, struct str *ret_label, struct str *ret_value)
{
    return fact_of(d->f->page, name, ret_label, ret_value);
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
        (void)fact(d, arena_z(d->a, str_range(at + 1, (size_t)(end - at - 1))), &label, &value);
        if (value.n > 0)
            buf_add(&b, value);
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
    if (head.n == 0)
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
        if (!fact(d, json_string_value(name), &label, &value))
            continue;
        const struct leaf_cell cells[] = {
            {arena_z(d->a, label), label_width, true, true},
            {arena_z(d->a, value.n > 0 ? value : STR("—")), leaf_inner(s) - label_width, false, false}};
        leaf_cells(s, cells, 2, size);
    }
    s->y += 10;
}

enum { TABLE_COLUMNS = 8 };

/* A line of the table: the facts' labels, or their values. Of the head each label is looked for in all rows: one may lack what another has. */
static void table_row(struct leaf *s, const struct drawing *d, const json_t *rows, const json_t *row, size_t number)
{
    const json_t *names = json_object_get(d->f->form, "table"), *name;
    size_t n = json_array_size(names) < TABLE_COLUMNS ? json_array_size(names) : TABLE_COLUMNS, k, i;
    const double first = 28, width = (leaf_inner(s) - first) / (double)n;
    struct leaf_cell cells[TABLE_COLUMNS + 1];

    cells[0] =
        (struct leaf_cell){row == NULL ? "序号" : arena_printf(d->a, "%zu", number), first, row == NULL, true};
    for (k = 0; k < n; k++) {
        struct str label = STR(""), value = STR("");
        name = json_array_get(names, k);
        for (i = 0; row == NULL && label.n == 0 && i < json_array_size(rows); i++)
            (void)fact_of(json_array_get(rows, i), json_string_value(name), &label, &value);
        if (row != NULL)
            (void)fact_of(row, json_string_value(name), &label, &value);
        cells[k + 1] = (struct leaf_cell){arena_z(d->a, row == NULL ? label : value), width, row == NULL, true};
    }
    leaf_cells(s, cells, n + 1, 9);
}

/* What hangs on the row, a line each: of the state that the form names. */
static void draw_table(struct leaf *s, const struct drawing *d)
{
    const json_t *rows = json_object_get(d->f->page, "children"), *row;
    struct str state = json_text(d->f->form, "table_state");
    size_t i, number = 0;

    if (json_array_size(json_object_get(d->f->form, "table")) == 0)
        return;
    for (i = json_array_size(rows); i > 0; i--) { /* as they were given: they come newest first */
        row = json_array_get(rows, i - 1);
        if (!str_eq(json_text(row, "state"), state))
            continue;
        if (number++ == 0)
            table_row(s, d, rows, NULL, 0);
        table_row(s, d, rows, row, number);
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

    (void)leaf_need(s, 40 + 40 * (double)lines + 30);
    s->y += 40;
    json_array_foreach(who, i, one) {
        const char *text = json_string_value(one);
        double x = s->form.left + (double)(i % 2) * step;
        leaf_line(s, SERIF, 11.5, false, text, x, s->y, 0);
        leaf_rule(s, x + leaf_text_width(s, SERIF, 11.5, false, text) + 4, x + step - 14, s->y + 3, 0.5);
        if (i % 2 == 1 || i + 1 == json_array_size(who))
            s->y += 40;
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
    draw_table(s, d);
    draw_text(s, d);
    draw_signatures(s, d);
}

bool row_paper_pdf(const struct row_paper *f, struct buf *out, struct error *e)
{
    struct arena *a = arena_open();
    struct drawing d = {.f = f, .a = a};
    struct leaf_about about = {
        .title = arena_z(a, json_text(f->form, "title")), .author = arena_z(a, f->committee), .made = f->at};
    bool ok = leaf_pdf(&leaf_a4, &about, draw_all, draw_footer, &d, out, e);
    arena_close(a);
    return ok;
}
