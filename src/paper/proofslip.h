/* The slip to take along (R8): which proof, who issues it, what to bring. */
#ifndef PAPER_PROOFSLIP_H
#define PAPER_PROOFSLIP_H

#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

struct proof_slip {
    struct str committee, name, who, bring, say, basis;
    bool may;
    int64_t at;
};
/* A5. */
bool proof_slip_pdf(const struct proof_slip *s, struct buf *out, struct error *e)
    __attribute__((warn_unused_result));

#endif
