#include "core/sitting.h"

#include <stdlib.h>

#include "base/time.h"
#include "core/account.h"
#include "core/booking.h"
#include "core/gate.h"
#include "core/place.h"
#include "core/scope.h"
#include "core/subject.h"
#include "core/verb.h"

enum { CASES_MOST = 8, DEFAULT_MINUTES = 60 };

/* ---- Cases ---------------------------------------------------------------------------------------------- */

static bool see_case(struct work *w, const char *text, struct case_row *ret, struct error *e)
{
    struct id uuid;
    enum sight sight;
    if (!id_parse(str_of(text), &uuid) || !case_load(w->db, w->arena, uuid, false, ret, e) ||
        !scope_sight(w->db, w->actor, ret, &sight, e) || sight != SIGHT_WORK)
        return error_set(e, ERROR_NOT_FOUND, "cases");
    return ret->kind == KIND_DISPUTE || error_set(e, ERROR_NOT_ALLOWED_HERE, "cases");
}

static bool link_cases(struct work *w, struct error *e)
{
    const json_t *one;
    size_t i;
    json_array_foreach(json_object_get(w->fields, "cases"), i, one) {
        struct case_row c;
        if (i == CASES_MOST || !see_case(w, json_string_value(one), &c, e))
            return i < CASES_MOST ? false : error_setf(e, ERROR_TOO_LONG, "cases", "%d", CASES_MOST);
        if (!db_exec(w->db, e, "insert into activity_case(activity, case_id) values(?1, ?2) on conflict do nothing",
                     ARGS(INT(w->subject), INT(c.id))))
            return false;
    }
    return true;
}

static size_t cases_of(struct work *w, int64_t ids[CASES_MOST], struct error *e)
{
    struct db_rows r;
    size_t n = 0;
    if (!db_rows(w->db, &r, e, "select case_id from activity_case where activity = ?1 order by case_id",
                 ARGS(INT(w->subject))))
        return 0;
    while (n < CASES_MOST && db_next(&r))
        ids[n++] = db_int(&r, 0);
    return db_end(&r, e) ? n : 0;
}

static bool check_gates(struct work *w, const struct case_row *c, struct error *e)
{
    json_t *words = case_words(w->core, w->arena, c, e);
    const struct pack *pack = words != NULL ? core_pack(w->core, w->db, c->pack, e) : NULL;
    const struct gate_view view = {.core = w->core,
                                   .db = w->db,
                                   .arena = w->arena,
                                   .pack = pack,
                                   .category = pack != NULL ? pack_category(pack, c->kind, c->category) : NULL,
                                   .c = c,
                                   .words = words,
                                   .verb = "session"};
    bool ok = pack != NULL && gate_check(&view, STR(""), w->actor->lang, e);
    json_decref(words);
    return ok;
}

/* What was done in the room stands in the story of the case, and its next step is due anew. */
static bool tell_case(struct work *w, const struct case_row *c, struct error *e)
{
    struct str code = work_text(w, "session_result"), text = work_text(w, "text");
    const struct verb *progress = verb_find(w->core, SUBJECT_CASE, STR("progress"));
    struct actor system = actor_system();
    struct buf b = BUF_INIT(BUF_SEALED);

    if (((IN(ACCEPTED) | IN(WORKING)) >> c->state & 1) == 0)
        return true;
    buf_add(&b, pack_label(w->pack, "activity_types", STR("session")));
    if (code.n > 0) {
        buf_addz(&b, "：");
        buf_add(&b, pack_label(w->pack, "mediation.session_results", code));
    }
    if (text.n > 0) {
        buf_addz(&b, "。");
        buf_add(&b, str_head(text, 1900));
    }
    const char *said = arena_z(w->arena, buf_str(&b));
    buf_free(&b);
    /* In the name of who held it; the system's where they are not the one to record progress. */
    bool own = verb_open(w->db, progress, c, w->actor, NULL);
    return command_follow(w, own ? w->actor : &system, SUBJECT_CASE, "progress", c->uuid,
                          json_pack("{s:s}", "text", said), NULL, e);
}

static bool held(struct work *w, struct error *e)
{
    int64_t ids[CASES_MOST];
    size_t n = cases_of(w, ids, e);
    for (size_t i = 0; i < n; i++) {
        struct case_row c;
        if (!case_load_id(w->db, w->arena, ids[i], &c, e) || !check_gates(w, &c, e) || !tell_case(w, &c, e))
            return false;
    }
    return true;
}

/* ---- Room and mediators --------------------------------------------------------------------------------- */

static bool set_room(struct work *w, int64_t at, int64_t to, bool book, struct error *e)
{
    struct place p;
    struct id uuid;
    if (!work_has(w, "room"))
        return true;
    if (!id_parse(work_text(w, "room"), &uuid) || !place_load(w->core, w->db, w->arena, uuid, &p, e) ||
        !str_is(p.kind, "mediation_room") || !scope_reaches(w->actor, p.scope, POSTS_WORK))
        return error_set(e, ERROR_NOT_FOUND, "room");
    if (!db_exec(w->db, e, "update activity set room = ?2 where id = ?1", ARGS(INT(w->subject), INT(p.id))))
        return false;
    const struct booking b = {BOOKING_ROOM, p.id, w->subject, at, to, "room", p.name};
    return !book || booking_take(w->db, &b, e);
}

static bool set_mediator(struct work *w, const char *text, int64_t at, int64_t to, bool book,
                         const char *field, struct error *e)
{
    struct actor who;
    struct id uuid;
    int64_t account;
    struct str name;

    if (!id_parse(str_of(text), &uuid) || !subject_id(w->db, SUBJECT_ACCOUNT, uuid, &account, e) ||
        !actor_load(w->db, w->arena, account, day_of(w->now), &who, e) ||
        !scope_reaches(&who, w->scope, POSTS_MEDIATOR))
        return error_set(e, ERROR_NOT_FOUND, field);
    if (!account_name(w->core, w->db, w->arena, account, &name, e) ||
        !db_exec(w->db, e, "insert into activity_worker(activity, account) values(?1, ?2) on conflict do nothing",
                 ARGS(INT(w->subject), INT(account))))
        return false;
    const struct booking b = {BOOKING_PERSON, account, w->subject, at, to, field, name};
    return !book || booking_take(w->db, &b, e);
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

bool sitting_make(struct work *w, int64_t at, int64_t minutes, bool is_held, struct error *e)
{
    const json_t *rows = json_object_get(w->fields, "mediators"), *one;
    int64_t to = at + (minutes > 0 ? minutes : DEFAULT_MINUTES) * TIME_MINUTE;
    size_t i, n = json_array_size(rows);
    const char **ids = ARENA_ARRAY(w->arena, const char *, n + 1);

    if (!link_cases(w, e) || !set_room(w, at, to, !is_held, e))
        return false;
    json_array_foreach(rows, i, one)
        ids[i] = json_string_value(one);
    /* In one order, so that two who want the same people don't wait for each other. */
    qsort(ids, n, sizeof *ids, by_text);
    for (i = 0; i < n; i++)
        if (!set_mediator(w, ids[i], at, to, !is_held, arena_printf(w->arena, "mediators.%zu", i), e))
            return false;
    return !is_held || held(w, e);
}

bool sitting_hold(struct work *w, struct error *e)
{
    return held(w, e);
}

bool sitting_move(struct work *w, int64_t at, int64_t minutes, struct error *e)
{
    struct db_rows r;
    struct booking kept[32];
    size_t n = 0;
    int64_t to = at + (minutes > 0 ? minutes : DEFAULT_MINUTES) * TIME_MINUTE;

    if (!db_rows(w->db, &r, e,
                 "select distinct resource_kind, resource from booking where activity = ?1 order by resource_kind, resource",
                 ARGS(INT(w->subject))))
        return false;
    while (n < 32 && db_next(&r))
        kept[n++] = (struct booking){
            (enum booking_kind)db_int(&r, 0), db_int(&r, 1), w->subject, at, to, "at", STR("")};
    if (!db_end(&r, e) || !booking_release(w->db, w->subject, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!booking_take(w->db, &kept[i], e))
            return false;
    return true;
}
