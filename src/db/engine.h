/* What an engine is to db.c. Private to this folder. */
#ifndef DB_ENGINE_H
#define DB_ENGINE_H

#include "base/buf.h"
#include "db/db.h"

/* A prepared statement and, while in use, the rows it yields. The engine's own part lies behind `native`. */
struct statement {
    char *text; /* as the caller wrote it; null when temporary */
    uint64_t hash;
    struct statement *open; /* the next one whose rows are being read */
    bool busy;              /* rows are being read: the same text once more needs a temporary statement */
    bool temporary;
    bool ended;          /* the last row has been read */
    int misread;         /* 1 + the column that was read as another type than it has */
    size_t n;            /* parameters */
    enum db_type *types; /* of the parameters, as they were given the first time */
    void *native;
};

enum value_kind { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_BLOB, VALUE_OTHER };

struct db_value {
    enum value_kind kind;
    int64_t i;
    struct str s;
};

enum step { STEP_FAILED, STEP_END, STEP_ROW };

struct db_ops {
    void (*close)(struct db *db);

    /* `sql` is translated already. A temporary statement is used once. */
    bool (*prepare)(struct db *db, struct statement *s, const char *sql, struct error *e);
    void (*forget)(struct db *db, struct statement *s);

    /* Binds; PostgreSQL runs it too. `whole`: the caller's arguments outlive the use of the statement. */
    bool (*start)(struct db *db, struct statement *s, const struct db_arg *args, bool whole, struct error *e);
    enum step (*step)(struct db *db, struct statement *s, struct error *e);
    void (*column)(struct db *db, struct statement *s, int column, struct db_value *ret);
    /* After the last step, or before: a change is then carried through. Rows changed, or -1 on failure. */
    int64_t (*finish)(struct db *db, struct statement *s, bool failed, struct error *e);

    bool (*script)(struct db *db, const char *sql, struct error *e);
    bool (*begin)(struct db *db, struct error *e);
    bool (*commit)(struct db *db, struct error *e);
    void (*rollback)(struct db *db);
    bool (*in_transaction)(const struct db *db);
    bool (*reconnect)(struct db *db, struct error *e);
};

/* The engines' own structs begin with this one. */
struct db {
    const struct db_ops *ops;
    enum db_engine engine;
    enum db_mode mode;
    struct statement **table; /* open addressing, by text; never more than half full */
    size_t cap, count;
    struct statement *open; /* statements whose rows are being read */
    int64_t changes;
    bool lost;
    bool closing;
};

bool sqlite_open(struct db **ret, const struct db_where *where, enum db_mode mode, struct error *e);
bool postgres_open(struct db **ret, const struct db_where *where, enum db_mode mode, struct error *e);

/* Appends the engine's text, ended by a zero byte; `*ret_most` is the highest parameter. */
bool dialect_translate(struct buf *out, size_t *ret_most, enum db_engine engine, const char *sql,
                       struct error *e);

/* Ends the rows that a task forgot to end, so that they hold no snapshot; returns how many there were. */
int db_abandon(struct db *db);

#endif
