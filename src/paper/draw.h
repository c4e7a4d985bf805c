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

struct sheet_form {
    double width, height, left, right, top, bottom;
};
/* A4 with the margins of official papers (GB/T 9704). */
extern const struct sheet_form sheet_a4;

struct sheet {
    cairo_t *cr;
    PangoContext *context;
    struct sheet_form form;
    double y;                                       /* where the next thing begins */
    int page;                                       /* from 1 */
    int pages;                                      /* in all; 0 while that is being found out */
    void (*footer)(struct sheet *s, void *context); /* at the end of every page; may be null */
    void *given;                                    /* what sheet_pdf was given */
};

struct sheet_about {
    const char *title, *author;
    int64_t made; /* ms */
};

/* A PDF with its fonts inside, added to `out`. `draw` runs twice, the first time to count the pages, and must draw the same both times; it
 * begins at the top of page 1 and leaves the last page to be ended here. INTERNAL: a font is missing, or cairo failed. */
bool sheet_pdf(const struct sheet_form *form, const struct sheet_about *about,
               void (*draw)(struct sheet *s, void *context), void (*footer)(struct sheet *s, void *context),
               void *context, struct buf *out, struct error *e) __attribute__((warn_unused_result));

/* Between the margins. */
double sheet_inner(const struct sheet *s);
void sheet_ink(struct sheet *s, double grey); /* 0 black … 1 white */
void sheet_new_page(struct sheet *s);
/* Room for a thing that must not be torn apart: on a new page when this one has less. True when one was begun. */
bool sheet_need(struct sheet *s, double height);

/* One line of text whose baseline is `y`; `align` 0 left, 0.5 in the middle, 1 right of `x`. */
void sheet_line(struct sheet *s, const char *family, double size, bool bold, const char *text, double x,
                double y, double align);
/* The same, made smaller where it would be wider than `room`. */
void sheet_fit(struct sheet *s, const char *family, double size, bool bold, const char *text, double x,
               double y, double align, double room);
double sheet_text_width(const struct sheet *s, const char *family, double size, bool bold, const char *text);
void sheet_rule(struct sheet *s, double x1, double x2, double y, double width);
void sheet_frame(struct sheet *s, double x, double y, double width, double height, double line);
void sheet_box(struct sheet *s, double x, double y, double width, double height, double grey);

/* A paragraph of running text at `s->y`, over as many pages as it takes. Numbers and their counter words are not torn. */
struct sheet_setting {
    const char *family;
    double size, pitch, indent; /* of the first line */
    bool bold, ragged;          /* ragged: not set to both margins */
};
void sheet_paragraph(struct sheet *s, const struct sheet_setting *how, const char *text);

/* Wrapped text in a column, its top at `y`; `draw` false only measures. Returns its height. */
double sheet_column(struct sheet *s, const char *family, double size, bool bold, const char *text, double x,
                    double y, double width, bool draw);

/* A row of a form: cells side by side from the left margin, each framed, with wrapped text; over as many pages as it takes. */
struct sheet_cell {
    const char *text;
    double width;
    bool bold, middle; /* middle: set in the middle of the cell */
};
void sheet_cells(struct sheet *s, const struct sheet_cell *cells, size_t n, double size);
/* How high the row would be. */
double sheet_cells_height(struct sheet *s, const struct sheet_cell *cells, size_t n, double size);

/* A QR code (error correction M) with its quiet zone, `side` wide in all. False: the text is too long for one. */
bool sheet_qr(struct sheet *s, const char *text, double x, double y, double side);

/* "第 2 页  共 3 页" in the middle of the footer, under a rule. */
void sheet_page_number(struct sheet *s, double y);

#endif
