#include "db/migrate.h"

#include <stdlib.h>

#include "base/crypto.h"
#include "base/embed.h"
#include "base/time.h"

/* One numbered file. */
struct migration {
    int64_t n;
    struct str name;
    const char *sql;
    unsigned char hash[HASH_BYTES];
    bool applied;
};

struct migrations {
    struct arena *arena;
    struct migration *rows; /* by number */
    size_t count;
    const char *derived; /* schema/derived.sql: creates what is missing, may run at any time */
};

/* ---- What this program knows --------------------------------------------------------------------------- */

/* "schema/0012-notice.sql" is number 12, "notice". */
static bool read_name(struct str path, struct migration *m)
{
    struct str rest = path, folder, number;

    if (!str_split(&rest, '/', &folder) || !str_is(folder, "schema") || !str_split(&rest, '-', &number) ||
        !str_int(number, &m->n) || m->n <= 0 || rest.p == NULL || !str_ends(rest, STR(".sql")))
        return false;
    m->name = str_range(rest.p, rest.n - STR(".sql").n);
    return true;
}

static int by_number(const void *a, const void *b)
{
    const struct migration *l = a, *r = b;
    return (l->n > r->n) - (l->n < r->n);
}

static bool collect(struct migrations *all, const struct embed_file *files, size_t count, struct error *e)
{
    all->rows = ARENA_ARRAY(all->arena, struct migration, count);
    for (size_t i = 0; i < count; i++) {
        struct migration *m = &all->rows[all->count];
        if (strcmp(files[i].path, "schema/derived.sql") == 0)
            all->derived = (const char *)files[i].data;
        if (!read_name(str_of(files[i].path), m))
            continue;
        m->sql = (const char *)files[i].data;
        hash_bytes(str_range(m->sql, files[i].size), m->hash);
        all->count++;
    }
    qsort(all->rows, all->count, sizeof all->rows[0], by_number);
    for (size_t i = 1; i < all->count; i++)
        if (all->rows[i].n == all->rows[i - 1].n)
            return error_cause(e, ERROR_INTERNAL, "two migrations have the number %lld",
                               (long long)all->rows[i].n);
    return true;
}

/* ---- What the database knows --------------------------------------------------------------------------- */

static bool has_table(struct db *db, bool *ret, struct error *e)
{
    const char *sql = db_engine(db) == DB_SQLITE
                          ? "select count(*) from sqlite_master where type = 'table' and name = 'schema_version'"
                          : "select count(*) from pg_class where oid = to_regclass('schema_version')";
    int64_t count = 0;

    if (!db_one_int(db, &count, 0, e, sql, NO_ARGS))
        return false;
    *ret = count > 0;
    return true;
}

/* Marks one recorded migration; a number or a hash that we don't have means that this isn't our database. */
static bool mark(struct migrations *all, int64_t n, struct str hash, struct error *e)
{
    struct migration wanted = {.n = n};
    struct migration *m = bsearch(&wanted, all->rows, all->count, sizeof all->rows[0], by_number);

    if (m == NULL)
        return error_setf(e, ERROR_SCHEMA_NEW, NULL, "%lld", (long long)n);
    if (!str_eq(hash, str_range((const char *)m->hash, sizeof m->hash)))
        return error_cause(e, ERROR_INTERNAL, "migration %lld was applied with another text", (long long)n);
    m->applied = true;
    return true;
}

/* The table itself may be missing: nothing has been applied then. */
static bool mark_applied(struct db *db, struct migrations *all, struct error *e)
{
    struct db_rows r;
    bool there = false, ok = true;

    if (!has_table(db, &there, e))
        return false;
    if (!there)
        return true;
    if (!db_rows(db, &r, e, "select n, hash from schema_version order by n", NO_ARGS))
        return false;
    while (ok && db_next(&r))
        ok = mark(all, db_int(&r, 0), db_blob(&r, 1), e);
    return db_end(&r, ok ? e : NULL) && ok;
}

static struct migration *first_missing(struct migrations *all)
{
    for (size_t i = 0; i < all->count; i++)
        if (!all->rows[i].applied)
            return &all->rows[i];
    return NULL;
}

int64_t migrate_version(struct db *db)
{
    bool there = false;
    int64_t n = 0;

    if (!has_table(db, &there, NULL) || !there ||
        !db_one_int(db, &n, 0, NULL, "select max(n) from schema_version", NO_ARGS))
        return 0;
    return n;
}

/* ---- Applying ------------------------------------------------------------------------------------------ */

/* Other nodes wait here until our transaction ends, however long it takes. On SQLite the writer's lock does it. */
static bool take_turn(struct db *db, struct error *e)
{
    if (db_engine(db) == DB_SQLITE)
        return true;
    return db_script(db, e,
                     "set local lock_timeout = 0; set local statement_timeout = 0;"
                     "select pg_advisory_xact_lock(6666660001)");
}

static bool record(struct db *db, const struct migration *m, struct error *e)
{
    return db_exec(db, e, "insert into schema_version(n, name, hash, applied_at) values (?1, ?2, ?3, ?4)",
                   ARGS(INT(m->n), TEXT(m->name), BYTES(m->hash, sizeof m->hash), INT(time_real())));
}

/* Inside the transaction and after its turn has come: another process may have been quicker. */
static bool apply_inside(struct db *db, struct migrations *all, int64_t most, bool *ret_more, struct error *e)
{
    if (!take_turn(db, e) ||
        !db_exec(db, e,
                 "create table if not exists schema_version (n {int} primary key, name {text} not null,"
                 " hash {blob} not null, applied_at {int} not null) {strict}",
                 NO_ARGS) ||
        !mark_applied(db, all, e))
        return false;
    struct migration *m = first_missing(all);
    *ret_more = m != NULL && m->n <= most;
    if (!*ret_more)
        return true;
    if (db_script(db, e, m->sql) && record(db, m, e))
        return true;
    return error_within(e, m->name.p); /* the rest of the path, which ends with a zero byte */
}

static bool apply_next(struct db *db, struct migrations *all, bool *ret_more, struct error *e)
{
    if (!db_begin(db, e))
        return false;
    if (apply_inside(db, all, INT64_MAX, ret_more, e) && db_commit(db, e))
        return true;
    db_rollback(db);
    return false;
}

static bool apply_derived(struct db *db, const struct migrations *all, struct error *e)
{
    return (take_turn(db, e) && db_script(db, e, "{pg:create schema if not exists derived}") &&
            db_script(db, e, all->derived)) ||
           error_within(e, "derived.sql");
}

static bool apply_derived_alone(struct db *db, const struct migrations *all, struct error *e)
{
    if (all->derived == NULL)
        return true;
    if (!db_begin(db, e))
        return false;
    if (apply_derived(db, all, e) && db_commit(db, e))
        return true;
    db_rollback(db);
    return false;
}

bool migrate_list_up(struct db *db, const struct embed_file *files, size_t count, int *ret_applied,
                     struct error *e)
{
    struct migrations all = {.arena = arena_open()};
    bool more = true, ok = collect(&all, files, count, e);

    *ret_applied = 0;
    while (ok && more) {
        ok = apply_next(db, &all, &more, e);
        *ret_applied += ok && more;
    }
    ok = ok && apply_derived_alone(db, &all, e);
    arena_close(all.arena);
    return ok;
}

bool migrate_list_check(struct db *db, const struct embed_file *files, size_t count, struct error *e)
{
    struct migrations all = {.arena = arena_open()};
    bool ok = collect(&all, files, count, e) && mark_applied(db, &all, e);

    if (ok && first_missing(&all) != NULL)
        ok = error_setf(e, ERROR_SCHEMA_OLD, NULL, "%lld", (long long)migrate_version(db));
    arena_close(all.arena);
    return ok;
}

bool migrate_up(struct db *db, int *ret_applied, struct error *e)
{
    return migrate_list_up(db, embed_files, embed_count, ret_applied, e);
}

bool migrate_check(struct db *db, struct error *e)
{
    return migrate_list_check(db, embed_files, embed_count, e);
}

bool migrate_derived(struct db *db, struct error *e)
{
    int64_t tables;
    if (!db_one_int(db, &tables, 0, e,
                    "select count(*) from {sqlite:derived.sqlite_master where type = 'table'}"
                    "{pg:pg_class where relnamespace = to_regnamespace('derived') and relkind = 'r'}",
                    NO_ARGS))
        return false;
    if (tables > 0)
        return true;
    struct migrations all = {.arena = arena_open()};
    bool ok = collect(&all, embed_files, embed_count, e) && apply_derived(db, &all, e);
    arena_close(all.arena);
    return ok;
}

bool migrate_inside(struct db *db, int64_t most, struct error *e)
{
    struct migrations all = {.arena = arena_open()};
    bool more = true, ok = collect(&all, embed_files, embed_count, e);

    while (ok && more)
        ok = apply_inside(db, &all, most, &more, e);
    if (ok && most == INT64_MAX && all.derived != NULL)
        ok = apply_derived(db, &all, e);
    arena_close(all.arena);
    return ok;
}

int64_t migrate_newest(void)
{
    struct migrations all = {.arena = arena_open()};
    int64_t n = collect(&all, embed_files, embed_count, NULL) && all.count > 0 ? all.rows[all.count - 1].n : 0;
    arena_close(all.arena);
    return n;
}
