/* Transactions and connections. */
#include <sys/stat.h>

#include "both.h"

/* ---- Transactions -------------------------------------------------------------------------------------- */

static void unique_is_conflict(void **state)
{
    struct db *db = place_with_table(state);

    must(db_exec(db, e, "insert into thing(id, t) values (1, 'x')", NO_ARGS));
    must_fail(CONFLICT, db_exec(db, e, "insert into thing(t) values (?1)", ARGS(TEXTZ("x"))));
    must_fail(CONFLICT, db_exec(db, e, "insert into thing(id, t) values (1, 'y')", NO_ARGS));
    assert_false(db_lost(db));
    must(db_exec(db, e, "insert into thing(t) values (?1)", ARGS(TEXTZ("y"))));
    db_close(db);
}

static void transactions(void **state)
{
    struct db *db = place_with_table(state);

    must_fail(INTERNAL, db_commit(db, e));
    must(db_begin(db, e));
    assert_true(db_in_transaction(db));
    must_fail(INTERNAL, db_begin(db, e));
    must(db_exec(db, e, "insert into thing(t) values ('x')", NO_ARGS));
    db_rollback(db);
    assert_false(db_in_transaction(db));
    db_rollback(db); /* nothing to do */
    assert_int_equal(number(db, "select count(*) from thing"), 0);
    must(db_begin(db, e));
    must(db_exec(db, e, "insert into thing(t) values ('x')", NO_ARGS));
    must(db_one_int(db, &(int64_t){0}, 0, e, "select n from thing where t = 'x' {lock}", NO_ARGS));
    must(db_commit(db, e));
    assert_int_equal(number(db, "select count(*) from thing"), 1);
    db_close(db);
}

static void savepoints(void **state)
{
    struct db *db = place_with_table(state);

    must(db_begin(db, e));
    for (int i = 0; i < 4; i++) {
        must(db_savepoint(db, e));
        must(db_exec(db, e, "insert into thing(n, t) values (?1, ?2)",
                     ARGS(INT(i), TEXTZ(i % 2 == 0 ? "even" : "odd"))) ||
             e->code == ERROR_CONFLICT);
        if (i >= 2)
            must(db_rollback_to(db, e));
        else
            must(db_release(db, e));
        assert_true(db_in_transaction(db));
    }
    must(db_commit(db, e));
    assert_int_equal(number(db, "select count(*) from thing"), 2);
    db_close(db);
}

static void a_failed_statement_breaks_the_transaction(void **state)
{
    struct db *db = place_with_table(state);

    must(db_begin(db, e));
    must(db_exec(db, e, "insert into thing(t) values ('x')", NO_ARGS));
    must_fail(CONFLICT, db_exec(db, e, "insert into thing(t) values ('x')", NO_ARGS));
    assert_false(db_in_transaction(db));
    must_fail(INTERNAL, db_commit(db, e));
    db_rollback(db);
    assert_int_equal(number(db, "select count(*) from thing"), 0);
    db_close(db);
}

static void commit_can_fail(void **state)
{
    struct db *db = place_with_table(state);

    must(db_script(
        db, e, "create table part (thing {int} references thing(id) deferrable initially deferred) {strict}"));
    must(db_begin(db, e));
    must(db_exec(db, e, "insert into part values (77)", NO_ARGS));
    must_fail(INTERNAL, db_commit(db, e));
    db_rollback(db);
    assert_false(db_in_transaction(db));
    assert_int_equal(number(db, "select count(*) from part"), 0);
    db_close(db);
}

/* ---- Connections --------------------------------------------------------------------------------------- */

static void readers_only_read(void **state)
{
    struct db *db = place_with_table(state), *reader = place_open(state, DB_READER);

    must_fail(INTERNAL, db_exec(reader, e, "insert into thing(t) values ('x')", NO_ARGS));
    must_fail(INTERNAL, db_script(reader, e, "create table other (n {int})"));
    must(db_exec(db, e, "insert into thing(t) values ('x')", NO_ARGS));
    assert_int_equal(number(reader, "select count(*) from thing"), 1);
    must(db_begin(reader, e)); /* one state from here on */
    assert_int_equal(number(reader, "select count(*) from thing"), 1);
    must(db_exec(db, e, "insert into thing(t) values ('y')", NO_ARGS));
    assert_int_equal(number(reader, "select count(*) from thing"), 1);
    must(db_commit(reader, e));
    assert_int_equal(number(reader, "select count(*) from thing"), 2);
    db_close(reader);
    db_close(db);
}

static void derived_data(void **state)
{
    struct db *db = place_with_table(state);

    must(db_script(db, e,
                   "{pg:create schema if not exists derived;} create table derived.sum (n {int}) {strict}"));
    must(db_exec(db, e, "insert into derived.sum values (5)", NO_ARGS));
    struct db *reader = place_open(state, DB_READER);
    assert_int_equal(number(reader, "select n from derived.sum"), 5);
    must_fail(INTERNAL, db_exec(reader, e, "insert into derived.sum values (5)", NO_ARGS));
    db_close(reader);
    db_close(db);
}

static void files_are_private_and_durable(void **state)
{
    struct place *p = *state;
    struct db *db = place_with_table(state);
    char path[128];
    struct stat s;

    for (const char *const *name = (const char *const[]){"liuxiao.db", "liuxiao.db-wal", "derived.db", NULL};
         *name; name++) {
        (void)snprintf(path, sizeof path, "%s/%s", p->folder, *name);
        assert_int_equal(stat(path, &s), 0);
        assert_int_equal(s.st_mode & 0777, 0600);
    }
    assert_int_equal(number(db, "pragma main.synchronous"), 2);
    assert_int_equal(number(db, "pragma derived.synchronous"), 1); /* never torn, though the last may be lost */
    assert_int_equal(number(db, "pragma foreign_keys"), 1);
    assert_int_equal(number(db, "pragma wal_autocheckpoint"), 16000);
    db_close(db);
}

static void a_wrong_folder_is_named(void **state)
{
    struct place *p = *state;
    struct db_where where = {.engine = DB_SQLITE, .folder = "/nonexistent"};
    struct db *db = NULL;
    struct error e = {0};
    char path[128];

    assert_false(db_open(&db, &where, DB_WRITER, &e));
    assert_int_equal(e.code, ERROR_DATA_FOLDER);
    assert_string_equal(e.detail, "/nonexistent");
    assert_false(db_open(&db, &p->where, DB_READER, &e)); /* nothing there yet */
    assert_int_equal(e.code, ERROR_DATA_FOLDER);
    (void)snprintf(path, sizeof path, "%s/liuxiao.db", p->folder);
    FILE *f = fopen(path, "w");
    for (int i = 0; i < 500; i++)
        (void)fputs("this is not a database", f);
    (void)fclose(f);
    assert_false(db_open(&db, &p->where, DB_WRITER, &e));
    assert_int_equal(e.code, ERROR_DATA_FOLDER);
    assert_null(db);
}

static void a_locked_file_is_retried(void **state)
{
    struct db *one = place_with_table(state), *two = place_open(state, DB_WRITER);

    must(db_begin(one, e));
    must_fail(RETRY, db_begin(two, e));
    must(db_commit(one, e));
    must(db_begin(two, e));
    db_close(two);
    db_close(one);
}

static void a_full_disk_is_said(void **state)
{
    struct db *db = place_with_table(state);
    char pragma[64];

    (void)snprintf(pragma, sizeof pragma, "pragma max_page_count = %d", (int)number(db, "pragma page_count") + 2);
    must(db_script(db, e, pragma));
    must(db_begin(db, e));
    must_fail(DISK_FULL, db_exec(db, e, "insert into thing(b) values (zeroblob(100000))", NO_ARGS));
    db_rollback(db);
    must(db_exec(db, e, "insert into thing(b) values (zeroblob(10))", NO_ARGS));
    db_close(db);
}

static void kill_backend(struct db *db)
{
    char sql[96];
    (void)snprintf(sql, sizeof sql, "select pg_terminate_backend(%d)",
                   (int)number(db, "select pg_backend_pid()"));
    place_admin(sql);
}

static void a_lost_connection_comes_back(void **state)
{
    struct db *db = place_with_table(state);
    int64_t n = 0;

    must(db_begin(db, e));
    must(db_one_int(db, &n, 0, e, "select ?1", ARGS(INT(1))));
    kill_backend(db);
    must_fail(UNAVAILABLE, db_one_int(db, &n, 0, e, "select ?1", ARGS(INT(1))));
    assert_true(db_lost(db));
    assert_false(db_in_transaction(db));
    must_fail(UNAVAILABLE, db_exec(db, e, "insert into thing(n) values (1)", NO_ARGS));
    assert_true(db_lost(db));
    db_rollback(db);
    must(db_reconnect(db, e));
    assert_false(db_lost(db));
    must(db_one_int(db, &n, 0, e, "select ?1", ARGS(INT(3)))); /* prepared again */
    assert_int_equal(n, 3);
    db_close(db);
}

static void catalog_types_are_read(void **state)
{
    struct db *db = place_open(state, DB_WRITER);

    assert_int_equal(number(db, "select -5::int4"), -5);
    assert_int_equal(number(db, "select -6::int2"), -6);
    assert_int_equal(number(db, "select true"), 1);
    assert_int_equal(number(db, "select 7::oid"), 7);
    assert_int_equal(number(db, "select count(*) from pg_class where relname = 'pg_class'"), 1);
    must_fail(INTERNAL, db_exec(db, e, "select now()", NO_ARGS));
    must_fail(INTERNAL, db_exec(db, e, "select sum(1::bigint)", NO_ARGS));
    must_fail(INTERNAL, db_exec(db, e, "select gen_random_uuid() where false", NO_ARGS));
    db_close(db);
}

static void a_wrong_collation_is_refused(void **state)
{
    struct place other = {.folder = ""};
    struct db *db = NULL;
    struct error why = {0};

    (void)state;
    place_postgres(&other, "C");
    must(db_open(&db, &other.where, DB_READER, e));
    db_close(db);
    place_remove(&other);

    char sql[256];
    (void)snprintf(other.database, sizeof other.database, "liuxiao_test_latin_%d", (int)getpid());
    (void)snprintf(sql, sizeof sql,
                   "create database %s template template0 encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C'",
                   other.database);
    place_admin(sql);
    place_uri(&other);
    assert_false(db_open(&db, &other.where, DB_WRITER, &why));
    assert_int_equal(why.code, ERROR_CONFIG_VALUE);
    assert_string_equal(why.field, "database");
    assert_non_null(strstr(why.detail, "SQL_ASCII"));
    place_remove(&other);
}

static void an_icu_collation_is_refused(void **state)
{
    struct place other = {.folder = ""};
    struct db *db = NULL;
    struct error e = {0};
    char sql[256];

    (void)state;
    (void)snprintf(other.database, sizeof other.database, "liuxiao_test_icu_%d", (int)getpid());
    (void)snprintf(sql, sizeof sql,
                   "create database %s template template0 locale_provider icu icu_locale 'zh' locale 'C.UTF-8'",
                   other.database);
    place_admin(sql);
    place_uri(&other);
    assert_false(db_open(&db, &other.where, DB_WRITER, &e));
    assert_int_equal(e.code, ERROR_CONFIG_VALUE);
    place_remove(&other);
}

static void nobody_there_is_unavailable(void **state)
{
    struct db_where where = {.engine = DB_POSTGRES, .uri = "postgresql://nobody@127.0.0.1:1/none"};
    struct db *db = NULL;

    (void)state;
    must_fail(UNAVAILABLE, db_open(&db, &where, DB_WRITER, e));
}

int main(void)
{
    static const struct both_test tests[] = {
        BOTH(unique_is_conflict),
        BOTH(transactions),
        BOTH(savepoints),
        POSTGRES_ONLY(a_failed_statement_breaks_the_transaction),
        BOTH(commit_can_fail),
        BOTH(readers_only_read),
        BOTH(derived_data),
        SQLITE_ONLY(files_are_private_and_durable),
        SQLITE_ONLY(a_wrong_folder_is_named),
        SQLITE_ONLY(a_locked_file_is_retried),
        SQLITE_ONLY(a_full_disk_is_said),
        POSTGRES_ONLY(a_lost_connection_comes_back),
        POSTGRES_ONLY(catalog_types_are_read),
        POSTGRES_ONLY(a_wrong_collation_is_refused),
        POSTGRES_ONLY(an_icu_collation_is_refused),
        POSTGRES_ONLY(nobody_there_is_unavailable),
    };
    return both_run("db_connection", tests, sizeof tests / sizeof tests[0]);
}
