/* The verbs of cases: all of them, each one row. What a row can't say stands in its apply function (case_verbs.h). */
#include "core/case_verbs.h"
#include "core/duty.h"
#include "core/erasure.h"
#include "core/root.h"
#include "core/spoken.h"
#include "core/verb.h"

#define REASON                                                                                               \
    {                                                                                                        \
        .name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 1000                             \
    }
#define NOTE                                                                                                 \
    {                                                                                                        \
        .name = "note", .type = FIELD_LONGTEXT, .most = 1000                                                 \
    }
#define FILES                                                                                                \
    {                                                                                                        \
        .name = "files", .type = FIELD_FILES, .most = 9                                                      \
    }
#define TOLD                                                                                                 \
    {.name = "told_how", .type = FIELD_CHOICE, .from = "told_how"},                                          \
    {                                                                                                        \
        .name = "told_whom", .type = FIELD_TEXT, .most = 40                                                  \
    }

/* The ready answer that was given (R2). */
#define ANSWER                                                                                               \
    {                                                                                                        \
        .name = "answer_id", .type = FIELD_REGISTER, .from = "answers", .hidden = true                       \
    }

#define WHAT_AND_WHERE                                                                                         \
    {.name = "kind", .type = FIELD_CHOICE, .from = "kinds"},                                                   \
        {.name = "category", .type = FIELD_CHOICE, .from = "categories"},                                      \
        {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},                                    \
        {.name = "title", .type = FIELD_TEXT, .most = 60}, {.name = "place", .type = FIELD_TEXT, .most = 100}, \
        {.name = "place_id", .type = FIELD_ID, .hidden = true},                                                \
        {.name = "lat", .type = FIELD_NUMBER, .least = -90, .most = 90, .hidden = true},                       \
        {.name = "lon", .type = FIELD_NUMBER, .least = -180, .most = 180, .hidden = true},                     \
        {.name = "channel", .type = FIELD_CHOICE, .from = "channels"},                                         \
        {.name = "persons", .type = FIELD_PERSONS, .most = 20},                                                \
        {.name = "contact_phone", .type = FIELD_TEXT, .most = 20},                                             \
        {.name = "anonymous", .type = FIELD_BOOL}, FILES, {.name = "quantity", .type = FIELD_QUANTITY},        \
        {.name = "external", .type = FIELD_OBJECT, .hidden = true},                                            \
        {.name = "bypass_village", .type = FIELD_BOOL},                                                        \
        {.name = "form_no", .type = FIELD_TEXT, .most = 40, .hidden = true},                                   \
        {.name = "me_too", .type = FIELD_TEXT, .most = 40, .hidden = true},                                    \
    {                                                                                                          \
        .name = "danger", .type = FIELD_BOOL                                                                   \
    }

static const struct field report_fields[] = {
    {.name = "text", .type = FIELD_LONGTEXT, .most = 4000},
    WHAT_AND_WHERE,
    FIELD_END,
};

static const struct field spot_fields[] = {
    {.name = "outcome", .type = FIELD_CHOICE, .required = true, .from = "outcomes"},
    {.name = "text", .type = FIELD_LONGTEXT, .most = 4000},
    {.name = "result", .type = FIELD_LONGTEXT, .most = 2000},
    TOLD,
    ANSWER,
    WHAT_AND_WHERE,
    FIELD_END,
};

static const struct field enter_fields[] = {
    {.name = "text", .type = FIELD_LONGTEXT, .required = true, .most = 4000},
    {.name = "settled_at", .type = FIELD_TIME},
    {.name = "closed_at", .type = FIELD_TIME},
    {.name = "outcome", .type = FIELD_CHOICE, .from = "outcomes"},
    {.name = "result", .type = FIELD_LONGTEXT, .most = 2000},
    {.name = "level", .type = FIELD_CHOICE, .from = "spot|group|committee|town|county"},
    {.name = "resolved", .type = FIELD_CHOICE, .from = "resolved"},
    {.name = "satisfied", .type = FIELD_CHOICE, .from = "satisfied"},
    TOLD,
    WHAT_AND_WHERE,
    FIELD_END,
};

static const struct field accept_fields[] = {NOTE, FIELD_END};
static const struct field decline_fields[] = {
    REASON, {.name = "guidance", .type = FIELD_LONGTEXT, .required = true, .most = 1000}, TOLD, FIELD_END};
static const struct field take_fields[] = {NOTE, FIELD_END};
static const struct field assign_fields[] = {
    {.name = "to", .type = FIELD_ACCOUNT, .required = true}, NOTE, FIELD_END};
static const struct field co_fields[] = {
    {.name = "with", .type = FIELD_ACCOUNT, .required = true}, NOTE, FIELD_END};
static const struct field consult_fields[] = {
    {.name = "account", .type = FIELD_ACCOUNT},
    {.name = "whom", .type = FIELD_TEXT, .most = 60},
    {.name = "question", .type = FIELD_LONGTEXT, .required = true, .most = 1000},
    {.name = "until", .type = FIELD_DATE},
    {.name = "answer", .type = FIELD_LONGTEXT, .most = 2000},
    {.name = "resident_told", .type = FIELD_LONGTEXT, .most = 2000},
    TOLD,
    FIELD_END,
};
static const struct field answer_consult_fields[] = {
    {.name = "whom", .type = FIELD_TEXT, .most = 60},
    {.name = "question", .type = FIELD_LONGTEXT, .most = 1000},
    {.name = "answer", .type = FIELD_LONGTEXT, .required = true, .most = 2000},
    FIELD_END,
};
static const struct field reply_fields[] = {
    {.name = "text", .type = FIELD_LONGTEXT, .required = true, .most = 2000}, TOLD, FILES, ANSWER, FIELD_END};
static const struct field progress_fields[] = {
    {.name = "text", .type = FIELD_LONGTEXT, .required = true, .most = 2000},
    {.name = "open", .type = FIELD_BOOL},
    FILES,
    FIELD_END,
};
static const struct field refer_fields[] = {
    {.name = "office", .type = FIELD_OFFICE, .required = true},
    {.name = "mode", .type = FIELD_CHOICE, .required = true, .from = "refer|transfer"},
    {.name = "text", .type = FIELD_LONGTEXT, .required = true, .most = 2000},
    {.name = "consent", .type = FIELD_CONSENT},
    {.name = "consent_reason", .type = FIELD_TEXT},
    FIELD_END,
};
static const struct field join_fields[] = {
    {.name = "office", .type = FIELD_OFFICE, .required = true},
    {.name = "text", .type = FIELD_LONGTEXT, .required = true, .most = 2000},
    {.name = "consent", .type = FIELD_CONSENT},
    {.name = "consent_reason", .type = FIELD_TEXT},
    FIELD_END,
};
static const struct field report_back_fields[] = {
    {.name = "text", .type = FIELD_LONGTEXT, .required = true, .most = 2000}, FILES, FIELD_END};
static const struct field ask_resident_fields[] = {
    {.name = "text", .type = FIELD_LONGTEXT, .required = true, .most = 1000},
    {.name = "until", .type = FIELD_TIME},
    TOLD,
    FIELD_END,
};
static const struct field reason_fields[] = {REASON, FIELD_END};
static const struct field pause_fields[] = {REASON, {.name = "until", .type = FIELD_TIME}, FIELD_END};
static const struct field resume_fields[] = {NOTE, FIELD_END};
static const struct field ask_fields[] = {
    {.name = "days", .type = FIELD_INT, .required = true, .least = 1, .most = 60}, REASON, FIELD_END};
static const struct field grant_fields[] = {{.name = "granted", .type = FIELD_BOOL, .required = true},
                                            {.name = "reason", .type = FIELD_LONGTEXT, .most = 1000},
                                            FIELD_END};
static const struct field settle_fields[] = {
    {.name = "outcome", .type = FIELD_CHOICE, .required = true, .from = "outcomes"},
    {.name = "result", .type = FIELD_LONGTEXT, .required = true, .most = 2000},
    TOLD,
    {.name = "quantity", .type = FIELD_QUANTITY},
    FILES,
    ANSWER,
    FIELD_END,
};
static const struct field judge_fields[] = {
    {.name = "resolved", .type = FIELD_CHOICE, .required = true, .from = "resolved"},
    {.name = "satisfied", .type = FIELD_CHOICE, .required = true, .from = "satisfied"},
    {.name = "text", .type = FIELD_LONGTEXT, .most = 1000},
    {.name = "call_me", .type = FIELD_BOOL},
    FIELD_END,
};
static const struct field hear_fields[] = {
    {.name = "text", .type = FIELD_LONGTEXT, .required = true, .most = 2000},
    {.name = "outcome", .type = FIELD_CHOICE, .from = "outcomes"},
    FIELD_END};
static const struct field urge_fields[] = {{.name = "text", .type = FIELD_LONGTEXT, .most = 500}, FIELD_END};
static const struct field add_fields[] = {
    {.name = "text", .type = FIELD_LONGTEXT, .most = 2000}, FILES, FIELD_END};
static const struct field recuse_fields[] = {{.name = "account", .type = FIELD_ACCOUNT}, REASON, FIELD_END};
static const struct field merge_fields[] = {
    {.name = "into", .type = FIELD_CASE, .required = true}, NOTE, FIELD_END};
static const struct field revisit_fields[] = {
    {.name = "how", .type = FIELD_CHOICE, .required = true, .from = "visit|phone"},
    {.name = "result", .type = FIELD_LONGTEXT, .required = true, .most = 2000},
    {.name = "holds", .type = FIELD_BOOL, .required = true},
    FILES,
    FIELD_END,
};
static const struct field mark_duty_fields[] = {
    {.name = "duty", .type = FIELD_CHOICE, .required = true, .from = "duties_first"}, NOTE, FIELD_END};
static const struct field report_duty_fields[] = {
    {.name = "reported_to", .type = FIELD_CHOICE, .required = true, .from = "police|ambulance|fire|town|declined"},
    {.name = "duty", .type = FIELD_CHOICE, .from = "duties_first"},
    {.name = "reported_at", .type = FIELD_TIME},
    {.name = "taken_by", .type = FIELD_TEXT, .most = 60},
    {.name = "receipt", .type = FIELD_TEXT, .most = 60},
    NOTE,
    FILES,
    FIELD_END,
};
static const struct field clear_duty_fields[] = {
    REASON, {.name = "duty", .type = FIELD_CHOICE, .from = "duties_first"}, FIELD_END};
static const struct field root_fields[] = {
    {.name = "cases", .type = FIELD_LIST, .required = true, .most = 50, .hidden = true}, NOTE, FIELD_END};
static const struct field not_root_fields[] = {
    {.name = "cases", .type = FIELD_LIST, .required = true, .most = 50, .hidden = true}, REASON, FIELD_END};
static const struct field erase_fields[] = {FIELD_END};
static const struct field close_fields[] = {NOTE, FIELD_END};
static const struct field correct_fields[] = {
    REASON,
    {.name = "kind", .type = FIELD_CHOICE, .from = "kinds"},
    {.name = "category", .type = FIELD_CHOICE, .from = "categories"},
    {.name = "unit", .type = FIELD_UNIT, .most = 15},
    {.name = "title", .type = FIELD_TEXT, .most = 60},
    {.name = "text", .type = FIELD_LONGTEXT, .most = 4000},
    {.name = "place", .type = FIELD_TEXT, .most = 100},
    {.name = "quantity", .type = FIELD_QUANTITY},
    {.name = "danger", .type = FIELD_BOOL},
    {.name = "persons", .type = FIELD_PERSONS, .most = 20},
    FIELD_END,
};

#define CASE .subject = SUBJECT_CASE
#define DESK (POSTS_DESK | POSTS_MEDIATOR | AS(DISPATCHER))

const struct verb verb_cases[] = {
    {"report", CASE, .from = IN_NOTHING, .to = STATE_REPORTED, .who = BY_ANYONE,
     .posts = POSTS_WORK | AS(LEADER) | AS(SUPERVISOR), .fields = report_fields, .starts = TICKS(REPLY),
     .open = true, .notice = "reported", .apply = apply_report},
    {"settle_on_spot", CASE, .from = IN_NOTHING, .to = STATE_SETTLED, .who = BY_POST, .posts = POSTS_WORK,
     .fields = spot_fields, .starts = TICKS(JUDGE), .open = true, .apply = apply_settle_on_spot},
    {"enter", CASE, .from = IN_NOTHING, .to = STATE_REPORTED, .who = BY_POST, .posts = POSTS_LEDGER,
     .fields = enter_fields, .starts = TICKS(REPLY), .open = true, .past = true, .apply = apply_enter},
    {"undo_entry", CASE, .from = IN(REPORTED) | IN(CLOSED), .to = STATE_WITHDRAWN, .who = BY_POST,
     .posts = POSTS_LEDGER, .fields = reason_fields, .stops = ~0u, .open_now = is_untouched,
     .apply = apply_undo_entry},
    {"accept", CASE, .from = IN_OPEN, .who = BY_POST | BY_OFFICE, .posts = DESK, .fields = accept_fields,
     .open = true, .primary = true, .open_now = may_accept, .apply = apply_accept},
    {"take", CASE, .from = IN_OPEN, .to = STATE_WORKING, .who = BY_POST,
     .posts = POSTS_FIELD | POSTS_DESK | POSTS_MEDIATOR, .fields = take_fields, .starts = TICKS(PROGRESS),
     .open = true, .open_now = may_take, .apply = apply_take},
    {"reply", CASE, .from = IN_OPEN, .to = STATE_WORKING, .who = BY_HANDLER | BY_POST, .posts = DESK,
     .fields = reply_fields, .stops = TICKS(REPLY), .starts = TICKS(PROGRESS), .open = true,
     .notice = "replied", .apply = apply_reply},
    {"progress", CASE, .from = IN(ACCEPTED) | IN(WORKING), .to = STATE_WORKING, .who = BY_HANDLER | BY_POST,
     .posts = DESK, .fields = progress_fields, .starts = TICKS(PROGRESS), .apply = apply_progress},
    {"settle", CASE, .from = IN(ACCEPTED) | IN(WORKING), .to = STATE_SETTLED, .who = BY_HANDLER | BY_POST,
     .posts = DESK, .fields = settle_fields, .open = true, .primary = true, .notice = "settled",
     .open_now = may_settle, .apply = apply_settle},
    {"assign", CASE, .from = IN_OPEN, .to = STATE_WORKING, .who = BY_POST, .posts = DESK,
     .fields = assign_fields, .starts = TICKS(PROGRESS), .notice = "assigned", .apply = apply_assign},
    {"co_handle", CASE, .from = IN(ACCEPTED) | IN(WORKING), .who = BY_HANDLER | BY_POST, .posts = DESK,
     .fields = co_fields, .notice = "assigned", .apply = apply_co_handle},
    {"consult", CASE, .from = IN_OPEN, .who = BY_HANDLER | BY_POST, .posts = DESK, .fields = consult_fields,
     .apply = apply_consult},
    {"refer", CASE, .from = IN(ACCEPTED) | IN(WORKING), .to = STATE_WORKING, .who = BY_POST, .posts = DESK,
     .fields = refer_fields, .starts = TICKS(SIGN) | TICKS(PROGRESS), .open = true, .notice = "referred",
     .open_now = may_refer, .apply = apply_refer},
    {"send_back", CASE, .from = IN(ACCEPTED) | IN(WORKING), .to = STATE_WORKING, .who = BY_OFFICE,
     .fields = reason_fields, .stops = TICKS(SIGN), .starts = TICKS(PROGRESS), .notice = "sent_back",
     .open_now = is_referred, .apply = apply_send_back},
    {"join_office", CASE, .from = IN(ACCEPTED) | IN(WORKING), .who = BY_HANDLER | BY_POST, .posts = DESK,
     .fields = join_fields, .open = true, .open_now = is_referred, .apply = apply_join_office},
    {"report_back", CASE, .from = IN(ACCEPTED) | IN(WORKING), .who = BY_JOINT, .fields = report_back_fields,
     .primary = true, .notice = "reported_back", .apply = apply_report_back},
    {"ask", CASE, .from = IN_OPEN, .who = BY_HANDLER | BY_POST, .posts = DESK, .fields = ask_resident_fields,
     .open = true, .open_now = not_paused, .apply = apply_ask},
    {"escalate", CASE, .from = IN_OPEN, .to = STATE_WORKING, .who = BY_HANDLER | BY_POST, .posts = DESK,
     .fields = reason_fields, .starts = TICKS(SIGN) | TICKS(PROGRESS), .open = true, .notice = "referred",
     .open_now = may_escalate, .apply = apply_escalate},
    {"delegate", CASE, .from = IN_OPEN, .to = STATE_WORKING, .who = BY_POST, .posts = AS(DISPATCHER),
     .fields = reason_fields, .stops = TICKS(SIGN), .starts = TICKS(PROGRESS), .notice = "delegated",
     .open_now = may_delegate, .apply = apply_delegate},
    {"pause", CASE, .from = IN_OPEN, .who = BY_HANDLER | BY_POST, .posts = DESK, .fields = pause_fields,
     .open = true, .open_now = not_paused, .apply = apply_pause},
    {"resume", CASE, .from = IN_OPEN, .who = BY_HANDLER | BY_POST, .posts = DESK, .fields = resume_fields,
     .open = true, .primary = true, .open_now = is_paused, .apply = apply_resume},
    {"ask_extension", CASE, .from = IN(ACCEPTED) | IN(WORKING), .who = BY_HANDLER, .fields = ask_fields,
     .notice = "extension_asked", .open_now = no_extension_asked, .apply = apply_ask_extension},
    {"grant_extension", CASE, .from = IN(ACCEPTED) | IN(WORKING), .who = BY_POST,
     .posts = AS(CHAIR) | POSTS_ABOVE, .fields = grant_fields, .open = true, .notice = "extension_answered",
     .open_now = may_grant_extension, .apply = apply_grant_extension},
    /* what was answered in the matter that this one was joined to (six/join.c) */
    {"hear", CASE, .from = IN(MERGED), .fields = hear_fields, .open = true, .apply = apply_hear},
    {"judge", CASE, .from = IN(SETTLED) | IN(CLOSED) | IN(MERGED), .who = BY_RESIDENT | BY_POST,
     .posts = DESK | POSTS_FIELD, .fields = judge_fields, .stops = TICKS(JUDGE), .open = true,
     .for_another = true, .primary = true, .notice = "judged", .open_now = may_judge, .apply = apply_judge},
    {"urge", CASE, .from = IN_OPEN, .who = BY_RESIDENT | BY_POST, .posts = POSTS_ABOVE | AS(CHAIR),
     .fields = urge_fields, .open = true, .notice = "urged", .apply = apply_urge},
    {"add", CASE, .from = IN_LIVE, .who = BY_RESIDENT | BY_POST | BY_HANDLER, .posts = DESK,
     .fields = add_fields, .open = true, .notice = "added", .apply = apply_add},
    {"recuse", CASE, .from = IN_OPEN, .who = BY_HANDLER | BY_POST, .posts = DESK, .fields = recuse_fields,
     .notice = "offered", .open_now = has_handler, .apply = apply_recuse},
    {"revisit", CASE, .from = IN(SETTLED) | IN(CLOSED), .who = BY_POST | BY_HANDLER,
     .posts = DESK | POSTS_FIELD, .fields = revisit_fields, .apply = apply_revisit},
    {"reopen", CASE, .from = IN(SETTLED) | IN(CLOSED), .to = STATE_WORKING, .who = BY_POST, .posts = DESK,
     .fields = reason_fields, .starts = TICKS(REPLY) | TICKS(PROGRESS) | TICKS(SETTLE), .stops = TICKS(JUDGE),
     .open = true, .notice = "reopened", .apply = apply_reopen},
    {"close", CASE, .from = IN(SETTLED), .to = STATE_CLOSED, .who = BY_POST | BY_HANDLER, .posts = DESK,
     .fields = close_fields, .stops = ~0u, .open = true, .apply = apply_close},
    {"decline", CASE, .from = IN(REPORTED) | IN(ACCEPTED), .to = STATE_DECLINED, .who = BY_POST, .posts = DESK,
     .fields = decline_fields, .stops = ~0u, .open = true, .notice = "settled", .apply = apply_decline},
    {"merge", CASE, .from = IN_OPEN, .to = STATE_MERGED, .who = BY_POST, .posts = DESK,
     .fields = merge_fields, .stops = ~0u, .open = true, .apply = apply_merge},
    {"withdraw", CASE, .from = IN_OPEN, .to = STATE_WITHDRAWN, .who = BY_RESIDENT | BY_POST, .posts = DESK,
     .fields = reason_fields, .stops = ~0u, .open = true, .for_another = true, .notice = "withdrawn",
     .apply = apply_withdraw},
    {"mark_duty", CASE, .from = IN_LIVE, .who = BY_HANDLER | BY_POST, .posts = POSTS_WORK,
     .fields = mark_duty_fields, .notice = "duty", .apply = apply_mark_duty},
    {"report_duty", CASE, .from = IN_LIVE, .who = BY_HANDLER | BY_POST, .posts = POSTS_WORK,
     .fields = report_duty_fields, .primary = true, .open_now = has_duty, .apply = apply_report_duty},
    {"clear_duty", CASE, .from = IN_LIVE, .who = BY_POST,
     .posts = AS(CHAIR) | AS(SECRETARY) | AS(CHILD_DIRECTOR) | AS(DISPATCHER), .fields = clear_duty_fields,
     .open_now = has_duty, .apply = apply_clear_duty},
    {"correct", CASE, .from = IN_LIVE | IN(CLOSED), .who = BY_HANDLER | BY_POST, .posts = DESK,
     .fields = correct_fields, .apply = apply_correct},
    /* taken up from the list of proposals (core/root.h), which names the cases: no buttons of a case */
    {"root", CASE, .from = IN_LIVE, .who = BY_POST, .posts = DESK, .fields = root_fields, .aside = true,
     .apply = apply_root},
    {"not_root", CASE, .from = ~IN_NOTHING, .who = BY_POST, .posts = DESK, .fields = not_root_fields,
     .aside = true, .apply = apply_not_root},
    /* the answer to a question that is on its way (six/consult.c) */
    {"answer_consult", CASE, .from = IN_LIVE | IN_ENDED, .fields = answer_consult_fields,
     .notice = "consult_answered", .apply = apply_answer_consult},
    /* what was said is written down (core/spoken.h) */
    {"written", CASE, .from = ~IN_NOTHING, .fields = spoken_written_fields, .apply = apply_case_written},
    /* follows from the erasure of a person; nobody else may */
    {"erase", SUBJECT_CASE, .from = IN_ENDED, .fields = erase_fields, .apply = apply_case_erase},
    {0},
};
