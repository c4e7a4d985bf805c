/* Which tables go into an archive: all that the database has, but for a short list. Columns and keys are read from the database too, so that a new
 * table or column is in the next archive without anybody remembering to add it. */
#include "core/archive_parts.h"

/* clang-format off */
static const struct {
    const char *table, *why;
} left_out[] = {
    {"lease", "which node does a job now"},
    {"reader_cursor", "where readers of the journal stand: in the manifest, because positions differ between engines"},
    {"schema_version", "in the manifest"},
    {"session", "signed-in browsers; after a restore everybody signs in again"},
    {"throttle", "wrong passwords of the last minutes"},
};

/* What belongs to this place and not to the data. */
static const struct {
    const char *table, *where, *why;
} rows_left_out[] = {
    {"meta", "key not in ('epoch', 'backup', 'scrubbed')", "epoch (in the manifest) and the state of backups"},
};

static const struct {
    const char *table, *column, *why;
} columns_left_out[] = {
    {"journal", "xid", "which transaction of the PostgreSQL server wrote it"},
};
/* clang-format on */

void archive_write_left_out(struct jw *w)
{
    jw_array(w);
    for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++) {
        jw_object(w);
        jw_kz(w, "table", left_out[i].table);
        jw_kz(w, "why", left_out[i].why);
        jw_end_object(w);
    }
    for (size_t i = 0; i < sizeof rows_left_out / sizeof rows_left_out[0]; i++) {
        jw_object(w);
        jw_kz(w, "table", rows_left_out[i].table);
        jw_kz(w, "rows_but", rows_left_out[i].where);
        jw_kz(w, "why", rows_left_out[i].why);
        jw_end_object(w);
    }
    for (size_t i = 0; i < sizeof columns_left_out / sizeof columns_left_out[0]; i++) {
        jw_object(w);
        jw_kz(w, "table", columns_left_out[i].table);
        jw_kz(w, "column", columns_left_out[i].column);
        jw_kz(w, "why", columns_left_out[i].why);
        jw_end_object(w);
    }
    jw_end_array(w);
}

static bool table_left_out(struct str name)
{
    for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++)
        if (str_is(name, left_out[i].table))
            return true;
    return false;
}

static bool column_left_out(const char *table, struct str name)
{
    for (size_t i = 0; i < sizeof columns_left_out / sizeof columns_left_out[0]; i++)
        if (str_is(name, columns_left_out[i].column) && strcmp(table, columns_left_out[i].table) == 0)
            return true;
    return false;
}

static bool type_of(struct str declared, enum db_type *ret)
{
    static const struct {
        const char *name;
        enum db_type type;
    } names[] = {{"integer", DB_T_INT},
                 {"bigint", DB_T_INT},
                 {"text", DB_T_TEXT},
                 {"blob", DB_T_BLOB},
                 {"bytea", DB_T_BLOB}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (declared.n == strlen(names[i].name) && strncasecmp(declared.p, names[i].name, declared.n) == 0) {
            *ret = names[i].type;
            return true;
        }
    return false;
}

static const char *table_sql(const struct db *db)
{
    return db_engine(db) == DB_SQLITE
               ? "select name from main.sqlite_master where type = 'table' and name not like 'sqlite|_%' escape '|' order by name"
               : "select relname::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace "
                 "order by relname::text collate \"C\"";
}

bool archive_empty(struct db *db, bool *ret, struct error *e)
{
    struct db_rows r;
    if (!db_rows(db, &r, e, table_sql(db), NO_ARGS))
        return false;
    *ret = !db_next(&r);
    return db_end(&r, e);
}

static bool read_columns(struct db *db, struct arena *a, struct archive_table *t, struct error *e)
{
    struct db_rows r;
    bool ok = true;
    const char *sql =
        db_engine(db) == DB_SQLITE
            ? "select name, type, pk from pragma_table_info(?1, 'main') order by cid"
            : "select a.attname::text, format_type(a.atttypid, null)::text, "
              "coalesce((select k.place from pg_index i, unnest(i.indkey::int2[]) with ordinality k(number, place) "
              "where i.indrelid = a.attrelid and i.indisprimary and k.number = a.attnum), 0)::bigint from pg_attribute a "
              "where a.attrelid = ('public.' || quote_ident(?1))::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum";

    t->columns = ARENA_ARRAY(a, struct archive_column, ARCHIVE_COLUMNS);
    if (!db_rows(db, &r, e, sql, ARGS(TEXTZ(t->name))))
        return false;
    while (ok && db_next(&r)) {
        struct archive_column *c = &t->columns[t->n];
        if (column_left_out(t->name, db_text(&r, 0)))
            continue;
        c->name = arena_z(a, db_text(&r, 0));
        c->key = (int)db_int(&r, 2);
        t->keys += c->key > 0;
        ok = t->n + 1 < ARCHIVE_COLUMNS && type_of(db_text(&r, 1), &c->type);
        if (!ok)
            (void)error_cause(e, ERROR_INTERNAL, "%s.%s: an archive can't hold its type", t->name, c->name);
        t->n++;
    }
    if (ok && (t->keys == 0 || t->keys > ARCHIVE_KEYS))
        ok = error_cause(e, ERROR_INTERNAL, "%s: %zu columns in its key", t->name, t->keys);
    return db_end(&r, ok ? e : NULL) && ok;
}

bool archive_tables(struct db *db, struct arena *a, struct archive_table **ret, size_t *ret_n, struct error *e)
{
    enum { TABLES_MAX = 256 };
    struct db_rows r;

    *ret = ARENA_ARRAY(a, struct archive_table, TABLES_MAX);
    *ret_n = 0;
    if (!db_rows(db, &r, e, table_sql(db), NO_ARGS))
        return false;
    while (*ret_n < TABLES_MAX && db_next(&r))
        if (!table_left_out(db_text(&r, 0)))
            (*ret)[(*ret_n)++].name = arena_z(a, db_text(&r, 0));
    if (!db_end(&r, e))
        return false;
    for (size_t i = 0; i < *ret_n; i++) {
        struct archive_table *t = &(*ret)[i];
        for (size_t k = 0; k < sizeof rows_left_out / sizeof rows_left_out[0]; k++)
            if (strcmp(t->name, rows_left_out[k].table) == 0)
                t->where = rows_left_out[k].where;
        if (!read_columns(db, a, t, e))
            return false;
    }
    return true;
}
