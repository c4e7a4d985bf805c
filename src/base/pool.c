#include "base/pool.h"

#include <pthread.h>
#include <stdlib.h>

struct item {
    void (*run)(void *);
    void *context;
};

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t some;
    struct item *items;                    /* a ring */
    int first, count, most, room, threads; /* `room` grows past `most` for what goes on */
    bool closing;
    pthread_t thread[];
};

static void *work(void *context)
{
    struct pool *p = context;
    (void)pthread_mutex_lock(&p->lock);
    for (;;) {
        while (p->count == 0 && !p->closing)
            (void)pthread_cond_wait(&p->some, &p->lock);
        if (p->count == 0)
            break;
        struct item item = p->items[p->first];
        p->first = (p->first + 1) % p->room;
        p->count--;
        (void)pthread_mutex_unlock(&p->lock);
        item.run(item.context);
        (void)pthread_mutex_lock(&p->lock);
    }
    (void)pthread_mutex_unlock(&p->lock);
    return NULL;
}

struct pool *pool_open(int threads, int queue)
{
    struct pool *p = calloc(1, sizeof *p + sizeof p->thread[0] * (size_t)threads);
    if (p == NULL)
        return NULL;
    p->items = calloc((size_t)queue, sizeof *p->items);
    p->most = p->room = queue;
    (void)pthread_mutex_init(&p->lock, NULL);
    (void)pthread_cond_init(&p->some, NULL);
    while (p->items != NULL && p->threads < threads &&
           pthread_create(&p->thread[p->threads], NULL, work, p) == 0) {
        (void)pthread_setname_np(p->thread[p->threads], "pool");
        p->threads++;
    }
    if (p->threads > 0)
        return p;
    pool_close(p);
    return NULL;
}

void pool_close(struct pool *p)
{
    if (p == NULL)
        return;
    (void)pthread_mutex_lock(&p->lock);
    p->closing = true;
    (void)pthread_cond_broadcast(&p->some);
    (void)pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->threads; i++)
        (void)pthread_join(p->thread[i], NULL);
    (void)pthread_cond_destroy(&p->some);
    (void)pthread_mutex_destroy(&p->lock);
    free(p->items);
    free(p);
}

/* Twice the ring. The lock is held. */
static bool grow(struct pool *p)
{
    struct item *items = calloc((size_t)p->room * 2, sizeof *items);

    if (items == NULL)
        return false;
    for (int i = 0; i < p->count; i++)
        items[i] = p->items[(p->first + i) % p->room];
    free(p->items);
    p->items = items;
    p->first = 0;
    p->room *= 2;
    return true;
}

bool pool_add(struct pool *p, bool goes_on, void (*run)(void *context), void *context)
{
    (void)pthread_mutex_lock(&p->lock);
    bool fits = !p->closing && (p->count < p->most || (goes_on && (p->count < p->room || grow(p))));
    if (fits) {
        p->items[(p->first + p->count) % p->room] = (struct item){run, context};
        p->count++;
        (void)pthread_cond_signal(&p->some);
    }
    (void)pthread_mutex_unlock(&p->lock);
    return fits;
}
