/* The paper form (R1): blank reports to lie on a counter or be taken along, each with a number and a code of its own. */
#ifndef PAPER_REPORTFORM_H
#define PAPER_REPORTFORM_H

#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

enum { FORMS_MOST = 100 };

struct report_forms {
    struct str committee, url; /* url: of the installation; empty: no code */
    const struct str *numbers;
    size_t n;
};
/* A5, one a page. */
bool report_forms_pdf(const struct report_forms *f, struct buf *out, struct error *e)
    __attribute__((warn_unused_result));

#endif
