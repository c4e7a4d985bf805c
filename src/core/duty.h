/* Duties that come before everything (G13): suspected harm to a child, violence against somebody who can't defend themselves, danger to life. The pack
 * lists them ("duties_first"); a case has those of its category and those that somebody marked. Until the report is written down (to whom, when, who took
 * it) the case can't be ended, whoever tries; and what the law forbids to mediate is never mediated. */
#ifndef CORE_DUTY_H
#define CORE_DUTY_H

#include "core/command.h"
#include "core/gate.h"
#include "core/verb.h"

/* Does this duty lie on the case now? `row` is one of the pack's. */
bool duty_lies(const json_t *row, const struct category *category, const json_t *words);
/* Must it be reported, and has it neither been reported nor been found to be none? */
bool duty_waits(const json_t *row, const struct category *category, const json_t *words);

/* "duties":[{code,label,when,do_first,then,basis,call,must,may_decline,waits,report:{to,at,taken_by,receipt}|null,cleared}] of those that lie on the case. */
void duty_write(struct jw *w, struct arena *a, const struct pack *p, const struct category *category,
                const json_t *words, enum lang lang);
/* "duties":[{code,label,do_first,call,basis,words,categories}] of the pack, for whoever is still typing. */
void duty_write_public(struct jw *w, struct arena *a, const struct pack *p);

bool has_duty(const struct case_row *c, const struct actor *a);
bool apply_mark_duty(struct work *w, struct error *e);
bool apply_report_duty(struct work *w, struct error *e);
bool apply_clear_duty(struct work *w, struct error *e);

extern const struct gate duty_gates[];
extern const struct verb_rule duty_rules[];

#endif
