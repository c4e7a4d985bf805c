/* 今天有急事: a funeral, a flood, a fire. The promises of a first answer are counted in hours; on such a day the committee says so once, the matters that
 * still wait for an answer pause until the day is over, each with the reason that the resident reads, and so do those that come in. What is urgent itself
 * (danger, a duty that comes first, an order from outside with its own deadline) goes on. */
#include "base/time.h"
#include "core/case_verbs.h"
#include "core/unit.h"
#include "six/six.h"

enum { ON = 1, OVER };
enum { HELD_MOST = 200 };

static const struct field declare_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
    {.name = "reason", .type = FIELD_TEXT, .required = true, .most = 60},
    FIELD_END,
};
static const struct field end_fields[] = {FIELD_END};

static bool declare(struct work *w, struct error *e);
static bool end_early(struct work *w, struct error *e);

const struct verb urgent_verbs[] = {
    {"declare", SUBJECT_URGENT, .from = IN_NOTHING, .to = ON, .who = BY_POST, .posts = POSTS_DESK,
     .fields = declare_fields, .apply = declare},
    {"end", SUBJECT_URGENT, .from = 1u << ON, .to = OVER, .who = BY_POST, .posts = POSTS_DESK,
     .fields = end_fields, .primary = true, .apply = end_early},
    {"lapse", SUBJECT_URGENT, .from = 1u << ON, .to = OVER, .fields = end_fields, .aside = true},
    {0},
};

const struct register_def urgent_days = {
    .subject = SUBJECT_URGENT,
    .states = {[ON] = "on", [OVER] = "over"},
    .open = 1u << ON,
    .down = 1u << ON,
    .at_due = "lapse",
    .readers = POSTS_WORK,
    .told = {"reason"},
    .title = "reason",
};

/* Waits for its first answer, and may wait a day. */
#define MAY_WAIT                                                                                             \
    "c.replied_at is null and c.paused_until is null and (c.flags & ?4) = 0 and c.external_due is null "
#define URGENT_ITSELF ((int64_t)(FLAG_DANGER | FLAG_DUTY | FLAG_SUSPECT_MAJOR | FLAG_PAUSED))

/* The cases that this day holds up (`until`: only those that wait for it), each by its own verb. By the system: also those that whoever says so may not
 * read. */
static bool each_case(struct work *w, const struct unit *u, int64_t until, const char *verb, json_t *fields,
                      struct error *e)
{
    const struct actor system = actor_system();
    struct id ids[HELD_MOST];
    struct db_rows r;
    size_t n = 0;
    bool ok =
        until != 0
            ? db_rows(w->db, &r, e,
                      "select uuid from cases where paused_until = ?1 and scope + 0 >= ?2 and scope + 0 < ?3 limit 200",
                      ARGS(INT(until), INT(u->ord), INT(u->ord_end)))
            : db_rows(w->db, &r, e,
                      "select c.uuid from desk d join cases c on c.id = d.case_id where d.holder_kind = ?1 and d.holder >= ?2 and d.holder < ?3 "
                      "and " MAY_WAIT "limit 200",
                      ARGS(INT(HOLDER_UNIT), INT(u->ord), INT(u->ord_end), INT(URGENT_ITSELF)));
    while (ok && n < HELD_MOST && db_next(&r))
        ids[n++] = db_id(&r, 0);
    ok = ok && db_end(&r, e);
    for (size_t i = 0; ok && i < n; i++)
        ok = command_follow(w, &system, SUBJECT_CASE, verb, ids[i], json_incref(fields), NULL, e);
    json_decref(fields);
    if (ok)
        (void)json_object_set_new(w->record, "cases", json_integer((json_int_t)n));
    return ok;
}

/* When the committee's day is over, if it has one; 0. A row that is just being made is never over. */
static bool day_of_unit(struct db *db, int64_t scope, int64_t now, int64_t *ret_until, struct error *e)
{
    return db_one_int(
        db, ret_until, 0, e,
        "select due from register_row where register = ?1 and open = 1 and scope = ?2 and due > ?3 and due < ?4 order by due limit 1",
        ARGS(INT(SUBJECT_URGENT), INT(scope), INT(now), INT(now + 2 * (int64_t)TIME_DAY)));
}

static bool declare(struct work *w, struct error *e)
{
    struct str reason = work_text(w, "reason");
    struct unit u;
    int64_t known;
    char day[TIME_TEXT];

    if (!register_make(w, e) || !unit_load(w->db, w->arena, w->row.unit, &u, e))
        return false;
    if (u.level != UNIT_COMMITTEE)
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "unit");
    if (!day_of_unit(w->db, u.ord, w->now, &known, e))
        return false;
    if (known != 0)
        return error_set(e, ERROR_CONFLICT, "unit");
    (void)json_object_set_new(w->words, "reason", json_stringn(reason.p, reason.n));
    w->row.due = day_start(day_of(w->now) + 1);
    time_format(w->row.due, day);
    const char *params[] = {arena_z(w->arena, reason)};
    return each_case(w, &u, 0, "pause",
                     json_pack("{s:s,s:s}", "reason",
                               lang_say(w->arena, LANG_ZH_CN, "urgent.reason", params, 1), "until", day),
                     e);
}

/* Over sooner than feared: what waited for it goes on at once. */
static bool end_early(struct work *w, struct error *e)
{
    struct unit u;
    return unit_load(w->db, w->arena, w->row.unit, &u, e) &&
           each_case(w, &u, w->row.due, "resume", json_object(), e);
}

/* What comes in on such a day begins to count when the day is over. */
static bool hold_new(struct work *w, struct error *e)
{
    struct unit committee;
    int64_t until;

    if ((w->c.flags & (unsigned)URGENT_ITSELF) != 0 || w->c.external_due != 0 || w->c.state != STATE_REPORTED)
        return true;
    if (!unit_above(w->db, w->arena, w->c.unit, UNIT_COMMITTEE, &committee, e) ||
        !day_of_unit(w->db, committee.ord, w->now, &until, e))
        return false;
    if (until == 0)
        return true;
    w->c.flags |= FLAG_PAUSED;
    w->c.paused_until = until;
    return json_object_set_new(w->record, "held", json_true()) == 0;
}

/* Somebody finds time for it all the same: it goes on. */
static bool go_on(struct work *w, struct error *e)
{
    struct unit committee;
    int64_t until;

    if ((w->c.flags & FLAG_PAUSED) == 0 || w->c.paused_until == 0)
        return true;
    if (!unit_above(w->db, w->arena, w->c.unit, UNIT_COMMITTEE, &committee, NULL))
        return true;
    return day_of_unit(w->db, committee.ord, w->now, &until, e) &&
           (until != w->c.paused_until || apply_resume(w, e));
}

const struct verb_rule urgent_rules[] = {
    {KIND_NONE, "report", NULL, hold_new},
    {KIND_NONE, "accept", NULL, go_on},
    {KIND_NONE, "take", NULL, go_on},
    {KIND_NONE, "reply", NULL, go_on},
    {KIND_NONE, "assign", NULL, go_on},
    {KIND_NONE, "refer", NULL, go_on},
    {0},
};
