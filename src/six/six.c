#include "six/six.h"

static const struct verb *const verbs[] = {verb_cases,   verb_activities, verb_people, verb_accounts,
                                           answer_verbs, consult_verbs,   call_verbs,  round_verbs,
                                           entry_verbs,  subsidy_verbs,   NULL};

static const struct verb_rule *const rules[] = {
    dispute_rules, request_rules, environment_rules, difficulty_rules, hazard_rules,
    answer_rules,  consult_rules, call_rules,        join_rules,       NULL};

static const struct register_def *const registers[] = {&answers, &consults,  &calls, &rounds,
                                                       &entries, &subsidies, NULL};

const struct core_tables six_tables = {.verbs = verbs, .rules = rules, .registers = registers};
