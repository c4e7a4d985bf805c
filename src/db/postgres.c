/* The PostgreSQL engine. Everything travels in binary, and parameters carry their type, so that the server never guesses one. */
#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "db/engine.h"

struct postgres {
    struct db base;
    PGconn *c;
    char *uri;
    unsigned connections; /* made so far: a statement prepared on an earlier one must be prepared again */
    unsigned names;       /* given to statements so far */
};

/* The engine's part of a statement, in one piece of memory. A temporary one has no name. */
struct prepared {
    char name[16];
    char *sql;
    unsigned connection; /* on which it was prepared */
    PGresult *rows;
    int row;
    Oid *types;
    const char **values;
    int *lengths, *formats;
    int64_t *ints; /* in network order */
};

/* Of the server's catalog; they never change. */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_NAME = 19,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_OID = 26,
    OID_VARCHAR = 1043,
    OID_VOID = 2278,
};

static struct postgres *of(const struct db *db)
{
    return (struct postgres *)(uintptr_t)db;
}

/* ---- Errors -------------------------------------------------------------------------------------------- */

static const struct {
    const char *state; /* SQLSTATE or the beginning of it */
    enum error_code code;
    bool lost; /* the connection is of no more use */
} states[] = {
    {"23505", ERROR_CONFLICT, false},    {"40001", ERROR_RETRY, false},   /* serialization failure */
    {"40P01", ERROR_RETRY, false},                                        /* deadlock */
    {"55P03", ERROR_RETRY, false},                                        /* lock not available */
    {"53100", ERROR_DISK_FULL, false},   {"08", ERROR_UNAVAILABLE, true}, /* connection */
    {"57P", ERROR_UNAVAILABLE, true},    /* shut down, crashed, starting up */
    {"25P03", ERROR_UNAVAILABLE, true},  /* idle in transaction for too long */
    {"53", ERROR_UNAVAILABLE, false},    /* memory, connections */
    {"57014", ERROR_UNAVAILABLE, false}, /* statement timeout */
    {"58", ERROR_UNAVAILABLE, false},    /* I/O */
    {"XX001", ERROR_UNAVAILABLE, false}, /* damaged pages */
    {"XX002", ERROR_UNAVAILABLE, false}, {"22021", ERROR_WRONG_ENCODING, false},
};

/* The first line, without its end. */
static struct str line_of(const char *message)
{
    struct str s = str_of(message != NULL ? message : ""), line = s;
    (void)str_split(&s, '\n', &line);
    return line;
}

static bool failed(struct postgres *p, const PGresult *res, const char *what, struct error *e)
{
    const char *state = res != NULL ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
    const char *message = res != NULL ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    enum error_code code = ERROR_INTERNAL;
    bool lost = PQstatus(p->c) != CONNECTION_OK;

    for (size_t i = 0; state != NULL && i < sizeof states / sizeof states[0]; i++)
        if (str_starts(str_of(state), str_of(states[i].state))) {
            code = states[i].code;
            lost = lost || states[i].lost;
            break;
        }
    /* a writer on a server that has become a standby: the primary must be looked for again */
    if (state != NULL && strcmp(state, "25006") == 0 && p->base.mode != DB_READER)
        lost = true;
    if (lost)
        code = ERROR_UNAVAILABLE;
    p->base.lost = lost;
    struct str line = line_of(message != NULL ? message : PQerrorMessage(p->c));
    return error_cause(e, code, "postgresql %s: %.*s: %s", state != NULL ? state : "-", (int)line.n, line.p,
                       what);
}

/* Clears the result; true when it is of the wanted kind. */
static bool expect(struct postgres *p, PGresult *res, const char *what, struct error *e)
{
    ExecStatusType status = PQresultStatus(res);
    bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

    if (!ok)
        (void)failed(p, res, what, e);
    PQclear(res);
    return ok;
}

/* ---- Statements ---------------------------------------------------------------------------------------- */

/* Nothing is sent yet: a statement is prepared when it is first started on a connection. */
static bool prepare(struct db *db, struct statement *s, const char *sql, struct error *e)
{
    struct postgres *p = of(db);
    size_t n = s->n, size = strlen(sql) + 1;
    struct prepared *native = calloc(1, sizeof *native);
    char *m = malloc(n * (sizeof(int64_t) + sizeof(char *) + sizeof(Oid) + 2 * sizeof(int)) + size);

    if (native == NULL || m == NULL) {
        free(native);
        free(m);
        return error_cause(e, ERROR_INTERNAL, "no memory for a statement");
    }
    native->ints = (int64_t *)(void *)m; /* the most aligned first */
    native->values = (const char **)(void *)(native->ints + n);
    native->types = (Oid *)(void *)(native->values + n);
    native->lengths = (int *)(void *)(native->types + n);
    native->formats = native->lengths + n;
    native->sql = (char *)(native->formats + n);
    memcpy(native->sql, sql, size);
    for (size_t i = 0; i < n; i++) {
        native->formats[i] = 1;
        native->types[i] = s->types[i] == DB_T_INT    ? OID_INT8
                           : s->types[i] == DB_T_TEXT ? OID_TEXT
                                                      : OID_BYTEA;
    }
    if (!s->temporary)
        (void)snprintf(native->name, sizeof native->name, "s%u", ++p->names);
    s->native = native;
    return true;
}

static void forget(struct db *db, struct statement *s)
{
    struct postgres *p = of(db);
    struct prepared *native = s->native;
    char sql[32];

    if (!s->temporary && !db->closing && native->connection == p->connections) {
        (void)snprintf(sql, sizeof sql, "deallocate %s", native->name);
        PQclear(PQexec(p->c, sql));
    }
    PQclear(native->rows);
    free(native->ints);
    free(native);
}

static void bind(struct prepared *native, const struct db_arg *args, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (args[i].null) {
            native->values[i] = NULL;
        } else if (args[i].type == DB_T_INT) {
            native->ints[i] = (int64_t)htobe64((uint64_t)args[i].i);
            native->values[i] = (const char *)&native->ints[i];
            native->lengths[i] = sizeof native->ints[i];
        } else {
            native->values[i] = args[i].s.p != NULL ? args[i].s.p : "";
            native->lengths[i] = (int)args[i].s.n;
        }
    }
}

static PGresult *run(struct postgres *p, const struct prepared *native, size_t n)
{
    if (native->name[0] == '\0')
        return PQexecParams(p->c, native->sql, (int)n, native->types, native->values, native->lengths,
                            native->formats, 1);
    return PQexecPrepared(p->c, native->name, (int)n, native->values, native->lengths, native->formats, 1);
}

static enum value_kind kind_of(Oid type)
{
    switch (type) {
    case OID_BOOL:
    case OID_INT2:
    case OID_INT4:
    case OID_INT8:
    case OID_OID:
        return VALUE_INT;
    case OID_TEXT:
    case OID_VARCHAR:
    case OID_NAME:
    case OID_VOID: /* what a function without a result gives: empty */
        return VALUE_TEXT;
    case OID_BYTEA:
        return VALUE_BLOB;
    default:
        return VALUE_OTHER;
    }
}

/* A column of any other type is a forgotten cast, and shows even when there is no row. */
static bool columns_known(const PGresult *res, const char *sql, struct error *e)
{
    static const struct {
        Oid type;
        const char *name;
    } others[] = {{114, "json"},  {700, "float4"},     {701, "float8"},       {1042, "char(n)"},
                  {1082, "date"}, {1114, "timestamp"}, {1184, "timestamptz"}, {1700, "numeric"},
                  {2950, "uuid"}, {3802, "jsonb"},     {5069, "xid8"}};

    for (int i = 0; i < PQnfields(res); i++) {
        Oid type = PQftype(res, i);
        if (kind_of(type) != VALUE_OTHER)
            continue;
        for (size_t k = 0; k < sizeof others / sizeof others[0]; k++)
            if (others[k].type == type)
                return error_cause(e, ERROR_INTERNAL, "column %d is %s, cast it: %s", i, others[k].name, sql);
        return error_cause(e, ERROR_INTERNAL, "column %d has type %u, cast it: %s", i, type, sql);
    }
    return true;
}

static bool start(struct db *db, struct statement *s, const struct db_arg *args, bool whole, struct error *e)
{
    struct postgres *p = of(db);
    struct prepared *native = s->native;

    (void)whole; /* libpq has sent the arguments before it returns */
    for (size_t i = 0; i < s->n; i++)
        if (args[i].s.n > INT32_MAX)
            return error_cause(e, ERROR_TOO_LARGE, "parameter %zu: %s", i + 1, native->sql);
    if (!s->temporary && native->connection != p->connections) {
        if (!expect(p, PQprepare(p->c, native->name, native->sql, (int)s->n, native->types), native->sql, e))
            return false;
        native->connection = p->connections;
    }
    bind(native, args, s->n);
    PGresult *res = run(p, native, s->n);
    ExecStatusType status = PQresultStatus(res);
    bool ok = (status == PGRES_TUPLES_OK && columns_known(res, native->sql, e)) || status == PGRES_COMMAND_OK;
    if (!ok) {
        if (status != PGRES_TUPLES_OK)
            (void)failed(p, res, native->sql, e);
        PQclear(res);
        return false;
    }
    native->rows = res;
    native->row = -1;
    return true;
}

static enum step step(struct db *db, struct statement *s, struct error *e)
{
    struct prepared *native = s->native;

    (void)db;
    (void)e;
    if (native->row + 1 < PQntuples(native->rows)) {
        native->row++;
        return STEP_ROW;
    }
    s->ended = true;
    return STEP_END;
}

static int64_t int_of(Oid type, const char *bytes)
{
    uint64_t eight;
    uint32_t four;
    uint16_t two;

    switch (type) {
    case OID_INT8:
        memcpy(&eight, bytes, sizeof eight);
        return (int64_t)be64toh(eight);
    case OID_INT4:
        memcpy(&four, bytes, sizeof four);
        return (int32_t)be32toh(four);
    case OID_OID:
        memcpy(&four, bytes, sizeof four);
        return be32toh(four);
    case OID_INT2:
        memcpy(&two, bytes, sizeof two);
        return (int16_t)be16toh(two);
    default:
        return bytes[0] != 0;
    }
}

static void column(struct db *db, struct statement *s, int column, struct db_value *ret)
{
    struct prepared *native = s->native;

    (void)db;
    *ret = (struct db_value){.kind = VALUE_OTHER};
    if (column < 0 || column >= PQnfields(native->rows) || native->row < 0 || s->ended)
        return;
    const char *bytes = PQgetvalue(native->rows, native->row, column);
    ret->kind =
        PQgetisnull(native->rows, native->row, column) ? VALUE_NULL : kind_of(PQftype(native->rows, column));
    if (ret->kind == VALUE_INT)
        ret->i = int_of(PQftype(native->rows, column), bytes);
    else if (ret->kind != VALUE_NULL)
        ret->s = str_range(bytes, (size_t)PQgetlength(native->rows, native->row, column));
}

static int64_t finish(struct db *db, struct statement *s, bool broken, struct error *e)
{
    struct prepared *native = s->native;
    int64_t changes = 0;

    (void)db;
    (void)e;
    if (!broken && !str_starts(str_of(PQcmdStatus(native->rows)), STR("SELECT")))
        (void)str_int(str_of(PQcmdTuples(native->rows)), &changes);
    PQclear(native->rows);
    native->rows = NULL;
    return changes;
}

static bool script(struct db *db, const char *sql, struct error *e)
{
    return expect(of(db), PQexec(of(db)->c, sql), "script", e);
}

/* ---- Transactions -------------------------------------------------------------------------------------- */

static bool begin(struct db *db, struct error *e)
{
    /* a reader sees one state of things from begin to end, as on SQLite */
    return script(db, db->mode != DB_READER ? "begin" : "begin isolation level repeatable read read only", e);
}

static bool commit(struct db *db, struct error *e)
{
    struct postgres *p = of(db);
    PGresult *res = PQexec(p->c, "commit");
    bool ok = PQresultStatus(res) == PGRES_COMMAND_OK;

    if (!ok)
        (void)failed(p, res, "commit", e);
    else if (strcmp(PQcmdStatus(res), "COMMIT") != 0) /* the server rolls a broken transaction back without an error */
        ok = error_cause(e, ERROR_INTERNAL, "commit of a broken transaction");
    PQclear(res);
    return ok;
}

static bool in_transaction(const struct db *db)
{
    return PQtransactionStatus(of(db)->c) == PQTRANS_INTRANS;
}

static void rollback(struct db *db)
{
    PGTransactionStatusType status = PQtransactionStatus(of(db)->c);

    if (status == PQTRANS_INTRANS || status == PQTRANS_INERROR)
        PQclear(PQexec(of(db)->c, "rollback"));
}

/* ---- Connecting ---------------------------------------------------------------------------------------- */

static void be_quiet(void *context, const char *message)
{
    (void)context;
    (void)message;
}

/* What comes before dbname may be changed by the URI, what comes after may not. A dead machine must be noticed within seconds, and
 * among several hosts we want the one that can be written to, for readers too: they must see what was just committed. */
static PGconn *connect_to(const char *uri)
{
    const char *const keys[] = {"connect_timeout",     "keepalives_idle",
                                "keepalives_interval", "keepalives_count",
                                "tcp_user_timeout",    "target_session_attrs",
                                "application_name",    "dbname",
                                "client_encoding",     NULL};
    const char *const values[] = {"5", "15", "5", "3", "15000", "primary", "liuxiao", uri, "UTF8", NULL};
    PGconn *c = PQconnectdbParams(keys, values, 1);

    if (c != NULL)
        (void)PQsetNoticeProcessor(c, be_quiet, NULL);
    return c;
}

/* Whatever the server's, database's or role's settings say: what our statements rely on. An answer means that the commit is on disk,
 * so synchronous_commit may be anything but off. */
static const char setup[] =
    "set timezone = 'UTC'; set search_path = public; set default_transaction_isolation = 'read committed';"
    "set standard_conforming_strings = on; set jit = off;"
    "set lock_timeout = '3s'; set idle_in_transaction_session_timeout = '60s';"
    "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off';";

/* Text is compared bytewise in SQLite; another collation here would sort and find differently. */
static bool collation_fits(struct postgres *p, struct error *e)
{
    static const char *const names[] = {"C", "POSIX", "C.UTF-8", "C.utf8", "C.UTF8"};
    const char *sql = "select getdatabaseencoding(), coalesce(to_jsonb(d) ->> 'datlocprovider', 'c'),"
                      " coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale', datcollate)"
                      " from pg_database d where datname = current_database()";
    PGresult *res = PQexec(p->c, sql);
    bool fits = false, known = PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1;

    if (!known) {
        (void)failed(p, res, sql, e);
    } else {
        const char *encoding = PQgetvalue(res, 0, 0), *provider = PQgetvalue(res, 0, 1),
                   *name = PQgetvalue(res, 0, 2);
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            fits = fits || strcmp(name, names[i]) == 0;
        fits = fits && strcmp(encoding, "UTF8") == 0 && strcmp(provider, "i") != 0;
        if (!fits)
            (void)error_setf(e, ERROR_CONFIG_VALUE, "database",
                             "%s %s; create database … template template0 encoding 'UTF8' locale 'C.UTF-8'",
                             encoding, name);
    }
    PQclear(res);
    return known && fits;
}

static bool set_up(struct postgres *p, struct error *e)
{
    if (p->c == NULL)
        return error_cause(e, ERROR_UNAVAILABLE, "no memory for a connection");
    if (PQstatus(p->c) != CONNECTION_OK)
        return failed(p, NULL, "connect", e);
    if (PQserverVersion(p->c) < 130000)
        return error_setf(e, ERROR_CONFIG_VALUE, "database", "PostgreSQL %d; 13 or newer",
                          PQserverVersion(p->c) / 10000);
    return script(&p->base, setup, e) && collation_fits(p, e) &&
           (p->base.mode != DB_READER || script(&p->base, "set default_transaction_read_only = on", e));
}

static bool reconnect(struct db *db, struct error *e)
{
    struct postgres *p = of(db);

    PQfinish(p->c);
    p->c = connect_to(p->uri);
    p->connections++;
    db->lost = !set_up(p, e);
    return !db->lost;
}

static void postgres_close(struct db *db)
{
    PQfinish(of(db)->c);
    free(of(db)->uri);
    free(db);
}

static const struct db_ops ops = {
    .close = postgres_close,
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

bool postgres_open(struct db **ret, const struct db_where *where, enum db_mode mode, struct error *e)
{
    struct postgres *p = calloc(1, sizeof *p);

    if (p == NULL || (p->uri = strdup(where->uri)) == NULL) {
        free(p);
        return error_cause(e, ERROR_INTERNAL, "no memory to open a database");
    }
    p->base = (struct db){.ops = &ops, .engine = DB_POSTGRES, .mode = mode};
    if (!reconnect(&p->base, e)) {
        db_close(&p->base);
        return false;
    }
    *ret = &p->base;
    return true;
}
