/* Public notices (L8). A notice is made from an application or a list of gifts; the pack says which columns are shown, everything else is never in it. It
 * stands for its days and goes by itself. An objection starts a new look at the matter, and then a new notice. */
#include "base/time.h"
#include "core/person.h"
#include "core/scope.h"
#include "core/subject.h"
#include "core/unit.h"
#include "six/notice_text.h"
#include "six/six.h"

enum { DRAFTED = 1, SHOWING, OBJECTED, TAKEN_DOWN, DROPPED };

static const struct field draft_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
    {.name = "about", .type = FIELD_REGISTER, .from = "applications"},
    {.name = "about_fund", .type = FIELD_REGISTER, .from = "funds"},
    {.name = "granted", .type = FIELD_MONEY, .least = 0, .most = 1000000000},
    {.name = "members", .type = FIELD_INT, .least = 1, .most = 30},
    {.name = "way", .type = FIELD_TEXT, .most = 60},
    {.name = "contact", .type = FIELD_TEXT, .required = true, .most = 100},
    FIELD_END,
};
static const struct field show_fields[] = {{.name = "days", .type = FIELD_INT, .least = 1, .most = 60},
                                           FIELD_END};
static const struct field object_fields[] = {
    {.name = "text", .type = FIELD_LONGTEXT, .required = true, .most = 1000},
    {.name = "reach", .type = FIELD_TEXT, .most = 60},
    FIELD_END,
};
static const struct field reinvestigate_fields[] = {
    {.name = "result", .type = FIELD_LONGTEXT, .required = true, .most = 1000},
    {.name = "again", .type = FIELD_BOOL, .required = true},
    {.name = "granted", .type = FIELD_MONEY, .least = 0, .most = 1000000000},
    {.name = "members", .type = FIELD_INT, .least = 1, .most = 30},
    {.name = "way", .type = FIELD_TEXT, .most = 60},
    FIELD_END,
};
static const struct field reason_fields[] = {
    {.name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 1000}, FIELD_END};
static const struct field over_fields[] = {FIELD_END};

static bool draft(struct work *w, struct error *e);
static bool show(struct work *w, struct error *e);
static bool object(struct work *w, struct error *e);
static bool reinvestigate(struct work *w, struct error *e);
static bool end(struct work *w, struct error *e);
static bool by_another(const struct pack *p, const struct register_row *row, const struct actor *a);

const struct verb publication_verbs[] = {
    {"draft", SUBJECT_PUBLICATION, .from = IN_NOTHING, .to = DRAFTED, .who = BY_POST, .posts = POSTS_DESK,
     .fields = draft_fields, .apply = draft},
    {"show", SUBJECT_PUBLICATION, .from = 1u << DRAFTED, .to = SHOWING, .who = BY_POST, .posts = POSTS_DESK,
     .fields = show_fields, .primary = true, .row_open = by_another, .apply = show},
    {"object", SUBJECT_PUBLICATION, .from = 1u << SHOWING | 1u << OBJECTED, .to = OBJECTED,
     .who = BY_ANYONE | BY_POST, .posts = POSTS_WORK, .fields = object_fields, .apply = object},
    {"reinvestigate", SUBJECT_PUBLICATION, .from = 1u << OBJECTED, .to = TAKEN_DOWN, .who = BY_POST,
     .posts = POSTS_DESK, .fields = reinvestigate_fields, .primary = true, .apply = reinvestigate},
    {"take_down", SUBJECT_PUBLICATION, .from = 1u << SHOWING, .to = TAKEN_DOWN, .who = BY_POST,
     .posts = POSTS_DESK, .fields = reason_fields, .apply = end},
    {"over", SUBJECT_PUBLICATION, .from = 1u << SHOWING, .to = TAKEN_DOWN, .fields = over_fields, .apply = end},
    {"drop", SUBJECT_PUBLICATION, .from = 1u << DRAFTED, .to = DROPPED, .who = BY_POST, .posts = POSTS_DESK,
     .fields = reason_fields, .apply = end},
    {0},
};

const struct register_def publications = {
    .subject = SUBJECT_PUBLICATION,
    .states =
        {[DRAFTED] = "drafted", [SHOWING] = "showing", [OBJECTED] = "objected", [TAKEN_DOWN] = "taken_down", [DROPPED] = "dropped"},
    .open = 1u << DRAFTED | 1u << SHOWING | 1u << OBJECTED,
    .shown = 1u << SHOWING | 1u << OBJECTED,
    .at_due = "over",
    .readers = POSTS_DESK | AS(SUPERVISOR),
    .told = {"shown_text", "first_day", "last_shown"},
    .title = "heading",
    .columns = {{"about", REGISTER_PARENT}, {"about_fund", REGISTER_PARENT}, {"last_day", REGISTER_DAY}},
};

/* Two pairs of eyes before it hangs on the wall. */
static bool by_another(const struct pack *p, const struct register_row *row, const struct actor *a)
{
    (void)p;
    return a->account != row->created_by;
}

/* ---- What it says -------------------------------------------------------------------------------------- */

static bool source(struct work *w, const char *field, const struct register_def *def,
                   struct register_row *ret, struct error *e)
{
    struct id uuid;
    (void)id_parse(work_text(w, field), &uuid);
    return register_one(w->core, w->db, w->arena, w->actor, def, uuid, ret, e) ||
           error_set(e, ERROR_NOT_FOUND, field);
}

/* The form's word, else the application's own. */
static void take_word(struct work *w, const json_t *words, const char *name)
{
    if (!work_has(w, name) && json_object_get(words, name) != NULL)
        (void)json_object_set(w->words, name, json_object_get(words, name));
}

static bool about_application(struct work *w, struct error *e)
{
    struct register_row of;
    json_t *words;

    if (!source(w, "about", &applications, &of, e))
        return false;
    const json_t *programme = pack_row(w->pack, "programmes", of.code);
    w->row.code = of.code;
    w->row.person = of.person;
    words = register_words(w->core, w->arena, &of, e);
    if (words == NULL)
        return false;
    take_word(w, words, "granted");
    take_word(w, words, "members");
    take_word(w, words, "way");
    json_decref(words);
    return notice_of_application(w, programme, of.person, e);
}

static bool about_fund(struct work *w, struct error *e)
{
    struct register_row of;
    if (!source(w, "about_fund", &funds, &of, e))
        return false;
    if (str_is(of.code, "party")) /* the branch's own list is never shown */
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "about_fund");
    return notice_of_fund(w, &of, e);
}

static bool draft(struct work *w, struct error *e)
{
    if (!register_make(w, e))
        return false;
    if (work_has(w, "about") == work_has(w, "about_fund"))
        return error_set(e, ERROR_MISSING, "about");
    w->row.due = term_due(w->core->calendar, w->at, (struct term){3000, TERM_WORK_DAYS}, NULL);
    return work_has(w, "about") ? about_application(w, e) : about_fund(w, e);
}

/* ---- Its days ------------------------------------------------------------------------------------------ */

/* The day it goes up doesn't count; it goes when the last day ends. */
static bool show(struct work *w, struct error *e)
{
    const json_t *rule = json_object_get(pack_row(w->pack, "programmes", w->row.code), "public_notice");
    int64_t least = json_int(rule, "days", 0), days = json_int(w->fields, "days", least);
    char text[DATE_TEXT];

    if (days == 0)
        return error_set(e, ERROR_MISSING, "days");
    if (days < least)
        return error_setf(e, ERROR_OUT_OF_RANGE, "days", "%lld…60", (long long)least);
    if (!register_change(w, e))
        return false;
    w->row.day = day_of(w->now) + days;
    w->row.due = day_start((int32_t)w->row.day + 1) - 1;
    date_format(day_of(w->now), text);
    (void)json_object_set_new(w->words, "first_day", json_string(text));
    date_format((int32_t)w->row.day, text);
    return json_object_set_new(w->words, "last_shown", json_string(text)) == 0;
}

/* It stands on for its days; within ten working days somebody looks again. Anybody may, so what it says can't take a notice down. */
static bool object(struct work *w, struct error *e)
{
    json_t *all = json_object_get(w->words, "objections");
    char at[TIME_TEXT];

    if (w->row.day < day_of(w->now))
        return error_setf(e, ERROR_NOT_OPEN, "verb", "%s", w->verb->name);
    if (all == NULL) {
        all = json_array();
        (void)json_object_set_new(w->words, "objections", all);
    }
    if (json_array_size(all) >= 50)
        return error_set(e, ERROR_TOO_LONG, "text");
    time_format(w->at, at);
    (void)json_array_append_new(all, json_pack("{s:s,s:O*,s:O*}", "at", at, "text",
                                               json_object_get(w->fields, "text"), "reach",
                                               json_object_get(w->fields, "reach")));
    w->row.due = term_due(w->core->calendar, w->at, (struct term){10000, TERM_WORK_DAYS}, NULL);
    return register_change(w, e);
}

/* The new notice is drafted at once, from what the source says now; it goes the same way as the first. */
static bool draft_again(struct work *w, struct error *e)
{
    static const char *const fresh[] = {"granted", "members", "way"};
    char source_id[ID_TEXT];
    struct answer answer;
    struct id uuid;
    struct unit u;
    int64_t kind;

    if (!unit_load(w->db, w->arena, w->row.unit, &u, e) ||
        !db_one_int(w->db, &kind, 0, e, "select register from register_row where id = ?1",
                    ARGS(INT(w->row.parent))) ||
        !subject_uuid(w->db, (enum subject_kind)kind, w->row.parent, &uuid, e))
        return false;
    id_format(uuid, source_id);
    json_t *fields = json_pack("{s:s%,s:O,s:s}", "unit", u.code.p, u.code.n, "contact",
                               json_object_get(w->words, "contact"),
                               kind == SUBJECT_FUND ? "about_fund" : "about", source_id);
    for (size_t i = 0; i < sizeof fresh / sizeof fresh[0]; i++)
        if (work_has(w, fresh[i]))
            (void)json_object_set(fields, fresh[i], json_object_get(w->fields, fresh[i]));
    return command_follow(w, w->actor, SUBJECT_PUBLICATION, "draft", (struct id){{0}}, fields, &answer, e);
}

static bool reinvestigate(struct work *w, struct error *e)
{
    w->row.due = 0;
    return register_change(w, e) && (!json_flag(w->fields, "again") || draft_again(w, e));
}

static bool end(struct work *w, struct error *e)
{
    w->row.due = 0;
    return register_change(w, e);
}
