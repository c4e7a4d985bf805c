/* The papers of a mediation: invitation, notice of rights, agreement, register of an oral one, letters, records, and the file of them all (卷宗) with its
 * contents. What they say beside the facts stands in the pack, where a committee can correct it. Lines for what is never kept (民族) are left empty. */
#ifndef PAPER_MEDIATION_PAPER_H
#define PAPER_MEDIATION_PAPER_H

#include "base/buf.h"
#include "base/json.h"

enum mediation_paper {
    PAPER_APPLICATION, /* 受理登记表 */
    PAPER_RIGHTS,      /* 权利义务告知书 */
    PAPER_INVITATION,  /* 调解通知书 of one sitting, a page for each side */
    PAPER_RECORD,      /* 调解记录, a part for each sitting */
    PAPER_AGREEMENT,   /* 人民调解协议书 */
    PAPER_ORAL,        /* 口头协议登记表 */
    PAPER_TERMINATION, /* 终止告知书 */
    PAPER_POLICE,      /* 调解结果函 */
    PAPER_VISIT,       /* 回访记录 */
    PAPER_FILE,        /* 卷宗 */
    PAPER_COUNT
};
/* "application" …; "" out of range. */
const char *mediation_paper_code(enum mediation_paper p);
bool mediation_paper_parse(struct str s, enum mediation_paper *ret);

/* A scan or photo of the file. */
struct scan {
    struct str paper; /* of the pack's list: "agreement", "identity" …; or "signature" */
    int64_t side;     /* of a signature drawn on a screen; 0: the mediator's */
    struct str bytes;
    int64_t width, height;
};

struct mediation_doc {
    enum mediation_paper paper;
    const json_t *page;     /* the case as case_write_page shows it, with names where they may be shown */
    const json_t *words;    /* "mediation" of the pack */
    struct str sitting;     /* the sitting of an invitation */
    struct str address;     /* of the verification page; empty: no code on the paper */
    struct str fingerprint; /* of what it says, in hex */
    struct str printed_by;
    bool plain; /* names are shown */
    int64_t at;
    const struct scan *scans;      /* of PAPER_FILE; signatures of PAPER_AGREEMENT too */
    size_t scan_count, scans_left; /* left: did not fit; the file says how many */
};

bool mediation_pdf(const struct mediation_doc *doc, struct buf *out, struct error *e)
    __attribute__((warn_unused_result));

#endif
