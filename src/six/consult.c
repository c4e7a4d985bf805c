/* 请教 (R2): a question to somebody who knows, as a small thread of its own. Whoever is asked need not see the case: the question stands in a row that
 * they can answer; question, answer and both times stand in the case. Somebody without an account is asked by telephone, and who asked writes it down. */
#include "base/time.h"
#include "core/account.h"
#include "core/notice.h"
#include "core/subject.h"
#include "core/unit.h"
#include "six/six.h"

enum { ASKED = 1, ANSWERED, DROPPED };

static const struct field ask_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
    {.name = "case", .type = FIELD_CASE, .required = true},
    {.name = "account", .type = FIELD_ACCOUNT},
    {.name = "whom", .type = FIELD_TEXT, .most = 60},
    {.name = "question", .type = FIELD_LONGTEXT, .required = true, .most = 1000},
    {.name = "until", .type = FIELD_DATE},
    FIELD_END,
};
static const struct field answer_fields[] = {
    {.name = "answer", .type = FIELD_LONGTEXT, .required = true, .most = 2000}, FIELD_END};
static const struct field drop_fields[] = {
    {.name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 1000}, FIELD_END};

static bool ask(struct work *w, struct error *e);
static bool answer(struct work *w, struct error *e);

const struct verb consult_verbs[] = {
    {"ask", SUBJECT_CONSULT, .from = IN_NOTHING, .to = ASKED, .who = BY_POST, .posts = POSTS_WORK,
     .fields = ask_fields, .apply = ask},
    {"answer", SUBJECT_CONSULT, .from = 1u << ASKED, .to = ANSWERED, .who = BY_POST | BY_HANDLER,
     .posts = POSTS_DESK, .fields = answer_fields, .primary = true, .apply = answer},
    {"drop", SUBJECT_CONSULT, .from = 1u << ASKED, .to = DROPPED, .who = BY_POST | BY_HANDLER,
     .posts = POSTS_DESK, .fields = drop_fields, .apply = register_change},
    {0},
};

const struct register_def consults = {
    .subject = SUBJECT_CONSULT,
    .states = {[ASKED] = "asked", [ANSWERED] = "answered", [DROPPED] = "dropped"},
    .open = 1u << ASKED,
    .readers = POSTS_DESK,
    .title = "question",
    .columns = {{"case", REGISTER_CASE}, {"account", REGISTER_ACCOUNT}, {"until", REGISTER_DUE}},
};

/* Who is asked: by account, their name is written down too. */
static bool name_asked(struct work *w, struct error *e)
{
    struct str name;
    if (w->row.account == 0)
        return work_text(w, "whom").n > 0 || error_set(e, ERROR_MISSING, "whom");
    if (!account_name(w->core, w->db, w->arena, w->row.account, &name, e))
        return false;
    return json_object_set_new(w->words, "whom", json_stringn(name.p, name.n)) == 0;
}

static bool ask(struct work *w, struct error *e)
{
    char id[ID_TEXT];
    if (!register_make(w, e) || !name_asked(w, e))
        return false;
    if (w->row.due == 0)
        w->row.due = w->at + TIME_DAY;
    id_format(w->command->id, id);
    return w->row.account == 0 || notice_add(w->db, w->row.account, 0, "consulted", id, w->at, e);
}

static bool answer(struct work *w, struct error *e)
{
    struct actor system = actor_system();
    struct str whom = json_text(w->words, "whom"), question = json_text(w->words, "question"),
               text = work_text(w, "answer");
    struct id uuid = {{0}};

    if (!register_change(w, e) || !subject_uuid(w->db, SUBJECT_CASE, w->row.case_id, &uuid, e))
        return false;
    return command_follow(w, &system, SUBJECT_CASE, "answer_consult", uuid,
                          json_pack("{s:s%,s:s%,s:s%}", "whom", whom.p, whom.n, "question", question.p,
                                    question.n, "answer", text.p, text.n),
                          NULL, e);
}

/* ---- From the case ------------------------------------------------------------------------------------- */

/* Answered while they spoke: the entry says it all. Else the question goes on its way. */
static bool begin(struct work *w, struct error *e)
{
    struct unit u;
    char id[ID_TEXT];

    if (work_text(w, "answer").n > 0)
        return true;
    if (!unit_load(w->db, w->arena, w->c.unit, &u, e))
        return false;
    id_format(w->c.uuid, id);
    json_t *fields = json_pack("{s:s%,s:s}", "unit", u.code.p, u.code.n, "case", id);
    static const char *const same[] = {"account", "whom", "question", "until"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (work_has(w, same[i]))
            (void)json_object_set(fields, same[i], json_object_get(w->fields, same[i]));
    return command_follow(w, w->actor, SUBJECT_CONSULT, "ask", (struct id){{0}}, fields, NULL, e);
}

const struct verb_rule consult_rules[] = {
    {KIND_NONE, "consult", NULL, begin},
    {0},
};
