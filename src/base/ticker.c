#include "base/ticker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

struct ticker {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    _Atomic bool stop;
    int64_t pause_ms;
    void (*round)(void *);
    void *context;
};

static void pause_or_stop(struct ticker *t)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += t->pause_ms % 1000 * 1000000L;
    until.tv_sec += t->pause_ms / 1000 + until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    (void)pthread_mutex_lock(&t->lock);
    if (!t->stop)
        (void)pthread_cond_timedwait(&t->wake, &t->lock, &until);
    (void)pthread_mutex_unlock(&t->lock);
}

static void *run(void *context)
{
    struct ticker *t = context;
    while (!t->stop) {
        t->round(t->context);
        pause_or_stop(t);
    }
    return NULL;
}

bool ticker_start(struct ticker **ret, const char *name, int64_t pause_ms, void (*round)(void *context),
                  void *context, struct error *e)
{
    struct ticker *t = calloc(1, sizeof *t);
    if (t == NULL)
        return error_cause(e, ERROR_INTERNAL, "no memory for a thread");
    *t = (struct ticker){.pause_ms = pause_ms, .round = round, .context = context};
    (void)pthread_mutex_init(&t->lock, NULL);
    (void)pthread_cond_init(&t->wake, NULL);
    *ret = t;
    if (pthread_create(&t->thread, NULL, run, t) != 0) {
        *ret = NULL;
        (void)pthread_cond_destroy(&t->wake);
        (void)pthread_mutex_destroy(&t->lock);
        free(t);
        return error_cause(e, ERROR_INTERNAL, "no thread for %s", name);
    }
    (void)pthread_setname_np(t->thread, name);
    return true;
}

bool ticker_stopping(const struct ticker *t)
{
    return t->stop;
}

void ticker_stop(struct ticker *t)
{
    if (t == NULL)
        return;
    (void)pthread_mutex_lock(&t->lock);
    t->stop = true;
    (void)pthread_cond_signal(&t->wake);
    (void)pthread_mutex_unlock(&t->lock);
    (void)pthread_join(t->thread, NULL);
    (void)pthread_cond_destroy(&t->wake);
    (void)pthread_mutex_destroy(&t->lock);
    free(t);
}
