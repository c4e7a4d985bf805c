#include "api/guesses.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/time.h"

enum { SLOTS = 4096, FREE_GUESSES = 20 };
static const int64_t window = 10 * TIME_MINUTE;

/* Addresses that share a slot share their guesses: rare, and harmless at this rate. */
struct slot {
    uint64_t peer;
    int64_t since;
    int wrong;
};

struct guesses {
    pthread_mutex_t lock;
    struct slot slots[SLOTS];
};

struct guesses *guesses_open(void)
{
    struct guesses *g = calloc(1, sizeof *g);
    if (g != NULL)
        (void)pthread_mutex_init(&g->lock, NULL);
    return g;
}

void guesses_close(struct guesses *g)
{
    if (g == NULL)
        return;
    (void)pthread_mutex_destroy(&g->lock);
    free(g);
}

/* The peer's slot, emptied when its time is over or another address stood there. Locked. */
static struct slot *slot_of(struct guesses *g, struct str peer)
{
    uint64_t hash = str_hash(peer);
    struct slot *s = &g->slots[hash % SLOTS];
    if (s->peer != hash || time_real() - s->since > window)
        *s = (struct slot){.peer = hash, .since = time_real()};
    return s;
}

bool guesses_allow(struct guesses *g, struct str peer, struct error *e)
{
    (void)pthread_mutex_lock(&g->lock);
    struct slot *s = slot_of(g, peer);
    bool allowed = s->wrong < FREE_GUESSES;
    int64_t left = (s->since + window - time_real()) / TIME_SECOND + 1;
    (void)pthread_mutex_unlock(&g->lock);
    return allowed || error_setf(e, ERROR_THROTTLED, "code", "%lld", (long long)left);
}

void guesses_wrong(struct guesses *g, struct str peer)
{
    (void)pthread_mutex_lock(&g->lock);
    slot_of(g, peer)->wrong++;
    (void)pthread_mutex_unlock(&g->lock);
}
