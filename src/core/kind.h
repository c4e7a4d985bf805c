/* The small enumerations that cases and activities are made of, with their codes. */
#ifndef CORE_KIND_H
#define CORE_KIND_H

#include <stdbool.h>

#include "base/str.h"

enum kind {
    KIND_NONE,
    KIND_DISPUTE,
    KIND_REQUEST,
    KIND_ENVIRONMENT,
    KIND_DIFFICULTY,
    KIND_HAZARD,
    KIND_TALK,
    KIND_COUNT
};

enum case_state {
    STATE_REPORTED = 1,
    STATE_ACCEPTED,
    STATE_WORKING,
    STATE_SETTLED,
    STATE_CLOSED,
    STATE_DECLINED,
    STATE_MERGED,
    STATE_WITHDRAWN,
    STATE_COUNT
};

/* A set of states, as the verb table writes it. */
#define IN(state) (1u << STATE_##state)
#define IN_NOTHING 1u /* the case does not exist yet */
#define IN_OPEN (IN(REPORTED) | IN(ACCEPTED) | IN(WORKING))
#define IN_LIVE (IN_OPEN | IN(SETTLED))
#define IN_ENDED (IN(CLOSED) | IN(DECLINED) | IN(MERGED) | IN(WITHDRAWN))

/* Who answers for a case now, and where it was settled. */
enum level { LEVEL_SPOT, LEVEL_GROUP, LEVEL_COMMITTEE, LEVEL_TOWN, LEVEL_COUNTY, LEVEL_COUNT };

enum activity_type {
    ACT_NONE,
    ACT_VISIT,
    ACT_ROUND,
    ACT_CLEANUP,
    ACT_SESSION,
    ACT_TALK,
    ACT_MEETING,
    ACT_COUNT
};
enum activity_state { PLANNED = 1, HELD, CANCELLED };

enum subject_kind {
    SUBJECT_NONE,
    SUBJECT_CASE,
    SUBJECT_ACTIVITY,
    SUBJECT_PERSON,
    SUBJECT_HOUSEHOLD,
    SUBJECT_PLACE,
    SUBJECT_ACCOUNT,
    SUBJECT_UNIT,
    SUBJECT_REGISTERS, /* from here on: core/register.h */
    SUBJECT_ANSWER = SUBJECT_REGISTERS,
    SUBJECT_CONSULT,
    SUBJECT_CARE,
    SUBJECT_APPLICATION,
    SUBJECT_ERRAND,
    SUBJECT_GIFT,
    SUBJECT_FUND,
    SUBJECT_PUBLICATION,
    SUBJECT_OFFER,
    SUBJECT_HOURS,
    SUBJECT_CALL,
    SUBJECT_ROUND,
    SUBJECT_ENTRY,
    SUBJECT_SUBSIDY,
    SUBJECT_SEASON,
    SUBJECT_SPOKEN,
    SUBJECT_URGENT,
    SUBJECT_PHRASE,
    SUBJECT_KIN,
    SUBJECT_COUNT
};

enum person_role { ROLE_REPORTER = 1, ROLE_PARTY, ROLE_SUBJECT, ROLE_CONTACT, ROLE_AGENT, ROLE_COUNT };
enum refer_mode { MODE_REFER = 1, MODE_TRANSFER };
enum resolved { RESOLVED_YES = 1, RESOLVED_PART, RESOLVED_NO };
enum satisfied { SATISFIED_YES = 1, SATISFIED_OK, SATISFIED_NO };

/* Codes for the API and the pack; "" for 0 or out of range. Parsing is false for anything else. */
const char *kind_code(enum kind k);
bool kind_parse(struct str s, enum kind *ret);
char kind_letter(enum kind k);
const char *state_code(enum case_state s);
bool state_parse(struct str s, enum case_state *ret);
const char *level_code(enum level l);
const char *activity_type_code(enum activity_type t);
bool activity_type_parse(struct str s, enum activity_type *ret);
const char *activity_state_code(enum activity_state s);
const char *subject_code(enum subject_kind k);
bool subject_parse(struct str s, enum subject_kind *ret);
const char *role_code(enum person_role r);
bool role_parse(struct str s, enum person_role *ret);
const char *mode_code(enum refer_mode m);
const char *resolved_code(enum resolved r);
const char *satisfied_code(enum satisfied s);

#endif
