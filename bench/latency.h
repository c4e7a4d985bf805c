/* How long things took: a histogram whose steps are below one per cent, from 1 µs to over an hour. */
#ifndef BENCH_LATENCY_H
#define BENCH_LATENCY_H

#include <stdint.h>

enum { LATENCY_FINE = 128, LATENCY_OCTAVES = 26, LATENCY_STEPS = LATENCY_FINE * LATENCY_OCTAVES };

struct latency {
    uint64_t count[LATENCY_STEPS];
    uint64_t all, sum, most;
};

/* Monotonic, in µs. */
int64_t latency_now(void);
void latency_add(struct latency *l, uint64_t us);
/* The time that `permille` of all did not exceed; 0 when there are none. */
uint64_t latency_at(const struct latency *l, unsigned permille);

#endif
