#include "core/subject.h"

#include "core/register.h"
#include "core/scope.h"
#include "core/verb.h"

static const char *const tables[SUBJECT_REGISTERS] = {"",          "cases", "activity", "person",
                                                      "household", "place", "account",  "unit"};

const char *subject_table(enum subject_kind k)
{
    return k >= SUBJECT_REGISTERS ? "register_row" : tables[k];
}

bool subject_uuid(struct db *db, enum subject_kind k, int64_t id, struct id *ret, struct error *e)
{
    struct db_rows r;
    char sql[96];
    (void)snprintf(sql, sizeof sql, "select uuid from %s where id = ?1", subject_table(k));
    if (!db_rows(db, &r, e, sql, ARGS(INT(id))))
        return false;
    if (db_next(&r))
        *ret = db_id(&r, 0);
    return db_end(&r, e);
}

bool subject_id(struct db *db, enum subject_kind k, struct id uuid, int64_t *ret, struct error *e)
{
    char sql[96];
    (void)snprintf(sql, sizeof sql, "select id from %s where uuid = ?1", subject_table(k));
    if (!db_one_int(db, ret, 0, e, sql, ARGS(ID(uuid))))
        return false;
    return *ret != 0 || error_set(e, ERROR_NOT_FOUND, NULL);
}

static bool load_case(struct work *w, struct error *e)
{
    enum sight sight;
    if (!case_load(w->db, w->arena, w->command->subject, true, &w->c, e) ||
        !scope_sight(w->db, w->actor, &w->c, &sight, e))
        return false;
    if (sight == SIGHT_NONE)
        return error_set(e, ERROR_NOT_FOUND, NULL);
    w->subject = w->c.id;
    w->uuid = w->c.uuid;
    w->rev = w->c.rev;
    w->scope = w->c.scope;
    w->wrapped = w->c.key;
    memcpy(w->head, w->c.head, HASH_BYTES);
    w->words = case_words(w->core, w->arena, &w->c, e);
    return w->words != NULL;
}

/* Persons, households, places, activities and accounts: the same columns stand in each table. */
static bool load_plain(struct work *w, struct error *e)
{
    struct db_rows r;
    const char *sql = arena_printf(w->arena, "select id, rev, scope, key, head from %s where uuid = ?1 {lock}",
                                   tables[w->command->subject_kind]);

    if (!db_rows(w->db, &r, e, sql, ARGS(ID(w->command->subject))))
        return false;
    bool found = db_next(&r);
    if (found) {
        w->subject = db_int(&r, 0);
        w->rev = db_int(&r, 1);
        w->scope = db_int(&r, 2);
        w->wrapped = arena_str(w->arena, db_blob(&r, 3));
        struct str head = db_blob(&r, 4);
        if (head.n == HASH_BYTES)
            memcpy(w->head, head.p, HASH_BYTES);
    }
    w->uuid = w->command->subject;
    return db_end(&r, e) && (found || error_set(e, ERROR_NOT_FOUND, NULL));
}

static bool is_self(const struct work *w)
{
    return (w->verb->who & BY_SELF) != 0 && w->actor->kind == ACTOR_ACCOUNT && w->subject == w->actor->account;
}

static bool reaches_account(const struct work *w)
{
    return is_self(w) || scope_reaches(w->actor, w->scope, w->verb->posts);
}

bool subject_load(struct work *w, struct error *e)
{
    const struct register_def *def = register_of(w->core, w->command->subject_kind);
    if (def != NULL)
        return register_load(w, def, e);
    if (w->command->subject_kind == SUBJECT_CASE)
        return load_case(w, e);
    if (!load_plain(w, e))
        return false;
    if (w->command->subject_kind == SUBJECT_ACCOUNT)
        return reaches_account(w) ||
               error_set(e, actor_is(w->actor, w->verb->posts) ? ERROR_NOT_FOUND : ERROR_FORBIDDEN, NULL);
    return scope_reaches(w->actor, w->scope, w->verb->posts) || error_set(e, ERROR_NOT_FOUND, NULL);
}

bool subject_may(struct work *w, struct error *e)
{
    const struct verb *v = w->verb;
    if (w->actor->kind == ACTOR_SYSTEM || (v->who & BY_ANYONE) != 0)
        return true;
    if (v->from == IN_NOTHING)
        return w->actor->kind == ACTOR_NOBODY ? error_set(e, ERROR_SIGN_IN, NULL)
               : actor_is(w->actor, v->posts) ? true
                                              : error_set(e, ERROR_FORBIDDEN, NULL);
    if (w->command->subject_kind == SUBJECT_CASE)
        return verb_open(w->db, v, &w->c, w->actor, e);
    if (w->command->subject_kind >= SUBJECT_REGISTERS)
        return register_may(w, e);
    return is_self(w) || actor_is(w->actor, v->posts) || error_set(e, ERROR_FORBIDDEN, NULL);
}

static bool seal_case(struct work *w, struct error *e)
{
    struct case_row *c = &w->c;
    bool erased = c->key.n == 0;
    c->sealed = erased ? STR("") : case_seal_words(w->core, w->arena, c, w->words, e);
    c->rev = w->rev;
    memcpy(c->head, w->head, HASH_BYTES);
    return erased || c->sealed.n > 0;
}

/* A new one: each row is written once, the case's before those that point to it. */
static bool bear_case(struct work *w, struct error *e)
{
    struct case_row *c = &w->c;
    struct clock_row clocks[CLOCK_COUNT];
    size_t n;

    if (!clock_plan(w->core, w->db, c, w->starts, w->verb->past ? w->now : w->at, clocks, &n, e))
        return false;
    if ((c->flags & FLAG_PAUSED) != 0)
        c->due = c->due_clock = c->reply_due = 0; /* as of any case whose promises wait */
    if (!seal_case(w, e) || !case_insert(w->db, c, e) || !clock_insert(w->db, c, clocks, n, e) ||
        !case_desk_born(w->db, c, e) || !work_link_persons(w, e))
        return false;
    if ((c->flags & FLAG_PAUSED) != 0 && !clock_pause(w->core, w->db, c, w->at, e))
        return false;
    if (c->merged_into != 0 &&
        !db_exec(w->db, e, "insert into case_link(case_id, other, relation) values(?1, ?2, 1)",
                 ARGS(INT(c->id), INT(c->merged_into))))
        return false;
    if (c->handler != 0 && !case_worker_set(w->db, c->id, c->handler, WORKER_HANDLER, w->at, e))
        return false;
    for (size_t i = 0; i < w->recused_count; i++)
        if (!case_worker_set(w->db, c->id, w->recused[i], WORKER_RECUSED, w->at, e))
            return false;
    return w->external.n == 0 || case_external_set(w->core, w->db, c->id, w->external, e);
}

static bool save_case(struct work *w, struct error *e)
{
    struct case_row *c = &w->c;
    bool ended;

    if (w->state_to != 0)
        c->state = (enum case_state)w->state_to;
    if (w->born)
        return bear_case(w, e);
    ended = (IN_ENDED >> c->state & 1) != 0;
    return clock_stop(w->db, c, ended ? ~0u : w->stops, w->at, e) &&
           clock_start(w->core, w->db, c, ended ? 0 : w->starts, w->at, e) && seal_case(w, e) &&
           clock_nearest(w->db, c, e) && case_update(w->db, c, e) && case_desk(w->db, c, e);
}

bool subject_save(struct work *w, struct error *e)
{
    if (w->command->subject_kind == SUBJECT_CASE)
        return save_case(w, e);
    if (w->command->subject_kind >= SUBJECT_REGISTERS)
        return register_save(w, e);
    const char *sql = arena_printf(w->arena, "update %s set rev = ?2, head = ?3 where id = ?1",
                                   tables[w->command->subject_kind]);
    return db_exec(w->db, e, sql, ARGS(INT(w->subject), INT(w->rev), BYTES(w->head, HASH_BYTES)));
}
