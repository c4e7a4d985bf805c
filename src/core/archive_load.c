/* Loading an archive into an empty database of either engine, all in one transaction. */
#include "db/migrate.h"
#include "core/archive_reader.h"
#include "core/file.h"
#include "core/journal.h"

enum { PARAMETERS = 900, ROWS_AT_ONCE = 64 };

/* ---- Rows ---------------------------------------------------------------------------------------------- */

struct loading {
    struct db *db;
    const struct archive_table *table;
    struct arena *arena; /* of the rows that wait */
    bool header;
    size_t at_once, waiting;
    struct db_arg *args;
    int64_t rows;
};

static const char *insert_sql(struct arena *a, const struct archive_table *t, size_t rows)
{
    struct buf b = BUF_INIT(BUF_SEALED);
    buf_addf(&b, "insert into \"%s\"(", t->name);
    for (size_t i = 0; i < t->n; i++)
        buf_addf(&b, "%s\"%s\"", i > 0 ? ", " : "", t->columns[i].name);
    buf_addz(&b, ") values");
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < t->n; i++)
            buf_addf(&b, "%s?%zu%s",
                     i > 0   ? ", "
                     : r > 0 ? ", ("
                             : " (",
                     r * t->n + i + 1, i + 1 == t->n ? ")" : "");
    const char *sql = arena_z(a, buf_str(&b));
    buf_free(&b);
    return sql;
}

static bool flush(struct loading *l, struct error *e)
{
    if (l->waiting == 0)
        return true;
    const char *sql = insert_sql(l->arena, l->table, l->waiting);
    bool ok = db_exec(l->db, e, sql, l->args, l->waiting * l->table->n);
    l->waiting = 0;
    arena_reset(l->arena);
    return ok;
}

static bool cell_value(struct loading *l, const struct archive_column *c, const struct archive_cell *cell,
                       struct db_arg *ret)
{
    *ret = (struct db_arg){.type = c->type, .null = cell->s.n == 0 && !cell->quoted};
    if (ret->null)
        return true;
    if (c->type == DB_T_INT)
        return !cell->quoted && str_int(cell->s, &ret->i);
    if (c->type == DB_T_TEXT) {
        ret->s = arena_str(l->arena, cell->s);
        return cell->quoted;
    }
    struct buf bytes = BUF_INIT(BUF_DOCUMENT);
    bool ok = cell->quoted ? cell->s.n == 0 : base64_padded_read(cell->s, &bytes);
    ret->s = arena_str(l->arena, buf_str(&bytes));
    buf_free(&bytes);
    return ok;
}

static bool check_header(const struct archive_table *t, const struct archive_cell *cells, size_t n)
{
    bool same = n == t->n;
    for (size_t i = 0; same && i < n; i++)
        same = str_is(cells[i].s, t->columns[i].name);
    return same;
}

static bool load_row(void *context, const struct archive_cell *cells, size_t n, struct error *e)
{
    struct loading *l = context;

    if (!l->header) {
        l->header = true;
        return check_header(l->table, cells, n) || archive_damaged(e, l->table->name, "other columns");
    }
    if (n != l->table->n)
        return archive_damaged(e, l->table->name, "a row of another length");
    for (size_t i = 0; i < n; i++)
        if (!cell_value(l, &l->table->columns[i], &cells[i], &l->args[l->waiting * n + i]))
            return archive_damaged(e, l->table->name, l->table->columns[i].name);
    l->rows++;
    return ++l->waiting < l->at_once || flush(l, e);
}

static bool feed(void *context, struct str bytes, struct error *e)
{
    return archive_csv_feed(context, bytes, e);
}

static bool load_table(struct archive *a, struct db *db, const struct archive_table *t,
                       const struct archive_how *how, struct error *e)
{
    struct loading l = {.db = db, .table = t, .arena = arena_open()};
    struct archive_csv csv = {.row = load_row, .context = &l, .text = BUF_INIT(BUF_DOCUMENT)};
    const char *name = arena_printf(a->arena, "tables/%s.csv", t->name);

    l.at_once = PARAMETERS / t->n < ROWS_AT_ONCE ? PARAMETERS / t->n : ROWS_AT_ONCE;
    l.args = ARENA_ARRAY(a->arena, struct db_arg, l.at_once * t->n);
    bool ok = archive_each_piece(a, name, feed, &csv, e) && flush(&l, e);
    bool whole = archive_csv_end(&csv, ok ? e : NULL);
    arena_close(l.arena);
    if (ok && how->progress != NULL)
        how->progress(how->context, name, l.rows);
    return ok && whole;
}

/* ---- What an engine wants around it -------------------------------------------------------------------- */

/* Rows come table by table: what refers to later ones is checked in the end. SQLite can wait by itself; PostgreSQL's constraints are taken off and
 * put back, which checks all rows in one go. */
struct constraint {
    const char *table, *name, *definition;
};

static bool drop_constraints(struct archive *a, struct db *db, struct constraint **ret, size_t *ret_n,
                             struct error *e)
{
    enum { CONSTRAINTS_MAX = 1024 };
    struct db_rows r;

    *ret_n = 0;
    if (db_engine(db) == DB_SQLITE)
        return db_script(db, e, "pragma defer_foreign_keys = on");
    *ret = ARENA_ARRAY(a->arena, struct constraint, CONSTRAINTS_MAX);
    if (!db_rows(db, &r, e,
                 "select conrelid::regclass::text, quote_ident(conname)::text, pg_get_constraintdef(oid) from pg_constraint "
                 "where contype = 'f' and connamespace = 'public'::regnamespace order by conrelid, conname",
                 NO_ARGS))
        return false;
    while (*ret_n < CONSTRAINTS_MAX && db_next(&r))
        (*ret)[(*ret_n)++] =
            (struct constraint){arena_z(a->arena, db_text(&r, 0)), arena_z(a->arena, db_text(&r, 1)),
                                arena_z(a->arena, db_text(&r, 2))};
    if (!db_end(&r, e))
        return false;
    for (size_t i = 0; i < *ret_n; i++)
        if (!db_script(
                db, e,
                arena_printf(a->arena, "alter table %s drop constraint %s", (*ret)[i].table, (*ret)[i].name)))
            return false;
    return true;
}

static bool put_back(struct archive *a, struct db *db, const struct constraint *list, size_t n, struct error *e)
{
    for (size_t i = 0; i < n; i++)
        if (!db_script(db, e,
                       arena_printf(a->arena, "alter table %s add constraint %s %s", list[i].table,
                                    list[i].name, list[i].definition)))
            return false;
    return true;
}

/* PostgreSQL numbers new rows from a counter of its own. */
static bool set_counters(struct archive *a, struct db *db, const struct archive_table *tables, size_t n,
                         struct error *e)
{
    if (db_engine(db) == DB_SQLITE)
        return true;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < tables[i].n; k++) {
            const char *table = tables[i].name, *column = tables[i].columns[k].name;
            int64_t counted, unused;
            if (tables[i].columns[k].key == 0)
                continue;
            if (!db_one_int(db, &counted, 0, e,
                            "select 1 from pg_attribute where attrelid = ('public.' || quote_ident(?1))::regclass and attname = ?2 "
                            "and attidentity <> ''",
                            ARGS(TEXTZ(table), TEXTZ(column))))
                return false;
            if (counted != 0 &&
                !db_one_int(db, &unused, 0, e,
                            arena_printf(a->arena,
                                         "select setval(pg_get_serial_sequence('public.%s', '%s'), coalesce(max(\"%s\"), 1), "
                                         "max(\"%s\") is not null) from \"%s\"",
                                         table, column, column, column, table),
                            NO_ARGS))
                return false;
        }
    return true;
}

/* ---- All together -------------------------------------------------------------------------------------- */

static bool known_migrations(struct archive *a, struct db *db, struct error *e)
{
    const json_t *m;
    size_t i;

    json_array_foreach(json_object_get(a->manifest, "migrations"), i, m) {
        unsigned char hash[HASH_BYTES];
        int64_t found = 0;
        if (!hex_read(json_text(m, "hash"), hash, sizeof hash) ||
            !db_one_int(db, &found, 0, e, "select 1 from schema_version where n = ?1 and hash = ?2",
                        ARGS(INT(json_int(m, "n", 0)), BYTES(hash, sizeof hash))))
            return found == 0 && archive_damaged(e, "manifest.json", "migrations");
        if (found == 0)
            return error_setf(e, ERROR_SCHEMA_NEW, NULL, "%lld", (long long)json_int(m, "n", 0));
    }
    return true;
}

static const json_t *find_entry(const struct archive *a, const char *name)
{
    const json_t *entry;
    size_t i;
    json_array_foreach(a->entries, i, entry)
        if (str_is(json_text(entry, "name"), name))
            return entry;
    return NULL;
}

/* Every table of that schema is in the archive, and the archive has no other. */
static bool load_tables(struct archive *a, struct db *db, const struct archive_table *tables, size_t n,
                        const struct archive_how *how, struct error *e)
{
    const json_t *entry;
    size_t i, listed = 0;

    json_array_foreach(a->entries, i, entry)
        listed += str_starts(json_text(entry, "name"), STR("tables/"));
    if (listed != n)
        return archive_damaged(e, "manifest.json", "other tables than its schema has");
    for (i = 0; i < n; i++) {
        const char *name = arena_printf(a->arena, "tables/%s.csv", tables[i].name);
        int64_t rows;
        entry = find_entry(a, name);
        if (entry == NULL)
            return archive_damaged(e, name, "missing");
        /* a migration may have put rows of its own into a new table */
        if (!db_script(db, e, arena_printf(a->arena, "delete from \"%s\"", tables[i].name)) ||
            !load_table(a, db, &tables[i], how, e) ||
            !db_one_int(db, &rows, 0, e,
                        arena_printf(a->arena, "select count(*) from \"%s\"", tables[i].name), NO_ARGS))
            return false;
        if (rows != json_int(entry, "rows", -1))
            return archive_damaged(e, name, "rows were lost on the way");
    }
    return true;
}

static bool place_readers(struct archive *a, struct db *db, struct error *e)
{
    const char *name;
    json_t *seq, *cursors = json_object_get(a->manifest, "cursors");
    char epoch[ID_TEXT];

    json_object_foreach(cursors, name, seq)
        if (!cursor_place(db, name, json_integer_value(seq), e))
            return false;
    /* positions that others have kept mean nothing any more */
    id_format(id_new(), epoch);
    return meta_set(db, "epoch", str_of(epoch), e);
}

bool archive_load(struct archive *a, struct db *db, const struct archive_how *how, struct error *e)
{
    struct archive_table *tables;
    struct constraint *constraints = NULL;
    size_t n, constraint_count;
    bool empty;

    if (!archive_empty(db, &empty, e))
        return false;
    if (!empty)
        return error_set(e, ERROR_CONFLICT, "database");
    return migrate_inside(db, a->facts.schema, e) && known_migrations(a, db, e) &&
           archive_tables(db, a->arena, &tables, &n, e) &&
           drop_constraints(a, db, &constraints, &constraint_count, e) &&
           load_tables(a, db, tables, n, how, e) && put_back(a, db, constraints, constraint_count, e) &&
           set_counters(a, db, tables, n, e) && migrate_inside(db, INT64_MAX, e) && place_readers(a, db, e);
}

static bool append(void *context, struct str bytes, struct error *e)
{
    buf_add(context, bytes);
    return !((struct buf *)context)->full || error_cause(e, ERROR_TOO_LARGE, "a file of the archive");
}

bool archive_load_files(struct archive *a, const char *folder, const struct archive_how *how, struct error *e)
{
    struct arena *arena = arena_open();
    struct buf bytes = BUF_INIT(FILE_MAX + 1024);
    const json_t *entry;
    size_t i;
    bool ok = true;

    json_array_foreach(a->entries, i, entry) {
        struct str name = json_text(entry, "name");
        unsigned char hash[HASH_BYTES];
        if (!str_starts(name, STR("files/")) || json_flag(entry, "missing"))
            continue;
        buf_clear(&bytes);
        arena_reset(arena);
        ok = (hex_read(str_range(name.p + 6, name.n - 6), hash, sizeof hash) ||
              archive_damaged(e, "manifest.json", "a file's name")) &&
             archive_each_piece(a, arena_z(arena, name), append, &bytes, e) &&
             file_store_sealed(folder, arena, hash, buf_str(&bytes), e);
        if (!ok)
            break;
        if (how->progress != NULL)
            how->progress(how->context, "files", (int64_t)bytes.n);
    }
    buf_free(&bytes);
    arena_close(arena);
    return ok;
}
