/* Tasks for the executor and what became of them. */
#ifndef TESTS_UNIT_JOBS_H
#define TESTS_UNIT_JOBS_H

#include <semaphore.h>
#include <time.h>

#include "db/exec.h"
#include "both.h"

/* One task and what became of it. */
struct job {
    struct exec_task task;
    bool (*run)(struct db *db, struct job *j, struct error *e);
    int64_t value;
    int runs;             /* so far */
    bool landed;          /* what `landed` answers */
    int asked;            /* how often it was asked */
    _Atomic int *arrived; /* of a meeting of two */
    struct error e;
    bool ok;
    sem_t done;
    sem_t *hold; /* keeps the executor's thread inside `done` until posted */
};

static inline bool job_run(struct db *db, void *context, struct error *e)
{
    struct job *j = context;
    j->runs++;
    return j->run(db, j, e);
}

static inline bool job_landed(struct db *db, void *context, bool *ret, struct error *e)
{
    struct job *j = context;
    int64_t one = 0;

    j->asked++;
    *ret = j->landed;
    return db_one_int(db, &one, 0, e, "select 1", NO_ARGS);
}

static inline void job_done(void *context, const struct error *e)
{
    struct job *j = context;
    sem_t *hold = j->hold;

    j->ok = e == NULL;
    if (e != NULL)
        j->e = *e;
    (void)sem_post(&j->done);
    if (hold != NULL)
        (void)sem_wait(hold);
}

static inline void job_init(struct job *j, bool (*run)(struct db *, struct job *, struct error *), int64_t value)
{
    *j = (struct job){.run = run, .value = value};
    j->task = (struct exec_task){.run = job_run, .landed = job_landed, .done = job_done, .context = j};
    (void)sem_init(&j->done, 0, 0);
}

static inline void job_wait(struct job *j)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 60;
    if (sem_timedwait(&j->done, &until) != 0)
        fail_msg("task %d was never answered", (int)j->value);
}

static inline void write_and_wait(struct exec *x, struct job *j)
{
    must(exec_write(x, &j->task, e));
    job_wait(j);
}

static inline bool insert(struct db *db, struct job *j, struct error *e)
{
    return db_exec(db, e, "insert into thing(n) values (?1)", ARGS(INT(j->value)));
}

static inline bool count_rows(struct db *db, struct job *j, struct error *e)
{
    return db_one_int(db, &j->value, -1, e, "select count(*) from thing", NO_ARGS);
}

static inline struct exec *open_exec(void **state, int readers, int writers, int queue)
{
    struct place *p = *state;
    struct exec_config config = {.where = p->where, .readers = readers, .writers = writers, .queue = queue};
    struct exec *x = NULL;

    struct db *db = place_with_table(state);
    must(db_script(db, e,
                   "create unique index thing_n on thing(n);"
                   "create table part (thing {int} references thing(id) deferrable initially deferred) {strict};"
                   "create table line (subject {int}, n {int}, place {pk}) {strict}"));
    db_close(db);
    must(exec_open(&x, &config, e));
    return x;
}

/* Does the row exist? Asked through a reader. */
static inline bool look(struct db *db, void *context, struct error *e)
{
    int64_t *n = context;
    return db_one_int(db, n, 0, e, "select count(*) from thing where n = ?1", ARGS(INT(*n)));
}

static inline bool has(struct exec *x, int64_t n)
{
    must(exec_read_wait(x, look, &n, e));
    return n == 1;
}

#endif
