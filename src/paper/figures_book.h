/* The tables of the figures page as a workbook or csv. */
#ifndef PAPER_FIGURES_BOOK_H
#define PAPER_FIGURES_BOOK_H

#include "core/figures.h"
#include "paper/book.h"

/* Counts, levels, rates, months, categories and units, each a table. */
bool figures_book(struct book *b, const struct figures *f, enum lang lang, struct error *e)
    __attribute__((warn_unused_result));

#endif
