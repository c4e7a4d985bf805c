/* Posts: what a person is in a unit or office. The codes are part of the program because rights hang on them; labels come from the pack. */
#ifndef CORE_POST_H
#define CORE_POST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* name, code. What each may do stands in the verb table (core/verb_*.c), what it may see in core/scope.c. */
#define POSTS(X)                                                                                             \
    X(STEWARD, "steward")                                                                                    \
    X(GRID_LEAD, "grid_lead")                                                                                \
    X(ELDER, "elder")                                                                                        \
    X(VOLUNTEER, "volunteer")                                                                                \
    X(GROUP_HEAD, "group_head")                                                                              \
    X(LEGAL_HELPER, "legal_helper")                                                                          \
    X(MEDIATOR, "mediator")                                                                                  \
    X(MED_CHAIR, "med_chair")                                                                                \
    X(OFFICER, "officer")                                                                                    \
    X(CHAIR, "chair")                                                                                        \
    X(SECRETARY, "secretary")                                                                                \
    X(WORK_TEAM, "work_team")                                                                                \
    X(CHILD_DIRECTOR, "child_director")                                                                      \
    X(AID_CLERK, "aid_clerk")                                                                                \
    X(ELDER_CHILD, "elder_child_comm")                                                                       \
    X(SUPERVISOR, "supervisor")                                                                              \
    X(CLERK, "clerk")                                                                                        \
    X(VILLAGE_DOCTOR, "village_doctor")                                                                      \
    X(POLICE_LIAISON, "police_liaison")                                                                      \
    X(LAWYER, "lawyer")                                                                                      \
    X(SPEAKER, "speaker")                                                                                    \
    X(CLEANER, "cleaner")                                                                                    \
    X(HANDLER, "handler")                                                                                    \
    X(DISPATCHER, "dispatcher")                                                                              \
    X(LEADER, "leader")                                                                                      \
    X(ADMIN, "admin")                                                                                        \
    X(AUDITOR, "auditor")

enum post {
#define X(name, code) POST_##name,
    POSTS(X)
#undef X
        POST_COUNT
};

/* A set of posts. */
typedef uint32_t post_mask;
#define AS(name) ((post_mask)1 << POST_##name)

/* Those whose work is in the village; what they settle is settled in the group. */
#define POSTS_FIELD                                                                                          \
    (AS(STEWARD) | AS(GRID_LEAD) | AS(ELDER) | AS(VOLUNTEER) | AS(GROUP_HEAD) | AS(LEGAL_HELPER) |           \
     AS(WORK_TEAM) | AS(VILLAGE_DOCTOR) | AS(SPEAKER) | AS(CLEANER))
/* Those at the committee's desk who take in and hand out. */
#define POSTS_DESK                                                                                           \
    (AS(OFFICER) | AS(CHAIR) | AS(SECRETARY) | AS(AID_CLERK) | AS(CHILD_DIRECTOR) | AS(ELDER_CHILD))
#define POSTS_MEDIATOR (AS(MEDIATOR) | AS(MED_CHAIR))
/* Departments and the levels above. */
#define POSTS_OFFICE (AS(HANDLER) | AS(POLICE_LIAISON) | AS(LAWYER))
#define POSTS_ABOVE (AS(DISPATCHER) | AS(LEADER))
/* All who handle cases. */
#define POSTS_WORK (POSTS_FIELD | POSTS_DESK | POSTS_MEDIATOR | POSTS_OFFICE | AS(DISPATCHER) | AS(CLERK))
/* Those who bring in ledgers of matters from elsewhere. */
#define POSTS_LEDGER (POSTS_DESK | AS(CLERK) | AS(DISPATCHER) | AS(ADMIN))
#define POSTS_ALL (((post_mask)1 << POST_COUNT) - 1)

const char *post_code(enum post post);
bool post_parse(struct str code, enum post *ret);

#endif
