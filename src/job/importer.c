/* The server's thread for ledgers: one at a time, in transactions short enough that nobody at the desk notices. */
#include <stdlib.h>

#include "base/log.h"
#include "base/ticker.h"
#include "base/time.h"
#include "core/file.h"
#include "job/lease.h"
#include "job/ledger_job.h"

enum { PAUSE_MS = 1000, LEASE_MS = 15 * 1000, ROWS_AT_ONCE = 50 };

struct importer {
    struct core *core;
    struct exec *exec;
    struct ticker *ticker;
    int64_t lease_until, id;
    bool held;
    struct buf bytes; /* of the file at hand */
    struct ledger ledger;
    struct arena *a;
};

static bool on_reader(void *context, bool (*run)(struct db *, void *, struct error *), void *arg, struct error *e)
{
    struct importer *i = context;
    return exec_read_wait(i->exec, run, arg, e);
}

static bool on_writer(void *context, bool (*run)(struct db *, void *, struct error *), void *arg, struct error *e)
{
    struct importer *i = context;
    return exec_write_wait(i->exec, run, arg, e);
}

static bool take_lease(struct db *db, void *context, struct error *e)
{
    struct importer *i = context;
    return lease_hold(i->core, db, "job.ledgers", LEASE_MS, &i->held, e);
}

/* Prolongs the lease in good time; false when another node has it, or the server stops. */
static bool goes_on(void *context, const struct ledger *l)
{
    struct importer *i = context;
    struct error e;
    (void)l;
    if (ticker_stopping(i->ticker))
        return false;
    if (time_real() < i->lease_until - LEASE_MS / 2)
        return true;
    i->held = false;
    if (!exec_write_wait(i->exec, take_lease, i, &e) || !i->held)
        return false;
    i->lease_until = time_real() + LEASE_MS;
    return true;
}

static bool find_next(struct db *db, void *context, struct error *e)
{
    struct importer *i = context;
    return ledger_waiting(db, 0, &i->id, e);
}

static bool read_file(struct db *db, void *context, struct error *e)
{
    struct importer *i = context;
    struct file_info f;
    buf_clear(&i->bytes);
    return ledger_load_id(db, i->a, i->id, &i->ledger, e) &&
           (i->ledger.state == LEDGER_UNDOING ||
            (file_find_id(db, i->a, i->ledger.file, &f, e) && file_read(i->core, i->a, &f, &i->bytes, e)));
}

struct stopped {
    int64_t id;
    enum error_code code;
};

static bool write_stopped(struct db *db, void *context, struct error *e)
{
    struct stopped *s = context;
    return ledger_stop(db, s->id, s->code, e);
}

static bool drive(struct importer *i, struct error *e)
{
    struct ledger_road road = {i->core, on_reader, on_writer, goes_on, i, ROWS_AT_ONCE};
    struct sheet *sheet = NULL;
    bool ok =
        exec_read_wait(i->exec, read_file, i, e) &&
        (i->ledger.state == LEDGER_UNDOING || sheet_open(&sheet, buf_str(&i->bytes), (int)i->ledger.sheet, e)) &&
        ledger_drive(&road, i->id, sheet, e);
    sheet_close(sheet);
    arena_reset(i->a);
    buf_free(&i->bytes);
    i->bytes = BUF_INIT(FILE_MAX);
    return ok;
}

/* What passes by itself is tried again later; what doesn't stops the ledger, and its owner reads why. */
static void run_next(void *context)
{
    struct importer *i = context;
    struct error e;

    i->id = 0;
    error_clear(&e);
    if (!exec_read_wait(i->exec, find_next, i, &e) || i->id == 0 || !goes_on(i, NULL) || drive(i, &e))
        return;
    log_problem(LOG_WARN, "job.ledgers", &e);
    int status = error_status(e.code);
    if (e.code == ERROR_STALE || status == 503 || status == 507)
        return;
    struct stopped s = {i->id, e.code};
    error_clear(&e);
    if (!exec_write_wait(i->exec, write_stopped, &s, &e))
        log_problem(LOG_WARN, "job.ledgers", &e);
}

bool importer_start(struct importer **ret, struct core *core, struct exec *exec, struct error *e)
{
    struct importer *i = calloc(1, sizeof *i);
    if (i == NULL)
        return error_set(e, ERROR_INTERNAL, NULL);
    i->core = core;
    i->exec = exec;
    i->a = arena_open();
    i->bytes = BUF_INIT(FILE_MAX);
    if (!ticker_start(&i->ticker, "ledgers", PAUSE_MS, run_next, i, e)) {
        arena_close(i->a);
        free(i);
        return false;
    }
    *ret = i;
    return true;
}

void importer_stop(struct importer *i)
{
    if (i == NULL)
        return;
    ticker_stop(i->ticker);
    arena_close(i->a);
    buf_free(&i->bytes);
    free(i);
}
