#include "core/clock.h"

#include "base/time.h"
#include "core/case.h"
#include "core/core.h"

static const char *const codes[CLOCK_COUNT] = {"",      "reply",   "progress", "settle", "sign",
                                               "judge", "mediate", "perform",  "visit",  "confirm"};

const char *clock_code(enum clock_name c)
{
    return c > CLOCK_NONE && c < CLOCK_COUNT ? codes[c] : "";
}

static const char *const state_codes[] = {"none", "running", "paused", "overdue", "done", "late"};

const char *clock_state_code(enum clock_state s)
{
    return state_codes[s];
}

enum clock_state clock_state_of(const struct clock_row *r, int64_t now)
{
    if (r->stopped_at != 0)
        return r->stopped_at > r->due_at ? CLOCK_DONE_LATE : CLOCK_DONE;
    if (r->paused_at != 0)
        return CLOCK_PAUSED;
    return now > r->due_at ? CLOCK_OVERDUE : CLOCK_RUNNING;
}

/* What a clock that begins at `at` promises; false: the pack has no such promise. */
static bool plan_one(struct core *core, const struct case_row *c, const struct pack *pack,
                     const struct category *category, enum clock_name name, int64_t at, struct clock_row *ret)
{
    struct term t = name >= CLOCK_SIGN ? pack->common[name]
                    : category != NULL ? category->terms[name]
                                       : (struct term){0};
    if (t.milli <= 0)
        return false;
    *ret = (struct clock_row){.name = name, .term = t, .started_at = at};
    ret->due_at = term_due(core->calendar, at, t, &ret->uncertain);
    /* An order from outside brings its own deadline: the earlier one holds (R9). */
    if (name == CLOCK_SETTLE && c->external_due != 0 && c->external_due < ret->due_at)
        ret->due_at = c->external_due;
    return true;
}

/* A clock that runs: is it the nearest one, is it the first promise of a reply? */
static void count_in(struct case_row *c, enum clock_name name, int64_t due, int64_t started)
{
    if (c->due == 0 || due < c->due) {
        c->due = due;
        c->due_clock = name;
    }
    if (name == CLOCK_REPLY && started == c->reported_at)
        c->reply_due = due;
}

bool clock_plan(struct core *core, struct db *db, struct case_row *c, unsigned set, int64_t at,
                struct clock_row plan[CLOCK_COUNT], size_t *ret_n, struct error *e)
{
    const struct pack *pack = core_pack(core, db, c->pack, e);

    *ret_n = 0;
    if (pack == NULL)
        return false;
    const struct category *category = pack_category(pack, c->kind, c->category);
    for (int name = CLOCK_REPLY; name < CLOCK_COUNT; name++)
        if ((set >> name & 1) != 0 && plan_one(core, c, pack, category, (enum clock_name)name, at, &plan[*ret_n]))
            ++*ret_n;
    c->due = c->due_clock = c->reply_due = 0;
    for (size_t i = 0; i < *ret_n; i++)
        count_in(c, plan[i].name, plan[i].due_at, plan[i].started_at);
    return true;
}

/* When somebody is told: of most promises at the due time, of what the parties have to do while there is still time for it. */
static int64_t first_warning(enum clock_name name, int64_t started, int64_t due)
{
    int64_t early = name == CLOCK_CONFIRM   ? due - 7 * (int64_t)TIME_DAY
                    : name == CLOCK_PERFORM ? due - TIME_DAY
                                            : due;
    return early > started ? early : due;
}

bool clock_insert(struct db *db, const struct case_row *c, const struct clock_row *plan, size_t n,
                  struct error *e)
{
    for (size_t i = 0; i < n; i++) {
        const struct clock_row *r = &plan[i];
        char rule[64];
        (void)snprintf(rule, sizeof rule, "%.*s %s", (int)c->category.n, c->category.p, clock_code(r->name));
        if (!db_exec(db, e,
                     "insert into case_clock(case_id, clock, unit, milli, started_at, due_at, next_warning, uncertain, rule) "
                     "values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                     ARGS(INT(c->id), INT(r->name), INT(r->term.unit), INT(r->term.milli), INT(r->started_at),
                          INT(r->due_at), INT(first_warning(r->name, r->started_at, r->due_at)),
                          INT(r->uncertain), TEXTZ(rule))))
            return false;
    }
    return true;
}

bool clock_start(struct core *core, struct db *db, struct case_row *c, unsigned set, int64_t at, struct error *e)
{
    struct clock_row plan[CLOCK_COUNT];
    size_t n;

    if (set == 0)
        return true;
    for (int name = CLOCK_REPLY; name < CLOCK_COUNT; name++)
        if ((set >> name & 1) != 0 &&
            !db_exec(db, e, "delete from case_clock where case_id = ?1 and clock = ?2 and stopped_at is null",
                     ARGS(INT(c->id), INT(name))))
            return false;
    return clock_plan(core, db, c, set, at, plan, &n, e) && clock_insert(db, c, plan, n, e);
}

bool clock_stop(struct db *db, struct case_row *c, unsigned set, int64_t at, struct error *e)
{
    int64_t which[CLOCK_COUNT] = {0};
    for (int name = CLOCK_REPLY; name < CLOCK_COUNT; name++)
        which[name] = (set >> name & 1) != 0 ? name : 0;
    return set == 0 ||
           db_exec(db, e,
                   "update case_clock set stopped_at = ?2, next_warning = null, paused_at = null where case_id = ?1 and stopped_at is null "
                   "and clock in (?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                   ARGS(INT(c->id), INT(at), INT(which[CLOCK_REPLY]), INT(which[CLOCK_PROGRESS]),
                        INT(which[CLOCK_SETTLE]), INT(which[CLOCK_SIGN]), INT(which[CLOCK_JUDGE]),
                        INT(which[CLOCK_MEDIATE]), INT(which[CLOCK_PERFORM]), INT(which[CLOCK_VISIT]),
                        INT(which[CLOCK_CONFIRM])));
}

bool clock_set(struct db *db, struct case_row *c, enum clock_name name, int64_t at, int64_t due,
               struct term term, struct error *e)
{
    return db_exec(db, e, "delete from case_clock where case_id = ?1 and clock = ?2 and stopped_at is null",
                   ARGS(INT(c->id), INT(name))) &&
           db_exec(db, e,
                   "insert into case_clock(case_id, clock, unit, milli, started_at, due_at, next_warning, uncertain, rule) "
                   "values(?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8)",
                   ARGS(INT(c->id), INT(name), INT(term.unit), INT(term.milli), INT(at), INT(due),
                        INT(first_warning(name, at, due)), TEXTZ(clock_code(name))));
}

#define CLOCK_COLUMNS                                                                                        \
    "id, case_id, clock, unit, milli, started_at, due_at, stopped_at, paused_at, left_milli, warned, uncertain, rule"

static struct clock_row read_clock(struct db_rows *r, struct arena *a)
{
    return (struct clock_row){
        .id = db_int(r, 0),
        .case_id = db_int(r, 1),
        .name = (enum clock_name)db_int(r, 2),
        .term = {.unit = (enum term_unit)db_int(r, 3), .milli = db_int(r, 4)},
        .started_at = db_int(r, 5),
        .due_at = db_int(r, 6),
        .stopped_at = db_int(r, 7),
        .paused_at = db_int(r, 8),
        .left_milli = db_int(r, 9),
        .warned = db_int(r, 10),
        .uncertain = db_int(r, 11) != 0,
        .rule = arena_str(a, db_text(r, 12)),
    };
}

size_t clock_rows(struct db *db, struct arena *a, int64_t case_id, struct clock_row **ret, struct error *e)
{
    struct db_rows r;
    size_t n = 0, room = 16;
    struct clock_row *rows = ARENA_ARRAY(a, struct clock_row, room);

    *ret = rows;
    if (!db_rows(db, &r, e, "select " CLOCK_COLUMNS " from case_clock where case_id = ?1 order by id desc limit 16",
                 ARGS(INT(case_id))))
        return 0;
    while (n < room && db_next(&r))
        rows[n++] = read_clock(&r, a);
    return db_end(&r, e) ? n : 0;
}

bool clock_rows_many(struct db *db, struct arena *a, const int64_t *cases, size_t n, struct clock_row **ret,
                     size_t *ret_n, struct error *e)
{
    enum { ROOM = 16 * DB_MANY };
    struct db_arg args[DB_MANY];
    struct db_rows r;

    db_many(cases, n, args);
    *ret = ARENA_ARRAY(a, struct clock_row, ROOM);
    *ret_n = 0;
    if (!db_rows(db, &r, e,
                 "select " CLOCK_COLUMNS " from case_clock where case_id in (" DB_MANY_LIST
                 ") order by case_id, id desc",
                 args, DB_MANY))
        return false;
    while (*ret_n < ROOM && db_next(&r))
        (*ret)[(*ret_n)++] = read_clock(&r, a);
    return db_end(&r, e);
}

bool clock_nearest(struct db *db, struct case_row *c, struct error *e)
{
    struct db_rows r;
    c->due = c->due_clock = c->reply_due = 0;
    if (!db_rows(db, &r, e,
                 "select clock, due_at, started_at from case_clock where case_id = ?1 and stopped_at is null and paused_at is null",
                 ARGS(INT(c->id))))
        return false;
    while (db_next(&r))
        count_in(c, (enum clock_name)db_int(&r, 0), db_int(&r, 1), db_int(&r, 2));
    return db_end(&r, e);
}

/* Calls `change` for every running clock. The rows are read first: engines differ in what they allow while a query is open. */
static bool each_running(struct core *core, struct db *db, struct case_row *c, int64_t at,
                         bool (*change)(struct core *, struct db *, const struct clock_row *, int64_t,
                                        struct error *),
                         struct error *e)
{
    struct arena *a = arena_open();
    struct clock_row *rows;
    size_t n = clock_rows(db, a, c->id, &rows, e);
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++)
        if (rows[i].stopped_at == 0 && rows[i].name < CLOCK_MEDIATE)
            ok = change(core, db, &rows[i], at, e);
    arena_close(a);
    return ok;
}

static bool pause_one(struct core *core, struct db *db, const struct clock_row *r, int64_t at, struct error *e)
{
    if (r->paused_at != 0)
        return true;
    struct term left = term_left(core->calendar, at, r->due_at, r->term.unit);
    return db_exec(db, e,
                   "update case_clock set paused_at = ?2, left_milli = ?3, next_warning = null where id = ?1",
                   ARGS(INT(r->id), INT(at), INT(left.milli)));
}

static bool resume_one(struct core *core, struct db *db, const struct clock_row *r, int64_t at, struct error *e)
{
    if (r->paused_at == 0)
        return true;
    bool uncertain = false;
    int64_t due = r->left_milli > 0
                      ? term_due(core->calendar, at,
                                 (struct term){.milli = r->left_milli, .unit = r->term.unit}, &uncertain)
                      : at + (r->due_at - r->paused_at); /* it was overdue already and stays so by as much */
    return db_exec(
        db, e,
        "update case_clock set due_at = ?2, paused_at = null, left_milli = null, next_warning = ?2, uncertain = ?3 where id = ?1",
        ARGS(INT(r->id), INT(due), INT(r->uncertain || uncertain)));
}

bool clock_pause(struct core *core, struct db *db, struct case_row *c, int64_t at, struct error *e)
{
    return each_running(core, db, c, at, pause_one, e);
}

bool clock_resume(struct core *core, struct db *db, struct case_row *c, int64_t at, struct error *e)
{
    return each_running(core, db, c, at, resume_one, e);
}

static bool extend_one(struct core *core, struct db *db, const struct clock_row *r, int64_t days, struct error *e)
{
    bool uncertain = false;
    enum term_unit unit = r->term.unit == TERM_CALENDAR_DAYS ? TERM_CALENDAR_DAYS : TERM_WORK_DAYS;
    if (r->name != CLOCK_SETTLE)
        return true;
    int64_t due =
        term_due(core->calendar, r->due_at, (struct term){.milli = days * 1000, .unit = unit}, &uncertain);
    return db_exec(
        db, e, "update case_clock set due_at = ?2, next_warning = ?2, warned = 0, uncertain = ?3 where id = ?1",
        ARGS(INT(r->id), INT(due), INT(r->uncertain || uncertain)));
}

bool clock_extend(struct core *core, struct db *db, struct case_row *c, int64_t days, struct error *e)
{
    return each_running(core, db, c, days, extend_one, e);
}

/* "4 工作小时": the number without useless decimals. */
static const char *rule_text(const struct pack *pack, struct arena *a, struct term t)
{
    struct str word = json_text(json_object_get(pack->doc, "units"), term_unit_name(t.unit));
    if (t.milli % 1000 == 0)
        return arena_printf(a, "%lld %.*s", (long long)(t.milli / 1000), (int)word.n, word.p);
    return arena_printf(a, "%g %.*s", (double)t.milli / 1000, (int)word.n, word.p);
}

/* "L0101 settle" as people say it: the category and the promise. */
static const char *basis_text(const struct pack *pack, struct arena *a, const struct clock_row *r)
{
    struct str rest = r->rule, code;
    struct str promise = json_text(json_object_get(pack->doc, "clock_labels"), clock_code(r->name));
    (void)str_split(&rest, ' ', &code);
    for (int k = KIND_DISPUTE; k <= KIND_HAZARD; k++) {
        const struct category *c = pack_category(pack, (enum kind)k, code);
        if (c != NULL)
            return arena_printf(a, "%.*s · %.*s", (int)c->label.n, c->label.p, (int)promise.n, promise.p);
    }
    return arena_z(a, r->rule);
}

void clock_explain(const struct core *core, const struct pack *pack, struct jw *w, const struct clock_row *r,
                   int64_t now, enum lang lang, struct arena *a)
{
    struct skipped_day *skipped;
    size_t n = term_skipped(core->calendar, a, r->started_at, r->due_at, r->term.unit, &skipped);
    const json_t *labels = json_object_get(pack->doc, "clock_labels");
    const json_t *common = json_object_get(json_object_get(pack->doc, "clocks"), clock_code(r->name));

    jw_object(w);
    jw_kz(w, "name", clock_code(r->name));
    jw_ktext(w, "label", json_text(labels, clock_code(r->name)));
    jw_ktime(w, "started_at", r->started_at);
    jw_ktime(w, "due_at", r->due_at);
    jw_ktime(w, "stopped_at", r->stopped_at);
    jw_kz(w, "state", clock_state_code(clock_state_of(r, now)));
    jw_kobject(w, "why");
    jw_kz(w, "rule", r->term.milli > 0 ? rule_text(pack, a, r->term) : lang_word(lang, "clock.agreed"));
    if (r->name >= CLOCK_SIGN)
        jw_ktext(w, "basis", json_text(common, "note"));
    else
        jw_kz(w, "basis", basis_text(pack, a, r));
    jw_karray(w, "skipped");
    for (size_t i = 0; i < n; i++) {
        char date[DATE_TEXT];
        date_format(skipped[i].day, date);
        jw_object(w);
        jw_kz(w, "date", date);
        jw_ktext(w, "reason",
                 str_is(skipped[i].reason, "weekend") ? str_of(lang_word(lang, "clock.weekend"))
                                                      : skipped[i].reason);
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_kbool(w, "uncertain", r->uncertain);
    jw_end_object(w);
    jw_end_object(w);
}
