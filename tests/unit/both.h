/* Tests that run on both engines: SQLite in a folder of its own; PostgreSQL in a scratch database when LIUXIAO_TEST_PG holds the URI
 * of a server (scripts/pg start DIR --fast prints one). Without it they say so and only SQLite runs. */
#ifndef TESTS_UNIT_BOTH_H
#define TESTS_UNIT_BOTH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/error.h"
#include "db/db.h"

struct place {
    struct db_where where;
    char folder[64];
    char database[32];
    char uri[512];
};

/* Fails the test with what the error says. */
#define must(call)                                                                                           \
    do {                                                                                                     \
        struct error e_ = {0}, *e = &e_;                                                                     \
        (void)e;                                                                                             \
        if (!(call))                                                                                         \
            fail_msg("%s: %s %s %s %s", #call, error_name(e_.code), e_.field, e_.detail, e_.cause);          \
    } while (0)

/* The call must fail with this code. */
#define must_fail(wanted, call)                                                                              \
    do {                                                                                                     \
        struct error e_ = {0}, *e = &e_;                                                                     \
        (void)e;                                                                                             \
        if (call)                                                                                            \
            fail_msg("%s: succeeded", #call);                                                                \
        if (e_.code != ERROR_##wanted)                                                                       \
            fail_msg("%s: %s %s", #call, error_name(e_.code), e_.cause);                                     \
    } while (0)

static inline int64_t number(struct db *db, const char *sql)
{
    int64_t n = 0;
    must(db_one_int(db, &n, -1, e, sql, NO_ARGS));
    return n;
}

/* ---- Places -------------------------------------------------------------------------------------------- */

static inline void place_die(const char *what, const struct error *e)
{
    (void)fprintf(stderr, "%s: %s %s %s\n", what, error_name(e->code), e->detail, e->cause);
    exit(1);
}

static inline void place_sqlite(struct place *p)
{
    (void)snprintf(p->folder, sizeof p->folder, "/tmp/liuxiao-test.XXXXXX");
    if (mkdtemp(p->folder) == NULL)
        exit(1);
    p->where = (struct db_where){.engine = DB_SQLITE, .folder = p->folder};
}

static inline const char *place_server(void)
{
    const char *uri = getenv("LIUXIAO_TEST_PG");
    return uri != NULL ? uri : "";
}

/* A statement on the server itself, outside the scratch database. */
static inline void place_admin(const char *sql)
{
    struct db_where where = {.engine = DB_POSTGRES, .uri = place_server()};
    struct error e = {0};
    struct db *db = NULL;

    if (!db_open(&db, &where, DB_WRITER, &e) || !db_script(db, &e, sql))
        place_die(sql, &e);
    db_close(db);
}

/* The server's URI with another database: what stands between the host and the "?". */
static inline void place_uri(struct place *p)
{
    const char *server = place_server();
    const char *host = strstr(server, "://");
    const char *path = host != NULL ? host + 3 + strcspn(host + 3, "/?") : server + strlen(server);
    const char *options = path + strcspn(path, "?");

    (void)snprintf(p->uri, sizeof p->uri, "%.*s/%s%s", (int)(path - server), server, p->database, options);
    p->where = (struct db_where){.engine = DB_POSTGRES, .uri = p->uri};
}

static inline void place_postgres(struct place *p, const char *collation)
{
    static int count;
    char sql[256];

    (void)snprintf(p->database, sizeof p->database, "liuxiao_test_%d_%d", (int)getpid(), ++count);
    (void)snprintf(sql, sizeof sql,
                   "create database %s template template0 encoding 'UTF8' lc_collate '%s' lc_ctype 'C.UTF-8'",
                   p->database, collation);
    place_admin(sql);
    place_uri(p);
}

static inline void place_remove(struct place *p)
{
    const char *files[] = {"liuxiao.db", "liuxiao.db-wal", "liuxiao.db-shm",
                           "derived.db", "derived.db-wal", "derived.db-shm"};
    char text[256];

    for (size_t i = 0; p->folder[0] != '\0' && i < sizeof files / sizeof files[0]; i++) {
        (void)snprintf(text, sizeof text, "%s/%s", p->folder, files[i]);
        (void)unlink(text);
    }
    if (p->folder[0] != '\0')
        (void)rmdir(p->folder);
    if (p->database[0] != '\0') {
        (void)snprintf(text, sizeof text, "drop database %s with (force)", p->database);
        place_admin(text);
    }
    *p = (struct place){.folder = ""};
}

/* Opens the place that a test got as its state. */
static inline struct db *place_open(void **state, enum db_mode mode)
{
    struct place *p = *state;
    struct db *db = NULL;
    must(db_open(&db, &p->where, mode, e));
    return db;
}

static inline struct db *place_with_table(void **state)
{
    struct db *db = place_open(state, DB_WRITER);
    must(db_script(db, e,
                   "create table thing (id {pk}, n {int}, t {text}, b {blob}) {strict};"
                   "create unique index thing_t on thing(t)"));
    return db;
}

/* ---- Running ------------------------------------------------------------------------------------------- */

struct both_test {
    const char *name;
    void (*run)(void **);
    enum { ON_BOTH, ON_SQLITE, ON_POSTGRES } on;
};

#define BOTH(f)                                                                                              \
    {                                                                                                        \
#f, f, ON_BOTH                                                                                       \
    }
#define SQLITE_ONLY(f)                                                                                       \
    {                                                                                                        \
#f, f, ON_SQLITE                                                                                     \
    }
#define POSTGRES_ONLY(f)                                                                                     \
    {                                                                                                        \
#f, f, ON_POSTGRES                                                                                   \
    }

/* Each test has a place of its own: *state is a struct place. */
static inline int both_setup_sqlite(void **state)
{
    struct place *p = calloc(1, sizeof *p);
    place_sqlite(p);
    *state = p;
    return 0;
}

static inline int both_setup_postgres(void **state)
{
    struct place *p = calloc(1, sizeof *p);
    place_postgres(p, "C.UTF-8");
    *state = p;
    return 0;
}

static inline int both_teardown(void **state)
{
    place_remove(*state);
    free(*state);
    return 0;
}

static inline void postgres_not_tested(void **state)
{
    (void)state;
    skip();
}

static inline int both_run(const char *name, const struct both_test *tests, size_t n)
{
    struct CMUnitTest *all = calloc(2 * n + 1, sizeof *all);
    char(*names)[96] = calloc(2 * n, sizeof *names);
    bool server = place_server()[0] != '\0';
    size_t count = 0;

    for (size_t i = 0; i < 2 * n; i++) {
        const struct both_test *t = &tests[i % n];
        bool postgres = i >= n;
        if (t->on == (postgres ? ON_SQLITE : ON_POSTGRES) || (postgres && !server))
            continue;
        (void)snprintf(names[i], sizeof names[i], "%s: %s", postgres ? "postgres" : "sqlite", t->name);
        all[count++] = (struct CMUnitTest){.name = names[i],
                                           .test_func = t->run,
                                           .setup_func = postgres ? both_setup_postgres : both_setup_sqlite,
                                           .teardown_func = both_teardown};
    }
    if (!server) {
        (void)fprintf(stderr, "%s: LIUXIAO_TEST_PG is not set, so PostgreSQL is not tested\n", name);
        all[count++] = (struct CMUnitTest){.name = "postgres: not tested", .test_func = postgres_not_tested};
    }
    int failed = _cmocka_run_group_tests(name, all, count, NULL, NULL);
    free(names);
    free(all);
    return failed;
}

#endif
