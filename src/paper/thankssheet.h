/* 本月您劝的几件: a sheet in large type for somebody who never opens the program, with thanks. */
#ifndef PAPER_THANKSSHEET_H
#define PAPER_THANKSSHEET_H

#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

struct thanks_sheet_line {
    int month, day;
    struct str unit, what, how, said;
};
struct thanks_sheet {
    struct str name, committee;
    int year, month;
    bool disputes_alone;
    int64_t at;
    const struct thanks_sheet_line *lines;
    size_t n;
};
/* A5, as many pages as it takes. */
bool thanks_sheet_pdf(const struct thanks_sheet *s, struct buf *out, struct error *e)
    __attribute__((warn_unused_result));

#endif
