/* What is particular to each of the six actions: rules on top of the verb table. */
#ifndef SIX_SIX_H
#define SIX_SIX_H

#include "core/verb.h"

extern const struct verb_rule dispute_rules[];
extern const struct verb_rule request_rules[];
extern const struct verb_rule environment_rules[];
extern const struct verb_rule difficulty_rules[];
extern const struct verb_rule hazard_rules[];

extern const struct gate dispute_gates[];
extern const struct gate hazard_gates[];

extern const struct verb verb_mediations[];

/* All of them, the gates, and all verb tables: what the program hands to core. */
extern const struct verb_rule *const six_rules[];
extern const struct gate *const six_gates[];
extern const struct verb *const six_verbs[];

#endif
