/* What the mediation of a dispute has come to: who stands on which side, who agreed to it, the agreement and how it is kept. It is sealed with the case
 * under "mediation" (an earlier round, before the case was reopened, under "rounds"); here it is read. The verbs that write it are in six/.
 *
 *   consents   {"1": {given, how, at, identity_seen}, …} by side        started_at, term_days   once all sides agreed
 *   extension  {days, sides: {"1": at, …}} while not all have agreed     parties  {person's id: {org, authority, job}}
 *   agreement  {facts, disputed, terms, duties, amount, instalments, …}  signed   {how, on, files, drawn_by}
 *   performed  [{n, amount, on, how}]   papers [{paper, on, files, note}]   confirmation {step, on, court}   archive_no */
#ifndef CORE_MEDIATION_H
#define CORE_MEDIATION_H

#include "core/actor.h"
#include "core/case.h"
#include "core/pack.h"

enum { SIDES_MOST = 20 };

/* The sides that have a party, in order. */
struct sides {
    int64_t list[SIDES_MOST];
    size_t n;
};
bool mediation_sides(struct db *db, int64_t case_id, struct sides *ret, struct error *e);

/* Null when there was none: everything below takes that. Borrowed. */
const json_t *mediation_of(const json_t *words);
/* The consent of a side, null: none recorded. */
const json_t *mediation_consent(const json_t *mediation, int64_t side);
bool mediation_all_agreed(const json_t *mediation, const struct sides *s);

/* Instalments: what has been paid of number n (from 1), and whether that is all. */
int64_t instalment_paid(const json_t *mediation, int64_t n);
bool instalment_done(const json_t *mediation, int64_t n);
/* The due day of the first that is not paid; false: all are. */
bool mediation_next_due(const json_t *mediation, int32_t *ret);
/* Fen as people write them: "1200.50". */
const char *fen_text(struct arena *a, int64_t fen);

/* Has the paper (a code of the pack's mediation.papers) been put into the file? */
bool mediation_has_paper(const json_t *mediation, const char *paper);
/* How many sessions of the case have been held. */
bool mediation_sessions(struct db *db, int64_t case_id, int64_t *ret, struct error *e);

/* May an agreement of this category be signed on a screen? Not where it is about marriage, adoption or inheritance (电子签名法 3). */
bool mediation_may_draw(const struct category *category);
/* Where else the parties may go when mediation ends without agreement (art. 26): of the category, else of all. */
struct str mediation_guidance(const struct pack *pack, const struct category *category);

/* "mediation": {…} of a dispute's page: sides with their consent, term, agreement, instalments with what is paid and missed, papers, sessions,
 * and the repeats (core/repeats.h). */
bool mediation_write(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                     const struct case_row *c, const struct pack *pack, const json_t *words, struct error *e);

#endif
