/* Tables that come from elsewhere: xlsx (ECMA-376), or text with commas, semicolons or tabs in UTF-8, UTF-16 with a byte order mark, or GB 18030.
 * What it is follows from the bytes; a name is not believed. Rows come one at a time; what is held besides is the file itself and, of an xlsx, its
 * shared strings. */
#ifndef PAPER_SHEET_READ_H
#define PAPER_SHEET_READ_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

enum { SHEET_COLUMNS = 256, SHEET_CELL = 32767 };

struct sheet;

/* The bytes must live until sheet_close. `which` is the number of the sheet in a workbook, from 1. LINE_INVALID, MALFORMED (no table at all),
 * WRONG_ENCODING, OUT_OF_RANGE (no such sheet), TOO_LARGE (when unpacked). */
bool sheet_open(struct sheet **ret, struct str bytes, int which, struct error *e);
void sheet_close(struct sheet *s);

/* The next row that isn't empty; *ret_n is 0 at the end. Cells are text in UTF-8, numbers without useless digits; a date in an xlsx is the number
 * that Excel keeps. `ret` has room for SHEET_COLUMNS; they live in the arena or as long as the sheet. */
bool sheet_row(struct sheet *s, struct arena *a, struct str *ret, size_t *ret_n, struct error *e);
/* The row's number in the file: the line of a text, the row of a workbook. */
int64_t sheet_line(const struct sheet *s);
/* How many sheets the workbook has and what they are called; a text is one sheet without a name. */
int sheet_count(const struct sheet *s);
struct str sheet_name(const struct sheet *s, int which);
/* Does this workbook count its days from 1904? */
bool sheet_since_1904(const struct sheet *s);

#endif
