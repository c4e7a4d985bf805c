#include "latency.h"

#include <time.h>

int64_t latency_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Below LATENCY_FINE each µs has a step; above, each octave is cut into half as many steps of equal width. */
static unsigned step_of(uint64_t us)
{
    unsigned shift = 0;
    while ((us >> shift) >= LATENCY_FINE)
        shift++;
    unsigned step = shift == 0 ? (unsigned)us
                               : LATENCY_FINE + (shift - 1) * (LATENCY_FINE / 2) + (unsigned)(us >> shift) -
                                     LATENCY_FINE / 2;
    return step < LATENCY_STEPS ? step : LATENCY_STEPS - 1;
}

static uint64_t top_of(unsigned step)
{
    if (step < LATENCY_FINE)
        return step;
    unsigned shift = (step - LATENCY_FINE) / (LATENCY_FINE / 2) + 1;
    uint64_t at = (step - LATENCY_FINE) % (LATENCY_FINE / 2) + LATENCY_FINE / 2;
    return ((at + 1) << shift) - 1;
}

void latency_add(struct latency *l, uint64_t us)
{
    l->count[step_of(us)]++;
    l->all++;
    l->sum += us;
    if (us > l->most)
        l->most = us;
}

uint64_t latency_at(const struct latency *l, unsigned permille)
{
    uint64_t wanted = (l->all * permille + 999) / 1000, seen = 0;
    for (unsigned i = 0; i < LATENCY_STEPS && l->all > 0; i++) {
        seen += l->count[i];
        if (seen >= wanted && seen > 0)
            return top_of(i) < l->most ? top_of(i) : l->most;
    }
    return l->most;
}
