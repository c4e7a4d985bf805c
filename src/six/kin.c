/* Relatives whom a worker has declared, so that nobody handles a matter of their own family (G19, core/recusal.c). The worker reads them, the head of the
 * committee, who sets up and who audits; nobody who stands in for the worker. */
#include "core/person.h"
#include "core/scope.h"
#include "core/subject.h"
#include "six/six.h"

enum { DECLARED = 1, REMOVED };

#define HEADS (AS(CHAIR) | AS(ADMIN))
#define WHO                                                                                                  \
    {.name = "kin_name", .type = FIELD_TEXT, .required = true, .least = 2, .most = 40},                      \
        {.name = "kin_phone", .type = FIELD_TEXT, .most = 20},                                               \
    {                                                                                                        \
        .name = "relation", .type = FIELD_CHOICE, .required = true,                                          \
        .from = "spouse|parent|child|sibling|in_law|other"                                                   \
    }

static const struct field declare_fields[] = {{.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
                                              WHO,
                                              {.name = "account", .type = FIELD_ACCOUNT},
                                              FIELD_END};
static const struct field change_fields[] = {WHO, FIELD_END};
static const struct field remove_fields[] = {{.name = "reason", .type = FIELD_TEXT, .most = 200}, FIELD_END};

static bool apply_declare(struct work *w, struct error *e);
static bool apply_change(struct work *w, struct error *e);

const struct verb kin_verbs[] = {
    {"declare", SUBJECT_KIN, .from = IN_NOTHING, .to = DECLARED, .who = BY_POST,
     .posts = POSTS_WORK | AS(LEADER) | AS(SUPERVISOR) | AS(ADMIN), .fields = declare_fields,
     .apply = apply_declare},
    {"change", SUBJECT_KIN, .from = 1u << DECLARED, .who = BY_HANDLER | BY_POST, .posts = HEADS,
     .fields = change_fields, .apply = apply_change},
    {"remove", SUBJECT_KIN, .from = 1u << DECLARED, .to = REMOVED, .who = BY_HANDLER | BY_POST,
     .posts = HEADS, .fields = remove_fields, .apply = register_change},
    {0},
};

const struct register_def kin = {
    .subject = SUBJECT_KIN,
    .states = {[DECLARED] = "declared", [REMOVED] = "removed"},
    .open = 1u << DECLARED,
    .readers = HEADS | AS(AUDITOR),
    .title = "kin_name",
    .columns = {{"account", REGISTER_ACCOUNT}},
};

/* Numbers are compared as digits. */
static bool keep_phone(struct work *w, struct error *e)
{
    struct str phone;
    if (!phone_normal(w->arena, work_text(w, "kin_phone"), &phone, e))
        return error_set(e, ERROR_MALFORMED, "kin_phone");
    return json_object_set_new(w->words, "kin_phone", json_stringn(phone.n > 0 ? phone.p : "", phone.n)) == 0;
}

/* For oneself; for somebody else only who heads the place or sets up. */
static bool apply_declare(struct work *w, struct error *e)
{
    if (!register_make(w, e))
        return false;
    if (w->row.account == 0)
        w->row.account = w->actor->account;
    if (w->row.account != w->actor->account && !scope_reaches(w->actor, w->row.scope, HEADS))
        return error_set(e, ERROR_FORBIDDEN, "account");
    return keep_phone(w, e);
}

static bool apply_change(struct work *w, struct error *e)
{
    return register_change(w, e) && (!work_has(w, "kin_phone") || keep_phone(w, e));
}
