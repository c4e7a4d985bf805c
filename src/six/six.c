#include "six/six.h"

static const struct verb *const verbs[] = {verb_cases,   verb_activities,   verb_people,       verb_accounts,
                                           answer_verbs, care_verbs,        application_verbs, errand_verbs,
                                           gift_verbs,   publication_verbs, offer_verbs,       NULL};

static const struct verb_rule *const rules[] = {dispute_rules,    request_rules, environment_rules,
                                                difficulty_rules, hazard_rules,  NULL};

static const struct register_def *const registers[] = {
    &answers, &care, &applications, &errands, &funds, &gifts, &publications, &offers, &hours, NULL};

const struct core_tables six_tables = {.verbs = verbs, .rules = rules, .registers = registers};
