/* Applications for programmes (L4): 低保, 临时救助 … What is asked before, which materials, which steps and how long each may take stand in the pack; here
 * is what holds for all of them: the questions first, papers next, then where it stands, and the answer told to whoever asked. */
#include "base/time.h"
#include "core/notice.h"
#include "core/subject.h"
#include "core/verb.h"
#include "six/death.h"
#include "six/six.h"

enum { ASKING = 1, GATHERING, SUBMITTED, APPROVED, REFUSED, WITHDRAWN, TOLD, TO_STOP, STOPPED };

#define IN_HAND (1u << ASKING | 1u << GATHERING | 1u << SUBMITTED)

static const struct field start_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
    {.name = "person", .type = FIELD_PERSON, .required = true},
    {.name = "programme", .type = FIELD_CHOICE, .required = true, .from = "programmes"},
    {.name = "case", .type = FIELD_CASE},
    {.name = "helper", .type = FIELD_ACCOUNT},
    FIELD_END,
};
static const struct field check_fields[] = {
    {.name = "fits", .type = FIELD_CHOICE, .required = true, .from = "likely|unclear|unlikely"}, FIELD_END};
static const struct field material_fields[] = {{.name = "note", .type = FIELD_LONGTEXT, .most = 500}, FIELD_END};
static const struct field submit_fields[] = {
    {.name = "submitted_to", .type = FIELD_TEXT, .required = true, .most = 60},
    {.name = "lacking", .type = FIELD_LONGTEXT, .most = 500},
    {.name = "decided_by", .type = FIELD_DATE},
    FIELD_END,
};
static const struct field step_fields[] = {{.name = "decided_by", .type = FIELD_DATE},
                                           {.name = "note", .type = FIELD_LONGTEXT, .most = 1000},
                                           FIELD_END};
static const struct field approve_fields[] = {
    {.name = "granted", .type = FIELD_MONEY, .least = 0, .most = 1000000000},
    {.name = "members", .type = FIELD_INT, .least = 1, .most = 30},
    {.name = "way", .type = FIELD_TEXT, .most = 60},
    {.name = "note", .type = FIELD_LONGTEXT, .most = 1000},
    FIELD_END,
};
static const struct field refuse_fields[] = {
    {.name = "why_not", .type = FIELD_LONGTEXT, .required = true, .most = 1000},
    {.name = "remedy", .type = FIELD_LONGTEXT, .required = true, .most = 500},
    FIELD_END};
static const struct field tell_fields[] = {
    {.name = "told_how", .type = FIELD_CHOICE, .required = true, .from = "told_how"},
    {.name = "text", .type = FIELD_LONGTEXT, .required = true, .most = 1000},
    FIELD_END,
};
static const struct field withdraw_fields[] = {
    {.name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 1000}, FIELD_END};

static const struct field death_fields[] = {{.name = "died_on", .type = FIELD_DATE}, FIELD_END};
static const struct field stop_fields[] = {
    {.name = "stop_told", .type = FIELD_TEXT, .required = true, .most = 60},
    {.name = "stopped_from", .type = FIELD_DATE},
    {.name = "overpaid", .type = FIELD_MONEY, .least = 0, .most = 1000000000},
    {.name = "note", .type = FIELD_LONGTEXT, .most = 1000},
    FIELD_END,
};

static bool start(struct work *w, struct error *e);
static bool submit(struct work *w, struct error *e);
static bool step(struct work *w, struct error *e);
static bool decide(struct work *w, struct error *e);
static bool tell(struct work *w, struct error *e);
static bool withdraw(struct work *w, struct error *e);
static bool to_stop(struct work *w, struct error *e);
static bool keep_on(struct work *w, struct error *e);

#define HELPERS (POSTS_DESK | AS(STEWARD) | AS(GRID_LEAD))

const struct verb application_verbs[] = {
    {"start", SUBJECT_APPLICATION, .from = IN_NOTHING, .to = ASKING, .who = BY_POST, .posts = HELPERS,
     .fields = start_fields, .apply = start},
    {"pre_check", SUBJECT_APPLICATION, .from = 1u << ASKING | 1u << GATHERING, .to = GATHERING,
     .who = BY_POST | BY_HANDLER, .posts = POSTS_DESK, .fields = check_fields, .primary = true,
     .apply = register_change},
    {"material", SUBJECT_APPLICATION, .from = 1u << GATHERING | 1u << SUBMITTED, .who = BY_POST | BY_HANDLER,
     .posts = POSTS_DESK, .fields = material_fields, .apply = register_change},
    {"submit", SUBJECT_APPLICATION, .from = 1u << GATHERING, .to = SUBMITTED, .who = BY_POST | BY_HANDLER,
     .posts = POSTS_DESK, .fields = submit_fields, .primary = true, .apply = submit},
    {"step", SUBJECT_APPLICATION, .from = 1u << SUBMITTED, .who = BY_POST | BY_HANDLER, .posts = POSTS_DESK,
     .fields = step_fields, .primary = true, .apply = step},
    {"approve", SUBJECT_APPLICATION, .from = 1u << SUBMITTED, .to = APPROVED, .who = BY_POST,
     .posts = POSTS_DESK, .fields = approve_fields, .apply = decide},
    {"refuse", SUBJECT_APPLICATION, .from = 1u << SUBMITTED, .to = REFUSED, .who = BY_POST,
     .posts = POSTS_DESK, .fields = refuse_fields, .apply = decide},
    {"tell", SUBJECT_APPLICATION, .from = 1u << APPROVED | 1u << REFUSED, .to = TOLD,
     .who = BY_POST | BY_HANDLER, .posts = POSTS_DESK, .fields = tell_fields, .primary = true, .apply = tell},
    {"withdraw", SUBJECT_APPLICATION, .from = IN_HAND, .to = WITHDRAWN, .who = BY_POST | BY_HANDLER,
     .posts = POSTS_DESK, .fields = withdraw_fields, .apply = withdraw},
    /* By the system alone, when whom it is for has died (death.c). */
    {"bereave", SUBJECT_APPLICATION, .from = IN_HAND | 1u << APPROVED | 1u << TOLD, .to = TO_STOP,
     .fields = death_fields, .apply = to_stop},
    {"stop", SUBJECT_APPLICATION, .from = 1u << TO_STOP, .to = STOPPED, .who = BY_POST | BY_HANDLER,
     .posts = POSTS_DESK, .fields = stop_fields, .primary = true, .apply = withdraw},
    {"keep_on", SUBJECT_APPLICATION, .from = 1u << TO_STOP, .who = BY_POST, .posts = POSTS_DESK,
     .fields = withdraw_fields, .apply = keep_on},
    {0},
};

static const json_t *programme(const struct pack *p, const struct register_row *row)
{
    return pack_row(p, "programmes", row->code);
}

static post_mask readers(const struct pack *p, const struct register_row *row)
{
    struct str kept = json_text(programme(p, row), "privacy");
    if (str_is(kept, "minor"))
        return AS(CHILD_DIRECTOR) | AS(ELDER_CHILD) | AS(AID_CLERK);
    if (str_is(kept, "health"))
        return AS(OFFICER) | AS(CHAIR) | AS(AID_CLERK) | AS(ELDER_CHILD);
    return POSTS_DESK;
}

static bool is_logged(const struct pack *p, const struct register_row *row)
{
    struct str kept = json_text(programme(p, row), "privacy");
    return str_is(kept, "minor") || str_is(kept, "health");
}

/* ---- What the pack asks -------------------------------------------------------------------------------- */

/* One field for each line of a list: its questions, its materials. */
static void fields_of(struct arena *a, const json_t *lines, const char *letter, enum field_type type,
                      bool required, struct field **ret)
{
    size_t i, n = json_array_size(lines);
    const json_t *line;

    *ret = ARENA_ARRAY(a, struct field, n + 1);
    json_array_foreach(lines, i, line)
        (*ret)[i] = (struct field){.name = arena_printf(a, "%s%zu", letter, i + 1),
                                   .type = type,
                                   .required = required,
                                   .most = type == FIELD_LONGTEXT ? 300 : 0,
                                   .label = json_string_value(line)};
}

/* The steps as one choice: who, what, and how long it may take. */
static void steps_of(struct arena *a, const json_t *steps, struct field **ret)
{
    struct field_option *options = ARENA_ARRAY(a, struct field_option, json_array_size(steps) + 1);
    const json_t *row;
    size_t i;

    json_array_foreach(steps, i, row) {
        struct str who = json_text(row, "who"), what = json_text(row, "what"),
                   limit = json_text(row, "time_limit_text");
        options[i] = (struct field_option){arena_printf(a, "%lld", (long long)json_int(row, "no", 0)),
                                           arena_printf(a, "%.*s：%.*s%s%.*s%s", (int)who.n, who.p, (int)what.n,
                                                        what.p, limit.n > 0 ? "（" : "", (int)limit.n,
                                                        limit.n > 0 ? limit.p : "", limit.n > 0 ? "）" : "")};
    }
    *ret = ARENA_ARRAY(a, struct field, 2);
    (*ret)[0] = (struct field){.name = "step", .type = FIELD_CHOICE, .required = true, .choices = options};
}

static void asks(const struct pack *p, struct arena *a, const struct register_row *row, const char *verb,
                 struct field **ret)
{
    const json_t *of = programme(p, row);
    *ret = NULL;
    if (strcmp(verb, "pre_check") == 0)
        fields_of(a, json_object_get(of, "pre_check"), "q", FIELD_LONGTEXT, true, ret);
    else if (strcmp(verb, "material") == 0)
        fields_of(a, json_object_get(of, "materials"), "m", FIELD_BOOL, false, ret);
    else if (strcmp(verb, "step") == 0)
        steps_of(a, json_object_get(of, "steps"), ret);
}

const struct register_def applications = {
    .subject = SUBJECT_APPLICATION,
    .states = {[ASKING] = "asking",
               [GATHERING] = "gathering",
               [SUBMITTED] = "submitted",
               [APPROVED] = "approved",
               [REFUSED] = "refused",
               [WITHDRAWN] = "withdrawn",
               [TOLD] = "told",
               [TO_STOP] = "to_stop",
               [STOPPED] = "stopped"},
    .open = IN_HAND | 1u << APPROVED | 1u << REFUSED | 1u << TO_STOP,
    .readers = POSTS_DESK | AS(STEWARD) | AS(GRID_LEAD),
    .narrow = readers,
    .logged = is_logged,
    .asks = asks,
    .title = "programme",
    .columns = {{"person", REGISTER_PERSON},
                {"programme", REGISTER_CODE},
                {"case", REGISTER_CASE},
                {"helper", REGISTER_ACCOUNT},
                {"decided_by", REGISTER_DUE}},
};

/* ---- Steps --------------------------------------------------------------------------------------------- */

static int64_t in_work_days(const struct work *w, int64_t days)
{
    return term_due(w->core->calendar, w->at, (struct term){days * 1000, TERM_WORK_DAYS}, NULL);
}

/* Until the papers go in, it is ours: questions and materials are not to lie for weeks. */
static bool start(struct work *w, struct error *e)
{
    if (!register_make(w, e))
        return false;
    if (w->row.account == 0)
        w->row.account = w->actor->account;
    w->row.due = in_work_days(w, 5);
    return true;
}

/* The step's own term from the pack; a day that the office named goes before it. */
static void set_due(struct work *w, int64_t no)
{
    const json_t *steps = json_object_get(programme(w->pack, &w->row), "steps"), *row;
    size_t i;

    if (work_has(w, "decided_by"))
        return;
    w->row.due = 0;
    json_array_foreach(steps, i, row) {
        const json_t *limit = json_object_get(row, "limit");
        enum term_unit unit;
        if (json_int(row, "no", 0) == no && limit != NULL && term_unit_parse(json_text(limit, "unit"), &unit))
            w->row.due =
                term_due(w->core->calendar, w->at, (struct term){json_int(limit, "n", 0) * 1000, unit}, NULL);
    }
}

/* The resident reads where it stands by the tracking code of the matter it belongs to, as long as that is open. */
static bool tell_resident(struct work *w, const char *text, struct error *e)
{
    struct actor system = actor_system();
    struct case_row c;
    struct id uuid;

    if (w->row.case_id == 0)
        return true;
    if (!subject_uuid(w->db, SUBJECT_CASE, w->row.case_id, &uuid, e) ||
        !case_load(w->db, w->arena, uuid, false, &c, e))
        return false;
    if (c.state != STATE_ACCEPTED && c.state != STATE_WORKING)
        return true;
    return command_follow(w, &system, SUBJECT_CASE, "progress", uuid,
                          json_pack("{s:s,s:b}", "text", text, "open", 1), NULL, e);
}

static struct str name_of(const struct work *w)
{
    return json_text(programme(w->pack, &w->row), "label");
}

/* What has to be there: all materials but those that only some have (有才交) or the office looks up itself (免交). */
static const char *missing_material(const struct work *w)
{
    const json_t *lines = json_object_get(programme(w->pack, &w->row), "materials"), *line;
    size_t i;
    json_array_foreach(lines, i, line) {
        const char *name = arena_printf(w->arena, "m%zu", i + 1), *text = json_string_value(line);
        if (strstr(text, "有才交") == NULL && strstr(text, "免交") == NULL && strstr(text, "后补") == NULL &&
            !json_is_true(json_object_get(w->words, name)))
            return text;
    }
    return NULL;
}

static bool submit(struct work *w, struct error *e)
{
    struct str name = name_of(w), to = work_text(w, "submitted_to");
    const char *missing = missing_material(w);

    if (missing != NULL && work_text(w, "lacking").n == 0)
        return error_setf(e, ERROR_MISSING, "lacking", "%s", missing);
    if (!register_change(w, e) || json_object_set_new(w->words, "step", json_string("2")) != 0)
        return false;
    set_due(w, 2);
    return tell_resident(
        w, arena_printf(w->arena, "%.*s的申请已交到%.*s。", (int)name.n, name.p, (int)to.n, to.p), e);
}

static bool step(struct work *w, struct error *e)
{
    int64_t no = 0;
    if (!register_change(w, e))
        return false;
    (void)str_int(work_text(w, "step"), &no);
    set_due(w, no);
    return true;
}

/* Decided; from now on it is to be told, within three working days. */
static bool decide(struct work *w, struct error *e)
{
    if (!register_change(w, e))
        return false;
    w->row.due = in_work_days(w, 3);
    (void)json_object_set_new(w->words, "decided", json_string(w->verb->name));
    return true;
}

static bool tell(struct work *w, struct error *e)
{
    if (!register_change(w, e))
        return false;
    w->row.due = 0;
    return tell_resident(w, json_string_value(json_object_get(w->fields, "text")), e);
}

static bool withdraw(struct work *w, struct error *e)
{
    w->row.due = 0;
    return register_change(w, e);
}

/* ---- Whom it was for has died -------------------------------------------------------------------------- */

/* What is paid goes on till somebody tells the office (停发待遇): within three working days, on the list of whoever helped. */
static bool to_stop(struct work *w, struct error *e)
{
    int64_t helper = w->row.account != 0 ? w->row.account : w->row.created_by;
    char id[ID_TEXT];

    (void)json_object_set_new(w->words, "before", json_integer(w->row.state));
    if (!register_change(w, e))
        return false;
    w->row.due = in_work_days(w, 3);
    id_format(w->command->id, id);
    return helper == 0 || notice_add(w->db, helper, w->row.case_id, "benefit_stop", id, w->at, e);
}

/* They live: it goes on where it stood. */
static bool keep_on(struct work *w, struct error *e)
{
    w->state_to = (int)json_int(w->words, "before", TOLD);
    w->row.due = w->state_to == TOLD ? 0 : in_work_days(w, 3);
    (void)json_object_del(w->words, "died_on");
    return register_change(w, e);
}

/* Refused and told: there is nothing to be stopped. */
static bool runs(struct core *core, struct arena *a, const struct register_row *row)
{
    json_t *words = register_words(core, a, row, NULL);
    bool refused = row->state == TOLD && str_is(json_text(words, "decided"), "refuse");
    json_decref(words);
    return !refused;
}

bool applications_of_dead(struct work *w, int64_t person, const char *verb, json_t *fields, struct error *e)
{
    const struct actor system = actor_system();
    const struct register_def *def = register_of(w->core, SUBJECT_APPLICATION);
    const struct verb *v = verb_find(w->core, SUBJECT_APPLICATION, str_of(verb));
    const struct register_filter f = {.hi = INT64_MAX, .all = true, .person = person, .limit = 100};
    struct register_row *rows;
    int64_t due, id;
    size_t n;
    bool ok = register_rows(w->core, w->db, w->arena, &system, def, &f, &rows, &n, &due, &id, e);

    for (size_t i = 0; ok && i < n; i++)
        if ((v->from >> rows[i].state & 1) != 0 && runs(w->core, w->arena, &rows[i]))
            ok = command_follow(w, &system, SUBJECT_APPLICATION, verb, rows[i].uuid, json_deep_copy(fields),
                                NULL, e);
    json_decref(fields);
    return ok;
}
