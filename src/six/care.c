/* The care list (L2, L9): whom the committee looks in on, how often and by whom. The pack says which groups there are, their rhythm and whether a call
 * counts; the list says when the next visit is due. What a visitor finds may stop the rhythm, each thing in its own way, and somebody else says so. */
#include "base/time.h"
#include "core/key_group.h"
#include "core/person.h"
#include "core/scope.h"
#include "core/subject.h"
#include "core/unit.h"
#include "six/death.h"
#include "six/rhythm.h"
#include "six/six.h"

enum { RUNNING = 1, ASKED, AWAY, SPARED, ENDED };

#define IN_CARE (1u << RUNNING | 1u << AWAY | 1u << SPARED)
#define IN_LIST (IN_CARE | 1u << ASKED)
/* The category of a child that may be harmed. */
#define HARM "L0804"

#define ABOUT                                                                                                \
    {.name = "visitor", .type = FIELD_ACCOUNT}, {.name = "wishes", .type = FIELD_LONGTEXT, .most = 500},     \
    {                                                                                                        \
        .name = "kin", .type = FIELD_TEXT, .most = 200                                                       \
    }
#define WHY                                                                                                  \
    {                                                                                                        \
        .name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 1000                             \
    }

static const struct field enrol_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
    {.name = "person", .type = FIELD_PERSON, .required = true},
    {.name = "key_group", .type = FIELD_CHOICE, .required = true, .from = "key_groups"},
    ABOUT,
    {.name = "next_visit", .type = FIELD_DATE},
    {.name = "note", .type = FIELD_LONGTEXT, .most = 1000},
    FIELD_END,
};
static const struct field visit_fields[] = {
    {.name = "met", .type = FIELD_CHOICE, .required = true, .from = "visit_results"},
    {.name = "condition", .type = FIELD_LONGTEXT, .most = 1000},
    {.name = "fresh", .type = FIELD_LONGTEXT, .most = 1000},
    {.name = "until", .type = FIELD_DATE},
    {.name = "moved_to", .type = FIELD_TEXT, .most = 100},
    {.name = "minutes", .type = FIELD_INT, .least = 1, .most = 600},
    {.name = "next_visit", .type = FIELD_DATE},
    {.name = "matters", .type = FIELD_LIST, .most = 10, .hidden = true},
    {.name = "also", .type = FIELD_LIST, .most = 20, .hidden = true},
    {.name = "visit", .type = FIELD_ID, .hidden = true},
    {.name = "files", .type = FIELD_FILES, .most = 9},
    FIELD_END,
};
static const struct field confirm_fields[] = {{.name = "note", .type = FIELD_LONGTEXT, .most = 1000}, FIELD_END};
static const struct field forward_fields[] = {
    {.name = "next_visit", .type = FIELD_DATE, .required = true}, WHY, FIELD_END};
static const struct field correct_fields[] = {ABOUT, FIELD_END};
static const struct field reason_fields[] = {WHY, FIELD_END};
static const struct field end_fields[] = {WHY, {.name = "of_age", .type = FIELD_BOOL}, FIELD_END};

/* Entrusted care (未成年人保护法 22, 23): who looks after the child while the parents are away, in writing. */
static const struct field entrust_fields[] = {
    {.name = "parents", .type = FIELD_TEXT, .required = true, .most = 100},
    {.name = "carer", .type = FIELD_TEXT, .required = true, .most = 40},
    {.name = "carer_phone", .type = FIELD_TEXT, .required = true, .most = 20},
    {.name = "carer_relation", .type = FIELD_TEXT, .required = true, .most = 20},
    {.name = "entrusted_from", .type = FIELD_DATE, .required = true},
    {.name = "entrusted_until", .type = FIELD_DATE},
    {.name = "keeps_touch", .type = FIELD_LONGTEXT, .required = true, .most = 500},
    FIELD_END,
};
/* The duty to report (未成年人保护法 11): the police first, then everything else. */
static const struct field harm_fields[] = {
    {.name = "signs", .type = FIELD_LONGTEXT, .required = true, .most = 1000},
    {.name = "police_at", .type = FIELD_TIME, .required = true},
    {.name = "police_who", .type = FIELD_TEXT, .required = true, .most = 60},
    {.name = "police_no", .type = FIELD_TEXT, .most = 60},
    FIELD_END,
};

static bool enrol(struct work *w, struct error *e);
static bool is_child(const struct pack *p, const struct register_row *row, const struct actor *a);
static bool report_harm(struct work *w, struct error *e);
static bool visit(struct work *w, struct error *e);
static bool confirm(struct work *w, struct error *e);
static bool refuse(struct work *w, struct error *e);
static bool forward(struct work *w, struct error *e);
static bool end(struct work *w, struct error *e);

/* Who goes there, and who answers for the list. */
#define VISITORS (POSTS_FIELD | POSTS_DESK)

const struct verb care_verbs[] = {
    {"enrol", SUBJECT_CARE, .from = IN_NOTHING, .to = RUNNING, .who = BY_POST,
     .posts = POSTS_DESK | AS(STEWARD) | AS(GRID_LEAD), .fields = enrol_fields, .apply = enrol},
    {"visit", SUBJECT_CARE, .from = IN_LIST, .to = RUNNING, .who = BY_POST | BY_HANDLER, .posts = VISITORS,
     .fields = visit_fields, .primary = true, .apply = visit},
    {"confirm", SUBJECT_CARE, .from = 1u << ASKED, .who = BY_POST, .posts = POSTS_DESK,
     .fields = confirm_fields, .apply = confirm},
    {"keep_on", SUBJECT_CARE, .from = 1u << ASKED, .to = RUNNING, .who = BY_POST, .posts = POSTS_DESK,
     .fields = reason_fields, .apply = refuse},
    {"bring_forward", SUBJECT_CARE, .from = IN_CARE, .who = BY_POST, .posts = POSTS_DESK,
     .fields = forward_fields, .apply = forward},
    {"correct", SUBJECT_CARE, .from = IN_LIST, .who = BY_POST | BY_HANDLER, .posts = POSTS_DESK,
     .fields = correct_fields, .apply = register_change},
    {"entrust", SUBJECT_CARE, .from = IN_LIST, .who = BY_POST | BY_HANDLER,
     .posts = AS(CHILD_DIRECTOR) | AS(ELDER_CHILD), .fields = entrust_fields, .row_open = is_child,
     .apply = register_change},
    {"report_harm", SUBJECT_CARE, .from = IN_LIST, .who = BY_POST | BY_HANDLER, .posts = VISITORS,
     .fields = harm_fields, .row_open = is_child, .apply = report_harm},
    {"end", SUBJECT_CARE, .from = IN_LIST, .to = ENDED, .who = BY_POST, .posts = POSTS_DESK,
     .fields = end_fields, .apply = end},
    {0},
};

/* ---- Who reads it -------------------------------------------------------------------------------------- */

static enum group_kept kept(const struct pack *p, const struct register_row *row)
{
    return key_group_kept(p, row->code);
}

/* The party branch's own list: membership of it stands nowhere else (product, L2). A group that the pack names no more is treated likewise. */
static bool is_apart(const struct pack *p, const struct register_row *row)
{
    return kept(p, row) == GROUP_OWNED || kept(p, row) == GROUP_UNKNOWN;
}

static post_mask readers(const struct pack *p, const struct register_row *row)
{
    switch (kept(p, row)) {
    case GROUP_UNKNOWN: /* whoever made the row or looks after it */
        return 0;
    case GROUP_OWNED:
        return AS(SECRETARY);
    case GROUP_CHILDREN:
        return AS(CHILD_DIRECTOR) | AS(ELDER_CHILD);
    case GROUP_HEALTH:
        return AS(OFFICER) | AS(CHAIR) | AS(AID_CLERK) | AS(ELDER_CHILD) | AS(VILLAGE_DOCTOR);
    case GROUP_PRIVATE:
        return POSTS_DESK;
    case GROUP_COMMON:
        break;
    }
    return POSTS_DESK | AS(STEWARD) | AS(GRID_LEAD) | AS(GROUP_HEAD);
}

static bool is_logged(const struct pack *p, const struct register_row *row)
{
    enum group_kept as = kept(p, row);
    return as == GROUP_CHILDREN || as == GROUP_HEALTH || is_apart(p, row);
}

const struct register_def care = {
    .subject = SUBJECT_CARE,
    .states = {[RUNNING] = "running", [ASKED] = "asked", [AWAY] = "away", [SPARED] = "spared", [ENDED] = "ended"},
    .open = IN_LIST,
    .readers = POSTS_DESK | POSTS_FIELD,
    .narrow = readers,
    .apart = is_apart,
    .logged = is_logged,
    .told = {"last_visit"},
    .household = true,
    .title = "key_group",
    .columns = {{"person", REGISTER_PERSON},
                {"key_group", REGISTER_CODE},
                {"visitor", REGISTER_ACCOUNT},
                {"next_visit", REGISTER_DUE}},
};

/* ---- Enrolling ----------------------------------------------------------------------------------------- */

static struct rhythm rhythm_here(const struct work *w)
{
    return rhythm_of(pack_row(w->pack, "key_groups", w->row.code));
}

/* A day that was agreed may lie earlier than the rhythm asks, not later. */
static bool book_next(struct work *w, int factor, struct error *e)
{
    int64_t latest = rhythm_next(rhythm_here(w), w->at, factor);
    int32_t day;
    char text[DATE_TEXT];

    if (!date_parse(work_text(w, "next_visit"), &day)) {
        w->row.due = latest;
        return true;
    }
    w->row.due = day_start(day + 1) - 1;
    if (w->row.due < w->now)
        return error_set(e, ERROR_IN_PAST, "next_visit");
    date_format(day_of(latest), text);
    return w->row.due <= latest || error_setf(e, ERROR_OUT_OF_RANGE, "next_visit", "%s", text);
}

/* No search and no desk finds a child (L9); whoever has come of age is a person like others. */
static bool hide_person(struct work *w, bool hidden, struct error *e)
{
    return db_exec(w->db, e, "update person set class = ?2 where id = ?1",
                   ARGS(INT(w->row.person), INT(hidden ? CLASS_MINOR : 0)));
}

static bool end(struct work *w, struct error *e)
{
    w->row.due = 0;
    return register_change(w, e) && (!json_flag(w->fields, "of_age") || hide_person(w, false, e));
}

static bool is_child(const struct pack *p, const struct register_row *row, const struct actor *a)
{
    (void)a;
    return kept(p, row) == GROUP_CHILDREN;
}

static bool enrol(struct work *w, struct error *e)
{
    int64_t there;
    if (!register_make(w, e))
        return false;
    if (!register_sees(w->pack, &care, w->actor,
                       &(struct register_row){.scope = w->row.scope, .code = w->row.code}))
        return error_set(e, ERROR_FORBIDDEN, "key_group"); /* a list is begun by those who read it */
    if (!db_one_int(w->db, &there, 0, e,
                    "select 1 from register_row where person = ?1 and register = ?2 and code = ?3 and open = 1 and id <> ?4",
                    ARGS(INT(w->row.person), INT(SUBJECT_CARE), TEXT(w->row.code), INT(w->row.id))))
        return false;
    if (there != 0)
        return error_set(e, ERROR_CONFLICT, "person");
    if (kept(w->pack, &w->row) == GROUP_CHILDREN && !hide_person(w, true, e))
        return false;
    return book_next(w, 1, e);
}

/* ---- A visit ------------------------------------------------------------------------------------------- */

/* What the pack's results do. */
static const struct {
    const char *met;
    bool seen, by_others, stops;
    int days; /* instead of the rhythm */
} results[] = {
    {"MET", .seen = true},      {"PHONE"},
    {"KIN", .by_others = true}, {"SEEN", .seen = true},
    {"ABSENT", .days = 3},      {"AWAY", .stops = true},
    {"REFUSED", .stops = true}, {"MOVED", .stops = true},
    {"DIED", .stops = true},    {"DANGER", .seen = true, .days = 1},
};

/* Children are met in person; elsewhere a call counts where the group's rule or the person's own wish allows, a neighbour's word twice in a row. */
static bool counts(const struct work *w, size_t r)
{
    bool child = kept(w->pack, &w->row) == GROUP_CHILDREN;
    if (child)
        return strcmp(results[r].met, "MET") == 0;
    if (results[r].by_others)
        return json_int(w->words, "by_others", 0) < 2;
    if (strcmp(results[r].met, "PHONE") == 0)
        return rhythm_here(w).phone_counts || w->row.state == SPARED;
    return results[r].seen;
}

static bool own_id(struct work *w, char ret[ID_TEXT], struct error *e)
{
    struct id uuid = {{0}};
    if (w->actor->kind == ACTOR_ACCOUNT && !subject_uuid(w->db, SUBJECT_ACCOUNT, w->actor->account, &uuid, e))
        return false;
    id_format(uuid, ret);
    return true;
}

static bool ask_to_stop(struct work *w, struct error *e)
{
    struct str met = work_text(w, "met");
    char asker[ID_TEXT];
    int32_t day = 0;

    if (str_is(met, "AWAY") && !date_parse(work_text(w, "until"), &day))
        return error_set(e, ERROR_MISSING, "until");
    if (str_is(met, "AWAY") && day <= day_of(w->now))
        return error_set(e, ERROR_IN_PAST, "until");
    if (str_is(met, "MOVED") && work_text(w, "moved_to").n == 0)
        return error_set(e, ERROR_MISSING, "moved_to");
    if (!own_id(w, asker, e))
        return false;
    w->state_to = ASKED;
    w->row.due = term_due(w->core->calendar, w->at, (struct term){3000, TERM_WORK_DAYS}, NULL);
    return json_object_set_new(w->words, "asked_by", json_string(asker)) == 0;
}

/* What the visit did to the rhythm. */
static bool take_result(struct work *w, struct error *e)
{
    struct str met = work_text(w, "met");
    char day[DATE_TEXT];
    size_t r = 0;

    while (r < sizeof results / sizeof results[0] && !str_is(met, results[r].met))
        r++;
    if (r == sizeof results / sizeof results[0])
        return error_set(e, ERROR_NOT_A_CHOICE, "met");
    if (!results[r].days && !results[r].stops && work_text(w, "condition").n == 0)
        return error_set(e, ERROR_MISSING, "condition");
    if (results[r].stops)
        return ask_to_stop(w, e);
    bool counted = counts(w, r);
    (void)json_object_set_new(w->record, "counted", json_boolean(counted));
    (void)json_object_set_new(w->words, "by_others",
                              json_integer(results[r].by_others ? json_int(w->words, "by_others", 0) + 1
                                           : results[r].seen    ? 0
                                                                : json_int(w->words, "by_others", 0)));
    w->state_to = w->row.state == SPARED ? SPARED : RUNNING;
    if (results[r].days) {
        w->row.due = day_start(day_of(w->at) + results[r].days + 1) - 1;
        return true;
    }
    if (!counted)
        return true; /* it is kept, and the visit is still owed */
    date_format(day_of(w->at), day);
    (void)json_object_set_new(w->words, "last_visit", json_string(day));
    return book_next(w, w->state_to == SPARED ? 2 : 1, e);
}

/* The visit among the activities: that there was one and where, no word of whom. */
static bool write_activity(struct work *w, struct id *ret, struct error *e)
{
    struct unit u;
    struct answer answer;
    char at[TIME_TEXT];

    if (!unit_load(w->db, w->arena, w->row.unit, &u, e))
        return false;
    time_format(w->at, at);
    json_t *fields = json_pack("{s:s,s:s%,s:s,s:i}", "type", "visit", "unit", u.code.p, u.code.n, "at", at,
                               "count", (int)(1 + json_array_size(json_object_get(w->fields, "also"))));
    if (work_has(w, "minutes"))
        (void)json_object_set(fields, "minutes", json_object_get(w->fields, "minutes"));
    if (!command_follow(w, w->actor, SUBJECT_ACTIVITY, "record", (struct id){{0}}, fields, &answer, e))
        return false;
    *ret = answer.uuid;
    return true;
}

static const struct field matter_fields[] = {
    {.name = "kind", .type = FIELD_CHOICE, .required = true, .from = "dispute|request|environment|difficulty|hazard"},
    {.name = "text", .type = FIELD_LONGTEXT, .required = true},
    {.name = "category", .type = FIELD_TEXT, .most = 10},
    {.name = "danger", .type = FIELD_BOOL},
    {.name = "of_house", .type = FIELD_BOOL}, /* of the house or the village: no person's */
    FIELD_END,
};

/* What came up at the door becomes a case at once; the journal of the list keeps which, not what was said. */
static bool open_matter(struct work *w, const json_t *matter, struct str unit, json_t *opened, struct error *e)
{
    const struct field *tables[] = {matter_fields, NULL};
    char person[ID_TEXT], made[ID_TEXT];
    struct answer answer;
    struct id uuid;

    if (!json_is_object(matter))
        return error_set(e, ERROR_WRONG_TYPE, NULL);
    if (!field_check(tables, matter, e) || !subject_uuid(w->db, SUBJECT_PERSON, w->row.person, &uuid, e))
        return false;
    id_format(uuid, person);
    json_t *fields = json_pack("{s:s,s:s,s:s%,s:s}", "kind", json_string_value(json_object_get(matter, "kind")),
                               "text", json_string_value(json_object_get(matter, "text")), "unit", unit.p,
                               unit.n, "channel", "VISIT");
    if (json_text(matter, "category").n > 0)
        (void)json_object_set(fields, "category", json_object_get(matter, "category"));
    if (json_flag(matter, "danger"))
        (void)json_object_set_new(fields, "danger", json_true());
    if (!json_flag(matter, "of_house"))
        (void)json_object_set_new(fields, "persons",
                                  json_pack("[{s:s,s:s}]", "role", "subject", "person", person));
    if (!command_follow(w, w->actor, SUBJECT_CASE, "report", (struct id){{0}}, fields, &answer, e))
        return false;
    id_format(answer.uuid, made);
    return json_array_append_new(opened, json_string(made)) == 0;
}

static bool open_matters(struct work *w, struct error *e)
{
    const json_t *matters = json_object_get(w->fields, "matters"), *one;
    json_t *opened = json_array();
    struct unit u = {0};
    size_t i;
    bool ok = json_array_size(matters) == 0 || unit_load(w->db, w->arena, w->row.unit, &u, e);

    json_array_foreach(matters, i, one) {
        char at[32];
        (void)snprintf(at, sizeof at, "matters.%zu", i);
        if (ok && !open_matter(w, one, u.code, opened, e)) {
            (void)error_within(e, at);
            ok = false;
        }
    }
    (void)json_object_del(json_object_get(w->record, "fields"), "matters");
    (void)json_object_del(w->words, "matters");
    if (json_array_size(opened) > 0)
        (void)json_object_set(w->record, "cases", opened);
    json_decref(opened);
    return ok;
}

/* The others of the household, each with what was new about them: a visit of their own that belongs to this one. */
static bool visit_also(struct work *w, struct id activity, struct error *e)
{
    const json_t *also = json_object_get(w->fields, "also"), *one;
    char visit_id[ID_TEXT], at_text[TIME_TEXT];
    size_t i;

    id_format(activity, visit_id);
    time_format(w->at, at_text);
    json_array_foreach(also, i, one) {
        struct answer answer;
        struct id row;
        char at[32];
        (void)snprintf(at, sizeof at, "also.%zu", i);
        if (!json_is_object(one) || !id_parse(json_text(one, "row"), &row))
            return error_set(e, ERROR_MALFORMED, at);
        json_t *fields = json_deep_copy(one);
        (void)json_object_del(fields, "row");
        (void)json_object_set_new(fields, "visit", json_string(visit_id));
        (void)json_object_set_new(fields, "happened_at", json_string(at_text));
        if (!command_follow(w, w->actor, SUBJECT_CARE, "visit", row, fields, &answer, e))
            return error_within(e, at);
    }
    (void)json_object_del(w->words, "also");
    (void)json_object_del(json_object_get(w->record, "fields"), "also");
    return true;
}

static bool visit(struct work *w, struct error *e)
{
    struct id activity = {{0}};
    char text[ID_TEXT];

    (void)json_object_del(w->words, "until");
    if (!register_change(w, e) || !take_result(w, e) || !open_matters(w, e))
        return false;
    if (str_is(work_text(w, "met"), "DANGER") && json_object_get(w->record, "cases") == NULL)
        return error_set(e, ERROR_MISSING, "matters"); /* danger is not noted, it is acted on */
    if (work_has(w, "visit"))
        return true;
    if (!write_activity(w, &activity, e))
        return false;
    id_format(activity, text);
    return json_object_set_new(w->words, "visit", json_string(text)) == 0 && visit_also(w, activity, e);
}

/* ---- Stopping the rhythm ------------------------------------------------------------------------------- */

/* Two pairs of eyes: whoever asked doesn't say yes. */
static bool by_another(struct work *w, struct error *e)
{
    char me[ID_TEXT];
    if (!own_id(w, me, e))
        return false;
    return !str_is(json_text(w->words, "asked_by"), me) ||
           error_setf(e, ERROR_NOT_ALLOWED_HERE, "verb", "%s", "self");
}

/* Who has died stands on no list any more. */
static bool end_others(struct work *w, struct error *e)
{
    struct actor system = actor_system();
    struct id ids[16];
    struct db_rows r;
    size_t n = 0;

    if (!db_rows(w->db, &r, e,
                 "select uuid from register_row where person = ?1 and register = ?2 and open = 1 and id <> ?3 order by id limit 16",
                 ARGS(INT(w->row.person), INT(SUBJECT_CARE), INT(w->row.id))))
        return false;
    while (n < 16 && db_next(&r))
        ids[n++] = db_id(&r, 0);
    if (!db_end(&r, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct answer answer;
        if (!command_follow(w, &system, SUBJECT_CARE, "end", ids[i], json_pack("{s:s}", "reason", "本人去世"),
                            &answer, e))
            return false;
    }
    return true;
}

static bool confirm(struct work *w, struct error *e)
{
    struct str met = json_text(w->words, "met");
    int32_t day;

    if (!by_another(w, e))
        return false;
    w->row.due = 0;
    w->state_to = ENDED;
    if (str_is(met, "AWAY") && date_parse(json_text(w->words, "until"), &day)) {
        w->state_to = AWAY;
        w->row.due = day_start(day + 1) - 1;
    } else if (str_is(met, "REFUSED")) {
        w->state_to = SPARED;
        w->row.due = rhythm_next(rhythm_here(w), w->at, 2);
    } else if (str_is(met, "DIED") &&
               (!end_others(w, e) || !applications_of_dead(w, w->row.person, "bereave", json_object(), e))) {
        return false;
    }
    return register_change(w, e);
}

/* It goes on as before: the visit is owed tomorrow. */
static bool refuse(struct work *w, struct error *e)
{
    if (!by_another(w, e))
        return false;
    w->row.due = day_start(day_of(w->at) + 2) - 1;
    return register_change(w, e);
}

/* Before a storm or a feast: an extra visit; the rhythm goes on from it. */
static bool forward(struct work *w, struct error *e)
{
    int64_t was = w->row.due;
    if (!register_change(w, e))
        return false;
    if (w->row.due < w->now)
        return error_set(e, ERROR_IN_PAST, "next_visit");
    if (was != 0 && w->row.due > was)
        w->row.due = was; /* it was due earlier than that anyhow */
    return true;
}

/* The call has been made; the matter that follows is a child's, and urgent. */
static bool report_harm(struct work *w, struct error *e)
{
    json_t *opened = json_array();
    struct unit u;
    int64_t called = 0;

    (void)time_parse(work_text(w, "police_at"), &called);
    bool ok = called <= w->now || error_set(e, ERROR_IN_FUTURE, "police_at");
    ok = ok && unit_load(w->db, w->arena, w->row.unit, &u, e);
    json_t *matter = json_pack("{s:s,s:s,s:s,s:b}", "kind", "difficulty", "category", HARM, "text",
                               json_string_value(json_object_get(w->fields, "signs")), "danger", 1);
    ok = ok && open_matter(w, matter, u.code, opened, e);
    json_decref(matter);
    (void)json_object_set(w->record, "cases", opened);
    json_decref(opened);
    return ok && register_change(w, e);
}
