#include "six/six.h"

#include "core/case_verbs.h"
#include "core/duty.h"
#include "core/recusal.h"
#include "core/spoken.h"

/* One a line: several hands add to these. */
/* clang-format off */
static const struct verb *const verbs[] = {
    verb_cases,
    verb_mediations,
    verb_activities,
    verb_people,
    verb_accounts,
    answer_verbs,
    consult_verbs,
    call_verbs,
    round_verbs,
    entry_verbs,
    subsidy_verbs,
    care_verbs,
    application_verbs,
    errand_verbs,
    gift_verbs,
    publication_verbs,
    offer_verbs,
    season_verbs,
    spoken_verbs,
    urgent_verbs,
    phrase_verbs,
    kin_verbs,
    NULL,
};

static const struct verb_rule *const rules[] = {
    recusal_rules,
    duty_rules,
    dispute_rules,
    request_rules,
    environment_rules,
    difficulty_rules,
    hazard_rules,
    answer_rules,
    consult_rules,
    call_rules,
    join_rules,
    urgent_rules, /* once it is known what is urgent itself */
    death_rules,
    NULL,
};

static const struct gate *const gates[] = {
    duty_gates,
    dispute_gates,
    hazard_gates,
    NULL,
};

static const struct register_def *const registers[] = {
    &answers,
    &consults,
    &calls,
    &asked_rounds,
    &entries,
    &subsidies,
    &care,
    &applications,
    &errands,
    &funds,
    &gifts,
    &publications,
    &offers,
    &hours,
    &seasons,
    &spoken_notes,
    &urgent_days,
    &phrases,
    &kin,
    NULL,
};
/* clang-format on */

const struct core_tables six_tables = {.verbs = verbs, .rules = rules, .gates = gates, .registers = registers};
