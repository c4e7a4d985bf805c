/* What the annual report says, before it has a shape. Private to report.c and report_text.c. */
#ifndef PAPER_REPORT_WORDS_H
#define PAPER_REPORT_WORDS_H

#include "base/arena.h"
#include "core/figures.h"

enum { REPORT_SECTIONS = 7, REPORT_CELLS = 9, REPORT_RATES = 4, REPORT_MONTH_CELLS = 14 };

struct report_words {
    const char *title, *period, *summary, *made, *source, *note;
    const char *signer; /* whose seal goes under it */
    struct {
        const char *heading, *text;
    } sections[REPORT_SECTIONS];
    const char *level_head[REPORT_CELLS];
    const char *level_rows[KIND_COUNT][REPORT_CELLS]; /* by kind; under KIND_NONE: the five kinds of cases together */
    const char *month_head[REPORT_MONTH_CELLS]; /* name, twelve months, sum */
    const char *month_rows[KIND_COUNT][REPORT_MONTH_CELLS];
    const char *rate_head[REPORT_CELLS]; /* five cells are used */
    const char *rate_rows[REPORT_RATES][REPORT_CELLS];
};

void report_words(struct report_words *w, struct arena *a, const struct figures *f, int year, struct str seal);

#endif
