#include "core/activity.h"

#include "base/time.h"
#include "core/account.h"
#include "core/booking.h"
#include "core/scope.h"
#include "core/sitting.h"
#include "core/spoken.h"
#include "core/unit.h"
#include "core/vault.h"
#include "core/verb.h"

#define TALK_FIELDS                                                                                          \
    {.name = "form", .type = FIELD_CHOICE, .from = "talk.forms"},                                            \
    {                                                                                                        \
        .name = "topic", .type = FIELD_TEXT, .most = 10                                                      \
    }
#define SITTING                                                                                              \
    {.name = "came", .type = FIELD_TEXT, .most = 200}, {.name = "steps", .type = FIELD_WORDS, .most = 6},    \
    {                                                                                                        \
        .name = "session_result", .type = FIELD_CHOICE, .from = "mediation.session_results"                  \
    }
#define WHAT                                                                                                   \
    {.name = "title", .type = FIELD_TEXT, .most = 60}, {.name = "text", .type = FIELD_LONGTEXT, .most = 4000}, \
        {.name = "place", .type = FIELD_TEXT, .most = 100},                                                    \
        {.name = "minutes", .type = FIELD_INT, .least = 1, .most = 1440},                                      \
        {.name = "count", .type = FIELD_INT, .least = 0, .most = 1000000},                                     \
        {.name = "files", .type = FIELD_FILES, .most = 9}, TALK_FIELDS

static const struct field make_fields[] = {
    {.name = "type", .type = FIELD_CHOICE, .required = true, .from = "visit|round|cleanup|session|talk|meeting"},
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
    {.name = "at", .type = FIELD_TIME, .required = true},
    {.name = "leader", .type = FIELD_ACCOUNT},
    {.name = "cases", .type = FIELD_WORDS, .most = 8},
    {.name = "room", .type = FIELD_ID},
    {.name = "mediators", .type = FIELD_WORDS, .most = 7},
    SITTING,
    WHAT,
    FIELD_END,
};
static const struct field hold_fields[] = {SITTING, WHAT, FIELD_END};
static const struct field tell_fields[] = {
    {.name = "whom_told", .type = FIELD_TEXT, .required = true, .most = 40},
    {.name = "told_by", .type = FIELD_CHOICE, .required = true, .from = "phone|in_person|paper|wechat"},
    {.name = "note", .type = FIELD_TEXT, .most = 200},
    FIELD_END};
static const struct field cancel_fields[] = {
    {.name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 1000}, FIELD_END};
static const struct field correct_fields[] = {
    {.name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 1000},
    {.name = "at", .type = FIELD_TIME},
    WHAT,
    FIELD_END};

#define MAKERS (POSTS_WORK | AS(SECRETARY))

const struct verb verb_activities[] = {
    {"record", SUBJECT_ACTIVITY, .from = IN_NOTHING, .to = HELD, .who = BY_POST, .posts = MAKERS,
     .fields = make_fields, .open = true, .apply = apply_activity_record},
    {"plan", SUBJECT_ACTIVITY, .from = IN_NOTHING, .to = PLANNED, .who = BY_POST, .posts = MAKERS,
     .fields = make_fields, .open = true, .apply = apply_activity_plan},
    {"hold", SUBJECT_ACTIVITY, .from = 1u << PLANNED, .to = HELD, .who = BY_POST, .posts = MAKERS,
     .fields = hold_fields, .open = true, .apply = apply_activity_hold},
    {"cancel", SUBJECT_ACTIVITY, .from = 1u << PLANNED | 1u << HELD, .to = CANCELLED, .who = BY_POST,
     .posts = MAKERS, .fields = cancel_fields, .open = true, .apply = apply_activity_cancel},
    {"correct", SUBJECT_ACTIVITY, .from = 1u << PLANNED | 1u << HELD, .who = BY_POST, .posts = MAKERS,
     .fields = correct_fields, .apply = apply_activity_correct},
    {"tell", SUBJECT_ACTIVITY, .from = 1u << PLANNED, .who = BY_POST, .posts = MAKERS, .fields = tell_fields,
     .apply = apply_activity_tell},
    {"written", SUBJECT_ACTIVITY, .from = 1u << PLANNED | 1u << HELD | 1u << CANCELLED,
     .fields = spoken_written_fields, .apply = apply_activity_written},
    {0},
};

/* A talk says in which form and, if it knows, about what; the pack lists both. */
static bool check_talk(struct work *w, enum activity_type type, struct error *e)
{
    struct str form = work_text(w, "form"), topic = work_text(w, "topic");
    if (type == ACT_TALK && w->verb->from == IN_NOTHING && form.n == 0)
        return error_set(e, ERROR_MISSING, "form");
    if (form.n > 0 && (type != ACT_TALK || !pack_has(w->pack, "talk.forms", form)))
        return error_set(e, ERROR_NOT_A_CHOICE, "form");
    if (topic.n > 0 && (type != ACT_TALK || pack_category(w->pack, KIND_TALK, topic) == NULL))
        return error_set(e, ERROR_NOT_A_CHOICE, "topic");
    return true;
}

/* Cases, rooms and mediators are a sitting's alone. */
static bool check_sitting(struct work *w, enum activity_type type, struct error *e)
{
    static const char *const own[] = {"cases", "room", "mediators", "came", "steps", "session_result"};
    struct str result = work_text(w, "session_result");
    for (size_t i = 0; type != ACT_SESSION && i < sizeof own / sizeof own[0]; i++)
        if (work_has(w, own[i]))
            return error_set(e, ERROR_NOT_ALLOWED_HERE, own[i]);
    return result.n == 0 || pack_has(w->pack, "mediation.session_results", result) ||
           error_set(e, ERROR_NOT_A_CHOICE, "session_result");
}

static json_t *words_of(struct work *w)
{
    static const char *const names[] = {"title", "text", "place", "came"};
    json_t *words = json_object();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct str s = work_text(w, names[i]);
        if (s.n > 0)
            (void)json_object_set_new(words, names[i], json_stringn(s.p, s.n));
    }
    if (work_has(w, "steps"))
        (void)json_object_set(words, "steps", json_object_get(w->fields, "steps"));
    if (work_has(w, "session_result"))
        (void)json_object_set(words, "result", json_object_get(w->fields, "session_result"));
    return words;
}

static bool find_leader(struct work *w, int64_t *ret, struct error *e)
{
    struct id uuid;
    *ret = w->actor->account;
    if (work_text(w, "leader").n == 0)
        return true;
    if (!id_parse(work_text(w, "leader"), &uuid) ||
        !db_one_int(w->db, ret, 0, e, "select id from account where uuid = ?1", ARGS(ID(uuid))))
        return false;
    return *ret != 0 || error_set(e, ERROR_NOT_FOUND, "leader");
}

static bool make(struct work *w, enum activity_state state, struct error *e)
{
    static const unsigned char zeros[HASH_BYTES];
    enum activity_type type = ACT_NONE;
    struct unit u;
    struct key key;
    int64_t at = 0, leader;

    (void)activity_type_parse(work_text(w, "type"), &type);
    if (!unit_by_code(w->db, w->arena, work_text(w, "unit"), &u, e) ||
        (w->actor->kind == ACTOR_ACCOUNT && !scope_reaches(w->actor, u.ord, MAKERS)))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    (void)time_parse(work_text(w, "at"), &at);
    if (state == HELD && at > w->now)
        return error_set(e, ERROR_IN_FUTURE, "at");
    if (!check_talk(w, type, e) || !check_sitting(w, type, e) || !find_leader(w, &leader, e))
        return false;
    w->uuid = id_new();
    w->scope = u.ord;
    if (state == HELD)
        w->at = at;
    w->wrapped = vault_new(w->core, w->arena, &key);
    json_t *words = words_of(w);
    struct str sealed = vault_seal(w->arena, &key, "activity", words);
    json_decref(words);
    return db_one_int(
               w->db, &w->subject, 0, e,
               "insert into activity(uuid, type, unit, scope, rev, head, key, sealed, pack, state, happened_at, minutes, form, topic, count, leader, "
               "recorded_at) values(?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) returning id",
               ARGS(ID(w->uuid), INT(type), INT(u.id), INT(u.ord), BYTES(zeros, HASH_BYTES), BLOB(w->wrapped),
                    BLOB(sealed), INT(w->pack->id), INT(state), INT(at),
                    OPT_INT(json_int(w->fields, "minutes", 0)), OPT_TEXT(work_text(w, "form")),
                    OPT_TEXT(work_text(w, "topic")), OPT_INT(json_int(w->fields, "count", 0)),
                    OPT_INT(leader), INT(w->now))) &&
           work_add_files(w, SUBJECT_ACTIVITY, w->subject, true, e) &&
           (type != ACT_SESSION || sitting_make(w, at, json_int(w->fields, "minutes", 0), state == HELD, e));
}

bool apply_activity_record(struct work *w, struct error *e)
{
    return make(w, HELD, e);
}

bool apply_activity_plan(struct work *w, struct error *e)
{
    return make(w, PLANNED, e);
}

struct activity_row {
    int64_t type, state, happened_at, minutes;
    struct str sealed;
};

static bool load(struct work *w, struct activity_row *ret, struct error *e)
{
    struct db_rows r;
    if (!db_rows(w->db, &r, e,
                 "select type, state, happened_at, coalesce(minutes, 0), sealed from activity where id = ?1",
                 ARGS(INT(w->subject))))
        return false;
    if (db_next(&r))
        *ret = (struct activity_row){db_int(&r, 0), db_int(&r, 1), db_int(&r, 2), db_int(&r, 3),
                                     arena_str(w->arena, db_blob(&r, 4))};
    if (!db_end(&r, e))
        return false;
    return (w->verb->from >> ret->state & 1) != 0 || error_setf(e, ERROR_NOT_OPEN, "verb", "%s", w->verb->name);
}

/* New words over the old ones; what the form leaves out stays. */
static bool change(struct work *w, struct activity_row *row, int64_t state, struct error *e)
{
    struct key key;
    json_t *fresh, *words;
    if (!check_talk(w, (enum activity_type)row->type, e) ||
        !check_sitting(w, (enum activity_type)row->type, e) || !vault_key(w->core, w->wrapped, &key, e))
        return false;
    words = vault_open(w->arena, &key, "activity", row->sealed, e);
    if (words == NULL)
        return false;
    fresh = words_of(w);
    (void)json_object_set(w->record, "was", words);
    json_t *both = json_copy(words);
    (void)json_object_update(both, fresh);
    struct str sealed = vault_seal(w->arena, &key, "activity", both);
    json_decref(both);
    json_decref(fresh);
    json_decref(words);
    return db_exec(w->db, e,
                   "update activity set state = ?2, happened_at = ?3, sealed = ?4, minutes = coalesce(?5, minutes), count = coalesce(?6, count), "
                   "form = coalesce(?7, form), topic = coalesce(?8, topic) where id = ?1",
                   ARGS(INT(w->subject), INT(state), INT(row->happened_at), BLOB(sealed),
                        OPT_INT(json_int(w->fields, "minutes", 0)), OPT_INT(json_int(w->fields, "count", 0)),
                        OPT_TEXT(work_text(w, "form")), OPT_TEXT(work_text(w, "topic")))) &&
           work_add_files(w, SUBJECT_ACTIVITY, w->subject, true, e);
}

bool apply_activity_hold(struct work *w, struct error *e)
{
    struct activity_row row = {0};
    if (!load(w, &row, e))
        return false;
    /* Held earlier than planned: then it was now. */
    if (row.happened_at > w->at)
        row.happened_at = w->at;
    return change(w, &row, HELD, e) && (row.type != ACT_SESSION || sitting_hold(w, e));
}

bool apply_activity_cancel(struct work *w, struct error *e)
{
    struct activity_row row = {0};
    return load(w, &row, e) && change(w, &row, CANCELLED, e) && booking_release(w->db, w->subject, e);
}

bool apply_activity_correct(struct work *w, struct error *e)
{
    struct activity_row row = {0};
    if (!load(w, &row, e))
        return false;
    if (work_has(w, "at"))
        (void)time_parse(work_text(w, "at"), &row.happened_at);
    if (row.state == HELD && row.happened_at > w->now)
        return error_set(e, ERROR_IN_FUTURE, "at");
    int64_t minutes = json_int(w->fields, "minutes", row.minutes);
    return change(w, &row, row.state, e) &&
           (row.type != ACT_SESSION || row.state != PLANNED || sitting_move(w, row.happened_at, minutes, e));
}

bool apply_activity_tell(struct work *w, struct error *e)
{
    struct activity_row row = {0};
    struct key key;
    struct str whom = work_text(w, "whom_told"), how = work_text(w, "told_by"), note = work_text(w, "note");

    if (!load(w, &row, e) || !vault_key(w->core, w->wrapped, &key, e))
        return false;
    json_t *words = vault_open(w->arena, &key, "activity", row.sealed, e);
    if (words == NULL)
        return false;
    json_t *told = json_object_get(words, "told");
    if (told == NULL) {
        told = json_array();
        (void)json_object_set_new(words, "told", told);
    }
    (void)json_array_append_new(told,
                                json_pack("{s:s%,s:s%,s:s%,s:I}", "whom", whom.p, whom.n, "how", how.p, how.n,
                                          "note", note.n > 0 ? note.p : "", note.n, "at", (json_int_t)w->at));
    struct str sealed = vault_seal(w->arena, &key, "activity", words);
    json_decref(words);
    return db_exec(w->db, e, "update activity set sealed = ?2 where id = ?1",
                   ARGS(INT(w->subject), BLOB(sealed)));
}

/* What was said is written down (core/spoken.h). */
bool apply_activity_written(struct work *w, struct error *e)
{
    struct activity_row row = {0};
    struct key key;

    if (!load(w, &row, e) || !vault_key(w->core, w->wrapped, &key, e))
        return false;
    json_t *words = vault_open(w->arena, &key, "activity", row.sealed, e);
    if (words == NULL)
        return false;
    spoken_put(w, words);
    struct str sealed = vault_seal(w->arena, &key, "activity", words);
    json_decref(words);
    return db_exec(w->db, e, "update activity set sealed = ?2 where id = ?1",
                   ARGS(INT(w->subject), BLOB(sealed)));
}

#define LIST_COLUMNS                                                                                         \
    "a.id, a.uuid, a.type, a.state, a.happened_at, a.minutes, a.form, a.topic, a.count, a.leader, a.key, a.sealed, a.rev, u.code, u.name"

static bool write_row(struct core *core, struct db *db, struct arena *a, struct jw *w,
                      const struct pack *pack, struct db_rows *r, struct error *e)
{
    struct key key;
    struct str leader;
    char id[ID_TEXT];
    json_t *words = NULL;

    if (!account_name(core, db, a, db_int(r, 9), &leader, e))
        return false;
    if (vault_key(core, db_blob(r, 10), &key, NULL))
        words = vault_open(a, &key, "activity", db_blob(r, 11), NULL);
    id_format(db_id(r, 1), id);
    jw_object(w);
    jw_kz(w, "id", id);
    jw_kz(w, "type", activity_type_code((enum activity_type)db_int(r, 2)));
    jw_ktext(w, "type_label",
             pack_label(pack, "activity_types", str_of(activity_type_code((enum activity_type)db_int(r, 2)))));
    jw_kz(w, "state", activity_state_code((enum activity_state)db_int(r, 3)));
    jw_ktime(w, "at", db_int(r, 4));
    jw_kint(w, "minutes", db_int(r, 5));
    jw_ktext(w, "form_label", pack_label(pack, "talk.forms", db_text(r, 6)));
    const struct category *topic = pack_category(pack, KIND_TALK, db_text(r, 7));
    jw_ktext(w, "topic", db_text(r, 7));
    jw_ktext(w, "topic_label", topic != NULL ? topic->label : STR(""));
    jw_kint(w, "count", db_int(r, 8));
    jw_ktext(w, "by", leader);
    jw_ktext(w, "title", json_text(words, "title"));
    jw_ktext(w, "text", json_text(words, "text"));
    jw_ktext(w, "place", json_text(words, "place"));
    jw_kint(w, "rev", db_int(r, 12));
    jw_kobject(w, "unit");
    jw_ktext(w, "code", db_text(r, 13));
    jw_ktext(w, "name", db_text(r, 14));
    jw_end_object(w);
    jw_end_object(w);
    json_decref(words);
    return true;
}

bool activity_write(struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t id, struct error *e)
{
    struct db_rows r;
    const struct pack *pack = core_pack(core, db, 0, e);
    if (pack == NULL ||
        !db_rows(db, &r, e, "select " LIST_COLUMNS " from activity a join unit u on u.id = a.unit where a.id = ?1",
                 ARGS(INT(id))))
        return false;
    bool ok = !db_next(&r) || write_row(core, db, a, w, pack, &r, e);
    return db_end(&r, ok ? e : NULL) && ok;
}

bool activity_write_list(struct core *core, struct db *db, struct arena *a, struct jw *w,
                         const struct activity_filter *f, int64_t *ret_last_at, int64_t *ret_last_id,
                         struct error *e)
{
    struct db_rows r;
    int64_t n = 0;
    bool ok = true;
    const struct pack *pack = core_pack(core, db, 0, e);

    *ret_last_at = *ret_last_id = 0;
    if (pack == NULL ||
        !db_rows(db, &r, e,
                 "select " LIST_COLUMNS
                 " from activity a join unit u on u.id = a.unit where a.scope >= ?1 and a.scope < ?2 and a.happened_at >= ?3 "
                 "and a.happened_at < ?4 and (?5 = 0 or a.type = ?5) and (a.happened_at < ?6 or (a.happened_at = ?6 and a.id < ?7)) "
                 "order by a.happened_at desc, a.id desc limit ?8",
                 ARGS(INT(f->lo), INT(f->hi), INT(f->from), INT(f->to == 0 ? INT64_MAX : f->to), INT(f->type),
                      INT(f->before_at == 0 ? INT64_MAX : f->before_at), INT(f->before_id), INT(f->limit + 1))))
        return false;
    jw_karray(w, "items");
    while (ok && db_next(&r)) {
        if (n++ == f->limit)
            break;
        *ret_last_at = db_int(&r, 4);
        *ret_last_id = db_int(&r, 0);
        ok = write_row(core, db, a, w, pack, &r, e);
    }
    jw_end_array(w);
    if (n <= f->limit)
        *ret_last_at = *ret_last_id = 0;
    return db_end(&r, ok ? e : NULL) && ok;
}
