/* Drawing on paper: pages, text, tables' rules, QR codes, on cairo and pango. What the documents of this floor share. Lengths are points, 72 to
 * the inch; y grows downwards. No database, no locks: for a thread that may take its time. */
#ifndef PAPER_DRAW_H
#define PAPER_DRAW_H

#include <cairo.h>
#include <pango/pangocairo.h>

#include "base/buf.h"
#include "base/error.h"

#define SERIF "Noto Serif CJK SC"
#define SANS "Noto Sans CJK SC"

#define MM(n) ((n)*72.0 / 25.4)

struct leaf_form {
    double width, height, left, right, top, bottom;
};
/* A4 with the margins of official papers (GB/T 9704). */
extern const struct leaf_form leaf_a4;

struct leaf {
    cairo_t *cr;
    PangoContext *context;
    struct leaf_form form;
    double y;                                      /* where the next thing begins */
    int page;                                      /* from 1 */
    int pages;                                     /* in all; 0 while that is being found out */
    void (*footer)(struct leaf *s, void *context); /* at the end of every page; may be null */
    void *given;                                   /* what leaf_pdf was given */
};

struct leaf_about {
    const char *title, *author;
    int64_t made; /* ms */
};

/* A PDF with its fonts inside, added to `out`. `draw` runs twice, the first time to count the pages, and must draw the same both times; it
 * begins at the top of page 1 and leaves the last page to be ended here. INTERNAL: a font is missing, or cairo failed. */
bool leaf_pdf(const struct leaf_form *form, const struct leaf_about *about,
              void (*draw)(struct leaf *s, void *context), void (*footer)(struct leaf *s, void *context),
              void *context, struct buf *out, struct error *e) __attribute__((warn_unused_result));

/* Between the margins. */
double leaf_inner(const struct leaf *s);
void leaf_ink(struct leaf *s, double grey); /* 0 black … 1 white */
void leaf_new_page(struct leaf *s);
/* Room for a thing that must not be torn apart: on a new page when this one has less. True when one was begun. */
bool leaf_need(struct leaf *s, double height);

/* One line of text whose baseline is `y`; `align` 0 left, 0.5 in the middle, 1 right of `x`. */
void leaf_line(struct leaf *s, const char *family, double size, bool bold, const char *text, double x,
               double y, double align);
/* The same, made smaller where it would be wider than `room`. */
void leaf_fit(struct leaf *s, const char *family, double size, bool bold, const char *text, double x,
              double y, double align, double room);
double leaf_text_width(const struct leaf *s, const char *family, double size, bool bold, const char *text);
void leaf_rule(struct leaf *s, double x1, double x2, double y, double width);
void leaf_frame(struct leaf *s, double x, double y, double width, double height, double line);
void leaf_box(struct leaf *s, double x, double y, double width, double height, double grey);

/* A paragraph of running text at `s->y`, over as many pages as it takes. Numbers and their counter words are not torn. */
struct leaf_setting {
    const char *family;
    double size, pitch, indent; /* of the first line */
    bool bold, ragged;          /* ragged: not set to both margins */
};
void leaf_paragraph(struct leaf *s, const struct leaf_setting *how, const char *text);

/* Wrapped text in a column, its top at `y`; `draw` false only measures. Returns its height. */
double leaf_column(struct leaf *s, const char *family, double size, bool bold, const char *text, double x,
                   double y, double width, bool draw);

/* A row of a form: cells side by side from the left margin, each framed, with wrapped text; over as many pages as it takes. */
struct leaf_cell {
    const char *text;
    double width;
    bool bold, middle; /* middle: set in the middle of the cell */
};
void leaf_cells(struct leaf *s, const struct leaf_cell *cells, size_t n, double size);
/* How high the row would be. */
double leaf_cells_height(struct leaf *s, const struct leaf_cell *cells, size_t n, double size);

/* A QR code (error correction M) with its quiet zone, `side` wide in all. False: the text is too long for one. */
bool leaf_qr(struct leaf *s, const char *text, double x, double y, double side);

/* A JPEG, as large as the box lets it be, upright in its middle; its bytes go into the document as they are. False: it is none. */
bool leaf_jpeg(struct leaf *s, struct str bytes, int64_t width, int64_t height, double x, double y,
               double room_width, double room_height);

/* "第 2 页  共 3 页" in the middle of the footer, under a rule. */
void leaf_page_number(struct leaf *s, double y);

#endif
