#include "job/runner.h"

#include <malloc.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/ticker.h"
#include "base/time.h"
#include "core/case.h"
#include "core/notice.h"
#include "core/seals.h"
#include "core/search.h"
#include "core/suggest.h"
#include "core/tally.h"
#include "six/answers.h"
#include "job/lease.h"
#include "job/ticks.h"

enum { POLL_MS = 300, FOLLOW_PAGE = 200, LEASE_MS = 30 * 1000 };
/* Documents that search makes in one go, and cases that suggestions learn: a tenth of a second or so, in which sums wait. */
enum { SEARCH_PAGE = 500 };

struct tick {
    struct runner *r;
    const char *name;
    bool (*run)(struct core *core, struct db *db, bool *ret_more, struct error *e);
    int64_t every, next; /* ms */
};

enum { TICKS_MOST = 7 };

struct runner {
    struct core *core;
    struct exec *exec;
    struct runner_hooks hooks;
    struct journal_cursor heard; /* of this node's event stream: from its start on */
    bool positioned, more, behind;
    struct tick ticks[TICKS_MOST];
    int64_t ping; /* when the next one is due */
    struct ticker *ticker;
};

static bool position(struct db *db, void *context, struct error *e)
{
    struct runner *r = context;
    return journal_head(db, &r->heard, e);
}

/* What is new since the last look, told to the event stream. */
static bool hear(struct db *db, void *context, struct error *e)
{
    struct runner *r = context;
    struct arena *a = arena_open();
    struct journal_entry entry, *list = ARENA_ARRAY(a, struct journal_entry, FOLLOW_PAGE);
    struct db_rows rows;
    size_t n = 0;
    bool ok = journal_after(db, &rows, r->heard, FOLLOW_PAGE, e);

    if (ok) {
        while (n < FOLLOW_PAGE && journal_next(&rows, &entry)) {
            entry.verb = arena_str(a, entry.verb);
            list[n++] = entry;
        }
        ok = db_end(&rows, e);
    }
    for (size_t i = 0; i < n && ok; i++) {
        struct case_row c;
        r->heard = (struct journal_cursor){list[i].xid, list[i].seq};
        if (list[i].subject_kind == SUBJECT_CASE && case_load_id(db, a, list[i].subject, &c, NULL))
            r->hooks.entry(r->hooks.context, &list[i], c.uuid, c.class);
    }
    r->more = n == FOLLOW_PAGE;
    arena_close(a);
    return ok;
}

static bool follow_tally(struct db *db, void *context, struct error *e)
{
    struct runner *r = context;
    int64_t done;
    if (!tally_catch_up(r->core, db, 2000, &done, e))
        return false;
    r->more |= done > 0;
    return true;
}

static bool follow_search(struct db *db, void *context, struct error *e)
{
    struct runner *r = context;
    int64_t done;
    if (!search_catch_up(r->core, db, SEARCH_PAGE, &done, e))
        return false;
    r->more |= done > 0;
    return true;
}

static bool follow_answers(struct db *db, void *context, struct error *e)
{
    struct runner *r = context;
    int64_t done;
    if (!answers_catch_up(r->core, db, FOLLOW_PAGE, &done, e))
        return false;
    r->more |= done > 0;
    return true;
}

static bool follow_suggestions(struct db *db, void *context, struct error *e)
{
    struct runner *r = context;
    int64_t done;
    if (!suggest_catch_up(r->core, db, SEARCH_PAGE, &done, e))
        return false;
    r->more |= done > 0;
    return true;
}

static bool follow_notices(struct db *db, void *context, struct error *e)
{
    struct runner *r = context;
    int64_t done;
    bool held;
    if (!lease_hold(r->core, db, "notice", LEASE_MS, &held, e) || !held)
        return held ? false : e->code == ERROR_NONE;
    if (!notice_catch_up(r->core, db, FOLLOW_PAGE, &done, e))
        return false;
    r->more |= done == FOLLOW_PAGE;
    return true;
}

static bool run_tick(struct db *db, void *context, struct error *e)
{
    struct tick *t = context;
    bool held, more = false;
    if (!lease_hold(t->r->core, db, t->name, LEASE_MS, &held, e))
        return false;
    if (held && !t->run(t->r->core, db, &more, e))
        return false;
    t->next = more ? 0 : time_real() + t->every;
    return true;
}

static bool seal_day(struct core *core, struct db *db, bool *ret_more, struct error *e)
{
    *ret_more = false;
    return seals_make(core, db, day_of(time_now()), e);
}

static bool refresh(struct core *core, struct db *db, bool *ret_more, struct error *e)
{
    *ret_more = false;
    return core_refresh(core, db, e);
}

static void report(const char *job, struct error *e)
{
    if (e->code != ERROR_OVERLOADED)
        log_problem(LOG_WARN, job, e);
}

/* Anything new? Reading costs little; a writer is asked only when there is something to do. */
static bool something_new(struct db *db, void *context, struct error *e)
{
    struct runner *r = context;
    struct journal_cursor head;
    if (!journal_head(db, &head, e))
        return false;
    r->more = head.xid != r->heard.xid || (db_engine(db) == DB_SQLITE && head.seq != r->heard.seq);
    return true;
}

/* Who could not read on (a full disk) tries again at the next turn, not at once, also when nothing new has come. */
static void read_on(struct runner *r,
                    bool (*wait)(struct exec *, bool (*)(struct db *, void *, struct error *), void *,
                                 struct error *),
                    bool (*reader)(struct db *, void *, struct error *), const char *job)
{
    struct error e;
    error_clear(&e);
    if (wait(r->exec, reader, r, &e))
        return;
    report(job, &e);
    r->behind = true;
}

static void follow(struct runner *r)
{
    struct error e;
    error_clear(&e);
    if (!r->positioned) {
        r->positioned = exec_read_wait(r->exec, position, r, &e);
        r->more = true;
    } else {
        r->more = false;
        if (!exec_read_wait(r->exec, something_new, r, &e)) {
            report("job.follow", &e);
            return;
        }
        r->more |= r->behind;
    }
    r->behind = false;
    while (r->more && !r->behind && !ticker_stopping(r->ticker)) {
        r->more = false;
        read_on(r, exec_read_wait, hear, "job.events");
        read_on(r, exec_derive_wait, follow_tally, "job.tally");
        read_on(r, exec_write_wait, follow_notices, "job.notices");
        read_on(r, exec_derive_wait, follow_search, "job.search");
        read_on(r, exec_derive_wait, follow_answers, "job.answers");
        read_on(r, exec_derive_wait, follow_suggestions, "job.suggest");
    }
}

static void run_ticks(struct runner *r)
{
    struct error e;
    for (struct tick *t = r->ticks; t < r->ticks + TICKS_MOST && !ticker_stopping(r->ticker); t++) {
        if (t->next > time_real())
            continue;
        error_clear(&e);
        if (!exec_write_wait(r->exec, run_tick, t, &e)) {
            report(t->name, &e);
            t->next = time_real() + t->every;
        }
    }
}

static void one_round(void *context)
{
    struct runner *r = context;
    follow(r);
    run_ticks(r);
    if (time_real() <= r->ping)
        return;
    r->hooks.ping(r->hooks.context);
    (void)malloc_trim(0); /* what ten thousand connections took goes back to the machine when they have left */
    r->ping = time_real() + 15 * TIME_SECOND;
}

bool runner_start(struct runner **ret, struct core *core, struct exec *exec, const struct runner_hooks *hooks,
                  struct error *e)
{
    struct runner *r = calloc(1, sizeof *r);
    if (r == NULL)
        return error_set(e, ERROR_INTERNAL, NULL);
    *r = (struct runner){
        .core = core,
        .exec = exec,
        .hooks = *hooks,
        .ticks = {{r, "job.clocks", tick_clocks, 5 * TIME_SECOND, 0},
                  {r, "job.pauses", tick_pauses, 20 * TIME_SECOND, 0},
                  {r, "job.closing", tick_closing, 60 * TIME_SECOND, 0},
                  {r, "job.registers", tick_registers, 20 * TIME_SECOND, 0},
                  {r, "job.sweep", tick_sweep, TIME_HOUR, 0},
                  {r, "job.seal", seal_day, 10 * TIME_MINUTE, 0},
                  {r, "job.refresh", refresh, TIME_MINUTE, 0}},
    };
    if (!ticker_start(&r->ticker, "jobs", POLL_MS, one_round, r, e)) {
        free(r);
        return false;
    }
    *ret = r;
    return true;
}

static bool release(struct db *db, void *context, struct error *e)
{
    struct runner *r = context;
    return lease_release(r->core, db, e);
}

void runner_stop(struct runner *r)
{
    struct error e;
    if (r == NULL)
        return;
    ticker_stop(r->ticker);
    error_clear(&e);
    if (!exec_write_wait(r->exec, release, r, &e))
        report("job.leases", &e);
    free(r);
}
