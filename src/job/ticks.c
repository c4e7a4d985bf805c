#include "job/ticks.h"

#include "base/log.h"
#include "base/time.h"
#include "core/case.h"
#include "core/clock.h"
#include "core/command.h"
#include "core/notice.h"
#include "core/register.h"
#include "core/vault.h"

enum { PAGE = 50, PEOPLE = 24 };

struct breach {
    int64_t clock, case_id, warned, due;
    enum clock_name name;
};

static bool run_verb(struct core *core, struct db *db, struct arena *a, const struct case_row *c,
                     const char *verb, json_t *fields, struct error *e)
{
    struct actor system = actor_system();
    struct answer answer;
    struct command command = {.id = id_new(),
                              .verb = str_of(verb),
                              .subject_kind = SUBJECT_CASE,
                              .subject = c->uuid,
                              .fields = fields,
                              .rev = -1};
    bool ok = command_run(core, db, a, &system, &command, &answer, e);
    json_decref(fields);
    return ok;
}

/* The parties' term is over and they have not agreed on a longer one: the mediation ends (art. 26), whoever sits over it. */
static bool expire(struct core *core, struct db *db, struct arena *a, const struct breach *b, struct error *e)
{
    struct case_row c;
    if (!case_load_id(db, a, b->case_id, &c, e) ||
        !db_exec(db, e, "update case_clock set next_warning = null where id = ?1", ARGS(INT(b->clock))))
        return false;
    if (run_verb(core, db, a, &c, "settle",
                 json_pack("{s:s,s:s}", "outcome", "END_EXPIRED", "result",
                           lang_word(LANG_ZH_CN, "mediation.expired")),
                 e))
        return true;
    if (error_status(e->code) >= 500)
        return false;
    log_problem(LOG_WARN, "job.expire", e); /* an office holds it: what it does there ends it */
    return true;
}

static bool warn(struct core *core, struct db *db, struct arena *a, const struct breach *b,
                 const struct case_row *c, struct error *e)
{
    int64_t people[PEOPLE];
    size_t n;
    bool head = b->warned > 0;
    const char *template = arena_printf(a, "%s_%s", head ? "late" : "due", clock_code(b->name));

    if (!(head ? notice_heads(db, c, people, PEOPLE, &n, e)
               : notice_answerable(core, db, c, people, PEOPLE, &n, e)))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!notice_add(db, people[i], c->id, template,
                        arena_printf(a, "clock %lld %lld %lld", (long long)b->clock, (long long)b->warned,
                                     (long long)people[i]),
                        time_now(), e))
            return false;
    return true;
}

/* Step 0, at the due time: who answers. Step 1, a working day later: the head. Step 2, another day: up by itself, if the category says so. */
static bool climb(struct core *core, struct db *db, struct arena *a, const struct breach *b, struct error *e)
{
    struct case_row c;
    int64_t next = 0;
    const struct term day = {.milli = 1000, .unit = TERM_WORK_DAYS};

    if (!case_load_id(db, a, b->case_id, &c, e))
        return false;
    const struct pack *pack = core_pack(core, db, c.pack, e);
    const struct category *category = pack != NULL ? pack_category(pack, c.kind, c.category) : NULL;
    bool climbs = category != NULL && category->climbs && c.level < LEVEL_TOWN && c.office == 0;

    if (pack == NULL || (b->warned < 2 && !warn(core, db, a, b, &c, e)))
        return false;
    /* Who was told ahead of time is not late yet. */
    if (b->warned < 1 || (b->warned < 2 && climbs))
        next = term_due(core->calendar, b->due > time_now() ? b->due : time_now(), day, NULL);
    if (!db_exec(db, e,
                 "update case_clock set warned = warned + 1, next_warning = ?2 where id = ?1 and warned = ?3",
                 ARGS(INT(b->clock), OPT_INT(next), INT(b->warned))))
        return false;
    if (b->warned < 2 || !climbs || (IN_OPEN >> c.state & 1) == 0)
        return true;
    const json_t *labels = json_object_get(pack->doc, "clock_labels");
    struct str label = json_text(labels, clock_code(b->name));
    bool ok = run_verb(
        core, db, a, &c, "escalate",
        json_pack("{s:s}", "reason", arena_printf(a, "%.*s时限已过，自动上报", (int)label.n, label.p)), e);
    if (!ok && error_status(e->code) < 500) { /* nowhere to go up to: the coverage check lists that gap */
        log_problem(LOG_WARN, "job.climb", e);
        ok = true;
    }
    return ok;
}

bool tick_clocks(struct core *core, struct db *db, bool *ret_more, struct error *e)
{
    struct breach list[PAGE];
    struct arena *a = arena_open();
    struct db_rows r;
    size_t n = 0;
    bool ok = db_rows(db, &r, e,
                      "select id, case_id, warned, due_at, clock from case_clock where next_warning is not null and next_warning < ?1 "
                      "order by next_warning limit 50",
                      ARGS(INT(time_now())));
    if (ok) {
        while (n < PAGE && db_next(&r))
            list[n++] = (struct breach){db_int(&r, 0), db_int(&r, 1), db_int(&r, 2), db_int(&r, 3),
                                        (enum clock_name)db_int(&r, 4)};
        ok = db_end(&r, e);
    }
    for (size_t i = 0; i < n && ok; i++) {
        arena_reset(a);
        /* The judging time has no one to warn: tick_closing looks after it. */
        if (list[i].name == CLOCK_JUDGE)
            ok = db_exec(db, e, "update case_clock set next_warning = null where id = ?1",
                         ARGS(INT(list[i].clock)));
        else if (list[i].name == CLOCK_MEDIATE)
            ok = expire(core, db, a, &list[i], e);
        else
            ok = climb(core, db, a, &list[i], e);
    }
    *ret_more = n == PAGE;
    arena_close(a);
    return ok;
}

/* Runs a verb of the system on a page of cases; one that a gate holds back (a hazard without its recheck) is left where it is. */
static bool each_case(struct core *core, struct db *db, const int64_t *ids, size_t n, const char *verb,
                      struct error *e)
{
    struct arena *a = arena_open();
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++) {
        struct case_row c;
        arena_reset(a);
        ok = case_load_id(db, a, ids[i], &c, e) && run_verb(core, db, a, &c, verb, json_object(), e);
        if (!ok && (e->code == ERROR_NOT_OPEN || e->code == ERROR_GATE_CLOSED))
            ok = true;
    }
    arena_close(a);
    return ok;
}

static bool read_ids(struct db *db, int64_t ids[PAGE], size_t *ret_n, struct error *e, const char *sql,
                     const struct db_arg *args, size_t n)
{
    struct db_rows r;
    *ret_n = 0;
    if (!db_rows(db, &r, e, sql, args, n))
        return false;
    while (*ret_n < PAGE && db_next(&r))
        ids[(*ret_n)++] = db_int(&r, 0);
    return db_end(&r, e);
}

bool tick_pauses(struct core *core, struct db *db, bool *ret_more, struct error *e)
{
    int64_t ids[PAGE];
    size_t n;
    bool ok = read_ids(db, ids, &n, e,
                       "select id from cases where paused_until is not null and paused_until < ?1 limit 50",
                       ARGS(INT(time_now())));
    *ret_more = ok && n == PAGE;
    return ok && each_case(core, db, ids, n, "resume", e);
}

bool tick_closing(struct core *core, struct db *db, bool *ret_more, struct error *e)
{
    int64_t ids[PAGE];
    size_t n;
    /* Hazards wait for their recheck however long it takes, agreements until they are kept and their file is whole. */
    bool ok = read_ids(
        db, ids, &n, e,
        "select d.case_id from desk d join cases c on c.id = d.case_id where d.holder_kind = 1 and d.state = ?1 "
        "and (d.due < ?2 or (c.resolved is not null and c.settled_at < ?5)) "
        "and (d.case_kind <> ?3 or (d.flags & ?4) = ?4) and (d.flags & ?6) = 0 limit 50",
        ARGS(INT(STATE_SETTLED), INT(time_now()), INT(KIND_HAZARD), INT(FLAG_REVISITED | FLAG_HELD),
             INT(time_now() - 3 * (int64_t)TIME_DAY), INT(FLAG_AGREED)));
    *ret_more = ok && n == PAGE;
    return ok && each_case(core, db, ids, n, "close", e);
}

static bool close_row(struct core *core, struct db *db, const struct register_def *def, struct id row,
                      struct error *e)
{
    struct actor system = actor_system();
    struct arena *a = arena_open();
    struct answer answer;
    json_t *fields = json_object();
    struct command command = {.id = id_new(),
                              .verb = str_of(def->at_due),
                              .subject_kind = def->subject,
                              .subject = row,
                              .fields = fields,
                              .rev = -1};
    bool ok = command_run(core, db, a, &system, &command, &answer, e);
    json_decref(fields);
    arena_close(a);
    return ok;
}

bool tick_registers(struct core *core, struct db *db, bool *ret_more, struct error *e)
{
    bool ok = true;
    *ret_more = false;
    for (const struct register_def *const *d = core->tables->registers; ok && d != NULL && *d != NULL; d++) {
        struct id rows[PAGE];
        struct db_rows r;
        size_t n = 0;
        if ((*d)->at_due == NULL)
            continue;
        if (!db_rows(db, &r, e,
                     "select uuid from register_row where register = ?1 and open = 1 and scope >= 0 and due < ?2 "
                     "order by scope, due limit 50",
                     ARGS(INT((*d)->subject), INT(time_now()))))
            return false;
        while (n < PAGE && db_next(&r))
            rows[n++] = db_id(&r, 0);
        ok = db_end(&r, e);
        for (size_t i = 0; ok && i < n; i++)
            ok = close_row(core, db, *d, rows[i], e);
        *ret_more |= n == PAGE;
    }
    return ok;
}

bool tick_sweep(struct core *core, struct db *db, bool *ret_more, struct error *e)
{
    int64_t now = time_real();
    (void)core;
    *ret_more = false;
    return db_exec(db, e, "delete from session where expires_at < ?1", ARGS(INT(now))) &&
           db_exec(db, e, "delete from throttle where seen_at < ?1", ARGS(INT(now - 2 * (int64_t)TIME_DAY)));
}
