/* The register of oral agreements 口头协议登记台账 of a committee and a period, A4 across. */
#ifndef PAPER_ORALBOOK_H
#define PAPER_ORALBOOK_H

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"

struct oralbook {
    struct str unit, by, purpose, from, to; /* whose; who prints it and what for; first and last day */
    const json_t *items; /* as oral_write_list gives them, with names where they may be shown */
    bool plain;          /* names are shown */
    int64_t at;
};

bool oralbook_pdf(const struct oralbook *book, struct buf *out, struct error *e)
    __attribute__((warn_unused_result));

#endif
