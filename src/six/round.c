/* 接龙 (R6): the committee asks first — who wants the wheat sprayed, who pays the insurance — until a day; villagers and stewards answer; the list goes
 * to whoever does it. A round closes by itself. */
#include "base/time.h"
#include "core/unit.h"
#include "six/six.h"

enum { OPEN = 1, CLOSED, CALLED_OFF };
enum { IN_IT = 1, OUT };

#define ASKED                                                                                                \
    {.name = "wording", .type = FIELD_TEXT, .required = true, .most = 60},                                   \
        {.name = "what", .type = FIELD_LONGTEXT, .required = true, .most = 1000},                            \
        {.name = "measure", .type = FIELD_TEXT, .most = 10},                                                 \
    {                                                                                                        \
        .name = "until", .type = FIELD_DATE, .required = true                                                \
    }

static const struct field open_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15}, ASKED, FIELD_END};
static const struct field correct_fields[] = {ASKED, FIELD_END};
static const struct field close_fields[] = {{.name = "note", .type = FIELD_LONGTEXT, .most = 1000}, FIELD_END};
static const struct field cancel_fields[] = {
    {.name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 1000}, FIELD_END};
static const struct field join_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
    {.name = "round", .type = FIELD_REGISTER, .required = true, .from = "rounds"},
    {.name = "person", .type = FIELD_PERSON, .required = true},
    {.name = "how_many", .type = FIELD_INT, .least = 1, .most = 1000000},
    {.name = "remark", .type = FIELD_TEXT, .most = 200},
    FIELD_END,
};
static const struct field change_fields[] = {{.name = "how_many", .type = FIELD_INT, .least = 1, .most = 1000000},
                                             {.name = "remark", .type = FIELD_TEXT, .most = 200},
                                             FIELD_END};

static bool ask(struct work *w, struct error *e);
static bool join(struct work *w, struct error *e);

#define ASKERS (POSTS_DESK | AS(STEWARD))

const struct verb round_verbs[] = {
    {"open", SUBJECT_ROUND, .from = IN_NOTHING, .to = OPEN, .who = BY_POST, .posts = ASKERS,
     .fields = open_fields, .apply = ask},
    {"correct", SUBJECT_ROUND, .from = 1u << OPEN, .who = BY_POST, .posts = ASKERS, .fields = correct_fields,
     .apply = register_change},
    {"close", SUBJECT_ROUND, .from = 1u << OPEN, .to = CLOSED, .who = BY_POST, .posts = ASKERS,
     .fields = close_fields, .primary = true, .apply = register_change},
    {"cancel", SUBJECT_ROUND, .from = 1u << OPEN, .to = CALLED_OFF, .who = BY_POST, .posts = ASKERS,
     .fields = cancel_fields, .apply = register_change},
    {0},
};
const struct verb entry_verbs[] = {
    {"join", SUBJECT_ENTRY, .from = IN_NOTHING, .to = IN_IT, .who = BY_POST | BY_ANYONE, .posts = POSTS_WORK,
     .fields = join_fields, .apply = join},
    {"change", SUBJECT_ENTRY, .from = 1u << IN_IT, .who = BY_POST | BY_HANDLER, .posts = ASKERS,
     .fields = change_fields, .apply = register_change},
    {"leave", SUBJECT_ENTRY, .from = 1u << IN_IT, .to = OUT, .who = BY_POST | BY_HANDLER, .posts = ASKERS,
     .fields = cancel_fields, .apply = register_change},
    {0},
};

const struct register_def asked_rounds = {
    .subject = SUBJECT_ROUND,
    .states = {[OPEN] = "open", [CLOSED] = "closed", [CALLED_OFF] = "cancelled"},
    .open = 1u << OPEN,
    .down = 1u << OPEN | 1u << CLOSED,
    .at_due = "close",
    .readers = POSTS_WORK,
    .spends = SUBJECT_ENTRY,
    .sums = REGISTER_NUMBER,
    .title = "wording",
    .columns = {{"until", REGISTER_DUE}},
};
const struct register_def entries = {
    .subject = SUBJECT_ENTRY,
    .states = {[IN_IT] = "in", [OUT] = "out"},
    .open = 1u << IN_IT,
    .spent = IN_IT,
    .readers = ASKERS,
    .title = "remark",
    .columns = {{"round", REGISTER_PARENT}, {"person", REGISTER_PERSON}, {"how_many", REGISTER_AMOUNT}},
};

static bool ask(struct work *w, struct error *e)
{
    return register_make(w, e) && (w->row.due > w->at || error_set(e, ERROR_IN_PAST, "until"));
}

/* Into a round that is open and holds where they live; each person once. */
static bool join(struct work *w, struct error *e)
{
    struct unit_chain chain;
    int64_t unit, there;

    if (!register_make(w, e) || !unit_chain(w->db, w->row.unit, &chain, e) ||
        !db_one_int(w->db, &unit, 0, e,
                    "select unit from register_row where id = ?1 and register = ?2 and state = ?3 and due > ?4",
                    ARGS(INT(w->row.parent), INT(SUBJECT_ROUND), INT(OPEN), INT(w->at))))
        return false;
    if (unit == 0 || !unit_in_chain(&chain, unit))
        return error_set(e, ERROR_NOT_FOUND, "round");
    if (!db_one_int(w->db, &there, 0, e,
                    "select count(*) from register_row where parent = ?1 and person = ?2 and state = ?3 and id <> ?4",
                    ARGS(INT(w->row.parent), INT(w->row.person), INT(IN_IT), INT(w->row.id))))
        return false;
    return there == 0 || error_setf(e, ERROR_CONFLICT, "person", "%.*s",
                                    (int)json_text(json_object_get(w->fields, "person"), "name").n,
                                    json_text(json_object_get(w->fields, "person"), "name").p);
}
