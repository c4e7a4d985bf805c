/* A paper of a register's row, set from a template of the pack: a title, what it is about, what was agreed, who signs. A committee corrects its wording
 * in the pack. */
#ifndef PAPER_ROWPAPER_H
#define PAPER_ROWPAPER_H

#include "base/buf.h"
#include "base/json.h"
#include "paper/book.h"

struct row_paper {
    const json_t *form; /* {"title","head"?,"note"?,"facts":[names],"fact_labels"?:{name:text},"text":[paragraphs],"signatures":[…],"copies"?,"review"?: its `head` is printed until that says 已核,"table"?…}: `table` and what goes with it: rowtable.h */
    const json_t *page; /* the row as register_write_page shows it to who prints it */
    struct str committee;
    struct str printed_by;
    struct str purpose; /* what the names are shown for; empty: they are masked */
    int64_t at;         /* ms, when it is printed */
};

bool row_paper_pdf(const struct row_paper *s, struct buf *out, struct error *e)
    __attribute__((warn_unused_result));
/* Its table alone, as a workbook; `folder` and *ret_fd as of book.h. */
bool row_paper_book(const struct row_paper *s, enum book_format format, enum lang lang, const char *folder,
                    int *ret_fd, struct error *e) __attribute__((warn_unused_result));

#endif
