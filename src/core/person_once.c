#include "core/person_once.h"

#include "base/time.h"
#include "core/scope.h"
#include "core/subject.h"
#include "core/unit.h"
#include "core/vault.h"
#include "core/verb.h"

/* ---- Likely the same ----------------------------------------------------------------------------------- */

static struct str hashed(const struct core *core, struct arena *a, const char *field, struct str value)
{
    if (value.n == 0)
        return (struct str){NULL, 0};
    unsigned char *out = arena_alloc(a, HASH_BYTES);
    blind_index(core->keys, field, value, out);
    return str_range((const char *)out, HASH_BYTES);
}

bool person_alike_query(const struct core *core, struct db *db, struct arena *a, int64_t unit,
                        const struct identity *who, struct alike_query *ret, struct error *e)
{
    struct unit committee;
    if (!unit_above(db, a, unit, UNIT_COMMITTEE, &committee, e))
        return false;
    *ret = (struct alike_query){.name_ix = hashed(core, a, "name", who->name),
                                .phone_ix = hashed(core, a, "phone", who->phone),
                                .id_no_ix = hashed(core, a, "id_no", who->id_no),
                                .lo = committee.ord,
                                .hi = committee.ord_end};
    return true;
}

const char *alike_field(unsigned by)
{
    return (by & ALIKE_ID_NO) != 0 ? "id_no" : (by & ALIKE_PHONE) != 0 ? "phone" : "name";
}

/* Somebody found under a hash: counted once, as the one who stands for them now. */
static bool meet(struct db *db, const struct actor *actor, const struct alike_query *q, int64_t person,
                 unsigned by, struct alike ret[ALIKE_MOST], size_t *ret_n, struct error *e)
{
    int64_t scope;
    bool hidden;

    if (!person_standing(db, person, &person, e) ||
        !db_one_int(db, &scope, -1, e, "select scope from person where id = ?1 and key is not null",
                    ARGS(INT(person))) ||
        !person_hidden(db, actor, person, &hidden, e))
        return false;
    if (person == q->besides || hidden || scope < 0 || !scope_reaches(actor, scope, PERSON_READERS))
        return true;
    for (size_t i = 0; i < *ret_n; i++)
        if (ret[i].person == person) {
            ret[i].by |= by;
            return true;
        }
    if (*ret_n < ALIKE_MOST)
        ret[(*ret_n)++] = (struct alike){person, by};
    return true;
}

bool person_alike(struct db *db, const struct actor *actor, const struct alike_query *q,
                  struct alike ret[ALIKE_MOST], size_t *ret_n, struct error *e)
{
    static const unsigned by[] = {ALIKE_ID_NO, ALIKE_PHONE, ALIKE_NAME};
    static const char *const sql[] = {
        "select id from person where id_no_ix = ?1 order by id limit 20",
        "select id from person where phone_ix = ?1 order by id limit 20",
        "select id from person where name_ix = ?1 and scope >= ?2 and scope < ?3 order by id limit 20",
    };
    const struct str indexes[] = {q->id_no_ix, q->phone_ix, q->name_ix};

    *ret_n = 0;
    for (size_t i = 0; i < sizeof by / sizeof by[0]; i++) {
        struct db_rows r;
        int64_t found[ALIKE_MOST];
        size_t n = 0;
        const struct db_arg args[] = {BLOB(indexes[i]), INT(q->lo), INT(q->hi)};
        if (indexes[i].n == 0)
            continue;
        if (!db_rows(db, &r, e, sql[i], args, by[i] == ALIKE_NAME ? 3 : 1))
            return false;
        while (n < ALIKE_MOST && db_next(&r))
            found[n++] = db_int(&r, 0);
        if (!db_end(&r, e))
            return false;
        for (size_t k = 0; k < n; k++)
            if (!meet(db, actor, q, found[k], by[i], ret, ret_n, e))
                return false;
    }
    return true;
}

/* ---- Two that are one ---------------------------------------------------------------------------------- */

static bool merged_into(struct db *db, int64_t person, int64_t *ret, struct error *e)
{
    return db_one_int(db, ret, 0, e, "select merged_into from person where id = ?1", ARGS(INT(person)));
}

bool person_stands(struct work *w, struct error *e)
{
    int64_t into;
    if (!merged_into(w->db, w->subject, &into, e))
        return false;
    return into == 0 || error_setf(e, ERROR_NOT_OPEN, "verb", "%s", w->verb->name);
}

/* The one who stays: in reach, not hidden, standing, not erased. */
static bool find_other(struct work *w, struct id *ret_uuid, int64_t *ret, struct error *e)
{
    int64_t scope;
    bool hidden;

    if (!id_parse(work_text(w, "same_as"), ret_uuid) || !subject_id(w->db, SUBJECT_PERSON, *ret_uuid, ret, NULL))
        return error_set(e, ERROR_NOT_FOUND, "same_as");
    if (!db_one_int(w->db, &scope, -1, e,
                    "select scope from person where id = ?1 and key is not null and merged_into is null",
                    ARGS(INT(*ret))) ||
        !person_hidden(w->db, w->actor, *ret, &hidden, e))
        return false;
    if (hidden || scope < 0 || !scope_reaches(w->actor, scope, w->verb->posts))
        return error_set(e, ERROR_NOT_FOUND, "same_as");
    return *ret != w->subject || error_set(e, ERROR_NOT_ALLOWED_HERE, "same_as");
}

/* A statement about the one who goes (?1) and, where `n` is 2, the one who stays (?2). */
struct step {
    const char *sql;
    size_t n;
};

static bool take_steps(struct work *w, int64_t other, const struct step *steps, size_t count, struct error *e)
{
    const struct db_arg args[] = {INT(w->subject), INT(other)};
    for (size_t i = 0; i < count; i++)
        if (!db_exec(w->db, e, steps[i].sql, args, steps[i].n))
            return false;
    return true;
}

/* Where the other is in the case with the same role already, the link is taken out and kept; all others change hands. */
static bool move_links(struct work *w, int64_t other, struct error *e)
{
    static const struct step steps[] = {
        {"insert into person_moved(person, link, case_id, role, side) select p.person, p.uuid, p.case_id, p.role, p.side from case_person p "
         "where p.person = ?1 and exists (select 1 from case_person o where o.case_id = p.case_id and o.person = ?2 and o.role = p.role and o.side = p.side)",
         2},
        {"delete from case_person where person = ?1 and uuid in (select link from person_moved where person = ?1)",
         1},
        {"insert into person_moved(person, link) select person, uuid from case_person where person = ?1", 1},
        {"insert into person_moved(person, link) select person, uuid from register_row where person = ?1", 1},
        {"update case_person set person = ?2 where person = ?1", 2},
        {"update register_row set person = ?2 where person = ?1", 2},
        {"update person set merged_into = ?2 where id = ?1", 2},
    };
    return take_steps(w, other, steps, sizeof steps / sizeof steps[0], e);
}

/* What happened to one of the two happened to the other as well: it stands in both histories, and the search reads both anew. */
static bool tell_other(struct work *w, struct id other, const char *verb, struct error *e)
{
    const struct actor system = actor_system();
    char text[ID_TEXT];
    id_format(w->uuid, text);
    return command_follow(w, &system, SUBJECT_PERSON, verb, other, json_pack("{s:s}", "other", text), NULL, e);
}

bool apply_person_merge(struct work *w, struct error *e)
{
    struct id uuid;
    int64_t other;
    bool hidden;

    if (!person_stands(w, e) || !person_hidden(w->db, w->actor, w->subject, &hidden, e))
        return false;
    if (hidden)
        return error_set(e, ERROR_NOT_FOUND, NULL);
    return find_other(w, &uuid, &other, e) && move_links(w, other, e) && tell_other(w, uuid, "absorb", e);
}

bool apply_person_unmerge(struct work *w, struct error *e)
{
    static const struct step steps[] = {
        {"insert into case_person(uuid, case_id, person, role, side) select link, case_id, person, role, side from person_moved "
         "where person = ?1 and case_id is not null",
         1},
        {"update case_person set person = ?1 where person = ?2 and uuid in (select link from person_moved where person = ?1)",
         2},
        {"update register_row set person = ?1 where person = ?2 and uuid in (select link from person_moved where person = ?1)",
         2},
        {"delete from person_moved where person = ?1", 1},
        {"update person set merged_into = null where id = ?1 and merged_into = ?2", 2},
    };
    struct id uuid = {{0}};
    int64_t other, further;

    if (!merged_into(w->db, w->subject, &other, e))
        return false;
    if (other == 0)
        return error_setf(e, ERROR_NOT_OPEN, "verb", "%s", w->verb->name);
    if (!merged_into(w->db, other, &further, e))
        return false;
    if (further != 0) /* the links lie one further on: that merger has to be undone first */
        return error_setf(e, ERROR_NOT_OPEN, "verb", "%s", w->verb->name);
    return take_steps(w, other, steps, sizeof steps / sizeof steps[0], e) &&
           subject_uuid(w->db, SUBJECT_PERSON, other, &uuid, e) && tell_other(w, uuid, "release", e);
}

/* ---- What becomes of people ---------------------------------------------------------------------------- */

/* A date of the past or today; `none` is today. */
static bool read_date(struct work *w, const char *field, int32_t *ret, struct error *e)
{
    *ret = day_of(w->at);
    if (work_text(w, field).n > 0 && !date_parse(work_text(w, field), ret))
        return error_set(e, ERROR_MALFORMED, field);
    return *ret <= day_of(w->now) || error_set(e, ERROR_IN_FUTURE, field);
}

/* Within one's reach; the desk also hands people on to other committees of the county, whose they are from then on. */
static bool new_home(struct work *w, struct unit *ret, struct error *e)
{
    struct unit old, here, there;

    if (!unit_by_code(w->db, w->arena, work_text(w, "unit"), ret, NULL) || ret->level < UNIT_COMMITTEE)
        return error_set(e, ERROR_NOT_FOUND, "unit");
    if (scope_reaches(w->actor, ret->ord, w->verb->posts))
        return true;
    if (!actor_is(w->actor, POSTS_DESK) || !unit_at(w->db, w->arena, w->scope, &old, e) ||
        !unit_above(w->db, w->arena, old.id, UNIT_COUNTY, &here, e) ||
        !unit_above(w->db, w->arena, ret->id, UNIT_COUNTY, &there, e) || here.id != there.id)
        return error_set(e, ERROR_NOT_FOUND, "unit");
    return true;
}

bool apply_person_move(struct work *w, struct error *e)
{
    struct unit u;
    struct id uuid;
    int32_t day;
    int64_t household = 0;

    if (!person_stands(w, e) || !read_date(w, "on", &day, e) || !new_home(w, &u, e))
        return false;
    if (work_text(w, "household").n > 0 &&
        (!id_parse(work_text(w, "household"), &uuid) ||
         !db_one_int(w->db, &household, 0, e,
                     "select id from household where uuid = ?1 and scope >= ?2 and scope < ?3",
                     ARGS(ID(uuid), INT(u.ord), INT(u.ord_end))) ||
         household == 0))
        return error_set(e, ERROR_NOT_FOUND, "household");
    return db_exec(w->db, e, "update person set unit = ?2, scope = ?3, household = ?4 where id = ?1",
                   ARGS(INT(w->subject), INT(u.id), INT(u.ord), OPT_INT(household)));
}

/* What was being done for them waits until somebody has looked what it means now: no promise runs out meanwhile. */
static bool pause_help(struct work *w, int32_t day, struct error *e)
{
    const struct actor system = actor_system();
    struct id *cases;
    size_t n = 0;
    struct db_rows r;
    char date[DATE_TEXT];
    enum { CASES_MOST = 100 };

    cases = ARENA_ARRAY(w->arena, struct id, CASES_MOST);
    if (!db_rows(w->db, &r, e,
                 "select distinct c.uuid from case_person p join cases c on c.id = p.case_id where p.person = ?1 and p.role = ?2 and c.kind = ?3 "
                 "and c.state < ?4 and (c.flags & ?5) = 0 and c.key is not null limit ?6",
                 ARGS(INT(w->subject), INT(ROLE_SUBJECT), INT(KIND_DIFFICULTY), INT(STATE_SETTLED),
                      INT(FLAG_PAUSED), INT(CASES_MOST))))
        return false;
    while (n < CASES_MOST && db_next(&r))
        cases[n++] = db_id(&r, 0);
    if (!db_end(&r, e))
        return false;
    date_format(day, date);
    const char *reason = arena_printf(w->arena, "%s %s", lang_word(w->actor->lang, "person.died_reason"), date);
    for (size_t i = 0; i < n; i++)
        if (!command_follow(w, &system, SUBJECT_CASE, "pause", cases[i], json_pack("{s:s}", "reason", reason),
                            NULL, e))
            return false;
    return true;
}

bool apply_person_died(struct work *w, struct error *e)
{
    int32_t day;
    int64_t already;

    if (!person_stands(w, e) || !read_date(w, "died_on", &day, e) ||
        !db_one_int(w->db, &already, 0, e, "select died_on from person where id = ?1", ARGS(INT(w->subject))))
        return false;
    if (already != 0)
        return error_setf(e, ERROR_NOT_OPEN, "verb", "%s", w->verb->name);
    return db_exec(w->db, e, "update person set died_on = ?2 where id = ?1", ARGS(INT(w->subject), INT(day))) &&
           pause_help(w, day, e);
}

bool apply_person_alive(struct work *w, struct error *e)
{
    if (!person_stands(w, e) ||
        !db_exec(w->db, e, "update person set died_on = null where id = ?1 and died_on is not null",
                 ARGS(INT(w->subject))))
        return false;
    return db_changes(w->db) > 0 || error_setf(e, ERROR_NOT_OPEN, "verb", "%s", w->verb->name);
}
