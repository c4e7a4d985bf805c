#include "db/run.h"

#include <time.h>

#include "base/log.h"
#include "base/time.h"
#include "db/engine.h"

enum {
    TRIES = 3,        /* again, after the first */
    READER_TRIES = 1, /* after a lost connection */
    DOWN_MS = 500,
    SETTLE_MS = 10000, /* how long an unknown COMMIT is asked about */
    SETTLE_STEP_MS = 200,
};

enum outcome { DONE, REFUSED, AGAIN, UNKNOWN };

static void sleep_us(int64_t us)
{
    struct timespec t = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    (void)nanosleep(&t, NULL);
}

/* About 2, 8 and 32 ms, never the same for two writers. */
static void back_off(struct runner *r, int tries)
{
    r->jitter = r->jitter * 1664525u + 1013904223u;
    sleep_us((int64_t)(1000 + (r->jitter >> 16) % 2000) << (2 * tries));
}

static void count(_Atomic int64_t *n)
{
    atomic_fetch_add_explicit(n, 1, memory_order_relaxed);
}

/* RETRY is between the engines and us; whoever asked hears that the database does not answer now. */
static void answer(struct exec_task *t, struct error *e)
{
    if (e != NULL && e->code == ERROR_RETRY)
        e->code = ERROR_UNAVAILABLE;
    t->done(t->context, e); /* may free the task */
}

/* Is there a connection? The first try of a task doesn't ask a database again that was down a moment ago. */
static bool connected(struct runner *r, bool insist, struct error *e)
{
    if (!db_lost(r->db))
        return true;
    if (!insist && time_real() < r->down_until)
        return error_cause(e, ERROR_UNAVAILABLE, "the database was down a moment ago");
    if (db_reconnect(r->db, e))
        return true;
    r->down_until = time_real() + DOWN_MS;
    return false;
}

/* Runs the task itself. True without its transaction is a failure too. */
static bool run_task(struct runner *r, struct exec_task *t, bool write, struct error *e)
{
    error_clear(e);
    bool ok = t->run(r->db, t->context, e);
    int left = db_abandon(r->db);

    if (left > 0)
        log_event(LOG_WARN, "rows_left_open", "count=%d", left);
    if (ok && write && !db_in_transaction(r->db))
        return error_cause(e, db_lost(r->db) ? ERROR_UNAVAILABLE : ERROR_INTERNAL,
                           "a task broke its transaction");
    if (!ok && e->code == ERROR_NONE)
        return error_cause(e, ERROR_INTERNAL, "a task failed without saying why");
    return ok;
}

/* ---- Reading ------------------------------------------------------------------------------------------- */

/* On SQLite all statements of a task see one state: a transaction takes the lock of the log once, where each statement would
 * take and give it (half of a page's system calls). On PostgreSQL it would cost two journeys to the server. */
static bool read_once(struct runner *r, struct exec_task *t, struct error *e)
{
    bool one_state = db_engine(r->db) == DB_SQLITE;
    bool ok = (!one_state || db_begin(r->db, e)) && run_task(r, t, false, e);

    if (one_state && ok)
        return db_commit(r->db, e);
    db_rollback(r->db); /* it may have begun one, for several queries of one state */
    return ok;
}

void run_read(struct runner *r, struct exec_task *t)
{
    struct error e = {0};
    bool ok = false, again = true;

    for (int tries = 0; again; tries++) {
        if (tries > 0) {
            count(&r->counts->retried);
            back_off(r, tries - 1);
        }
        ok = connected(r, tries > 0, &e) && read_once(r, t, &e);
        again = !ok && ((db_lost(r->db) && tries < READER_TRIES) || (e.code == ERROR_RETRY && tries < TRIES));
    }
    count(&r->counts->reads);
    answer(t, ok ? NULL : &e);
}

/* ---- One command in a transaction of its own ----------------------------------------------------------- */

/* A COMMIT that failed with DISK_FULL or UNAVAILABLE was not made, as far as the database can tell. Only when syncing
 * failed and nothing could be written ever after may its pages be found in the log by the next start: whoever repeats
 * the command under the same id is then told that it is done. */
static enum outcome write_once(struct runner *r, struct exec_task *t, struct error *e)
{
    bool ok = db_begin(r->db, e) && run_task(r, t, true, e);

    if (ok && db_commit(r->db, e)) {
        count(&r->counts->groups);
        r->counts->last_commit = time_real();
        return DONE;
    }
    if (ok && db_lost(r->db)) /* on the way to or from the server: it may have happened */
        return UNKNOWN;
    bool again = e->code == ERROR_RETRY || db_lost(r->db);
    db_rollback(r->db);
    return again ? AGAIN : REFUSED;
}

/* Asks the database whether the command is there. False when it can't be known. */
static bool ask_landed(struct runner *r, struct exec_task *t, bool *ret, struct error *e)
{
    *ret = false;
    bool ok = t->landed == NULL || t->landed(r->db, t->context, ret, e);

    (void)db_abandon(r->db);
    db_rollback(r->db);
    return ok;
}

/* The connection was lost at COMMIT: keeps asking until the database is back, for some seconds. */
static enum outcome settle(struct runner *r, struct exec_task *t, struct error *e)
{
    int64_t deadline = time_real() + SETTLE_MS;
    bool landed = false;

    do {
        if (db_reconnect(r->db, e) && ask_landed(r, t, &landed, e))
            return landed ? DONE : AGAIN;
        sleep_us(SETTLE_STEP_MS * 1000);
    } while (time_real() < deadline);
    (void)error_cause(e, ERROR_UNAVAILABLE, "connection lost at commit: whether it happened is not known");
    return REFUSED;
}

/* A command whose COMMIT was lost may land after we asked, and its second run is refused because of the first. */
static bool landed_late(struct runner *r, struct exec_task *t)
{
    struct error ignored = {0};
    bool landed = false;

    return connected(r, true, &ignored) && ask_landed(r, t, &landed, &ignored) && landed;
}

static enum outcome write_alone(struct runner *r, struct exec_task *t, struct error *e)
{
    enum outcome got = AGAIN;
    bool doubtful = false;

    for (int tries = 0; got == AGAIN && tries <= TRIES; tries++) {
        if (tries > 0) {
            count(&r->counts->retried);
            back_off(r, tries - 1);
        }
        if (!connected(r, tries > 0, e))
            continue;
        got = write_once(r, t, e);
        if (got == REFUSED && doubtful && landed_late(r, t)) {
            doubtful = false;
            got = write_once(r, t, e); /* what a refused run wrote is no answer: the command finds itself done and says so */
        }
        if (got == UNKNOWN) {
            doubtful = true;
            got = settle(r, t, e);
        }
    }
    return got;
}

void run_write(struct runner *r, struct exec_task *t)
{
    struct error e = {0};
    enum outcome got = write_alone(r, t, &e);

    count(&r->counts->writes);
    answer(t, got == DONE ? NULL : &e);
}

/* ---- A group ------------------------------------------------------------------------------------------- */

/* Another process may hold the lock. */
static bool begin_group(struct runner *r, struct error *e)
{
    for (int tries = 0; !db_begin(r->db, e); tries++) {
        if (e->code != ERROR_RETRY || tries == TRIES)
            return false;
        count(&r->counts->retried);
        back_off(r, tries);
    }
    return true;
}

/* False when the group as a whole is lost. A full disk inside a savepoint rolls back everything, so after each failure
 * we look whether the transaction still lives. A command to be tried again ends the group too: those behind it may be of
 * the same subject and must not overtake it. */
static bool one_of_group(struct runner *r, struct exec_task *t, struct error *e)
{
    struct error trouble;

    if (!db_savepoint(r->db, &trouble))
        return false;
    if (run_task(r, t, true, e)) {
        error_clear(e); /* what a task met on its way and dealt with is no answer */
        return db_release(r->db, &trouble);
    }
    return e->code != ERROR_RETRY && db_in_transaction(r->db) && db_rollback_to(r->db, &trouble);
}

static bool commit_group(struct runner *r, struct exec_task **tasks, size_t n)
{
    struct error trouble;

    for (size_t i = 0; i < n; i++) {
        error_clear(&r->errors[i]);
        if (!one_of_group(r, tasks[i], &r->errors[i]))
            return false;
    }
    return db_commit(r->db, &trouble);
}

static void answer_group(struct runner *r, struct exec_task **tasks, size_t n, struct error *all)
{
    for (size_t i = 0; i < n; i++) {
        struct error *e = all != NULL ? all : &r->errors[i];
        count(&r->counts->writes);
        answer(tasks[i], e->code == ERROR_NONE ? NULL : e);
    }
}

void run_group(struct runner *r, struct exec_task **tasks, size_t n)
{
    struct error e = {0};

    if (n == 1) {
        run_write(r, tasks[0]);
        return;
    }
    if (!begin_group(r, &e)) {
        answer_group(r, tasks, n, &e);
        return;
    }
    if (commit_group(r, tasks, n)) {
        count(&r->counts->groups);
        r->counts->last_commit = time_real();
        answer_group(r, tasks, n, NULL);
        return;
    }
    /* Nobody has been told anything yet: each alone, and each hears its own. */
    db_rollback(r->db);
    log_event(LOG_WARN, "group_runs_again", "commands=%zu", n);
    atomic_fetch_add_explicit(&r->counts->retried, (int64_t)n, memory_order_relaxed);
    for (size_t i = 0; i < n; i++)
        run_write(r, tasks[i]);
}
