/* Between sheet_read.c and the reader of workbooks. */
#ifndef PAPER_SHEET_INNER_H
#define PAPER_SHEET_INNER_H

#include "paper/sheet_read.h"

struct xlsx;

bool xlsx_open(struct xlsx **ret, struct str bytes, int which, struct error *e);
void xlsx_close(struct xlsx *x);
bool xlsx_row(struct xlsx *x, struct arena *a, struct str *ret, size_t *ret_n, int64_t *ret_line,
              struct error *e);
int xlsx_count(const struct xlsx *x);
struct str xlsx_name(const struct xlsx *x, int which);
bool xlsx_since_1904(const struct xlsx *x);

#endif
