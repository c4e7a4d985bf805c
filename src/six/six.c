#include "six/six.h"

const struct verb_rule *const six_rules[] = {dispute_rules,    request_rules, environment_rules,
                                             difficulty_rules, hazard_rules,  NULL};

const struct gate *const six_gates[] = {dispute_gates, hazard_gates, NULL};

const struct verb *const six_verbs[] = {verb_cases,  verb_mediations, verb_activities,
                                        verb_people, verb_accounts,   NULL};
