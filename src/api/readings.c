#include "api/readings.h"

#include <pthread.h>
#include <stdlib.h>

enum { BATCH_MOST = 512 };

struct readings {
    struct core *core;
    struct exec *exec;
    struct arena *arena; /* of a batch */
    pthread_mutex_t lock;
    struct reading *first, **last; /* waiting */
    struct reading *batch;         /* on its way */
    bool running;
    struct exec_task task;
};

/* A chain of its own beside the node's: on PostgreSQL other writers add to that one. */
static const char *chain_of(const struct readings *r)
{
    return arena_printf(r->arena, "%s/reads", r->core->node);
}

static bool write_batch(struct db *db, void *context, struct error *e)
{
    struct readings *r = context;
    struct access_chain chain;

    arena_reset(r->arena);
    if (!access_chain_open(r->core, db, r->arena, chain_of(r), &chain, e))
        return false;
    for (const struct reading *one = r->batch; one != NULL; one = one->next)
        for (size_t i = 0; i < one->n; i++)
            if (!access_chain_add(&chain, db, one->account, one->post, one->lines[i].kind,
                                  one->lines[i].subject, str_of(one->what), e))
                return false;
    return true;
}

static void batch_done(void *context, const struct error *e);

/* With the lock held: the next batch, if there is one. */
static void take(struct readings *r)
{
    struct reading **end = &r->first;
    for (size_t n = 0; n < BATCH_MOST && *end != NULL; n++)
        end = &(*end)->next;
    r->batch = r->first;
    r->first = *end;
    *end = NULL;
    if (r->first == NULL)
        r->last = &r->first;
    r->running = r->batch != NULL;
}

static void answer(struct reading *batch, const struct error *e)
{
    while (batch != NULL) {
        struct reading *one = batch;
        batch = one->next; /* the call that it lies in may be gone after this */
        one->done(one->context, e);
    }
}

static void send(struct readings *r)
{
    struct error e;
    while (r->batch != NULL) {
        /* One writer for all of them, and never refused: what was read before must not be answered as if nothing had been. */
        r->task = (struct exec_task){
            .run = write_batch, .done = batch_done, .context = r, .subject = 0x5eed, .goes_on = true};
        error_clear(&e);
        if (exec_write(r->exec, &r->task, &e))
            return;
        struct reading *refused = r->batch; /* the executor is closing */
        (void)pthread_mutex_lock(&r->lock);
        take(r);
        (void)pthread_mutex_unlock(&r->lock);
        answer(refused, &e);
    }
}

static void batch_done(void *context, const struct error *e)
{
    struct readings *r = context;
    struct reading *done = r->batch;

    (void)pthread_mutex_lock(&r->lock);
    take(r);
    (void)pthread_mutex_unlock(&r->lock);
    send(r);
    answer(done, e);
}

void readings_add(struct readings *r, struct reading *reading)
{
    bool begin;
    reading->next = NULL;
    (void)pthread_mutex_lock(&r->lock);
    *r->last = reading;
    r->last = &reading->next;
    begin = !r->running;
    if (begin)
        take(r);
    (void)pthread_mutex_unlock(&r->lock);
    if (begin)
        send(r);
}

struct readings *readings_open(struct core *core, struct exec *exec)
{
    struct readings *r = calloc(1, sizeof *r);
    if (r == NULL)
        return NULL;
    r->core = core;
    r->exec = exec;
    r->arena = arena_open();
    r->last = &r->first;
    (void)pthread_mutex_init(&r->lock, NULL);
    return r;
}

void readings_close(struct readings *r)
{
    if (r == NULL)
        return;
    arena_close(r->arena);
    (void)pthread_mutex_destroy(&r->lock);
    free(r);
}
