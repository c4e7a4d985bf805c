/* The table of a paper of a row (rowpaper.h): what hangs on the row, a line each, in the columns that the pack's form names; in groups with their sums
 * where the form wants them. One table, for the page and for a workbook. */
#ifndef PAPER_ROWTABLE_H
#define PAPER_ROWTABLE_H

#include "base/json.h"
#include "paper/book.h"
#include "paper/draw.h"

enum { ROW_TABLE_COLUMNS = 9 }; /* with the serial number, which is the first */

struct row_line {
    bool sum;
    const char *cells[ROW_TABLE_COLUMNS];
};

struct row_table {
    size_t columns, count;
    const char *labels[ROW_TABLE_COLUMNS];
    double weights[ROW_TABLE_COLUMNS]; /* what each column has of the width; of the first in points */
    int number;                        /* the column that is summed; 0: none */
    struct row_line *lines;
};

/* A fact of a row by its field's name; person, phone, unit, account and case lie beside the facts. False: nobody said. */
bool row_fact(const json_t *page, const char *name, struct str *ret_label, struct str *ret_value);

/* `form`: {"table":[names],"table_state","widths"?:[numbers],"labels"?:{name:text with {facts}},"sums"?:{"by":name,"of":name,"count":"户"}};
 * `page`: the row, its "children" newest first. Without lines where the form has no table. Lives in the arena. */
void row_table_make(struct arena *a, const json_t *form, const json_t *page, struct row_table *ret);
void row_table_draw(struct leaf *s, const struct row_table *t);
/* As one more table of a book. */
bool row_table_book(const struct row_table *t, struct arena *a, const char *title, struct book *b,
                    struct error *e) __attribute__((warn_unused_result));

#endif
