#include "db/db.h"

#include <stdlib.h>

#include "base/buf.h"
#include "db/engine.h"

/* Texts are few and fixed; a place that builds them without bound must not fill the memory. */
enum { STATEMENTS_MAX = 1024 };

bool db_open(struct db **ret, const struct db_where *where, enum db_mode mode, struct error *e)
{
    *ret = NULL;
    switch (where->engine) {
    case DB_SQLITE:
        return sqlite_open(ret, where, mode, e);
    case DB_POSTGRES:
        return postgres_open(ret, where, mode, e);
    }
    return error_cause(e, ERROR_INTERNAL, "unknown database engine %d", (int)where->engine);
}

enum db_engine db_engine(const struct db *db)
{
    return db->engine;
}

/* ---- Statements ---------------------------------------------------------------------------------------- */

/* Eight bytes at a time: statements are hashed on every call. */
static uint64_t hash_text(const char *p, size_t n)
{
    uint64_t h = 0x9e3779b97f4a7c15u ^ n, w;

    for (; n >= sizeof w; p += sizeof w, n -= sizeof w) {
        memcpy(&w, p, sizeof w);
        h = (h ^ w) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    w = 0;
    memcpy(&w, p, n);
    h = (h ^ w) * 0xff51afd7ed558ccdu;
    return h ^ (h >> 32);
}

static void statement_free(struct db *db, struct statement *s)
{
    if (s == NULL)
        return;
    if (s->native != NULL)
        db->ops->forget(db, s);
    free(s->types);
    free(s->text);
    free(s);
}

/* Where the text stands or would stand. */
static struct statement **table_place(const struct db *db, const char *sql, uint64_t hash)
{
    size_t i = (size_t)hash & (db->cap - 1);

    while (db->table[i] != NULL && (db->table[i]->hash != hash || strcmp(db->table[i]->text, sql) != 0))
        i = (i + 1) & (db->cap - 1);
    return &db->table[i];
}

static bool table_resize(struct db *db, size_t cap)
{
    struct statement **old = db->table, **fresh = cap > 0 ? calloc(cap, sizeof(struct statement *)) : NULL;
    size_t old_cap = db->cap;

    if (fresh == NULL)
        return false;
    db->table = fresh;
    db->cap = cap;
    for (size_t i = 0; i < old_cap; i++)
        if (old[i] != NULL)
            *table_place(db, old[i]->text, old[i]->hash) = old[i];
    free(old);
    return true;
}

/* Forgets every statement that isn't in use. */
static void table_sweep(struct db *db)
{
    for (size_t i = 0; i < db->cap; i++)
        if (db->table[i] != NULL && !db->table[i]->busy) {
            statement_free(db, db->table[i]);
            db->table[i] = NULL;
            db->count--;
        }
    (void)table_resize(db, db->cap); /* closes the gaps; without memory some are prepared twice, no more */
}

static bool table_room(struct db *db, struct error *e)
{
    if (db->count >= STATEMENTS_MAX)
        table_sweep(db);
    if ((db->count + 1) * 2 <= db->cap || table_resize(db, db->cap > 0 ? db->cap * 2 : 64))
        return true;
    return error_cause(e, ERROR_INTERNAL, "no memory for the statement table");
}

static struct statement *statement_new(struct db *db, struct error *e, const char *sql,
                                       const struct db_arg *args, size_t n, bool temporary)
{
    struct buf text = BUF_INIT(BUF_DOCUMENT);
    struct statement *s = calloc(1, sizeof *s);
    size_t most = 0;

    if (s == NULL || (n > 0 && (s->types = malloc(n * sizeof s->types[0])) == NULL)) {
        (void)error_cause(e, ERROR_INTERNAL, "no memory for a statement");
        goto failed;
    }
    s->n = n;
    s->temporary = temporary;
    for (size_t i = 0; i < n; i++)
        s->types[i] = args[i].type;
    if (!dialect_translate(&text, &most, db->engine, sql, e))
        goto failed;
    if (most != n) {
        (void)error_cause(e, ERROR_INTERNAL, "%zu arguments for %zu parameters: %s", n, most, sql);
        goto failed;
    }
    if (!db->ops->prepare(db, s, text.p, e))
        goto failed;
    buf_free(&text);
    return s;

failed:
    buf_free(&text);
    statement_free(db, s);
    return NULL;
}

static struct statement *statement_keep(struct db *db, struct error *e, const char *sql, uint64_t hash,
                                        const struct db_arg *args, size_t n)
{
    struct statement *s;

    if (!table_room(db, e) || (s = statement_new(db, e, sql, args, n, false)) == NULL)
        return NULL;
    s->hash = hash;
    s->text = strdup(sql);
    if (s->text == NULL) {
        (void)error_cause(e, ERROR_INTERNAL, "no memory for a statement");
        statement_free(db, s);
        return NULL;
    }
    *table_place(db, sql, hash) = s;
    db->count++;
    return s;
}

/* The same text must come with the same types each time; texts must be what both engines take. */
static bool arguments_fit(const struct statement *s, const char *sql, const struct db_arg *args, size_t n,
                          struct error *e)
{
    if (n != s->n)
        return error_cause(e, ERROR_INTERNAL, "%zu arguments for %zu parameters: %s", n, s->n, sql);
    for (size_t i = 0; i < n; i++) {
        if (args[i].type != s->types[i])
            return error_cause(e, ERROR_INTERNAL, "parameter %zu has another type than before: %s", i + 1, sql);
        if (args[i].type == DB_T_TEXT && !args[i].null && !str_utf8(args[i].s))
            return error_cause(e, ERROR_WRONG_ENCODING, "parameter %zu is not text: %s", i + 1, sql);
    }
    return true;
}

/* Finds or prepares, checks the arguments, starts. */
static struct statement *statement_start(struct db *db, struct error *e, const char *sql,
                                         const struct db_arg *args, size_t n, bool whole)
{
    uint64_t hash = hash_text(sql, strlen(sql));
    struct statement *s = db->cap > 0 ? *table_place(db, sql, hash) : NULL;

    if (s == NULL) {
        s = statement_keep(db, e, sql, hash, args, n);
    } else if (s->busy) {
        s = statement_new(db, e, sql, args, n, true);
    }
    if (s == NULL)
        return NULL;
    s->ended = false;
    s->misread = 0;
    if (!arguments_fit(s, sql, args, n, e) || !db->ops->start(db, s, args, whole, e)) {
        if (s->temporary)
            statement_free(db, s);
        return NULL;
    }
    s->busy = true;
    s->open = db->open;
    db->open = s;
    return s;
}

/* The other end of statement_start. */
static int64_t statement_end(struct db *db, struct statement *s, bool failed, struct error *e)
{
    int64_t changes = db->ops->finish(db, s, failed, e);
    struct statement **at = &db->open;

    while (*at != NULL && *at != s)
        at = &(*at)->open;
    if (*at != NULL)
        *at = s->open;
    s->busy = false;
    s->open = NULL;
    if (s->temporary)
        statement_free(db, s);
    return changes;
}

int db_abandon(struct db *db)
{
    struct error ignored;
    int count = 0;

    for (; db->open != NULL; count++)
        (void)statement_end(db, db->open, true, &ignored);
    return count;
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    (void)db_abandon(db);
    db->closing = true;
    for (size_t i = 0; i < db->cap; i++)
        statement_free(db, db->table[i]);
    free(db->table);
    db->ops->close(db);
}

/* ---- Statements without rows --------------------------------------------------------------------------- */

bool db_exec(struct db *db, struct error *e, const char *sql, const struct db_arg *args, size_t n)
{
    struct statement *s = statement_start(db, e, sql, args, n, true);
    enum step step = STEP_ROW;

    db->changes = 0;
    if (s == NULL)
        return false;
    while (step == STEP_ROW)
        step = db->ops->step(db, s, e);
    int64_t changes = statement_end(db, s, step == STEP_FAILED, e);
    if (step == STEP_FAILED || changes < 0)
        return false;
    db->changes = changes;
    return true;
}

int64_t db_changes(const struct db *db)
{
    return db->changes;
}

bool db_script(struct db *db, struct error *e, const char *sql)
{
    struct buf text = BUF_INIT(BUF_DOCUMENT);
    size_t most = 0;
    bool ok = dialect_translate(&text, &most, db->engine, sql, e);

    if (ok && most > 0)
        ok = error_cause(e, ERROR_INTERNAL, "a script with parameters");
    ok = ok && db->ops->script(db, text.p, e);
    buf_free(&text);
    return ok;
}

/* ---- Rows ---------------------------------------------------------------------------------------------- */

bool db_rows(struct db *db, struct db_rows *r, struct error *e, const char *sql, const struct db_arg *args,
             size_t n)
{
    *r = (struct db_rows){.db = db};
    r->handle = statement_start(db, &r->error, sql, args, n, false);
    if (r->handle != NULL)
        return true;
    r->failed = true;
    if (e != NULL)
        *e = r->error;
    return false;
}

static bool misread(struct db_rows *r)
{
    struct statement *s = r->handle;

    if (s->misread == 0 || r->failed)
        return r->failed;
    r->failed = true;
    (void)error_cause(&r->error, ERROR_INTERNAL, "column %d is not of the type it was read as: %s",
                      s->misread - 1, s->text != NULL ? s->text : "");
    return true;
}

bool db_next(struct db_rows *r)
{
    if (r->handle == NULL || misread(r))
        return false;
    switch (r->db->ops->step(r->db, r->handle, &r->error)) {
    case STEP_ROW:
        r->at++;
        return true;
    case STEP_FAILED:
        r->failed = true;
        break;
    case STEP_END:
        break;
    }
    return false;
}

bool db_end(struct db_rows *r, struct error *e)
{
    if (r->handle != NULL) {
        (void)misread(r);
        if (statement_end(r->db, r->handle, r->failed, r->failed ? NULL : &r->error) < 0)
            r->failed = true;
        r->handle = NULL;
    }
    if (r->failed && e != NULL)
        *e = r->error;
    return !r->failed;
}

/* Another kind of value than asked for is a forgotten cast: it fails the query instead of reading as something. */
static struct db_value value(const struct db_rows *r, int column, enum value_kind kind)
{
    struct db_value v = {.kind = VALUE_NULL};
    struct statement *s = r->handle;

    if (s == NULL)
        return v;
    r->db->ops->column(r->db, s, column, &v);
    if (v.kind != VALUE_NULL && v.kind != kind) {
        s->misread = column + 1;
        v = (struct db_value){.kind = VALUE_NULL};
    }
    return v;
}

bool db_null(const struct db_rows *r, int column)
{
    struct db_value v = {.kind = VALUE_NULL};

    if (r->handle != NULL)
        r->db->ops->column(r->db, r->handle, column, &v);
    return v.kind == VALUE_NULL;
}

int64_t db_int(const struct db_rows *r, int column)
{
    return value(r, column, VALUE_INT).i;
}

struct str db_text(const struct db_rows *r, int column)
{
    struct db_value v = value(r, column, VALUE_TEXT);
    return v.s.n > 0 ? v.s : STR("");
}

struct str db_blob(const struct db_rows *r, int column)
{
    struct db_value v = value(r, column, VALUE_BLOB);
    return v.s.n > 0 ? v.s : STR("");
}

struct id db_id(const struct db_rows *r, int column)
{
    struct db_value v = value(r, column, VALUE_BLOB);
    struct statement *s = r->handle;
    struct id id = {{0}};

    if (v.kind == VALUE_BLOB && v.s.n == sizeof id.b)
        memcpy(id.b, v.s.p, sizeof id.b);
    else if (v.kind == VALUE_BLOB)
        s->misread = column + 1;
    return id;
}

/* ---- One value ----------------------------------------------------------------------------------------- */

/* Starts and steps once; `*ret_row` says whether there is a row. On true the caller must end it. */
static bool first_row(struct db *db, struct db_rows *r, bool *ret_row, struct error *e, const char *sql,
                      const struct db_arg *args, size_t n)
{
    *r = (struct db_rows){.db = db};
    r->handle = statement_start(db, e, sql, args, n, true);
    if (r->handle == NULL)
        return false;
    *ret_row = db_next(r);
    return true;
}

bool db_one_int(struct db *db, int64_t *ret, int64_t otherwise, struct error *e, const char *sql,
                const struct db_arg *args, size_t n)
{
    struct db_rows r;
    bool row = false;

    if (!first_row(db, &r, &row, e, sql, args, n))
        return false;
    int64_t got = row && !db_null(&r, 0) ? db_int(&r, 0) : otherwise;
    if (!db_end(&r, e))
        return false;
    *ret = got;
    return true;
}

bool db_one_text(struct db *db, struct arena *a, struct str *ret, struct error *e, const char *sql,
                 const struct db_arg *args, size_t n)
{
    struct db_rows r;
    bool row = false;

    if (!first_row(db, &r, &row, e, sql, args, n))
        return false;
    struct str got = row ? arena_str(a, db_text(&r, 0)) : STR("");
    if (!db_end(&r, e))
        return false;
    *ret = got;
    return true;
}

/* ---- Transactions -------------------------------------------------------------------------------------- */

bool db_begin(struct db *db, struct error *e)
{
    if (db->ops->in_transaction(db))
        return error_cause(e, ERROR_INTERNAL, "begin inside a transaction");
    return db->ops->begin(db, e);
}

bool db_commit(struct db *db, struct error *e)
{
    if (!db->ops->in_transaction(db) && !db->lost)
        return error_cause(e, ERROR_INTERNAL, "commit without a usable transaction");
    return db->ops->commit(db, e);
}

void db_rollback(struct db *db)
{
    db->ops->rollback(db);
}

bool db_in_transaction(const struct db *db)
{
    return db->ops->in_transaction(db);
}

bool db_savepoint(struct db *db, struct error *e)
{
    return db_exec(db, e, "savepoint one", NO_ARGS);
}

bool db_release(struct db *db, struct error *e)
{
    return db_exec(db, e, "release savepoint one", NO_ARGS);
}

bool db_rollback_to(struct db *db, struct error *e)
{
    return db_exec(db, e, "rollback to savepoint one", NO_ARGS) && db_release(db, e);
}

bool db_reconnect(struct db *db, struct error *e)
{
    (void)db_abandon(db);
    return db->ops->reconnect(db, e);
}

bool db_lost(const struct db *db)
{
    return db->lost;
}

static bool scrub_sqlite(struct db *db, struct error *e)
{
    int64_t busy = 1;
    return db_one_int(db, &busy, 1, e, "pragma main.wal_checkpoint(truncate)", NO_ARGS) &&
           (busy == 0 || error_set(e, ERROR_RETRY, NULL));
}

/* Rows that a running transaction may still see are carried over into the new table: first those end that were there before us. */
static bool scrub_postgres(struct db *db, const char *const *tables, int64_t most, bool *ret_done,
                           struct error *e)
{
    char sql[128];
    int64_t older, bytes, all = 0;

    if (!db_one_int(db, &older, 0, e,
                    "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() "
                    "and xact_start is not null and xact_start < now()",
                    NO_ARGS))
        return false;
    if (older > 0)
        return error_set(e, ERROR_RETRY, NULL);
    for (size_t i = 0; tables[i] != NULL; i++) {
        if (!db_one_int(db, &bytes, 0, e, "select pg_total_relation_size(('public.' || quote_ident(?1))::regclass)",
                        ARGS(TEXTZ(tables[i]))))
            return false;
        all += bytes;
    }
    *ret_done = all <= most;
    for (size_t i = 0; *ret_done && tables[i] != NULL; i++) {
        (void)snprintf(sql, sizeof sql, "vacuum full \"%s\"", tables[i]);
        if (!db_script(db, e, sql))
            return false;
    }
    return true;
}

bool db_scrub(struct db *db, const char *const *tables, int64_t most, bool *ret_done, struct error *e)
{
    *ret_done = true;
    return db_engine(db) == DB_SQLITE ? scrub_sqlite(db, e) : scrub_postgres(db, tables, most, ret_done, e);
}

void db_many(const int64_t *ids, size_t n, struct db_arg args[DB_MANY])
{
    for (size_t i = 0; i < DB_MANY; i++)
        args[i] = INT(i < n ? ids[i] : -1);
}
