/* What is particular to each of the six actions: rules on top of the verb table, and the registers each of them keeps. */
#ifndef SIX_SIX_H
#define SIX_SIX_H

#include "core/gate.h"
#include "core/register.h"
#include "core/verb.h"

extern const struct verb_rule dispute_rules[];
extern const struct verb_rule request_rules[];
extern const struct verb_rule environment_rules[];
extern const struct verb_rule difficulty_rules[];
extern const struct verb_rule hazard_rules[];

/* What must have been done before. */
extern const struct gate dispute_gates[];
extern const struct gate hazard_gates[];

extern const struct verb verb_mediations[];

/* Registers, each with its verbs. */
extern const struct register_def answers; /* the answer bank (R2) */
extern const struct verb answer_verbs[];
extern const struct register_def seasons; /* what was done of the season (G21) */
extern const struct verb season_verbs[];
extern const struct verb_rule answer_rules[];
extern const struct register_def urgent_days; /* a day on which everything else waits (G4) */
extern const struct verb urgent_verbs[];
extern const struct verb_rule urgent_rules[];

extern const struct register_def consults; /* questions to those who know (R2) */
extern const struct verb consult_verbs[];
extern const struct verb_rule consult_rules[];
extern const struct register_def care; /* whom one looks in on (L2, L9) */
extern const struct verb care_verbs[];
extern const struct register_def applications; /* for programmes (L4) */
extern const struct verb application_verbs[];
extern const struct register_def errands; /* L3 */
extern const struct verb errand_verbs[];
extern const struct register_def funds, gifts; /* relief visits (L7) */
extern const struct verb gift_verbs[];
extern const struct register_def publications; /* public notices (L8) */
extern const struct verb publication_verbs[];
extern const struct register_def offers, hours; /* volunteers (L6) */
extern const struct verb offer_verbs[];

extern const struct register_def kin; /* declared relatives (G19) */
extern const struct verb kin_verbs[];
extern const struct register_def phrases; /* ready wording (G17) */
extern const struct verb phrase_verbs[];
extern const struct register_def calls; /* return calls (R4) */
extern const struct verb call_verbs[];
extern const struct verb_rule call_rules[];

extern const struct verb_rule death_rules[]; /* nobody knocks, what is paid is to be stopped (G16) */
extern const struct verb_rule join_rules[];  /* the same need from many (R6) */

extern const struct register_def asked_rounds, entries; /* what a committee asks all, and their answers (R6) */
extern const struct verb round_verbs[], entry_verbs[];

extern const struct register_def subsidies; /* payment tables (R7) */
extern const struct verb subsidy_verbs[];

/* All of them, and all verb tables: what the program hands to core. */
extern const struct core_tables six_tables;

#endif
