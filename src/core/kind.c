#include "core/kind.h"

#include <stddef.h>

static const char *const kinds[KIND_COUNT] = {"",           "dispute", "request", "environment",
                                              "difficulty", "hazard",  "talk"};
static const char *const states[STATE_COUNT] = {"",       "reported", "accepted", "working",  "settled",
                                                "closed", "declined", "merged",   "withdrawn"};
static const char *const levels[LEVEL_COUNT] = {"spot", "group", "committee", "town", "county"};
static const char *const types[ACT_COUNT] = {"", "visit", "round", "cleanup", "session", "talk", "meeting"};
static const char *const activity_states[] = {"", "planned", "held", "cancelled"};
static const char *const subjects[SUBJECT_COUNT] = {
    "",
    "case",
    "activity",
    "person",
    "household",
    "place",
    "account",
    "unit",
    /* registers, by their names in paths */
    "answers",
    "consults",
    "care",
    "applications",
    "errands",
    "gifts",
    "funds",
    "publications",
    "offers",
    "hours",
    "calls",
    "rounds",
    "round_entries",
    "subsidies",
    "season",
    "spoken",
    "urgent",
    "phrases",
    "kin",
};
static const char *const roles[ROLE_COUNT] = {"", "reporter", "party", "subject", "contact", "agent"};
static const char *const modes[] = {"", "refer", "transfer"};
static const char *const resolutions[] = {"", "yes", "part", "no"};
static const char *const satisfactions[] = {"", "yes", "ok", "no"};

#define COUNT_OF(table) ((int)(sizeof(table) / sizeof(table)[0]))

static const char *code_of(const char *const *table, int count, int value)
{
    return value >= 0 && value < count ? table[value] : "";
}

static bool find(const char *const *table, int count, struct str s, int *ret)
{
    for (int i = 0; i < count; i++) {
        if (table[i][0] != '\0' && str_is(s, table[i])) {
            *ret = i;
            return true;
        }
    }
    return false;
}

const char *kind_code(enum kind k)
{
    return code_of(kinds, KIND_COUNT, (int)k);
}

bool kind_parse(struct str s, enum kind *ret)
{
    int i;
    if (!find(kinds, KIND_COUNT, s, &i))
        return false;
    *ret = (enum kind)i;
    return true;
}

char kind_letter(enum kind k)
{
    return k > KIND_NONE && k < KIND_COUNT ? " DRELHT"[k] : '?';
}

const char *state_code(enum case_state s)
{
    return code_of(states, STATE_COUNT, (int)s);
}

bool state_parse(struct str s, enum case_state *ret)
{
    int i;
    if (!find(states, STATE_COUNT, s, &i))
        return false;
    *ret = (enum case_state)i;
    return true;
}

const char *level_code(enum level l)
{
    return code_of(levels, LEVEL_COUNT, (int)l);
}

const char *activity_type_code(enum activity_type t)
{
    return code_of(types, ACT_COUNT, (int)t);
}

bool activity_type_parse(struct str s, enum activity_type *ret)
{
    int i;
    if (!find(types, ACT_COUNT, s, &i))
        return false;
    *ret = (enum activity_type)i;
    return true;
}

const char *activity_state_code(enum activity_state s)
{
    return code_of(activity_states, COUNT_OF(activity_states), (int)s);
}

const char *subject_code(enum subject_kind k)
{
    return code_of(subjects, SUBJECT_COUNT, (int)k);
}

bool subject_parse(struct str s, enum subject_kind *ret)
{
    int i;
    if (!find(subjects, SUBJECT_COUNT, s, &i))
        return false;
    *ret = (enum subject_kind)i;
    return true;
}

const char *role_code(enum person_role r)
{
    return code_of(roles, ROLE_COUNT, (int)r);
}

bool role_parse(struct str s, enum person_role *ret)
{
    int i;
    if (!find(roles, ROLE_COUNT, s, &i))
        return false;
    *ret = (enum person_role)i;
    return true;
}

const char *mode_code(enum refer_mode m)
{
    return code_of(modes, COUNT_OF(modes), (int)m);
}

const char *resolved_code(enum resolved r)
{
    return code_of(resolutions, COUNT_OF(resolutions), (int)r);
}

const char *satisfied_code(enum satisfied s)
{
    return code_of(satisfactions, COUNT_OF(satisfactions), (int)s);
}
