/* The executor: who is answered what, and is it true? */
#include <pthread.h>
#include <stdatomic.h>

#include "jobs.h"

static bool nothing(struct db *db, struct job *j, struct error *e)
{
    (void)db;
    (void)j;
    (void)e;
    return true;
}

/* The writer is held while the jobs queue up, so that they form one group. */
static void write_as_group(struct exec *x, struct job *jobs, size_t n)
{
    struct job gate;
    sem_t hold;

    (void)sem_init(&hold, 0, 0);
    job_init(&gate, nothing, 0);
    gate.hold = &hold;
    write_and_wait(x, &gate);
    for (size_t i = 0; i < n; i++)
        must(exec_write(x, &jobs[i].task, e));
    (void)sem_post(&hold);
    for (size_t i = 0; i < n; i++)
        job_wait(&jobs[i]);
}

/* ---- Simple -------------------------------------------------------------------------------------------- */

static void writes_are_seen_by_reads(void **state)
{
    struct exec *x = open_exec(state, 2, 2, 100);
    struct exec_state s;
    struct job w, r;

    for (int i = 1; i <= 50; i++) {
        job_init(&w, insert, i);
        write_and_wait(x, &w);
        assert_true(w.ok);
        job_init(&r, count_rows, 0);
        must(exec_read(x, &r.task, e));
        job_wait(&r);
        assert_true(r.ok);
        assert_int_equal(r.value, i);
    }
    exec_state(x, &s);
    assert_int_equal(s.writes, 50);
    assert_int_equal(s.reads, 50);
    assert_int_equal(s.groups, 50);
    assert_int_equal(s.retried, 0);
    assert_true(s.last_commit > 0);
    exec_close(x);
}

static bool refuse(struct db *db, struct job *j, struct error *e)
{
    return insert(db, j, e) && error_setf(e, ERROR_STALE, "rev", "%d", 7);
}

static bool say_nothing(struct db *db, struct job *j, struct error *e)
{
    (void)db;
    (void)j;
    (void)e;
    return false;
}

static void a_refused_command_leaves_nothing(void **state)
{
    struct exec *x = open_exec(state, 1, 1, 100);
    struct job j;

    job_init(&j, refuse, 1);
    write_and_wait(x, &j);
    assert_false(j.ok);
    assert_int_equal(j.e.code, ERROR_STALE);
    assert_string_equal(j.e.field, "rev");
    assert_string_equal(j.e.detail, "7");
    assert_false(has(x, 1));
    job_init(&j, say_nothing, 1);
    write_and_wait(x, &j);
    assert_int_equal(j.e.code, ERROR_INTERNAL);
    exec_close(x);
}

static bool write_in_reader(struct db *db, struct job *j, struct error *e)
{
    return insert(db, j, e);
}

static bool leave_open(struct db *db, struct job *j, struct error *e)
{
    struct db_rows r;

    (void)j;
    return (db_in_transaction(db) || db_begin(db, e)) && db_rows(db, &r, e, "select n from thing", NO_ARGS) &&
           (db_next(&r), true);
}

static void readers_keep_nothing(void **state)
{
    struct exec *x = open_exec(state, 1, 1, 100);
    struct job j;

    job_init(&j, write_in_reader, 1);
    must(exec_read(x, &j.task, e));
    job_wait(&j);
    assert_int_equal(j.e.code, ERROR_INTERNAL);
    job_init(&j, leave_open, 1);
    must(exec_read(x, &j.task, e));
    job_wait(&j);
    assert_true(j.ok);
    job_init(&j, insert, 1);
    write_and_wait(x, &j);
    assert_true(has(x, 1)); /* the reader doesn't look at an old state */
    exec_close(x);
}

static sem_t counted, go_on;

/* Inside a reader on SQLite all statements see one state, whatever is committed meanwhile. */
static bool count_twice(struct db *db, struct job *j, struct error *e)
{
    int64_t before, after;

    if (!db_one_int(db, &before, 0, e, "select count(*) from thing", NO_ARGS))
        return false;
    (void)sem_post(&counted);
    (void)sem_wait(&go_on);
    if (!db_one_int(db, &after, 0, e, "select count(*) from thing", NO_ARGS))
        return false;
    j->value = after - before;
    return true;
}

static void a_reader_sees_one_state(void **state)
{
    struct exec *x = open_exec(state, 1, 1, 100);
    bool sqlite = ((struct place *)*state)->where.engine == DB_SQLITE;
    struct job r, w;

    (void)sem_init(&counted, 0, 0);
    (void)sem_init(&go_on, 0, 0);
    job_init(&r, count_twice, 0);
    must(exec_read(x, &r.task, e));
    (void)sem_wait(&counted);
    job_init(&w, insert, 1);
    write_and_wait(x, &w);
    assert_true(w.ok);
    (void)sem_post(&go_on);
    job_wait(&r);
    assert_true(r.ok);
    assert_int_equal(r.value, sqlite ? 0 : 1);
    exec_close(x);
}

/* ---- Groups -------------------------------------------------------------------------------------------- */

static void one_failing_command_fails_alone(void **state)
{
    struct exec *x = open_exec(state, 1, 1, 100);
    struct exec_state s;
    struct job j[5];

    for (int i = 0; i < 5; i++)
        job_init(&j[i], i == 2 ? refuse : insert, i == 4 ? 1 : i); /* the last one clashes with the second */
    write_as_group(x, j, 5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(j[i].ok, i != 2 && i != 4);
        assert_int_equal(j[i].runs, 1);
    }
    assert_int_equal(j[2].e.code, ERROR_STALE);
    assert_int_equal(j[4].e.code, ERROR_CONFLICT);
    for (int i = 0; i < 4; i++)
        assert_int_equal(has(x, i), i != 2);
    exec_state(x, &s);
    if (((struct place *)*state)->where.engine == DB_SQLITE)
        assert_int_equal(s.groups, 2); /* the gate's and theirs */
    exec_close(x);
}

/* Something went wrong on the way and was dealt with: the error that is left over is nobody's answer. */
static bool stumble_and_insert(struct db *db, struct job *j, struct error *e)
{
    (void)error_set(e, ERROR_NOT_FOUND, "stumbled");
    return insert(db, j, NULL);
}

static void an_error_that_was_dealt_with_is_no_answer(void **state)
{
    struct exec *x = open_exec(state, 1, 1, 100);
    struct job j[4];

    for (int i = 0; i < 4; i++)
        job_init(&j[i], i % 2 == 1 ? stumble_and_insert : insert, i);
    write_as_group(x, j, 4);
    for (int i = 0; i < 4; i++) {
        assert_true(j[i].ok);
        assert_int_equal(j[i].runs, 1);
        assert_true(has(x, i));
    }
    exec_close(x);
}

static bool roll_back(struct db *db, struct job *j, struct error *e)
{
    return insert(db, j, e) && db_script(db, e, "rollback");
}

static bool roll_back_and_fail(struct db *db, struct job *j, struct error *e)
{
    return roll_back(db, j, e) && error_set(e, ERROR_DISK_FULL, NULL);
}

static void a_dying_transaction_is_answered_truly(void **state)
{
    struct exec *x = open_exec(state, 1, 1, 100);
    struct job j[6];

    for (int i = 0; i < 6; i++)
        job_init(&j[i], i == 1 ? roll_back : i == 3 ? roll_back_and_fail : i == 4 ? refuse : insert, i);
    write_as_group(x, j, 6);
    assert_int_equal(j[1].e.code, ERROR_INTERNAL);
    assert_int_equal(j[3].e.code, ERROR_DISK_FULL);
    assert_int_equal(j[4].e.code, ERROR_STALE);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(j[i].ok, i == 0 || i == 2 || i == 5);
        assert_int_equal(has(x, i), j[i].ok);
    }
    exec_close(x);
}

static bool insert_orphan(struct db *db, struct job *j, struct error *e)
{
    return insert(db, j, e) && db_exec(db, e, "insert into part values (999999)", NO_ARGS);
}

static void a_failing_commit_is_answered_truly(void **state)
{
    struct exec *x = open_exec(state, 1, 1, 100);
    struct job j[4];

    for (int i = 0; i < 4; i++)
        job_init(&j[i], i == 1 ? insert_orphan : i == 2 ? refuse : insert, i);
    write_as_group(x, j, 4);
    assert_int_equal(j[1].e.code, ERROR_INTERNAL);
    assert_int_equal(j[2].e.code, ERROR_STALE);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(j[i].ok, i == 0 || i == 3);
        assert_int_equal(has(x, i), j[i].ok);
    }
    exec_close(x);
}

/* ---- Bounds -------------------------------------------------------------------------------------------- */

static void a_full_queue_refuses(void **state)
{
    struct exec *x = open_exec(state, 1, 1, 2);
    struct job gate[2], j[3];
    sem_t hold;

    (void)sem_init(&hold, 0, 0);
    for (int direction = 0; direction < 2; direction++) {
        bool (*hand_over)(struct exec *, struct exec_task *, struct error *) =
            direction == 0 ? exec_write : exec_read;
        job_init(&gate[direction], nothing, 0);
        gate[direction].hold = &hold;
        must(hand_over(x, &gate[direction].task, e));
        job_wait(&gate[direction]);
        for (int i = 0; i < 3; i++)
            job_init(&j[i], count_rows, i);
        must(hand_over(x, &j[0].task, e));
        must(hand_over(x, &j[1].task, e));
        must_fail(OVERLOADED, hand_over(x, &j[2].task, e));
        (void)sem_post(&hold);
        job_wait(&j[0]);
        job_wait(&j[1]);
        assert_int_equal(j[2].runs, 0);
        must(hand_over(x, &j[2].task, e));
        job_wait(&j[2]);
    }
    exec_close(x);
}

static bool insert_slowly(struct db *db, struct job *j, struct error *e)
{
    (void)usleep(2000);
    return insert(db, j, e);
}

static void closing_finishes_what_waits(void **state)
{
    enum { N = 60 };
    struct exec *x = open_exec(state, 2, 3, N);
    struct job *w = calloc(N, sizeof *w), *r = calloc(N, sizeof *r);

    for (int i = 0; i < N; i++) {
        job_init(&w[i], insert_slowly, i);
        w[i].task.subject = (uint64_t)i;
        must(exec_write(x, &w[i].task, e));
        job_init(&r[i], count_rows, 0);
        must(exec_read(x, &r[i].task, e));
    }
    exec_close(x);
    for (int i = 0; i < N; i++) {
        assert_int_equal(sem_trywait(&w[i].done), 0);
        assert_true(w[i].ok);
        assert_int_equal(sem_trywait(&r[i].done), 0);
        assert_true(r[i].ok);
    }
    struct place *p = *state;
    struct db *db = NULL;
    must(db_open(&db, &p->where, DB_READER, e));
    assert_int_equal(number(db, "select count(*) from thing"), N);
    db_close(db);
    free(w);
    free(r);
}

static void a_bad_place_does_not_open(void **state)
{
    struct exec_config config = {
        .where = {.engine = DB_SQLITE, .folder = "/nonexistent"}, .readers = 1, .queue = 1};
    struct exec *x = NULL;

    (void)state;
    must_fail(DATA_FOLDER, exec_open(&x, &config, e));
    assert_null(x);
}

/* ---- Hammering ----------------------------------------------------------------------------------------- */

enum { HAMMERS = 4, BLOWS = 5000, WINDOW = 64 };

struct hammer {
    pthread_t thread;
    struct exec *x;
    uint64_t number;
    _Atomic int failed, reads_failed;
    sem_t room;
};

static bool blow(struct db *db, void *context, struct error *e)
{
    struct hammer *h = context;
    return db_exec(db, e, "update thing set n = n + 1 where id = ?1", ARGS(INT((int64_t)(h->number % 2) + 1)));
}

static void blow_done(void *context, const struct error *e)
{
    struct hammer *h = context;

    if (e != NULL)
        (void)atomic_fetch_add(&h->failed, 1);
    (void)sem_post(&h->room);
}

static bool glance(struct db *db, void *context, struct error *e)
{
    int64_t n = 0;

    (void)context;
    return db_one_int(db, &n, -1, e, "select n from thing where id = ?1", ARGS(INT(1))) &&
           (n >= 0 || error_set(e, ERROR_INTERNAL, NULL));
}

static void *hammer(void *context)
{
    struct hammer *h = context;
    struct exec_task *tasks = calloc(BLOWS, sizeof *tasks);
    struct error e;

    for (int i = 0; i < BLOWS; i++) {
        tasks[i] = (struct exec_task){.run = blow, .done = blow_done, .context = h, .subject = h->number % 2};
        (void)sem_wait(&h->room);
        if (!exec_write(h->x, &tasks[i], &e))
            blow_done(h, &e);
        if (i % 50 == 0 && !exec_read_wait(h->x, glance, NULL, &e))
            (void)atomic_fetch_add(&h->reads_failed, 1);
    }
    for (int i = 0; i < WINDOW; i++)
        (void)sem_wait(&h->room);
    free(tasks);
    return NULL;
}

static bool insert_two(struct db *db, void *context, struct error *e)
{
    (void)context;
    return db_exec(db, e, "insert into thing(id, n) values (1, 0), (2, -1000000)", NO_ARGS);
}

static void hammering_loses_nothing(void **state)
{
    struct exec *x = open_exec(state, 2, 2, HAMMERS * WINDOW);
    struct hammer h[HAMMERS];

    must(exec_write_wait(x, insert_two, NULL, e));
    for (int i = 0; i < HAMMERS; i++) {
        h[i] = (struct hammer){.x = x, .number = (uint64_t)i};
        (void)sem_init(&h[i].room, 0, WINDOW);
        assert_int_equal(pthread_create(&h[i].thread, NULL, hammer, &h[i]), 0);
    }
    for (int i = 0; i < HAMMERS; i++) {
        (void)pthread_join(h[i].thread, NULL);
        assert_int_equal(h[i].failed, 0);
        assert_int_equal(h[i].reads_failed, 0);
    }
    assert_true(has(x, HAMMERS / 2 * BLOWS));
    assert_true(has(x, HAMMERS / 2 * BLOWS - 1000000));
    exec_close(x);
}

int main(void)
{
    static const struct both_test tests[] = {
        BOTH(writes_are_seen_by_reads),
        BOTH(a_refused_command_leaves_nothing),
        BOTH(readers_keep_nothing),
        BOTH(a_reader_sees_one_state),
        BOTH(one_failing_command_fails_alone),
        BOTH(an_error_that_was_dealt_with_is_no_answer),
        BOTH(a_dying_transaction_is_answered_truly),
        BOTH(a_failing_commit_is_answered_truly),
        BOTH(a_full_queue_refuses),
        BOTH(closing_finishes_what_waits),
        SQLITE_ONLY(a_bad_place_does_not_open),
        BOTH(hammering_loses_nothing),
    };
    return both_run("exec", tests, sizeof tests / sizeof tests[0]);
}
