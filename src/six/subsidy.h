/* Subsidy look-up (R7): payment tables that the committee brings in, read by each for themselves alone.
 *
 * Who guesses: a neighbour knows name and birthday, so that the last six of an identity number are a thousand tries. A resident therefore proves
 * themselves with a third thing, the last four of the card it was paid to or of the telephone in the table; a line whose table had neither is read
 * through a steward only. What is wrong is never said, tries are counted by name and by address. A steward looks up for somebody who stands before them
 * with their card, names a purpose, and that is written down. */
#ifndef SIX_SUBSIDY_H
#define SIX_SUBSIDY_H

#include "core/register.h"

struct subsidy_line {
    struct str name, id_no, card, phone, item, paid_on, group, area, note;
    int64_t fen;
};
/* Lines of a payment table (a row of the register "subsidies"), in the caller's transaction. */
bool subsidy_add(struct core *core, struct db *db, struct arena *a, int64_t payment, int64_t scope,
                 const struct subsidy_line *line, struct error *e);

/* How many lines of the committee's tables (ordinals) are somebody's, by name and identity number. */
bool subsidy_count(struct core *core, struct db *db, struct arena *a, struct str name, struct str id_no,
                   int64_t lo, int64_t hi, int64_t *ret, struct error *e);

struct subsidy_question {
    struct str name, id_tail,
        proof;      /* proof: the last four of card or telephone; of a steward's question not looked at */
    int64_t lo, hi; /* ordinals of the committee */
    struct str peer;
};
/* {"items":[{"item","amount","paid_on","area","note","table"}]}. A wrong one is counted and comes back in *ret_refused, with true: the count must be kept. */
bool subsidy_own(struct core *core, struct db *db, struct arena *a, struct jw *w,
                 const struct subsidy_question *q, struct error *ret_refused, struct error *e);
/* The same for a steward: written into `access` first, found or not. */
bool subsidy_for(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                 int64_t unit, const struct subsidy_question *q, struct str purpose, struct error *e);

#endif
