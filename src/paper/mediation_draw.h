/* What the papers of a mediation are drawn with. */
#ifndef PAPER_MEDIATION_DRAW_H
#define PAPER_MEDIATION_DRAW_H

#include "base/arena.h"
#include "paper/draw.h"
#include "paper/mediation_paper.h"

enum { CONTENTS_MOST = 32 };

struct md {
    const struct mediation_doc *doc;
    struct arena *a;
    const json_t *page, *m;    /* the case, and its mediation */
    int starts[CONTENTS_MOST]; /* page on which each document of a file begins, from the first drawing */
    bool in_file;
};

const char *md_text(struct arena *a, const json_t *object, const char *key);
/* "2026年5月3日"; empty for nothing; `at` is RFC 3339 or a date. */
const char *md_day(struct arena *a, struct str at);
const char *md_committee(struct md *d); /* 吴寨居人民调解委员会 */
/* A title in the middle, and the room below it. */
void md_title(struct leaf *s, const char *title);
void md_row(struct leaf *s, const char *label, const char *value);
void md_pair(struct leaf *s, const char *label1, const char *value1, const char *label2, const char *value2);
void md_say(struct leaf *s, const char *text);
void md_heading(struct leaf *s, const char *text);
/* Lines to sign on, one under the other. */
void md_sign(struct leaf *s, const char *const *who, size_t n);
/* The same with what was drawn on a screen over its line; null: by hand. */
void md_sign_drawn(struct leaf *s, const char *const *who, const struct scan *const *drawn, size_t n);
void md_seal(struct leaf *s, const char *who, const char *day);
/* "甲方" for 1 … */
const char *md_side(struct arena *a, int64_t side);

/* The documents; each begins where the pen is. */
void md_application(struct leaf *s, struct md *d);
void md_rights(struct leaf *s, struct md *d);
void md_invitation(struct leaf *s, struct md *d);
void md_record(struct leaf *s, struct md *d);
void md_agreement(struct leaf *s, struct md *d);
void md_oral(struct leaf *s, struct md *d);
void md_termination(struct leaf *s, struct md *d);
void md_police(struct leaf *s, struct md *d);
void md_visit(struct leaf *s, struct md *d);
void md_file(struct leaf *s, struct md *d);

#endif
