/* The annual report of a committee (or of any unit), made from its figures alone: as a document to be
 * signed, and as text for a terminal. */
#ifndef PAPER_REPORT_H
#define PAPER_REPORT_H

#include "base/buf.h"
#include "core/figures.h"

/* A4 as PDF with its fonts inside. `seal` is the newest seal's digest in hexadecimal; empty: there is none
 * yet. No database, no locks: for a thread that may take its time. */
bool report_pdf(const struct figures *f, int year, struct str seal, struct buf *out, struct error *e)
    __attribute__((warn_unused_result));
bool report_text(const struct figures *f, int year, struct buf *out, struct error *e)
    __attribute__((warn_unused_result));

#endif
