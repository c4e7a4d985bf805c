/* The report as a document: A4, set as official papers are (GB/T 9704: wide margins, an indent of two
 * characters), with tables, months and a place to sign. */
#include "paper/report.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "base/time.h"
#include "paper/report_words.h"

#define SERIF "Noto Serif CJK SC"
#define SANS "Noto Sans CJK SC"

/* Points: 72 to the inch. */
static const double page_width = 595.276, page_height = 841.89, left = 79.4, right = 73.7, top = 88, bottom = 92;
static const double body_size = 14.5, body_pitch = 26;

struct sheet {
    cairo_t *cr;
    PangoContext *context;
    const struct report_words *w;
    double y;  /* where the next thing begins */
    int page;  /* from 1 */
    int pages; /* in all; 0 while that is being found out */
};

static double inner(void)
{
    return page_width - left - right;
}

static void ink(cairo_t *cr, double grey)
{
    cairo_set_source_rgb(cr, grey, grey, grey);
}

/* ---- Text ---------------------------------------------------------------------------------------------- */

static PangoLayout *layout_of(const struct sheet *s, const char *family, double size, bool bold, const char *text)
{
    PangoLayout *layout = pango_layout_new(s->context);
    PangoFontDescription *font = pango_font_description_new();

    pango_font_description_set_family(font, family);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, text, -1);
    pango_font_description_free(font);
    return layout;
}

static double width_of(PangoLayout *layout)
{
    int width, height;
    pango_layout_get_size(layout, &width, &height);
    return (double)width / PANGO_SCALE;
}

/* One line of text whose baseline is `y`; `align` 0 left, 0.5 in the middle, 1 right of `x`. */
static void draw_line(struct sheet *s, const char *family, double size, bool bold, const char *text, double x,
                      double y, double align)
{
    PangoLayout *layout = layout_of(s, family, size, bold, text);
    cairo_move_to(s->cr, x - align * width_of(layout), y);
    pango_cairo_show_layout_line(s->cr, pango_layout_get_line_readonly(layout, 0));
    g_object_unref(layout);
}

static void draw_rule(struct sheet *s, double x1, double x2, double y, double width)
{
    cairo_set_line_width(s->cr, width);
    cairo_move_to(s->cr, x1, y);
    cairo_line_to(s->cr, x2, y);
    cairo_stroke(s->cr);
}

/* ---- Pages --------------------------------------------------------------------------------------------- */

static void draw_footer(struct sheet *s)
{
    char text[64];
    double y = page_height - 52;

    ink(s->cr, 0.35);
    draw_rule(s, left, page_width - right, y - 14, 0.4);
    (void)snprintf(text, sizeof text, "第 %d 页  共 %d 页", s->page, s->pages > 0 ? s->pages : s->page);
    draw_line(s, SANS, 9, false, text, page_width / 2, y, 0.5);
    draw_line(s, SANS, 6.5, false, s->w->source, page_width / 2, y + 14, 0.5);
    ink(s->cr, 0);
}

static void new_page(struct sheet *s)
{
    draw_footer(s);
    cairo_show_page(s->cr);
    s->page++;
    s->y = top;
}

/* Room for a thing that must not be torn apart. */
static void need(struct sheet *s, double height)
{
    if (s->y + height > page_height - bottom)
        new_page(s);
}

static void draw_heading(struct sheet *s, const char *text)
{
    need(s, 4 * body_pitch); /* a heading takes three lines of its text along */
    s->y += body_pitch;
    draw_line(s, SANS, body_size, true, text, left + 2 * body_size, s->y - 7, 0);
}

/* A number and its counter word stay on one line. */
static void keep_numbers(PangoLayout *layout, const char *text)
{
    PangoAttrList *list = pango_attr_list_new();
    for (const char *p = text; *p != '\0'; p++) {
        const char *from = p;
        while ((*p >= '0' && *p <= '9') || (p > from && (*p == '.' || *p == '%')))
            p++;
        if (p == from)
            continue;
        PangoAttribute *a = pango_attr_allow_breaks_new(false);
        a->start_index = (guint)(from - text);
        a->end_index = (guint)(p - text + (ptrdiff_t)str_sequence(str_of(p)));
        pango_attr_list_insert(list, a);
        if (*p == '\0')
            break;
    }
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
}

static void draw_paragraph(struct sheet *s, const char *text)
{
    PangoLayout *layout = layout_of(s, SERIF, body_size, false, text);

    keep_numbers(layout, text);

    pango_layout_set_width(layout, (int)(inner() * PANGO_SCALE));
    pango_layout_set_indent(layout, (int)(2 * body_size * PANGO_SCALE));
    pango_layout_set_justify(layout, true);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    PangoLayoutIter *at = pango_layout_get_iter(layout);
    do {
        PangoRectangle box;
        need(s, body_pitch);
        s->y += body_pitch;
        pango_layout_iter_get_line_extents(at, NULL, &box);
        cairo_move_to(s->cr, left + (double)box.x / PANGO_SCALE, s->y - 7);
        pango_cairo_show_layout_line(s->cr, pango_layout_iter_get_line_readonly(at));
    } while (pango_layout_iter_next_line(at));
    pango_layout_iter_free(at);
    g_object_unref(layout);
}

static void draw_head(struct sheet *s)
{
    s->y += 30;
    draw_line(s, SERIF, 22, true, s->w->title, page_width / 2, s->y, 0.5);
    s->y += 30;
    draw_line(s, SERIF, 12, false, s->w->period, page_width / 2, s->y, 0.5);
    s->y += 14;
}

/* ---- Tables: three rules, no cages --------------------------------------------------------------------- */

struct table {
    const char *name;
    const double *widths; /* sum: inner() */
    size_t columns;
    size_t texts; /* bits: columns set from the left; the others stand in the middle */
};

enum { ROW_HEIGHT = 20 };

static void draw_row(struct sheet *s, const struct table *t, const char *const cells[REPORT_CELLS], bool bold)
{
    double x = left;
    for (size_t c = 0; c < t->columns; c++) {
        bool text = (t->texts >> c & 1) != 0;
        draw_line(s, SANS, 9.5, bold, cells[c], text ? x + 4 : x + t->widths[c] / 2, s->y + 14, text ? 0 : 0.5);
        x += t->widths[c];
    }
    s->y += ROW_HEIGHT;
}

static void begin_table(struct sheet *s, const struct table *t, const char *const head[REPORT_CELLS], size_t rows)
{
    need(s, 40 + (double)(rows + 1) * ROW_HEIGHT);
    s->y += 28;
    draw_line(s, SANS, 10.5, true, t->name, page_width / 2, s->y - 8, 0.5);
    draw_rule(s, left, page_width - right, s->y, 1.2);
    draw_row(s, t, head, true);
    draw_rule(s, left, page_width - right, s->y, 0.6);
}

static void draw_levels(struct sheet *s)
{
    static const double widths[] = {78.2, 40, 34, 44, 44, 50, 44, 44, 64};
    static const struct table t = {"表1　六小行动办理情况（按办结层级）", widths, REPORT_CELLS, 1};
    begin_table(s, &t, s->w->level_head, KIND_COUNT);
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++)
        draw_row(s, &t, s->w->level_rows[k], false);
    draw_rule(s, left, page_width - right, s->y, 0.4);
    draw_row(s, &t, s->w->level_rows[KIND_NONE], true);
    draw_rule(s, left, page_width - right, s->y, 1.2);
}

static void draw_rates(struct sheet *s)
{
    static const double widths[] = {60, 50, 50, 62, 220.2};
    static const struct table t = {"表2　响应率、解决率、满意率", widths, 5, 1 | 1 << 4};
    begin_table(s, &t, s->w->rate_head, REPORT_RATES);
    for (int i = 0; i < REPORT_RATES; i++)
        draw_row(s, &t, s->w->rate_rows[i], false);
    draw_rule(s, left, page_width - right, s->y, 1.2);
}

/* ---- Months -------------------------------------------------------------------------------------------- */

/* Six tones that stay apart on a grey printer, too. */
static const double tones[KIND_COUNT][3] = {
    [KIND_DISPUTE] = {0.62, 0.13, 0.13},     [KIND_REQUEST] = {0.87, 0.47, 0.20},
    [KIND_ENVIRONMENT] = {0.36, 0.55, 0.30}, [KIND_DIFFICULTY] = {0.93, 0.77, 0.42},
    [KIND_HAZARD] = {0.22, 0.33, 0.50},      [KIND_TALK] = {0.72, 0.78, 0.84},
};

static int64_t month_sum(const struct figure_month *m)
{
    int64_t sum = 0;
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++)
        sum += m->counts[k];
    return sum;
}

static void draw_box(struct sheet *s, enum kind k, double x, double y, double width, double height)
{
    cairo_set_source_rgb(s->cr, tones[k][0], tones[k][1], tones[k][2]);
    cairo_rectangle(s->cr, x, y, width, height);
    cairo_fill(s->cr);
    ink(s->cr, 0);
}

static void draw_legend(struct sheet *s, const struct figures *f, double y)
{
    double step = inner() / 6;
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++) {
        double x = left + (k - 1) * step;
        char label[64];
        draw_box(s, (enum kind)k, x, y - 7, 8, 8);
        (void)snprintf(label, sizeof label, "%.*s", (int)f->labels[k].n, f->labels[k].p);
        draw_line(s, SANS, 8, false, label, x + 11, y, 0);
    }
}

static void draw_month(struct sheet *s, const struct figure_month *m, double middle, double width,
                       double base, double scale)
{
    double y = base;
    char text[16];
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++) {
        double height = (double)m->counts[k] * scale;
        draw_box(s, (enum kind)k, middle - width / 2, y - height, width, height);
        y -= height;
    }
    (void)snprintf(text, sizeof text, "%lld", (long long)month_sum(m));
    draw_line(s, SANS, 7.5, false, text, middle, y - 3, 0.5);
    (void)snprintf(text, sizeof text, "%d月", (int)(m->month % 12 + 1));
    draw_line(s, SANS, 8, false, text, middle, base + 12, 0.5);
}

static void draw_months(struct sheet *s, const struct figures *f)
{
    enum { HEIGHT = 110, MONTHS_DRAWN = 12 };
    size_t n = f->month_count < MONTHS_DRAWN ? f->month_count : MONTHS_DRAWN, first = f->month_count - n;
    int64_t most = 1;

    need(s, 40 + HEIGHT + 44);
    s->y += 28;
    draw_line(s, SANS, 10.5, true, "图1　各月办结和宣讲数量", page_width / 2, s->y - 8, 0.5);
    for (size_t i = first; i < f->month_count; i++)
        most = month_sum(&f->months[i]) > most ? month_sum(&f->months[i]) : most;
    double base = s->y + 14 + HEIGHT, step = inner() / (double)(n > 0 ? n : 1);
    for (size_t i = 0; i < n; i++)
        draw_month(s, &f->months[first + i], left + (0.5 + (double)i) * step, step < 40 ? step * 0.55 : 22,
                   base, HEIGHT / (double)most);
    draw_rule(s, left, page_width - right, base, 0.6);
    draw_legend(s, f, base + 30);
    s->y = base + 36;
}

/* ---- The end ------------------------------------------------------------------------------------------- */

static void draw_note(struct sheet *s)
{
    PangoLayout *layout = layout_of(s, SANS, 8.5, false, s->w->note);
    int width, height;

    pango_layout_set_width(layout, (int)(inner() * PANGO_SCALE));
    pango_layout_set_spacing(layout, 2 * PANGO_SCALE);
    pango_layout_get_size(layout, &width, &height);
    need(s, 16 + (double)height / PANGO_SCALE);
    s->y += 10;
    ink(s->cr, 0.25);
    cairo_move_to(s->cr, left, s->y);
    pango_cairo_show_layout(s->cr, layout);
    ink(s->cr, 0);
    s->y += (double)height / PANGO_SCALE;
    g_object_unref(layout);
}

static void draw_signatures(struct sheet *s)
{
    static const char *const who[] = {"填表人", "负责人", "第一书记"};
    double step = inner() / 3;

    need(s, 140);
    s->y += 44;
    for (size_t i = 0; i < sizeof who / sizeof who[0]; i++) {
        double x = left + (double)i * step;
        PangoLayout *label = layout_of(s, SERIF, 12, false, who[i]);
        draw_line(s, SERIF, 12, false, who[i], x, s->y, 0);
        draw_rule(s, x + width_of(label) + 6, x + step - 14, s->y + 3, 0.5);
        g_object_unref(label);
    }
    s->y += 46;
    draw_line(s, SERIF, 13, false, s->w->signer, page_width - right - 88, s->y, 0.5);
    draw_line(s, SERIF, 9, false, "（盖章）", page_width - right - 88, s->y + 15, 0.5);
    s->y += 38;
    draw_line(s, SERIF, 13, false, "年　　月　　日", page_width - right - 88, s->y, 0.5);
    ink(s->cr, 0.35);
    draw_line(s, SANS, 8.5, false, s->w->made, left, s->y, 0);
    ink(s->cr, 0);
}

static void draw_all(struct sheet *s, const struct figures *f)
{
    s->page = 1;
    s->y = top;
    ink(s->cr, 0);
    draw_head(s);
    draw_paragraph(s, s->w->summary);
    for (int i = 0; i < REPORT_SECTIONS; i++) {
        draw_heading(s, s->w->sections[i].heading);
        draw_paragraph(s, s->w->sections[i].text);
    }
    s->y += 6;
    draw_levels(s);
    draw_rates(s);
    draw_months(s, f);
    draw_note(s);
    draw_signatures(s);
    draw_footer(s);
    cairo_show_page(s->cr);
}

/* ---- PDF ----------------------------------------------------------------------------------------------- */

static cairo_status_t write_some(void *context, const unsigned char *data, unsigned n)
{
    struct buf *out = context;
    buf_add(out, str_range((const char *)data, n));
    return out->full ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* Another family in its place would print boxes, or the Japanese shapes of characters. */
static bool fonts_there(PangoContext *context, struct error *e)
{
    static const char *const families[] = {SERIF, SANS};
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        PangoFontDescription *wanted = pango_font_description_from_string(families[i]);
        PangoFont *font = pango_context_load_font(context, wanted);
        PangoFontDescription *got = font != NULL ? pango_font_describe(font) : NULL;
        const char *family = got != NULL ? pango_font_description_get_family(got) : NULL;
        bool same = family != NULL && strcmp(family, families[i]) == 0;
        if (got != NULL)
            pango_font_description_free(got);
        if (font != NULL)
            g_object_unref(font);
        pango_font_description_free(wanted);
        if (!same)
            return error_cause(e, ERROR_INTERNAL, "the font %s is not installed (fonts-noto-cjk)", families[i]);
    }
    return true;
}

static cairo_surface_t *paper(const struct report_words *w, const struct figures *f, struct buf *out)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(write_some, out, page_width, page_height);
    char made[TIME_TEXT];

    time_format(f->as_of, made);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, w->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, w->signer);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "liuxiao");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, made);
    return surface;
}

/* Draws on a surface and lets go of it. `pages` tells how many there are and learns it. */
static bool draw(cairo_surface_t *surface, const struct report_words *w, const struct figures *f,
                 PangoContext *context, int *pages, struct error *e)
{
    struct sheet s = {.cr = cairo_create(surface), .context = context, .w = w, .pages = *pages};

    draw_all(&s, f);
    *pages = s.page;
    cairo_status_t status = cairo_status(s.cr);
    cairo_destroy(s.cr);
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    return status == CAIRO_STATUS_SUCCESS ||
           error_cause(e, ERROR_INTERNAL, "cairo: %s", cairo_status_to_string(status));
}

/* The same widths whatever is drawn on. */
static PangoContext *context_of(PangoFontMap *fonts)
{
    PangoContext *context = pango_font_map_create_context(fonts);
    cairo_font_options_t *options = cairo_font_options_create();

    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_language(context, pango_language_from_string("zh-cn"));
    return context;
}

bool report_pdf(const struct figures *f, int year, struct str seal, struct buf *out, struct error *e)
{
    PangoFontMap *fonts = pango_cairo_font_map_new();
    PangoContext *context = context_of(fonts);
    struct arena *a = arena_open();
    struct report_words w;
    int pages = 0;

    report_words(&w, a, f, year, seal);
    /* First on a surface of one point, to count the pages. */
    bool ok = fonts_there(context, e) &&
              draw(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1), &w, f, context, &pages, e) &&
              draw(paper(&w, f, out), &w, f, context, &pages, e);
    g_object_unref(context);
    g_object_unref(fonts);
    arena_close(a);
    return ok;
}
