#include "db/exec.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "db/run.h"

/* A queue that one or several threads empty. */
struct lane {
    pthread_mutex_t lock;
    pthread_cond_t some;
    struct exec_task *first, **end;
    bool closing;
    _Atomic int *waiting; /* of all lanes of this direction together */
};

struct worker {
    struct lane *lane;
    struct runner runner;
    pthread_t thread;
    bool started;
    enum work_kind { READS, WRITES, DERIVES } kind;
    char name[16];
};

struct exec {
    int queue;
    _Atomic int reading, writing;
    struct run_counts counts;
    int lanes, workers;
    _Atomic int deriving;
    struct lane reads, derives, *writes; /* of writes one for each writer */
    struct worker *all;
};

/* ---- Queues -------------------------------------------------------------------------------------------- */

static void lane_open(struct lane *l, _Atomic int *waiting)
{
    *l = (struct lane){.lock = PTHREAD_MUTEX_INITIALIZER, .some = PTHREAD_COND_INITIALIZER, .waiting = waiting};
    l->end = &l->first;
}

static bool lane_put(struct lane *l, struct exec_task *t, int most, struct error *e)
{
    bool taken = false;

    if (atomic_fetch_add(l->waiting, 1) < most || t->goes_on) {
        (void)pthread_mutex_lock(&l->lock);
        taken = !l->closing;
        if (taken) {
            t->next = NULL;
            *l->end = t;
            l->end = &t->next;
            (void)pthread_cond_signal(&l->some);
        }
        (void)pthread_mutex_unlock(&l->lock);
    }
    if (taken)
        return true;
    atomic_fetch_sub(l->waiting, 1);
    return error_set(e, ERROR_OVERLOADED, NULL);
}

/* Whatever waits now, at most `most`; waits for the first. 0 when the lane is closing and empty. */
static size_t lane_take(struct lane *l, struct exec_task **ret, size_t most)
{
    size_t n = 0;

    (void)pthread_mutex_lock(&l->lock);
    while (l->first == NULL && !l->closing)
        (void)pthread_cond_wait(&l->some, &l->lock);
    for (; n < most && l->first != NULL; n++) {
        ret[n] = l->first;
        l->first = ret[n]->next;
    }
    if (l->first == NULL)
        l->end = &l->first;
    (void)pthread_mutex_unlock(&l->lock);
    atomic_fetch_sub(l->waiting, (int)n);
    return n;
}

static void lane_shut(struct lane *l)
{
    (void)pthread_mutex_lock(&l->lock);
    l->closing = true;
    (void)pthread_cond_broadcast(&l->some);
    (void)pthread_mutex_unlock(&l->lock);
}

static void lane_close(struct lane *l)
{
    (void)pthread_cond_destroy(&l->some);
    (void)pthread_mutex_destroy(&l->lock);
}

/* ---- Threads ------------------------------------------------------------------------------------------- */

static void *work(void *context)
{
    struct worker *w = context;
    struct exec_task *tasks[GROUP_MAX];
    bool groups = w->kind == WRITES && db_engine(w->runner.db) == DB_SQLITE;
    size_t n;

    (void)pthread_setname_np(pthread_self(), w->name);
    if (w->kind == DERIVES) /* what can be made a little later steps back when commands want the processor */
        (void)setpriority(PRIO_PROCESS, (id_t)gettid(), 10);
    while ((n = lane_take(w->lane, tasks, groups ? GROUP_MAX : 1)) > 0) {
        if (groups)
            run_group(&w->runner, tasks, n);
        else if (w->kind != READS)
            run_write(&w->runner, tasks[0]);
        else
            run_read(&w->runner, tasks[0]);
    }
    return NULL;
}

static bool worker_open(struct worker *w, struct exec *x, const struct db_where *where, struct error *e)
{
    w->runner.counts = &x->counts;
    w->runner.jitter = (uint32_t)(w - x->all) * 2654435761u;
    static const enum db_mode modes[] = {[READS] = DB_READER, [WRITES] = DB_COMMANDS, [DERIVES] = DB_DERIVER};
    if (w->kind != READS && (w->runner.errors = calloc(GROUP_MAX, sizeof(struct error))) == NULL)
        return error_cause(e, ERROR_INTERNAL, "no memory for a writer");
    return db_open(&w->runner.db, where, modes[w->kind], e);
}

/* Signals are for the main thread. */
static bool start_all(struct exec *x, struct error *e)
{
    sigset_t every, before;
    bool ok = true;

    (void)sigfillset(&every);
    (void)pthread_sigmask(SIG_SETMASK, &every, &before);
    for (int i = 0; ok && i < x->workers; i++)
        ok = x->all[i].started = pthread_create(&x->all[i].thread, NULL, work, &x->all[i]) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok || error_cause(e, ERROR_INTERNAL, "no thread for the executor");
}

/* ---- Opening and closing ------------------------------------------------------------------------------- */

static int at_least_one(int n)
{
    return n > 1 ? n : 1;
}

/* The writers come first, then who makes derived data: SQLite's create the files that the readers open. */
static bool open_all(struct exec *x, const struct db_where *where, struct error *e)
{
    for (int i = 0; i < x->workers; i++) {
        struct worker *w = &x->all[i];
        w->kind = i < x->lanes ? WRITES : i == x->lanes ? DERIVES : READS;
        w->lane = w->kind == WRITES ? &x->writes[i] : w->kind == DERIVES ? &x->derives : &x->reads;
        (void)snprintf(w->name, sizeof w->name, "db-%s-%d",
                       w->kind == WRITES    ? "write"
                       : w->kind == DERIVES ? "derive"
                                            : "read",
                       w->kind == READS ? i - x->lanes - 1 : i);
        if (!worker_open(w, x, where, e))
            return false;
    }
    return start_all(x, e);
}

bool exec_open(struct exec **ret, const struct exec_config *config, struct error *e)
{
    struct exec *x = calloc(1, sizeof *x);
    int writers = config->where.engine == DB_SQLITE ? 1 : at_least_one(config->writers);
    int workers = writers + 1 + at_least_one(config->readers);

    if (x == NULL || (x->writes = calloc((size_t)writers, sizeof x->writes[0])) == NULL ||
        (x->all = calloc((size_t)workers, sizeof x->all[0])) == NULL) {
        if (x != NULL)
            free(x->writes);
        free(x);
        return error_cause(e, ERROR_INTERNAL, "no memory for the executor");
    }
    x->queue = at_least_one(config->queue);
    x->lanes = writers;
    x->workers = workers;
    lane_open(&x->reads, &x->reading);
    lane_open(&x->derives, &x->deriving);
    for (int i = 0; i < writers; i++)
        lane_open(&x->writes[i], &x->writing);
    if (!open_all(x, &config->where, e)) {
        exec_close(x);
        return false;
    }
    *ret = x;
    return true;
}

void exec_close(struct exec *x)
{
    if (x == NULL)
        return;
    lane_shut(&x->reads);
    lane_shut(&x->derives);
    for (int i = 0; i < x->lanes; i++)
        lane_shut(&x->writes[i]);
    for (int i = 0; i < x->workers; i++)
        if (x->all[i].started)
            (void)pthread_join(x->all[i].thread, NULL);
    for (int i = x->workers - 1; i >= 0; i--) { /* SQLite's writer last: it folds the log into the file */
        db_close(x->all[i].runner.db);
        free(x->all[i].runner.errors);
    }
    lane_close(&x->reads);
    lane_close(&x->derives);
    for (int i = 0; i < x->lanes; i++)
        lane_close(&x->writes[i]);
    free(x->writes);
    free(x->all);
    free(x);
}

/* ---- Handing over -------------------------------------------------------------------------------------- */

bool exec_read(struct exec *x, struct exec_task *t, struct error *e)
{
    return lane_put(&x->reads, t, x->queue, e);
}

bool exec_write(struct exec *x, struct exec_task *t, struct error *e)
{
    return lane_put(&x->writes[t->subject % (uint64_t)x->lanes], t, x->queue, e);
}

struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool over, ok;
    struct error *e;
    bool (*run)(struct db *, void *, struct error *);
    void *context;
};

static bool waiter_run(struct db *db, void *context, struct error *e)
{
    struct waiter *w = context;
    return w->run(db, w->context, e);
}

static void waiter_done(void *context, const struct error *e)
{
    struct waiter *w = context;

    (void)pthread_mutex_lock(&w->lock);
    w->over = true;
    w->ok = e == NULL;
    if (e != NULL && w->e != NULL)
        *w->e = *e;
    (void)pthread_cond_signal(&w->ended); /* inside the lock: afterwards the waiter may be gone */
    (void)pthread_mutex_unlock(&w->lock);
}

static bool wait_for(struct exec *x, bool (*hand_over)(struct exec *, struct exec_task *, struct error *),
                     bool (*run)(struct db *, void *, struct error *), void *context, struct error *e)
{
    struct waiter w = {
        .lock = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER, .e = e, .run = run, .context = context};
    struct exec_task t = {.run = waiter_run, .done = waiter_done, .context = &w};

    if (!hand_over(x, &t, e))
        return false;
    (void)pthread_mutex_lock(&w.lock);
    while (!w.over)
        (void)pthread_cond_wait(&w.ended, &w.lock);
    (void)pthread_mutex_unlock(&w.lock);
    (void)pthread_cond_destroy(&w.ended);
    (void)pthread_mutex_destroy(&w.lock);
    return w.ok;
}

bool exec_read_wait(struct exec *x, bool (*run)(struct db *, void *, struct error *), void *context,
                    struct error *e)
{
    return wait_for(x, exec_read, run, context, e);
}

static bool hand_to_deriver(struct exec *x, struct exec_task *t, struct error *e)
{
    return lane_put(&x->derives, t, x->queue, e);
}

bool exec_derive_wait(struct exec *x, bool (*run)(struct db *, void *, struct error *), void *context,
                      struct error *e)
{
    return wait_for(x, hand_to_deriver, run, context, e);
}

bool exec_write_wait(struct exec *x, bool (*run)(struct db *, void *, struct error *), void *context,
                     struct error *e)
{
    return wait_for(x, exec_write, run, context, e);
}

void exec_state(struct exec *x, struct exec_state *ret)
{
    *ret = (struct exec_state){
        .reads = x->counts.reads,
        .writes = x->counts.writes,
        .groups = x->counts.groups,
        .retried = x->counts.retried,
        .reading = x->reading,
        .writing = x->writing,
        .last_commit = x->counts.last_commit,
    };
}
