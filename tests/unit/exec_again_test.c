/* The executor: what is tried again, and what happens when connections are lost. */
#include <stdatomic.h>

#include "jobs.h"

/* ---- Trying again -------------------------------------------------------------------------------------- */

static bool retry_twice(struct db *db, struct job *j, struct error *e)
{
    return insert(db, j, e) && (j->runs > 2 || error_set(e, ERROR_RETRY, NULL));
}

static bool retry_always(struct db *db, struct job *j, struct error *e)
{
    return insert(db, j, e) && error_set(e, ERROR_RETRY, NULL);
}

static void retries_end(void **state)
{
    struct exec *x = open_exec(state, 1, 1, 100);
    struct job j;

    job_init(&j, retry_twice, 1);
    write_and_wait(x, &j);
    assert_true(j.ok);
    assert_int_equal(j.runs, 3);
    assert_true(has(x, 1));
    job_init(&j, retry_always, 2);
    write_and_wait(x, &j);
    assert_int_equal(j.e.code, ERROR_UNAVAILABLE);
    assert_int_equal(j.runs, 4);
    assert_false(has(x, 2));
    exec_close(x);
}

static bool append(struct db *db, struct job *j, struct error *e)
{
    if (j->runs == 1 && j->value % 37 == 5)
        return error_set(e, ERROR_RETRY, NULL);
    return db_exec(db, e, "insert into line(subject, n) values (?1, ?2)",
                   ARGS(INT((int64_t)j->task.subject), INT(j->value)));
}

static bool check_order(struct db *db, void *context, struct error *e)
{
    int64_t last[7] = {-1, -1, -1, -1, -1, -1, -1};
    int *wrong = context;
    struct db_rows r;

    if (!db_rows(db, &r, e, "select subject, n from line order by place", NO_ARGS))
        return false;
    while (db_next(&r)) {
        *wrong += db_int(&r, 1) <= last[db_int(&r, 0)];
        last[db_int(&r, 0)] = db_int(&r, 1);
    }
    return db_end(&r, e);
}

static void subjects_keep_their_order(void **state)
{
    enum { N = 500 };
    struct exec *x = open_exec(state, 1, 4, N);
    struct job *j = calloc(N, sizeof *j);
    int wrong = 0;

    for (int i = 0; i < N; i++) {
        job_init(&j[i], append, i);
        j[i].task.subject = (uint64_t)i % 7;
        must(exec_write(x, &j[i].task, e));
    }
    for (int i = 0; i < N; i++) {
        job_wait(&j[i]);
        assert_true(j[i].ok);
    }
    must(exec_read_wait(x, check_order, &wrong, e));
    assert_int_equal(wrong, 0);
    exec_close(x);
    free(j);
}

/* Both have read before either writes: the second to write fails and must read again. */
static bool add_serially(struct db *db, struct job *j, struct error *e)
{
    int64_t n = 0;

    if (!db_exec(db, e, "set transaction isolation level repeatable read", NO_ARGS) ||
        !db_one_int(db, &n, 0, e, "select n from thing where id = ?1", ARGS(INT(1))))
        return false;
    if (j->runs == 1) {
        (void)atomic_fetch_add(j->arrived, 1);
        while (atomic_load(j->arrived) < 2)
            (void)usleep(1000);
    }
    return db_exec(db, e, "update thing set n = ?1 where id = ?2", ARGS(INT(n + j->value), INT(1)));
}

static bool insert_first(struct db *db, void *context, struct error *e)
{
    (void)context;
    return db_exec(db, e, "insert into thing(id, n) values (1, 100)", NO_ARGS);
}

static void serialization_failures_are_tried_again(void **state)
{
    struct exec *x = open_exec(state, 1, 2, 10);
    _Atomic int arrived = 0;
    struct exec_state s;
    struct job j[2];

    must(exec_write_wait(x, insert_first, NULL, e));
    for (int i = 0; i < 2; i++) {
        job_init(&j[i], add_serially, i + 1);
        j[i].task.subject = (uint64_t)i;
        j[i].arrived = &arrived;
        must(exec_write(x, &j[i].task, e));
    }
    for (int i = 0; i < 2; i++) {
        job_wait(&j[i]);
        assert_true(j[i].ok);
    }
    assert_int_equal(j[0].runs + j[1].runs, 3);
    assert_true(has(x, 103));
    exec_state(x, &s);
    assert_int_equal(s.retried, 1);
    exec_close(x);
}

/* ---- Lost connections ---------------------------------------------------------------------------------- */

static bool kill_self(struct db *db, struct job *j, struct error *e)
{
    int64_t ignored;

    if (!insert(db, j, e))
        return false;
    return j->runs > 1 ||
           db_one_int(db, &ignored, 0, e, "select pg_terminate_backend(pg_backend_pid())", NO_ARGS);
}

static void lost_connections_are_tried_again(void **state)
{
    struct exec *x = open_exec(state, 1, 1, 10);
    struct job j;

    job_init(&j, kill_self, 1);
    write_and_wait(x, &j);
    assert_true(j.ok);
    assert_int_equal(j.runs, 2);
    assert_int_equal(j.asked, 0); /* before COMMIT there is no doubt */
    assert_true(has(x, 1));
    exec_close(x);
}

static bool kill_reader(struct db *db, struct job *j, struct error *e)
{
    int64_t ignored;

    if (j->runs <= j->value)
        return db_one_int(db, &ignored, 0, e, "select pg_terminate_backend(pg_backend_pid())", NO_ARGS);
    return count_rows(db, j, e);
}

static void a_reader_tries_once_more(void **state)
{
    struct exec *x = open_exec(state, 1, 1, 10);
    struct job j;

    job_init(&j, kill_reader, 1);
    must(exec_read(x, &j.task, e));
    job_wait(&j);
    assert_true(j.ok);
    assert_int_equal(j.runs, 2);
    job_init(&j, kill_reader, 9);
    must(exec_read(x, &j.task, e));
    job_wait(&j);
    assert_int_equal(j.e.code, ERROR_UNAVAILABLE);
    assert_int_equal(j.runs, 2);
    assert_false(has(x, 1)); /* the next one is served */
    exec_close(x);
}

/* Its COMMIT kills the connection, the first time. */
static bool kill_at_commit(struct db *db, struct job *j, struct error *e)
{
    return insert(db, j, e) &&
           (j->runs > 1 || db_exec(db, e, "insert into part values ((select id from thing where n = ?1))",
                                   ARGS(INT(j->value))));
}

static void make_commit_deadly(void **state)
{
    struct place *p = *state;
    struct db *db = NULL;

    must(db_open(&db, &p->where, DB_WRITER, e));
    must(db_script(db, e,
                   "create or replace function die() returns trigger language plpgsql as "
                   "'begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(10); return null; end';"
                   "create constraint trigger die after insert on part deferrable initially deferred"
                   " for each row execute function die()"));
    db_close(db);
}

static void an_unknown_commit_is_looked_up(void **state)
{
    struct exec *x = open_exec(state, 1, 1, 10);
    struct job j;

    make_commit_deadly(state);
    job_init(&j, kill_at_commit, 1);
    write_and_wait(x, &j); /* it did not land: again */
    assert_true(j.ok);
    assert_int_equal(j.runs, 2);
    assert_int_equal(j.asked, 1);
    assert_true(has(x, 1));
    job_init(&j, kill_at_commit, 2);
    j.landed = true;
    write_and_wait(x, &j); /* the database says that it landed: not again */
    assert_true(j.ok);
    assert_int_equal(j.runs, 1);
    assert_int_equal(j.asked, 1);
    job_init(&j, kill_at_commit, 3);
    j.task.landed = NULL;
    write_and_wait(x, &j); /* may safely run again */
    assert_true(j.ok);
    assert_int_equal(j.runs, 2);
    exec_close(x);
}

/* The second run is refused because the first one has landed after all; the third finds it done and makes the answer. */
static bool land_late(struct db *db, struct job *j, struct error *e)
{
    if (j->runs == 1)
        return kill_at_commit(db, j, e);
    j->landed = true;
    return j->runs == 3 || error_set(e, ERROR_CONFLICT, NULL);
}

static void a_late_commit_counts(void **state)
{
    struct exec *x = open_exec(state, 1, 1, 10);
    struct job j;

    make_commit_deadly(state);
    job_init(&j, land_late, 1);
    write_and_wait(x, &j);
    assert_true(j.ok);
    assert_int_equal(j.runs, 3);
    assert_int_equal(j.asked, 2);
    exec_close(x);
}

static void close_door(const struct place *p, const char *open)
{
    char sql[160];

    (void)snprintf(sql, sizeof sql, "alter database %s allow_connections %s", p->database, open);
    place_admin(sql);
    (void)snprintf(sql, sizeof sql,
                   "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '%s'",
                   p->database);
    place_admin(sql);
}

static void a_database_that_is_away_comes_back(void **state)
{
    struct exec *x = open_exec(state, 1, 1, 10);
    struct job w, r;

    close_door(*state, "false");
    for (int i = 0; i < 3; i++) {
        job_init(&w, insert, 1);
        write_and_wait(x, &w);
        assert_int_equal(w.e.code, ERROR_UNAVAILABLE);
        job_init(&r, count_rows, 0);
        must(exec_read(x, &r.task, e));
        job_wait(&r);
        assert_int_equal(r.e.code, ERROR_UNAVAILABLE);
    }
    close_door(*state, "true");
    (void)usleep(600000);
    job_init(&w, insert, 1);
    write_and_wait(x, &w);
    assert_true(w.ok);
    assert_true(has(x, 1));
    exec_close(x);
}

int main(void)
{
    static const struct both_test tests[] = {
        BOTH(retries_end),
        BOTH(subjects_keep_their_order),
        POSTGRES_ONLY(serialization_failures_are_tried_again),
        POSTGRES_ONLY(lost_connections_are_tried_again),
        POSTGRES_ONLY(a_reader_tries_once_more),
        POSTGRES_ONLY(an_unknown_commit_is_looked_up),
        POSTGRES_ONLY(a_late_commit_counts),
        POSTGRES_ONLY(a_database_that_is_away_comes_back),
    };
    return both_run("exec_again", tests, sizeof tests / sizeof tests[0]);
}
