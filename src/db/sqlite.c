/* The SQLite engine: liuxiao.db holds what must not be lost, derived.db beside it what can be made again. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "db/engine.h"

struct sqlite {
    struct db base;
    sqlite3 *h;
};

/* Another process (a command-line tool, a backup) may hold the lock for a moment; then the executor decides. */
enum { BUSY_MS = 500 };

static struct sqlite *of(const struct db *db)
{
    return (struct sqlite *)(uintptr_t)db;
}

/* ---- Errors -------------------------------------------------------------------------------------------- */

static bool disk_is_full(sqlite3 *h, int code)
{
    if ((code & 0xff) == SQLITE_FULL)
        return true;
    int number = sqlite3_system_errno(h);
    return (code & 0xff) == SQLITE_IOERR && (number == ENOSPC || number == EDQUOT);
}

static enum error_code code_of(const struct sqlite *q, int code)
{
    if (disk_is_full(q->h, code))
        return ERROR_DISK_FULL;
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
                       code == SQLITE_CONSTRAINT_ROWID
                   ? ERROR_CONFLICT
                   : ERROR_INTERNAL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERROR_RETRY;
    case SQLITE_READONLY:
        return q->base.mode == DB_READER ? ERROR_INTERNAL : ERROR_UNAVAILABLE;
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_CANTOPEN:
    case SQLITE_NOTADB:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM:
        return ERROR_UNAVAILABLE;
    default:
        return ERROR_INTERNAL;
    }
}

static bool failed(const struct sqlite *q, const char *what, struct error *e)
{
    int code = sqlite3_extended_errcode(q->h);
    return error_cause(e, code_of(q, code), "sqlite %d: %s: %s", code, sqlite3_errmsg(q->h), what);
}

/* ---- Statements ---------------------------------------------------------------------------------------- */

static bool only_space(const char *z)
{
    return z[strspn(z, " \t\r\n;")] == '\0';
}

static bool prepare(struct db *db, struct statement *s, const char *sql, struct error *e)
{
    struct sqlite *q = of(db);
    sqlite3_stmt *stmt = NULL;
    const char *tail = "";

    if (sqlite3_prepare_v3(q->h, sql, -1, s->temporary ? 0 : SQLITE_PREPARE_PERSISTENT, &stmt, &tail) != SQLITE_OK)
        return failed(q, sql, e);
    if (stmt == NULL || !only_space(tail)) {
        (void)sqlite3_finalize(stmt);
        return error_cause(e, ERROR_INTERNAL, "not one statement: %s", sql);
    }
    s->native = stmt;
    return true;
}

static void forget(struct db *db, struct statement *s)
{
    (void)db;
    (void)sqlite3_finalize(s->native);
}

static int bind(sqlite3_stmt *stmt, int at, const struct db_arg *arg, sqlite3_destructor_type life)
{
    /* A null pointer would bind NULL: an empty text is not NULL. */
    const char *p = arg->s.p != NULL ? arg->s.p : "";

    if (arg->null)
        return sqlite3_bind_null(stmt, at);
    switch (arg->type) {
    case DB_T_INT:
        return sqlite3_bind_int64(stmt, at, arg->i);
    case DB_T_TEXT:
        return sqlite3_bind_text64(stmt, at, p, arg->s.n, life, SQLITE_UTF8);
    case DB_T_BLOB:
        return sqlite3_bind_blob64(stmt, at, p, arg->s.n, life);
    }
    return SQLITE_MISUSE;
}

static bool start(struct db *db, struct statement *s, const struct db_arg *args, bool whole, struct error *e)
{
    sqlite3_stmt *stmt = s->native;

    for (size_t i = 0; i < s->n; i++)
        if (bind(stmt, (int)i + 1, &args[i], whole ? SQLITE_STATIC : SQLITE_TRANSIENT) != SQLITE_OK) {
            (void)failed(of(db), sqlite3_sql(stmt), e);
            (void)sqlite3_clear_bindings(stmt);
            return false;
        }
    return true;
}

static enum step step(struct db *db, struct statement *s, struct error *e)
{
    if (s->ended) /* one more sqlite3_step would run it again */
        return STEP_END;
    switch (sqlite3_step(s->native)) {
    case SQLITE_ROW:
        return STEP_ROW;
    case SQLITE_DONE:
        s->ended = true;
        return STEP_END;
    default:
        (void)failed(of(db), sqlite3_sql(s->native), e);
        return STEP_FAILED;
    }
}

static void column(struct db *db, struct statement *s, int column, struct db_value *ret)
{
    sqlite3_stmt *stmt = s->native;

    (void)db;
    *ret = (struct db_value){.kind = VALUE_OTHER};
    if (column < 0 || column >= sqlite3_data_count(stmt))
        return;
    switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_NULL:
        ret->kind = VALUE_NULL;
        break;
    case SQLITE_INTEGER:
        ret->kind = VALUE_INT;
        ret->i = sqlite3_column_int64(stmt, column);
        break;
    case SQLITE_TEXT:
        ret->kind = VALUE_TEXT;
        ret->s.p = (const char *)sqlite3_column_text(stmt, column);
        ret->s.n = (size_t)sqlite3_column_bytes(stmt, column);
        break;
    case SQLITE_BLOB:
        ret->kind = VALUE_BLOB;
        ret->s.p = sqlite3_column_blob(stmt, column);
        ret->s.n = (size_t)sqlite3_column_bytes(stmt, column);
        break;
    default: /* a floating number: nothing of ours is one */
        break;
    }
}

static int64_t finish(struct db *db, struct statement *s, bool broken, struct error *e)
{
    struct sqlite *q = of(db);
    sqlite3_stmt *stmt = s->native;
    bool reads = sqlite3_stmt_readonly(stmt) != 0;
    enum step at = STEP_ROW;

    /* "insert … returning" of which only the first row was looked at */
    while (!broken && !reads && at == STEP_ROW)
        at = step(db, s, e);
    int64_t changes = reads ? 0 : sqlite3_changes64(q->h);
    if (sqlite3_reset(stmt) != SQLITE_OK && !broken && at != STEP_FAILED) {
        (void)failed(q, sqlite3_sql(stmt), e);
        at = STEP_FAILED;
    }
    (void)sqlite3_clear_bindings(stmt);
    return at == STEP_FAILED ? -1 : changes;
}

static bool script(struct db *db, const char *sql, struct error *e)
{
    return sqlite3_exec(of(db)->h, sql, NULL, NULL, NULL) == SQLITE_OK || failed(of(db), "script", e);
}

/* ---- Transactions -------------------------------------------------------------------------------------- */

static bool begin(struct db *db, struct error *e)
{
    /* A deriver's locks the derived file alone, when it first writes to it. */
    return db_exec(db, e, db->mode == DB_WRITER || db->mode == DB_COMMANDS ? "begin immediate" : "begin",
                   NO_ARGS);
}

static bool commit(struct db *db, struct error *e)
{
    return db_exec(db, e, "commit", NO_ARGS);
}

static bool in_transaction(const struct db *db)
{
    return sqlite3_get_autocommit(of(db)->h) == 0;
}

static void rollback(struct db *db)
{
    if (in_transaction(db))
        (void)sqlite3_exec(of(db)->h, "rollback", NULL, NULL, NULL);
}

/* ---- Opening ------------------------------------------------------------------------------------------- */

static void configure(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* the statistics take a lock at each allocation */
}

/* Readable by nobody else from its first moment. One that is there already is not even opened: closing it would
 * drop the locks that this process holds on it. */
static void create_private(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        (void)close(fd);
}

static bool attach(struct sqlite *q, const char *path, struct error *e)
{
    sqlite3_stmt *stmt = NULL;
    bool ok = sqlite3_prepare_v2(q->h, "attach ?1 as derived", -1, &stmt, NULL) == SQLITE_OK &&
              sqlite3_bind_text(stmt, 1, path, -1, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_step(stmt) == SQLITE_DONE;

    if (!ok)
        (void)failed(q, path, e);
    (void)sqlite3_finalize(stmt);
    return ok;
}

/* The journal mode stands in the file: only the writer sets it. Some file systems can't do it and say so here. */
static bool use_wal(struct sqlite *q, const char *pragma, struct error *e)
{
    sqlite3_stmt *stmt = NULL;
    bool ok = sqlite3_prepare_v2(q->h, pragma, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW;

    if (!ok)
        (void)failed(q, pragma, e);
    else if (strcmp((const char *)sqlite3_column_text(stmt, 0), "wal") != 0)
        ok = error_cause(e, ERROR_DATA_FOLDER, "no write-ahead log here: %s", pragma);
    (void)sqlite3_finalize(stmt);
    return ok;
}

/* What is derived may lose its last moments in a power cut, as its cursor goes with it, but must not be damaged: normal syncs around
 * checkpoints only. Cache sizes are KiB when negative. A checkpoint after 16 000 pages (64 MiB) in the writer itself: one in a
 * thread of its own never caught up. The log keeps up to twice that size, so that it needn't grow anew each time. */
static const char commands_setup[] =
    "pragma main.synchronous = full;"
    "pragma wal_autocheckpoint = 16000;"
    "pragma main.journal_size_limit = 134217728;"
    "pragma main.cache_size = -32768;"
    "pragma foreign_keys = on;"
    "pragma temp_store = memory;"
    "pragma trusted_schema = off;"
    "pragma main.secure_delete = on;"; /* what was erased must not be found in free pages */
static const char deriver_setup[] = "pragma derived.synchronous = normal;"
                                    "pragma wal_autocheckpoint = 16000;"
                                    "pragma derived.journal_size_limit = 134217728;"
                                    "pragma main.cache_size = -8192;"
                                    "pragma derived.cache_size = -16384;"
                                    "pragma temp_store = memory;"
                                    "pragma trusted_schema = off;";

/* No mmap: an I/O error would come as a signal, and reading is no faster with it (measured). */
static const char reader_setup[] = "pragma query_only = on;"
                                   "pragma main.cache_size = -8192;"
                                   "pragma derived.cache_size = -4096;"
                                   "pragma temp_store = memory;"
                                   "pragma trusted_schema = off;";

static bool set_up(struct sqlite *q, const char *derived, struct error *e)
{
    enum db_mode mode = q->base.mode;
    bool commands = mode == DB_WRITER || mode == DB_COMMANDS, derives = mode == DB_WRITER || mode == DB_DERIVER;

    (void)sqlite3_busy_timeout(q->h, BUSY_MS);
    if (commands && !use_wal(q, "pragma main.journal_mode = wal", e))
        return false;
    if (mode != DB_COMMANDS && !attach(q, derived, e))
        return false;
    if (derives && !use_wal(q, "pragma derived.journal_mode = wal", e))
        return false;
    return mode == DB_READER ? script(&q->base, reader_setup, e)
                             : (!derives || script(&q->base, deriver_setup, e)) &&
                                   (!commands || script(&q->base, commands_setup, e));
}

static bool open_file(struct sqlite *q, const char *main, const char *derived, struct error *e)
{
    bool writer = q->base.mode != DB_READER;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (writer ? SQLITE_OPEN_CREATE : 0);

    if (writer) {
        create_private(main);
        create_private(derived);
    }
    if (sqlite3_open_v2(main, &q->h, flags, NULL) != SQLITE_OK)
        return failed(q, main, e);
    return set_up(q, derived, e);
}

static void sqlite_close(struct db *db)
{
    (void)sqlite3_close(of(db)->h);
    free(db);
}

/* Its connection can't be lost. */
static bool reconnect(struct db *db, struct error *e)
{
    (void)db;
    (void)e;
    return true;
}

static const struct db_ops ops = {
    .close = sqlite_close,
    .prepare = prepare,
    .forget = forget,
    .start = start,
    .step = step,
    .column = column,
    .finish = finish,
    .script = script,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .in_transaction = in_transaction,
    .reconnect = reconnect,
};

bool sqlite_open(struct db **ret, const struct db_where *where, enum db_mode mode, struct error *e)
{
    static pthread_once_t configured = PTHREAD_ONCE_INIT;
    struct buf main = BUF_INIT(BUF_LINE), derived = BUF_INIT(BUF_LINE);
    struct sqlite *q = calloc(1, sizeof *q);
    struct error why = {0};
    bool ok = false;

    (void)pthread_once(&configured, configure);
    buf_addf(&main, "%s/liuxiao.db", where->folder);
    buf_addc(&main, '\0');
    buf_addf(&derived, "%s/derived.db", where->folder);
    buf_addc(&derived, '\0');
    if (q == NULL || main.full || derived.full) {
        (void)error_cause(&why, ERROR_INTERNAL, "no memory to open a database");
    } else {
        q->base = (struct db){.ops = &ops, .engine = DB_SQLITE, .mode = mode};
        ok = open_file(q, main.p, derived.p, &why);
    }
    if (ok) {
        *ret = &q->base;
    } else {
        /* at the start it is the folder that is wrong, and a person is there to hear it */
        if (why.code == ERROR_UNAVAILABLE) {
            why.code = ERROR_DATA_FOLDER;
            (void)snprintf(why.detail, sizeof why.detail, "%s", where->folder);
        }
        if (e != NULL)
            *e = why;
        if (q != NULL)
            db_close(&q->base);
    }
    buf_free(&main);
    buf_free(&derived);
    return ok;
}
