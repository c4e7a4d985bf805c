#include "paper/rowtable.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static const double first_width = 28, text_size = 9;

/* ---- Facts --------------------------------------------------------------------------------------------- */

bool row_fact(const json_t *page, const char *name, struct str *ret_label, struct str *ret_value)
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

static struct str value_of(const json_t *row, const char *name)
{
    struct str label, value = STR("");
    return row_fact(row, name, &label, &value) ? value : STR("");
}

/* ---- Heads --------------------------------------------------------------------------------------------- */

/* "数量（{measure}）": what the form calls the column, as long as everything in it is known of the row that the table hangs on. */
static const char *called(struct arena *a, const json_t *form, const json_t *page, const char *name)
{
    struct str text = json_text(json_object_get(form, "labels"), name), value;
    const char *open = text.n > 0 ? memchr(text.p, '{', text.n) : NULL;
    const char *close = open != NULL ? memchr(open, '}', (size_t)(text.p + text.n - open)) : NULL;

    if (text.n == 0)
        return NULL;
    if (close == NULL)
        return arena_z(a, text);
    value = value_of(page, arena_z(a, str_range(open + 1, (size_t)(close - open - 1))));
    return value.n == 0 ? NULL
                        : arena_printf(a, "%.*s%.*s%.*s", (int)(open - text.p), text.p, (int)value.n, value.p,
                                       (int)(text.p + text.n - close - 1), close + 1);
}

/* As the form calls it, else as the rows do: one may lack what another has. */
static const char *head_of(struct arena *a, const json_t *form, const json_t *page, const char *name)
{
    const json_t *rows = json_object_get(page, "children");
    const char *own = called(a, form, page, name);
    struct str label = STR(""), value;

    for (size_t i = 0; own == NULL && label.n == 0 && i < json_array_size(rows); i++)
        (void)row_fact(json_array_get(rows, i), name, &label, &value);
    return own != NULL ? own : arena_z(a, label);
}

/* ---- Lines --------------------------------------------------------------------------------------------- */

struct child {
    const json_t *row;
    struct str by; /* the code of its unit, where the form groups by that */
    size_t order;
};

static int compare(struct str a, struct str b)
{
    int order = memcmp(a.n > 0 ? a.p : "", b.n > 0 ? b.p : "", a.n < b.n ? a.n : b.n);
    return order != 0 ? order : a.n < b.n ? -1 : a.n > b.n;
}

static int by_group(const void *x, const void *y)
{
    const struct child *a = x, *b = y;
    int order = compare(a->by, b->by);
    return order != 0 ? order : a->order < b->order ? -1 : a->order > b->order;
}

struct making {
    struct arena *a;
    const json_t *names, *sums;
    struct row_table *t;
};

static int column_named(const struct making *m, struct str name)
{
    const json_t *one;
    size_t i;
    json_array_foreach(m->names, i, one)
        if (i + 1 < m->t->columns && str_is(name, json_string_value(one)))
            return (int)i + 1;
    return 0;
}

static void add_row(struct making *m, const json_t *row, size_t serial)
{
    struct row_line *line = &m->t->lines[m->t->count++];
    line->cells[0] = arena_printf(m->a, "%zu", serial);
    for (size_t k = 1; k < m->t->columns; k++)
        line->cells[k] = arena_z(m->a, value_of(row, json_string_value(json_array_get(m->names, k - 1))));
}

/* "小计　23户", and what they make together. */
static void add_sum(struct making *m, const char *word, size_t count, int64_t sum)
{
    struct row_line *line = &m->t->lines[m->t->count++];
    struct str counter = json_text(m->sums, "count");

    *line = (struct row_line){.sum = true};
    for (size_t k = 0; k < m->t->columns; k++)
        line->cells[k] = "";
    line->cells[1] = word;
    if (m->t->columns > 2)
        line->cells[2] = arena_printf(m->a, "%zu%.*s", count, (int)counter.n, counter.n > 0 ? counter.p : "");
    if (m->t->number > 0 && sum > 0)
        line->cells[m->t->number] = arena_printf(m->a, "%lld", (long long)sum);
}

static int64_t number_of(const struct making *m, const json_t *row)
{
    int64_t n = 0;
    return m->t->number > 0 &&
                   str_int(value_of(row, json_string_value(json_array_get(m->names, (size_t)m->t->number - 1))),
                           &n)
               ? n
               : 0;
}

static void add_lines(struct making *m, const struct child *children, size_t n)
{
    size_t in_group = 0;
    int64_t sum = 0, all = 0;
    bool grouped = n > 0 && !str_eq(children[0].by, children[n - 1].by);

    for (size_t i = 0; i < n; i++) {
        int64_t number = number_of(m, children[i].row);
        add_row(m, children[i].row, i + 1);
        in_group++;
        sum += number;
        all += number;
        if (m->sums == NULL || !grouped || (i + 1 < n && str_eq(children[i].by, children[i + 1].by)))
            continue;
        add_sum(m, "小计", in_group, sum);
        in_group = 0;
        sum = 0;
    }
    if (m->sums != NULL && n > 0)
        add_sum(m, "合计", n, all);
}

/* As they were given: they come newest first. */
static struct child *children_of(struct arena *a, const json_t *form, const json_t *page, size_t *ret_n)
{
    const json_t *rows = json_object_get(page, "children"), *sums = json_object_get(form, "sums");
    struct str state = json_text(form, "table_state"), by = json_text(sums, "by");
    struct child *children = ARENA_ARRAY(a, struct child, json_array_size(rows) + 1);

    *ret_n = 0;
    for (size_t i = json_array_size(rows); i > 0; i--) {
        const json_t *row = json_array_get(rows, i - 1);
        if (!str_eq(json_text(row, "state"), state))
            continue;
        children[*ret_n] = (struct child){
            row, str_is(by, "unit") ? json_text(json_object_get(row, "unit"), "code") : STR(""), *ret_n};
        (*ret_n)++;
    }
    if (*ret_n > 1)
        qsort(children, *ret_n, sizeof *children, by_group);
    return children;
}

void row_table_make(struct arena *a, const json_t *form, const json_t *page, struct row_table *ret)
{
    const json_t *names = json_object_get(form, "table"), *weight;
    struct making m = {a, names, json_object_get(form, "sums"), ret};
    size_t n = json_array_size(names), count;

    *ret = (struct row_table){.columns = 1 + (n < ROW_TABLE_COLUMNS ? n : ROW_TABLE_COLUMNS - 1)};
    ret->labels[0] = "序号";
    ret->weights[0] = first_width;
    if (n == 0)
        return;
    for (size_t k = 1; k < ret->columns; k++) {
        weight = json_array_get(json_object_get(form, "widths"), k - 1);
        ret->labels[k] = head_of(a, form, page, json_string_value(json_array_get(names, k - 1)));
        ret->weights[k] = json_is_number(weight) ? json_number_value(weight) : 1;
    }
    ret->number = column_named(&m, json_text(m.sums, "of"));
    struct child *children = children_of(a, form, page, &count);
    ret->lines = ARENA_ARRAY(a, struct row_line, 2 * count + 2);
    add_lines(&m, children, count);
}

/* ---- On paper ------------------------------------------------------------------------------------------ */

static void draw_line(struct leaf *s, const struct row_table *t, const char *const *texts, bool bold)
{
    struct leaf_cell cells[ROW_TABLE_COLUMNS];
    double sum = 0;

    for (size_t k = 1; k < t->columns; k++)
        sum += t->weights[k];
    for (size_t k = 0; k < t->columns; k++)
        cells[k] = (struct leaf_cell){
            texts[k], k == 0 ? first_width : (leaf_inner(s) - first_width) * t->weights[k] / sum, bold, true};
    leaf_cells(s, cells, t->columns, text_size);
}

void row_table_draw(struct leaf *s, const struct row_table *t)
{
    int page = 0;
    for (size_t i = 0; i < t->count; i++) {
        (void)leaf_need(s, 40); /* the head again on every page */
        if (s->page != page)
            draw_line(s, t, t->labels, true);
        page = s->page;
        draw_line(s, t, t->lines[i].cells, t->lines[i].sum);
    }
    s->y += 10;
}

/* ---- In a workbook ------------------------------------------------------------------------------------- */

bool row_table_book(const struct row_table *t, struct arena *a, const char *title, struct book *b,
                    struct error *e)
{
    struct list_column *columns = ARENA_ARRAY(a, struct list_column, t->columns);
    struct cell cells[ROW_TABLE_COLUMNS];

    for (size_t k = 0; k < t->columns; k++)
        columns[k] = (struct list_column){.title = t->labels[k],
                                          .type = (int)k == t->number && k > 0 ? CELL_NUMBER : CELL_TEXT,
                                          .width = k == 0 ? 6 : 16};
    if (!book_table(b, title, columns, t->columns, e))
        return false;
    for (size_t i = 0; i < t->count; i++) {
        for (size_t k = 0; k < t->columns; k++) {
            struct str text = str_of(t->lines[i].cells[k]);
            cells[k] = (struct cell){.s = text};
            if (columns[k].type == CELL_NUMBER)
                (void)str_int(text, &cells[k].n);
        }
        if (!book_row(b, cells, e))
            return false;
    }
    return true;
}
