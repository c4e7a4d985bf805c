#include "paper/draw.h"

#include <cairo-pdf.h>
#include <math.h>
#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

const struct leaf_form leaf_a4 = {595.276, 841.89, 79.4, 73.7, 88, 92};

double leaf_inner(const struct leaf *s)
{
    return s->form.width - s->form.left - s->form.right;
}

void leaf_ink(struct leaf *s, double grey)
{
    cairo_set_source_rgb(s->cr, grey, grey, grey);
}

/* ---- Text ---------------------------------------------------------------------------------------------- */

static PangoLayout *layout_of(const struct leaf *s, const char *family, double size, bool bold, const char *text)
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

void leaf_line(struct leaf *s, const char *family, double size, bool bold, const char *text, double x,
               double y, double align)
{
    PangoLayout *layout = layout_of(s, family, size, bold, text);
    pango_layout_set_single_paragraph_mode(layout, true);
    cairo_move_to(s->cr, x - align * width_of(layout), y);
    pango_cairo_show_layout_line(s->cr, pango_layout_get_line_readonly(layout, 0));
    g_object_unref(layout);
}

double leaf_text_width(const struct leaf *s, const char *family, double size, bool bold, const char *text)
{
    PangoLayout *layout = layout_of(s, family, size, bold, text);
    double width = width_of(layout);
    g_object_unref(layout);
    return width;
}

void leaf_fit(struct leaf *s, const char *family, double size, bool bold, const char *text, double x,
              double y, double align, double room)
{
    double width = leaf_text_width(s, family, size, bold, text);
    leaf_line(s, family, width > room ? size * room / width : size, bold, text, x, y, align);
}

void leaf_rule(struct leaf *s, double x1, double x2, double y, double width)
{
    cairo_set_line_width(s->cr, width);
    cairo_move_to(s->cr, x1, y);
    cairo_line_to(s->cr, x2, y);
    cairo_stroke(s->cr);
}

void leaf_frame(struct leaf *s, double x, double y, double width, double height, double line)
{
    cairo_set_line_width(s->cr, line);
    cairo_rectangle(s->cr, x, y, width, height);
    cairo_stroke(s->cr);
}

void leaf_box(struct leaf *s, double x, double y, double width, double height, double grey)
{
    cairo_save(s->cr);
    leaf_ink(s, grey);
    cairo_rectangle(s->cr, x, y, width, height);
    cairo_fill(s->cr);
    cairo_restore(s->cr);
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

void leaf_paragraph(struct leaf *s, const struct leaf_setting *how, const char *text)
{
    PangoLayout *layout = layout_of(s, how->family, how->size, how->bold, text);

    keep_numbers(layout, text);
    pango_layout_set_width(layout, (int)(leaf_inner(s) * PANGO_SCALE));
    pango_layout_set_indent(layout, (int)(how->indent * PANGO_SCALE));
    pango_layout_set_justify(layout, !how->ragged);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    PangoLayoutIter *at = pango_layout_get_iter(layout);
    do {
        PangoRectangle box;
        (void)leaf_need(s, how->pitch);
        s->y += how->pitch;
        pango_layout_iter_get_line_extents(at, NULL, &box);
        cairo_move_to(s->cr, s->form.left + (double)box.x / PANGO_SCALE, s->y - how->pitch * 0.27);
        pango_cairo_show_layout_line(s->cr, pango_layout_iter_get_line_readonly(at));
    } while (pango_layout_iter_next_line(at));
    pango_layout_iter_free(at);
    g_object_unref(layout);
}

double leaf_column(struct leaf *s, const char *family, double size, bool bold, const char *text, double x,
                   double y, double width, bool draw)
{
    PangoLayout *layout = layout_of(s, family, size, bold, text);
    int w, h;

    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_spacing(layout, (int)(size * 0.2 * PANGO_SCALE));
    pango_layout_get_size(layout, &w, &h);
    if (draw) {
        cairo_move_to(s->cr, x, y);
        pango_cairo_show_layout(s->cr, layout);
    }
    g_object_unref(layout);
    return (double)h / PANGO_SCALE;
}

/* ---- Rows of a form ------------------------------------------------------------------------------------ */

enum { CELLS = 8 };
static const double cell_pad = 4.5;

static double cell_pitch(double size)
{
    return size * 1.5;
}

static PangoLayout *cell_layout(struct leaf *s, const struct leaf_cell *c, double size)
{
    PangoLayout *layout = layout_of(s, SANS, size, c->bold, c->text);
    pango_layout_set_width(layout, (int)((c->width - 2 * cell_pad) * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, c->middle ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
    return layout;
}

double leaf_cells_height(struct leaf *s, const struct leaf_cell *cells, size_t n, double size)
{
    int most = 1;
    for (size_t i = 0; i < n; i++) {
        PangoLayout *layout = cell_layout(s, &cells[i], size);
        int lines = pango_layout_get_line_count(layout);
        most = lines > most ? lines : most;
        g_object_unref(layout);
    }
    return most * cell_pitch(size) + 2 * cell_pad;
}

/* `count` lines of one cell, from line `from`; a cell with fewer than the row stands in the middle of its height when it is short. */
static void draw_cell(struct leaf *s, PangoLayout *layout, const struct leaf_cell *c, double x, double height,
                      int from, int count, double size)
{
    int lines = pango_layout_get_line_count(layout) - from;
    double y = s->y + cell_pad;

    lines = lines < count ? lines : count;
    if (c->middle && lines < count)
        y = s->y + (height - lines * cell_pitch(size)) / 2;
    for (int i = 0; i < lines; i++) {
        PangoLayoutLine *line = pango_layout_get_line_readonly(layout, from + i);
        PangoRectangle box;
        pango_layout_line_get_extents(line, NULL, &box);
        double width = (double)box.width / PANGO_SCALE;
        double at = c->middle ? x + (c->width - width) / 2 : x + cell_pad;
        cairo_move_to(s->cr, at, y + i * cell_pitch(size) + size * 1.1);
        pango_cairo_show_layout_line(s->cr, line);
    }
    leaf_frame(s, x, s->y, c->width, height, 0.5);
}

void leaf_cells(struct leaf *s, const struct leaf_cell *cells, size_t n, double size)
{
    PangoLayout *layouts[CELLS];
    int most = 1, done = 0;

    for (size_t i = 0; i < n; i++) {
        layouts[i] = cell_layout(s, &cells[i], size);
        int lines = pango_layout_get_line_count(layouts[i]);
        most = lines > most ? lines : most;
    }
    /* A short row goes whole to the next page; a long one begins here when at least three of its lines fit. */
    (void)leaf_need(s, (most < 4 ? most : 3) * cell_pitch(size) + 2 * cell_pad);
    while (done < most) {
        double room = s->form.height - s->form.bottom - s->y - 2 * cell_pad, x = s->form.left;
        int count = (int)(room / cell_pitch(size));
        count = count < most - done ? count : most - done;
        count = count < 1 ? 1 : count;
        double height = count * cell_pitch(size) + 2 * cell_pad;
        for (size_t i = 0; i < n; i++) {
            draw_cell(s, layouts[i], &cells[i], x, height, done, count, size);
            x += cells[i].width;
        }
        s->y += height;
        done += count;
        if (done < most)
            leaf_new_page(s);
    }
    for (size_t i = 0; i < n; i++)
        g_object_unref(layouts[i]);
}

/* ---- QR ------------------------------------------------------------------------------------------------ */

enum { QUIET = 4 }; /* modules of white that a reader needs around the code */

bool leaf_qr(struct leaf *s, const char *text, double x, double y, double side)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return false;
    double module = side / (code->width + 2 * QUIET);
    leaf_box(s, x, y, side, side, 1);
    cairo_save(s->cr);
    cairo_translate(s->cr, x + QUIET * module, y + QUIET * module);
    cairo_scale(s->cr, module, module);
    leaf_ink(s, 0);
    /* Runs along a row are one rectangle and all are one path: no hair lines between modules. */
    for (int row = 0; row < code->width; row++)
        for (int at = 0; at < code->width; at++) {
            int from = at;
            while (at < code->width && (code->data[row * code->width + at] & 1) != 0)
                at++;
            if (at > from)
                cairo_rectangle(s->cr, from, row, at - from, 1);
        }
    cairo_fill(s->cr);
    cairo_restore(s->cr);
    QRcode_free(code);
    return true;
}

/* ---- Pages --------------------------------------------------------------------------------------------- */

bool leaf_jpeg(struct leaf *s, struct str bytes, int64_t width, int64_t height, double x, double y,
               double room_width, double room_height)
{
    if (width <= 0 || height <= 0 || width > 20000 || height > 20000)
        return false;
    /* A surface of its size without its pixels: the document takes the JPEG in their place. */
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_A8, (int)width, (int)height);
    unsigned char *copy = malloc(bytes.n);
    if (copy == NULL || cairo_surface_status(image) != CAIRO_STATUS_SUCCESS) {
        free(copy);
        cairo_surface_destroy(image);
        return false;
    }
    memcpy(copy, bytes.p, bytes.n);
    if (cairo_surface_set_mime_data(image, CAIRO_MIME_TYPE_JPEG, copy, bytes.n, free, copy) != CAIRO_STATUS_SUCCESS)
        free(copy);
    double scale = fmin(room_width / (double)width, room_height / (double)height);
    cairo_save(s->cr);
    cairo_translate(s->cr, x + (room_width - (double)width * scale) / 2,
                    y + (room_height - (double)height * scale) / 2);
    cairo_scale(s->cr, scale, scale);
    cairo_set_source_surface(s->cr, image, 0, 0);
    cairo_paint(s->cr);
    cairo_restore(s->cr);
    leaf_ink(s, 0);
    cairo_surface_destroy(image);
    return true;
}

void leaf_page_number(struct leaf *s, double y)
{
    char text[64];

    cairo_save(s->cr);
    leaf_ink(s, 0.35);
    leaf_rule(s, s->form.left, s->form.width - s->form.right, y - 14, 0.4);
    (void)snprintf(text, sizeof text, "第 %d 页  共 %d 页", s->page, s->pages > 0 ? s->pages : s->page);
    leaf_line(s, SANS, 9, false, text, s->form.width / 2, y, 0.5);
    cairo_restore(s->cr);
}

static void end_page(struct leaf *s)
{
    if (s->footer != NULL)
        s->footer(s, s->given);
    cairo_show_page(s->cr);
}

void leaf_new_page(struct leaf *s)
{
    end_page(s);
    s->page++;
    s->y = s->form.top;
}

bool leaf_need(struct leaf *s, double height)
{
    if (s->y + height <= s->form.height - s->form.bottom)
        return false;
    leaf_new_page(s);
    return true;
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

static cairo_surface_t *paper(const struct leaf_form *form, const struct leaf_about *about, struct buf *out)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(write_some, out, form->width, form->height);
    char made[TIME_TEXT];

    time_format(about->made, made);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, about->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, about->author);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "liuxiao");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, made);
    return surface;
}

/* Draws on a surface and lets go of it. `s->pages` tells how many there are and learns it. */
static bool draw_on(cairo_surface_t *surface, struct leaf *s, void (*draw)(struct leaf *s, void *context),
                    struct error *e)
{
    s->cr = cairo_create(surface);
    s->page = 1;
    s->y = s->form.top;
    leaf_ink(s, 0);
    draw(s, s->given);
    end_page(s);
    s->pages = s->page;
    cairo_status_t status = cairo_status(s->cr);
    cairo_destroy(s->cr);
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

bool leaf_pdf(const struct leaf_form *form, const struct leaf_about *about,
              void (*draw)(struct leaf *s, void *context), void (*footer)(struct leaf *s, void *context),
              void *context, struct buf *out, struct error *e)
{
    /* The thread's own: it keeps the fonts it has opened, which cost more than a page. */
    PangoFontMap *fonts = pango_cairo_font_map_get_default();
    struct leaf s = {.context = context_of(fonts), .form = *form, .footer = footer, .given = context};

    /* First on a surface of one point, to count the pages. */
    bool ok = fonts_there(s.context, e) &&
              draw_on(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1), &s, draw, e) &&
              draw_on(paper(form, about, out), &s, draw, e);
    g_object_unref(s.context);
    return ok;
}
