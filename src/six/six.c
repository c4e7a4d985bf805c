#include "six/six.h"

#include "core/case_verbs.h"
#include "core/duty.h"

static const struct verb *const verbs[] = {verb_cases,        verb_mediations, verb_activities, verb_people,
                                           verb_accounts,     answer_verbs,    consult_verbs,   care_verbs,
                                           application_verbs, errand_verbs,    season_verbs,    NULL};

static const struct verb_rule *const rules[] = {
    recusal_rules,    duty_rules,   dispute_rules, request_rules, environment_rules,
    difficulty_rules, hazard_rules, answer_rules,  consult_rules, NULL};

static const struct gate *const gates[] = {duty_gates, dispute_gates, hazard_gates, NULL};

static const struct register_def *const registers[] = {&answers, &consults, &care, &applications,
                                                       &errands, &seasons,  NULL};

const struct core_tables six_tables = {.verbs = verbs, .rules = rules, .gates = gates, .registers = registers};
