/* 回访 (R4): who answered "not satisfied", or asks to be called, is called by somebody else than the one who handled it. Booked by the judgement itself. */
#include "base/time.h"
#include "core/unit.h"
#include "six/six.h"

enum { BOOKED = 1, CALLED, DROPPED };

static const struct field book_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
    {.name = "case", .type = FIELD_CASE, .required = true},
    {.name = "wish", .type = FIELD_TEXT, .required = true, .most = 200},
    {.name = "until", .type = FIELD_DATE},
    FIELD_END,
};
static const struct field done_fields[] = {
    {.name = "result", .type = FIELD_LONGTEXT, .required = true, .most = 2000}, FIELD_END};
static const struct field drop_fields[] = {
    {.name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 1000}, FIELD_END};

static bool book(struct work *w, struct error *e);
static bool called(struct work *w, struct error *e);

#define CALLERS (POSTS_DESK | AS(STEWARD) | AS(DISPATCHER) | AS(SUPERVISOR))

const struct verb call_verbs[] = {
    {"book", SUBJECT_CALL, .from = IN_NOTHING, .to = BOOKED, .who = BY_POST, .posts = CALLERS,
     .fields = book_fields, .apply = book},
    {"called", SUBJECT_CALL, .from = 1u << BOOKED, .to = CALLED, .who = BY_POST, .posts = CALLERS,
     .fields = done_fields, .primary = true, .apply = called},
    {"drop", SUBJECT_CALL, .from = 1u << BOOKED, .to = DROPPED, .who = BY_POST, .posts = POSTS_DESK,
     .fields = drop_fields, .apply = register_change},
    {0},
};

const struct register_def calls = {
    .subject = SUBJECT_CALL,
    .states = {[BOOKED] = "booked", [CALLED] = "called", [DROPPED] = "dropped"},
    .open = 1u << BOOKED,
    .readers = CALLERS,
    .title = "wish",
    .columns = {{"case", REGISTER_CASE}, {"until", REGISTER_DUE}},
};

/* Two working days, unless a day is named. */
static bool book(struct work *w, struct error *e)
{
    const struct term two_days = {.unit = TERM_WORK_DAYS, .milli = 2000};
    bool uncertain;
    if (!register_make(w, e))
        return false;
    if (w->row.due == 0)
        w->row.due = term_due(w->core->calendar, w->at, two_days, &uncertain);
    return true;
}

/* Never by the one who handled it. */
static bool called(struct work *w, struct error *e)
{
    struct case_row c;
    if (!register_change(w, e) || !case_load_id(w->db, w->arena, w->row.case_id, &c, e))
        return false;
    if (w->actor->kind == ACTOR_ACCOUNT && (w->actor->account == c.handler || w->actor->account == c.settled_by))
        return error_set(e, ERROR_FORBIDDEN, "verb");
    return true;
}

/* ---- From the judgement -------------------------------------------------------------------------------- */

/* "Not resolved" opens the case again; who got an answer and is unhappy all the same, or wants to be called, is called. */
static bool after_judge(struct work *w, struct error *e)
{
    struct actor system = actor_system();
    struct str text = work_text(w, "text");
    struct unit u;
    char id[ID_TEXT];
    bool asked = json_flag(w->fields, "call_me");

    if (!asked && (w->c.resolved == RESOLVED_NO || w->c.satisfied != SATISFIED_NO))
        return true;
    if (!unit_load(w->db, w->arena, w->c.unit, &u, e))
        return false;
    id_format(w->c.uuid, id);
    text = text.n > 0 ? str_head(text, 200) : asked ? STR("请给我回个电话") : STR("不满意");
    return command_follow(
        w, &system, SUBJECT_CALL, "book", (struct id){{0}},
        json_pack("{s:s%,s:s,s:s%}", "unit", u.code.p, u.code.n, "case", id, "wish", text.p, text.n), NULL, e);
}

const struct verb_rule call_rules[] = {
    {KIND_NONE, "judge", NULL, after_judge},
    {0},
};
