/* Two papers for the hand: the sheet of return calls, and the slip in large type that says who answers by when. */
#ifndef PAPER_CALLSHEET_H
#define PAPER_CALLSHEET_H

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"

struct callsheet {
    const json_t *items; /* as case_write_calls writes them, with names and numbers in plain */
    struct str unit, by;
    int64_t at;
};
bool callsheet_pdf(const struct callsheet *s, struct buf *out, struct error *e)
    __attribute__((warn_unused_result));

struct slip {
    struct str committee, number, title, steward, steward_phone;
    int64_t by;         /* the promise of a reply; 0: none runs */
    struct str track;   /* the code, where whoever holds the slip was given it; may be empty */
    struct str address; /* of the page behind the code; empty: no QR */
};
/* A5. */
bool slip_pdf(const struct slip *s, struct buf *out, struct error *e) __attribute__((warn_unused_result));

#endif
