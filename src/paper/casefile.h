/* The file of one case on paper (事项办理单): facts, people, promises, every step, result and judgement, lines to sign. */
#ifndef PAPER_CASEFILE_H
#define PAPER_CASEFILE_H

#include "base/buf.h"
#include "base/json.h"

struct casefile {
    const json_t *page; /* the case as case_write_page shows it to who prints it: who sees only a card prints only that */
    struct str address; /* of the case on the desk, for the code in the corner; empty: none */
    struct str printed_by;
    struct str purpose; /* what the names are shown for; empty: they are masked */
    int64_t at;         /* ms, when it is printed */
};

bool casefile_pdf(const struct casefile *f, struct buf *out, struct error *e)
    __attribute__((warn_unused_result));

#endif
