/* Stand-ins, written: which posts of somebody who is away a colleague holds meanwhile. */
#include "core/stand_in.h"

#include "base/time.h"
#include "core/scope.h"
#include "core/stand_in_parts.h"
#include "core/subject.h"
#include "core/unit.h"

/* Who sets up, who reads the journal and who watches over the committee is appointed by the administrator alone. */
const post_mask stand_in_kept = AS(ADMIN) | AS(AUDITOR) | AS(SUPERVISOR);

bool stand_in_held(struct db *db, int64_t account, int32_t from, int32_t end, struct held_post *ret,
                   size_t *ret_n, struct error *e)
{
    struct db_rows r;

    *ret_n = 0;
    if (!db_rows(db, &r, e,
                 "select p.post, p.unit, p.office, u.ord, u.level, c.ord, c.ord_end from post p join unit u on u.id = p.unit left join unit c on c.id = u.parent "
                 "where p.account = ?1 and p.stands_in_for is null and p.from_day < ?3 and (p.to_day is null or p.to_day > ?2) order by p.id",
                 ARGS(INT(account), INT(from), INT(end))))
        return false;
    while (*ret_n < HELD_MOST && db_next(&r)) {
        bool group = db_int(&r, 4) == UNIT_GROUP;
        struct held_post h = {.post = (enum post)db_int(&r, 0),
                              .unit = db_int(&r, 1),
                              .office = db_int(&r, 2),
                              .ord = db_int(&r, 3),
                              .lo = db_int(&r, group ? 5 : 3),
                              .hi = group ? db_int(&r, 6) : db_int(&r, 3) + 1};
        if ((stand_in_kept >> h.post & 1) == 0)
            ret[(*ret_n)++] = h;
    }
    return db_end(&r, e);
}

bool stand_in_fits(struct db *db, const struct held_post *h, int64_t with, int32_t from, int32_t end,
                   bool *ret, struct error *e)
{
    bool mediator = (POSTS_MEDIATOR >> h->post & 1) != 0;
    struct db_rows r;

    *ret = false;
    if (!db_rows(db, &r, e,
                 "select p.post from post p join unit u on u.id = p.unit where p.account = ?1 and p.stands_in_for is null and p.from_day <= ?2 "
                 "and (p.to_day is null or p.to_day >= ?3) and u.ord >= ?4 and u.ord < ?5 and (?6 = 0 or p.office = ?6)",
                 ARGS(INT(with), INT(from), INT(end), INT(h->lo), INT(h->hi), INT(h->office))))
        return false;
    while (db_next(&r)) {
        post_mask one = (post_mask)1 << db_int(&r, 0);
        /* Mediating takes an appointment (D3), wherever else one works. */
        *ret = *ret || ((one & stand_in_kept) == 0 && (!mediator || (one & POSTS_MEDIATOR) != 0));
    }
    return db_end(&r, e);
}

bool stand_in_may_send(const struct actor *a, int64_t account, const struct held_post *h)
{
    return a->account == account || scope_reaches(a, h->ord, AS(CHAIR) | AS(ADMIN));
}

/* The days from `from` to before `end`; nobody is sent away in the past, or for good. */
static bool days_of(const struct work *w, int32_t *from, int32_t *end, struct error *e)
{
    enum { AHEAD = 366 };
    int32_t today = day_of(w->now), last;

    *from = today;
    if (work_has(w, "from") && !date_parse(work_text(w, "from"), from))
        return error_set(e, ERROR_MALFORMED, "from");
    if (!date_parse(work_text(w, "to"), &last))
        return error_set(e, ERROR_MALFORMED, "to");
    if (*from < today)
        return error_set(e, ERROR_IN_PAST, "from");
    if (*from > today + AHEAD)
        return error_set(e, ERROR_OUT_OF_RANGE, "from");
    *end = last + 1;
    if (last < *from || *end - *from > STAND_IN_DAYS)
        return error_set(e, ERROR_OUT_OF_RANGE, "to");
    return true;
}

/* Is somebody standing in for the account on one of these days? */
static bool is_covered(struct db *db, int64_t account, int32_t from, int32_t end, bool *ret, struct error *e)
{
    int64_t found;
    if (!db_one_int(
            db, &found, 0, e,
            "select 1 from post o join post s on s.unit = o.unit and s.post = o.post where o.account = ?1 and s.stands_in_for = ?1 "
            "and s.from_day < ?3 and (s.to_day is null or (s.to_day > ?2 and s.to_day > s.from_day)) limit 1",
            ARGS(INT(account), INT(from), INT(end))))
        return false;
    *ret = found != 0;
    return true;
}

/* Who is named: with an account that is open, not the absent one, and not away on these days. */
static bool find_with(struct work *w, int32_t from, int32_t end, int64_t *ret, struct error *e)
{
    struct id uuid;
    bool away;

    if (!id_parse(work_text(w, "with"), &uuid) ||
        !db_one_int(w->db, ret, 0, e, "select id from account where uuid = ?1 and closed_at is null",
                    ARGS(ID(uuid))) ||
        *ret == 0)
        return error_set(e, ERROR_NOT_FOUND, "with");
    if (*ret == w->subject)
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "with");
    if (!is_covered(w->db, *ret, from, end, &away, e))
        return false;
    return !away || error_set(e, ERROR_CONFLICT, "with");
}

static bool hold_for(struct work *w, const struct held_post *h, int64_t with, int32_t from, int32_t end,
                     struct error *e)
{
    return db_exec(
        w->db, e,
        "insert into post(account, post, unit, office, from_day, to_day, stands_in_for) values(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        ARGS(INT(with), INT(h->post), INT(h->unit), OPT_INT(h->office), INT(from), INT(end), INT(w->subject)));
}

bool apply_away(struct work *w, struct error *e)
{
    struct held_post held[HELD_MOST];
    int64_t with;
    int32_t from = 0, end = 0;
    bool taken;
    size_t n, lent = 0;

    if (!days_of(w, &from, &end, e) || !find_with(w, from, end, &with, e) ||
        !is_covered(w->db, w->subject, from, end, &taken, e) ||
        !stand_in_held(w->db, w->subject, from, end, held, &n, e))
        return false;
    if (taken)
        return error_set(e, ERROR_CONFLICT, "from");
    for (size_t i = 0; i < n; i++) {
        bool fits;
        if (!stand_in_may_send(w->actor, w->subject, &held[i]))
            continue;
        if (!stand_in_fits(w->db, &held[i], with, from, end, &fits, e) ||
            (fits && !hold_for(w, &held[i], with, from, end, e)))
            return false;
        lent += fits;
    }
    return lent > 0 || error_set(e, ERROR_NOT_ALLOWED_HERE, "with");
}

bool stand_in_end(struct db *db, int64_t account, int64_t with, int32_t day, struct error *e)
{
    /* What has not begun never holds: its end is its beginning. The posts lead to the rows: nothing is found by whom it stands in for. */
    return db_exec(db, e,
                   "update post set to_day = case when from_day > ?2 then from_day else ?2 end where stands_in_for = ?1 and (to_day is null or (to_day > ?2 and to_day > from_day)) "
                   "and (?3 = 0 or account = ?3) and unit in (select unit from post where account = ?1)",
                   ARGS(INT(account), INT(day), INT(with)));
}

bool apply_back(struct work *w, struct error *e)
{
    struct id uuid;
    int64_t with = 0;

    if (work_has(w, "with") &&
        (!id_parse(work_text(w, "with"), &uuid) || !subject_id(w->db, SUBJECT_ACCOUNT, uuid, &with, e)))
        return error_set(e, ERROR_NOT_FOUND, "with");
    if (!stand_in_end(w->db, w->subject, with, day_of(w->now), e))
        return false;
    return db_changes(w->db) > 0 || error_set(e, ERROR_NOT_OPEN, "verb");
}

bool stand_in_noted(struct work *w, const struct actor_post *post, struct error *e)
{
    bool theirs = w->command->subject_kind == SUBJECT_CASE && w->c.handler != w->actor->account &&
                  actor_acts_for(w->actor, w->c.handler);
    int64_t absent = post != NULL && post->stands_in_for != 0 ? post->stands_in_for
                     : theirs                                 ? w->c.handler
                                                              : 0;
    struct id uuid = {{0}};
    char id[ID_TEXT];

    if (absent == 0)
        return true;
    if (!subject_uuid(w->db, SUBJECT_ACCOUNT, absent, &uuid, e))
        return false;
    id_format(uuid, id);
    return json_object_set_new(w->record, "stood_in_for", json_string(id)) == 0;
}
