#include "job/upkeep.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/ticker.h"
#include "base/time.h"
#include "core/erasure.h"
#include "job/backup.h"
#include "job/lease.h"

enum { PAUSE_MS = 2 * TIME_SECOND, LEASE_MS = 2 * TIME_HOUR, AGAIN_MS = TIME_HOUR };

/* On PostgreSQL cleaning rewrites tables and locks them for as long: larger ones wait for the night. */
static const int64_t small_tables = 256 * INT64_C(1024) * 1024;

struct upkeep {
    struct core *core;
    struct exec *exec;
    struct db_where where;
    struct ticker *ticker;
    /* of the round that runs */
    struct backup_state backup;
    int64_t erased, scrubbed, registered;
    const char *lease;
    bool held;
};

static bool look(struct db *db, void *context, struct error *e)
{
    struct upkeep *u = context;
    struct arena *a = arena_open();
    struct str text;
    bool ok = backup_last(db, &u->backup, e) && erasure_last(db, &u->erased, e) &&
              meta_get(db, a, "scrubbed", &text, e);
    if (ok && (text.n == 0 || !str_int(text, &u->scrubbed)))
        u->scrubbed = 0;
    arena_close(a);
    return ok;
}

static bool take_lease(struct db *db, void *context, struct error *e)
{
    struct upkeep *u = context;
    return lease_hold(u->core, db, u->lease, LEASE_MS, &u->held, e);
}

static bool give_lease(struct db *db, void *context, struct error *e)
{
    struct upkeep *u = context;
    return lease_hold(u->core, db, u->lease, 0, &u->held, e);
}

static bool hold(struct upkeep *u, const char *name, struct error *e)
{
    u->lease = name;
    u->held = false;
    return exec_write_wait(u->exec, take_lease, u, e) && u->held;
}

static void give_back(struct upkeep *u)
{
    struct error ignored;
    (void)exec_write_wait(u->exec, give_lease, u, &ignored);
}

/* Today's hour, or yesterday's while that one is still to come. */
static int64_t last_hour(const char *time, int64_t now)
{
    struct civil c = civil_of(now);
    int64_t hour = 0, minute = 0;
    (void)str_int(str_range(time, 2), &hour);
    (void)str_int(str_of(time + 3), &minute);
    c.hour = (int)hour;
    c.minute = (int)minute;
    c.second = c.ms = 0;
    int64_t at = civil_ms(c);
    return at <= now ? at : at - TIME_DAY;
}

/* ---- Backup -------------------------------------------------------------------------------------------- */

static bool note(struct db *db, void *context, struct error *e)
{
    struct upkeep *u = context;
    return backup_note(db, &u->backup, e);
}

static bool backup_due(const struct upkeep *u)
{
    int64_t now = time_real(), hour = last_hour(u->core->config->backup_time, now);
    return u->core->config->backup_folder != NULL && u->backup.good_at < hour &&
           (u->backup.at < hour || u->backup.at + AGAIN_MS < now);
}

static void back_up(struct upkeep *u)
{
    const struct config *c = u->core->config;
    const struct archive_how how = {.passphrase = NULL};
    struct db *db = NULL;
    struct error e = {0}, ignored;

    if (!hold(u, "job.backup", &e))
        return;
    /* Another node may just have made it. */
    if (exec_read_wait(u->exec, look, u, &e) && backup_due(u)) {
        bool ok = db_open(&db, &u->where, DB_READER, &e) &&
                  backup_make(u->core, db, c->backup_folder, c->backup_keep, &how, &u->backup, &e);
        if (u->backup.at == 0 || db == NULL)
            u->backup = (struct backup_state){.at = time_real()};
        if (db != NULL)
            db_close(db);
        if (ok)
            log_event(LOG_INFO, "backup", "file=%s bytes=%lld", u->backup.file, (long long)u->backup.bytes);
        else
            log_problem(LOG_ERROR, "job.backup", &e);
        (void)exec_write_wait(u->exec, note, u, &ignored);
    }
    give_back(u);
}

/* ---- After an erasure ---------------------------------------------------------------------------------- */

static bool write_register(struct db *db, void *context, struct error *e)
{
    struct upkeep *u = context;
    struct arena *a = arena_open();
    bool ok = erasure_register_write(db, erasure_register_path(u->core->config, a), e);
    arena_close(a);
    return ok;
}

static bool remove_files(struct db *db, void *context, struct error *e)
{
    struct upkeep *u = context;
    return erasure_remove_files(u->core, db, e);
}

static bool note_scrubbed(struct db *db, void *context, struct error *e)
{
    struct upkeep *u = context;
    char number[24];
    (void)snprintf(number, sizeof number, "%lld", (long long)u->erased);
    return meta_set(db, "scrubbed", str_of(number), e);
}

static void scrub(struct upkeep *u)
{
    static const char *const tables[] = {"person", "household", "cases", "file", NULL};
    int64_t now = time_real(), since = now - last_hour(u->core->config->backup_time, now);
    struct db *db = NULL;
    struct error e = {0};
    bool done = false;

    if (!hold(u, "job.scrub", &e))
        return;
    bool ok = exec_read_wait(u->exec, remove_files, u, &e) && db_open(&db, &u->where, DB_WRITER, &e) &&
              db_scrub(db, tables, since < TIME_HOUR ? INT64_MAX : small_tables, &done, &e);
    if (db != NULL)
        db_close(db);
    if (ok && done)
        ok = exec_write_wait(u->exec, note_scrubbed, u, &e);
    if (!ok && e.code != ERROR_RETRY)
        log_problem(LOG_WARN, "job.scrub", &e);
    give_back(u);
}

/* ---- The thread ---------------------------------------------------------------------------------------- */

static void one_round(void *context)
{
    struct upkeep *u = context;
    struct error e = {0};

    if (!exec_read_wait(u->exec, look, u, &e)) {
        if (e.code != ERROR_OVERLOADED)
            log_problem(LOG_WARN, "job.upkeep", &e);
        return;
    }
    if (u->erased > u->registered) {
        if (exec_read_wait(u->exec, write_register, u, &e))
            u->registered = u->erased;
        else
            log_problem(LOG_ERROR, "job.erased", &e);
    }
    if (u->erased > u->scrubbed)
        scrub(u);
    if (backup_due(u))
        back_up(u);
}

bool upkeep_start(struct upkeep **ret, struct core *core, struct exec *exec, const struct db_where *where,
                  struct error *e)
{
    struct upkeep *u = calloc(1, sizeof *u);
    if (u == NULL)
        return error_set(e, ERROR_INTERNAL, NULL);
    u->core = core;
    u->exec = exec;
    u->where = *where;
    if (!ticker_start(&u->ticker, "upkeep", PAUSE_MS, one_round, u, e)) {
        free(u);
        return false;
    }
    *ret = u;
    return true;
}

void upkeep_stop(struct upkeep *u)
{
    if (u == NULL)
        return;
    ticker_stop(u->ticker);
    free(u);
}
