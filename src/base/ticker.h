/* A thread that does its round again and again, with a pause after each, until it is stopped. */
#ifndef BASE_TICKER_H
#define BASE_TICKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct ticker;

/* `name` is the thread's (15 characters). *ret is set before the first round. INTERNAL. */
bool ticker_start(struct ticker **ret, const char *name, int64_t pause_ms, void (*round)(void *context),
                  void *context, struct error *e);
/* For long rounds: is it time to end? */
bool ticker_stopping(const struct ticker *t);
/* Ends the pause, waits for the round that runs, and frees. Null is nothing. */
void ticker_stop(struct ticker *t);

#endif
