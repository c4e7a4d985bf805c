#include "core/booking.h"

#include "base/time.h"
#include "core/account.h"
#include "core/place.h"
#include "core/scope.h"
#include "core/vault.h"

enum { QUARTER = 15 * 60 * 1000 };

/* Until when does the one who holds this quarter hold it? */
static bool say_taken(struct db *db, const struct booking *b, int64_t quarter, struct error *e)
{
    int64_t last;
    if (!db_one_int(
            db, &last, quarter, e,
            "select max(q.quarter) from booking q join booking h on h.activity = q.activity and h.resource_kind = q.resource_kind "
            "and h.resource = q.resource where h.resource_kind = ?1 and h.resource = ?2 and h.quarter = ?3",
            ARGS(INT(b->kind), INT(b->resource), INT(quarter))))
        return false;
    struct civil until = civil_of((last + 1) * QUARTER);
    return error_setf(e, ERROR_TAKEN, b->field, "%.*s（–%02d:%02d）", (int)b->name.n, b->name.p, until.hour,
                      until.minute);
}

bool booking_take(struct db *db, const struct booking *b, struct error *e)
{
    for (int64_t q = b->from / QUARTER; q * QUARTER < b->to; q++) {
        /* Who comes second waits for the first one's commit, and then changes nothing. */
        if (!db_exec(db, e,
                     "insert into booking(resource_kind, resource, quarter, activity) values(?1, ?2, ?3, ?4) on conflict do nothing",
                     ARGS(INT(b->kind), INT(b->resource), INT(q), INT(b->activity))))
            return false;
        if (db_changes(db) == 0)
            return say_taken(db, b, q, e);
    }
    return true;
}

bool booking_release(struct db *db, int64_t activity, struct error *e)
{
    return db_exec(db, e, "delete from booking where activity = ?1", ARGS(INT(activity)));
}

/* ---- The calendar --------------------------------------------------------------------------------------- */

static void write_name(struct jw *w, struct id uuid, struct str name)
{
    char id[ID_TEXT];
    id_format(uuid, id);
    jw_object(w);
    jw_kz(w, "id", id);
    jw_ktext(w, "name", name);
    jw_end_object(w);
}

static bool write_rooms(struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t lo,
                        int64_t hi, struct error *e)
{
    const struct place_query q = {.lo = lo, .hi = hi, .after_scope = -1, .limit = 500};
    struct place *places;
    size_t n;
    if (!place_page(core, db, a, &q, &places, &n, e))
        return false;
    jw_karray(w, "rooms");
    for (size_t i = 0; i < n; i++)
        if (str_is(places[i].kind, "mediation_room"))
            write_name(w, places[i].uuid, places[i].name);
    jw_end_array(w);
    return true;
}

struct people {
    int64_t ids[64];
    struct id uuids[64];
    size_t n;
};

static bool write_mediators(struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t lo,
                            int64_t hi, struct error *e)
{
    struct people p = {.n = 0};
    struct db_rows r;
    if (!db_rows(db, &r, e,
                 "select distinct a.id, a.uuid from post t join account a on a.id = t.account join unit u on u.id = t.unit "
                 "where u.ord >= ?1 and u.ord < ?2 and t.post in (?3, ?4) and t.from_day <= ?5 and (t.to_day is null or t.to_day > ?5) "
                 "and a.closed_at is null order by a.id limit 64",
                 ARGS(INT(lo), INT(hi), INT(POST_MEDIATOR), INT(POST_MED_CHAIR), INT(day_of(time_now())))))
        return false;
    while (p.n < 64 && db_next(&r)) {
        p.ids[p.n] = db_int(&r, 0);
        p.uuids[p.n++] = db_id(&r, 1);
    }
    if (!db_end(&r, e))
        return false;
    jw_karray(w, "mediators");
    for (size_t i = 0; i < p.n; i++) {
        struct str name;
        if (!account_name(core, db, a, p.ids[i], &name, e))
            return false;
        write_name(w, p.uuids[i], name);
    }
    jw_end_array(w);
    return true;
}

struct sitting_row {
    int64_t id, at, minutes, state, rev;
    struct id uuid, room;
    bool has_room;
};

/* The case of a sitting, as far as the reader may know of it. */
static bool write_case(struct core *core, struct db *db, struct arena *a, struct jw *w,
                       const struct actor *actor, int64_t activity, struct error *e)
{
    int64_t case_id;
    struct case_row c;
    enum sight sight = SIGHT_NONE;
    char id[ID_TEXT];

    jw_key(w, "case");
    if (!db_one_int(db, &case_id, 0, e, "select min(case_id) from activity_case where activity = ?1",
                    ARGS(INT(activity))))
        return false;
    if (case_id != 0 && (!case_load_id(db, a, case_id, &c, e) || !scope_sight(db, actor, &c, &sight, e)))
        return false;
    if (case_id == 0 || sight == SIGHT_NONE) {
        jw_null(w);
        return true;
    }
    json_t *words = sight == SIGHT_WORK ? case_words(core, a, &c, NULL) : NULL;
    id_format(c.uuid, id);
    jw_object(w);
    jw_kz(w, "id", id);
    jw_ktext(w, "number", c.number);
    jw_ktext(w, "title", json_text(words, "title"));
    jw_end_object(w);
    json_decref(words);
    return true;
}

static bool write_workers(struct db *db, struct jw *w, int64_t activity, struct error *e)
{
    struct db_rows r;
    char id[ID_TEXT];
    if (!db_rows(db, &r, e,
                 "select a.uuid from activity_worker k join account a on a.id = k.account where k.activity = ?1 order by a.id",
                 ARGS(INT(activity))))
        return false;
    jw_karray(w, "mediators");
    while (db_next(&r)) {
        id_format(db_id(&r, 0), id);
        jw_text(w, str_of(id));
    }
    jw_end_array(w);
    return db_end(&r, e);
}

static bool write_item(struct core *core, struct db *db, struct arena *a, struct jw *w,
                       const struct actor *actor, const struct sitting_row *s, struct error *e)
{
    char id[ID_TEXT], room[ID_TEXT];
    id_format(s->uuid, id);
    id_format(s->room, room);
    jw_object(w);
    jw_kz(w, "id", id);
    jw_kz(w, "state", activity_state_code((enum activity_state)s->state));
    jw_ktime(w, "at", s->at);
    jw_kint(w, "minutes", s->minutes);
    jw_kint(w, "rev", s->rev);
    jw_kz(w, "room", s->has_room ? room : NULL);
    bool ok = write_workers(db, w, s->id, e) && write_case(core, db, a, w, actor, s->id, e);
    jw_end_object(w);
    return ok;
}

bool booking_write_calendar(struct core *core, struct db *db, struct arena *a, struct jw *w,
                            const struct actor *actor, int64_t lo, int64_t hi, int64_t from, int64_t to,
                            struct error *e)
{
    enum { MOST = 400 };
    struct sitting_row *rows = ARENA_ARRAY(a, struct sitting_row, MOST);
    size_t n = 0;
    struct db_rows r;

    jw_object(w);
    if (!write_rooms(core, db, a, w, lo, hi, e) || !write_mediators(core, db, a, w, lo, hi, e) ||
        !db_rows(db, &r, e,
                 "select a.id, a.uuid, a.happened_at, coalesce(a.minutes, 60), a.state, a.rev, p.uuid from activity a left join place p on p.id = a.room "
                 "where a.scope >= ?1 and a.scope < ?2 and a.happened_at >= ?3 and a.happened_at < ?4 and a.type = ?5 and a.state <> ?6 "
                 "order by a.happened_at, a.id limit 400",
                 ARGS(INT(lo), INT(hi), INT(from), INT(to), INT(ACT_SESSION), INT(CANCELLED))))
        return false;
    while (n < MOST && db_next(&r)) {
        rows[n] = (struct sitting_row){db_int(&r, 0),
                                       db_int(&r, 2),
                                       db_int(&r, 3),
                                       db_int(&r, 4),
                                       db_int(&r, 5),
                                       .uuid = db_id(&r, 1),
                                       .has_room = !db_null(&r, 6)};
        if (rows[n].has_room)
            rows[n].room = db_id(&r, 6);
        n++;
    }
    if (!db_end(&r, e))
        return false;
    jw_karray(w, "items");
    for (size_t i = 0; i < n; i++)
        if (!write_item(core, db, a, w, actor, &rows[i], e))
            return false;
    jw_end_array(w);
    jw_end_object(w);
    return true;
}
