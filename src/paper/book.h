/* Tables as files: an Excel workbook or csv, written row by row to a file without a name; memory does not grow with the rows. */
#ifndef PAPER_BOOK_H
#define PAPER_BOOK_H

#include "core/listing.h"

enum book_format { BOOK_XLSX, BOOK_CSV };
bool book_format_parse(struct str s, enum book_format *ret);
const char *book_type(enum book_format f); /* content type */

struct book;

/* `folder`: where the file lies until it is sent (it may be large). DISK_FULL. */
bool book_open(struct book **ret, enum book_format format, enum lang lang, const char *folder, struct error *e)
    __attribute__((warn_unused_result));
/* Begins a table; rows follow. In a workbook each is a sheet of its own (more, where the rows are too many for one); csv holds them one below
 * the other, with an empty line between. */
bool book_table(struct book *b, const char *title, const struct list_column *columns, size_t n, struct error *e)
    __attribute__((warn_unused_result));
/* As many cells as the table has columns. */
bool book_row(struct book *b, const struct cell *cells, struct error *e) __attribute__((warn_unused_result));

struct book_note {
    const char *label, *text;
};
/* The last sheet of a workbook says what it is, when and by whom it was made; csv is rows alone. Gives the open file and ends the book. */
bool book_close(struct book *b, const struct book_note *notes, size_t n, int *ret_fd, struct error *e)
    __attribute__((warn_unused_result));
/* Ends it without a result; null is allowed. */
void book_abandon(struct book *b);

#endif
