/* The report as a document: A4, set as official papers are (GB/T 9704: wide margins, 28 characters a line, 22 lines a page, an indent of two
 * characters), to be signed under its text; the tables and months follow. Everything is told in black and white. */
#include "paper/report.h"

#include "base/time.h"
#include "paper/draw.h"
#include "paper/report_words.h"

static const double body_size = 15.75, body_pitch = 28.9;
/* Size 3 characters, as GB/T 9704 has them: 37 mm above, 35 mm below. */
static const struct leaf_form report_form = {595.276, 841.89, 79.4, 73.7, 98, 96};

struct drawing {
    const struct report_words *w;
    const struct figures *f;
    struct arena *a;
};

static double right_edge(const struct leaf *s)
{
    return s->form.width - s->form.right;
}

/* ---- Text ---------------------------------------------------------------------------------------------- */

static void draw_heading(struct leaf *s, const char *text)
{
    (void)leaf_need(s, 3 * body_pitch); /* a heading takes two lines of its text along */
    s->y += body_pitch;
    leaf_line(s, SANS, body_size, true, text, s->form.left + 2 * body_size, s->y - 8, 0);
}

static void draw_paragraph(struct leaf *s, const char *text)
{
    const struct leaf_setting how = {
        .family = SERIF, .size = body_size, .pitch = body_pitch, .indent = 2 * body_size};
    leaf_paragraph(s, &how, text);
}

static void draw_head(struct leaf *s, const struct report_words *w)
{
    s->y += 26;
    leaf_fit(s, SERIF, 22, true, w->title, s->form.width / 2, s->y, 0.5, leaf_inner(s));
    s->y += 30;
    leaf_line(s, SERIF, 12, false, w->period, s->form.width / 2, s->y, 0.5);
    s->y += 14;
}

/* Who made it, who answers for it, and the seal: under the text, and never alone on a page. */
static void draw_signatures(struct leaf *s, const struct report_words *w)
{
    static const char *const who[] = {"填表人", "审核人", "主要负责人"};
    double step = leaf_inner(s) / 3, middle = right_edge(s) - 96;

    (void)leaf_need(s, 126);
    s->y += 40;
    leaf_fit(s, SERIF, body_size, false, w->signer, middle, s->y, 0.5, 190);
    leaf_line(s, SERIF, 10.5, false, "（盖章）", middle, s->y + 18, 0.5);
    s->y += 40;
    leaf_line(s, SERIF, body_size, false, "年　　月　　日", middle, s->y, 0.5);
    s->y += 40;
    for (size_t i = 0; i < sizeof who / sizeof who[0]; i++) {
        double x = s->form.left + (double)i * step;
        leaf_line(s, SERIF, 12, false, who[i], x, s->y, 0);
        leaf_rule(s, x + leaf_text_width(s, SERIF, 12, false, who[i]) + 6, x + step - 12, s->y + 3, 0.5);
    }
    s->y += 6;
}

/* ---- Tables: three rules, no cages --------------------------------------------------------------------- */

struct table {
    const char *name;
    const double *widths; /* sum: leaf_inner() */
    size_t columns;
    size_t texts; /* bits: columns set from the left; the others stand in the middle */
};

enum { ROW_HEIGHT = 20 };

static void draw_row(struct leaf *s, const struct table *t, const char *const *cells, bool bold)
{
    double x = s->form.left;
    for (size_t c = 0; c < t->columns; c++) {
        bool text = (t->texts >> c & 1) != 0;
        leaf_fit(s, SANS, 9.5, bold, cells[c], text ? x + 4 : x + t->widths[c] / 2, s->y + 14, text ? 0 : 0.5,
                 t->widths[c] - 4);
        x += t->widths[c];
    }
    s->y += ROW_HEIGHT;
}

static void begin_table(struct leaf *s, const struct table *t, const char *const *head, size_t rows)
{
    (void)leaf_need(s, 40 + (double)(rows + 1) * ROW_HEIGHT);
    s->y += 30;
    leaf_line(s, SANS, 10.5, true, t->name, s->form.width / 2, s->y - 8, 0.5);
    leaf_rule(s, s->form.left, right_edge(s), s->y, 1.2);
    draw_row(s, t, head, true);
    leaf_rule(s, s->form.left, right_edge(s), s->y, 0.6);
}

static void draw_levels(struct leaf *s, const struct report_words *w)
{
    static const double widths[] = {78.2, 40, 34, 44, 44, 50, 44, 44, 64};
    static const struct table t = {"表1　六小行动办理情况（按办结层级）", widths, REPORT_CELLS, 1};
    begin_table(s, &t, w->level_head, KIND_COUNT);
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++)
        draw_row(s, &t, w->level_rows[k], false);
    leaf_rule(s, s->form.left, right_edge(s), s->y, 0.4);
    draw_row(s, &t, w->level_rows[KIND_NONE], true);
    leaf_rule(s, s->form.left, right_edge(s), s->y, 1.2);
}

static void draw_months(struct leaf *s, const struct report_words *w)
{
    static const double widths[] = {74.2, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 32};
    static const struct table t = {"表2　各月办结和宣讲数量", widths, REPORT_MONTH_CELLS, 1};
    begin_table(s, &t, w->month_head, KIND_COUNT);
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++)
        draw_row(s, &t, w->month_rows[k], false);
    leaf_rule(s, s->form.left, right_edge(s), s->y, 1.2);
}

static void draw_rates(struct leaf *s, const struct report_words *w)
{
    static const double widths[] = {60, 50, 50, 62, 220.2};
    static const struct table t = {"表3　响应率、解决率、满意率", widths, 5, 1 | 1 << 4};
    begin_table(s, &t, w->rate_head, REPORT_RATES);
    for (int i = 0; i < REPORT_RATES; i++)
        draw_row(s, &t, w->rate_rows[i], false);
    leaf_rule(s, s->form.left, right_edge(s), s->y, 1.2);
}

/* ---- The chart: one small panel for each of the six, on one scale, so that no colour has to tell them apart ------- */

enum { PANEL_COLUMNS = 2, PANEL_HEIGHT = 92, PANEL_BARS = 52, MONTHS = 12 };

static void draw_panel(struct leaf *s, const struct figures *f, enum kind k, double x, double y, double width,
                       int64_t most)
{
    double step = width / MONTHS, base = y + 16 + PANEL_BARS;
    char text[96];

    (void)snprintf(text, sizeof text, "%.*s（%.*s）", (int)f->labels[k].n, f->labels[k].p,
                   (int)f->counters[k].n, f->counters[k].p);
    leaf_line(s, SANS, 9, true, text, x, y + 6, 0);
    for (int m = 0; m < MONTHS; m++) {
        double middle = x + (m + 0.5) * step;
        (void)snprintf(text, sizeof text, "%d", m + 1);
        leaf_line(s, SANS, 7, false, text, middle, base + 9, 0.5);
    }
    for (size_t i = 0; i < f->month_count; i++) {
        int64_t n = f->months[i].counts[k];
        double height = (double)n * (PANEL_BARS - 10) / (double)most;
        double middle = x + (f->months[i].month % 12 + 0.5) * step;
        leaf_box(s, middle - step * 0.3, base - height, step * 0.6, height, 0.45);
        (void)snprintf(text, sizeof text, "%lld", (long long)n);
        leaf_line(s, SANS, 7, false, n > 0 ? text : "", middle, base - height - 2, 0.5);
    }
    leaf_rule(s, x, x + width, base, 0.6);
}

static void draw_chart(struct leaf *s, const struct figures *f)
{
    double gap = 22, width = (leaf_inner(s) - gap) / PANEL_COLUMNS;
    int64_t most = 1;

    (void)leaf_need(s, 52 + 3 * PANEL_HEIGHT);
    s->y += 30;
    leaf_line(s, SANS, 10.5, true, "图1　各月办结和宣讲数量（横轴为月份）", s->form.width / 2, s->y - 8, 0.5);
    for (size_t i = 0; i < f->month_count; i++)
        for (int k = KIND_DISPUTE; k < KIND_COUNT; k++)
            most = f->months[i].counts[k] > most ? f->months[i].counts[k] : most;
    s->y += 8;
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++) {
        int at = k - KIND_DISPUTE;
        draw_panel(s, f, (enum kind)k, s->form.left + (at % PANEL_COLUMNS) * (width + gap), s->y, width, most);
        if (at % PANEL_COLUMNS == PANEL_COLUMNS - 1)
            s->y += PANEL_HEIGHT;
    }
}

/* ---- The end ------------------------------------------------------------------------------------------- */

static void draw_note(struct leaf *s, const struct report_words *w)
{
    double height = leaf_column(s, SANS, 9, false, w->note, s->form.left, 0, leaf_inner(s), false);

    (void)leaf_need(s, 40 + height);
    s->y += 12;
    leaf_ink(s, 0.2);
    (void)leaf_column(s, SANS, 9, false, w->note, s->form.left, s->y, leaf_inner(s), true);
    s->y += height + 18;
    leaf_line(s, SANS, 9, false, w->made, s->form.left, s->y, 0);
    leaf_ink(s, 0);
}

static void draw_footer(struct leaf *s, void *context)
{
    const struct drawing *d = context;
    double y = s->form.height - 52;

    leaf_page_number(s, y);
    leaf_ink(s, 0.35);
    leaf_line(s, SANS, 6.5, false, d->w->source, s->form.width / 2, y + 14, 0.5);
    if (d->f->power.n > 0)
        leaf_fit(s, SANS, 6.5, false, arena_printf(d->a, "依据：%s", arena_z(d->a, d->f->power)),
                 s->form.width / 2, y + 24, 0.5, leaf_inner(s));
    leaf_ink(s, 0);
}

static void draw_all(struct leaf *s, void *context)
{
    const struct drawing *d = context;
    draw_head(s, d->w);
    draw_paragraph(s, d->w->summary);
    for (int i = 0; i < REPORT_SECTIONS; i++) {
        draw_heading(s, d->w->sections[i].heading);
        draw_paragraph(s, d->w->sections[i].text);
    }
    draw_signatures(s, d->w);
    draw_levels(s, d->w);
    draw_months(s, d->w);
    draw_rates(s, d->w);
    draw_chart(s, d->f);
    draw_note(s, d->w);
}

bool report_pdf(const struct figures *f, int year, struct str seal, struct buf *out, struct error *e)
{
    struct arena *a = arena_open();
    struct report_words w;

    report_words(&w, a, f, year, seal);
    struct drawing d = {&w, f, a};
    struct leaf_about about = {.title = w.title, .author = w.signer, .made = f->as_of};
    bool ok = leaf_pdf(&report_form, &about, draw_all, draw_footer, &d, out, e);
    arena_close(a);
    return ok;
}
