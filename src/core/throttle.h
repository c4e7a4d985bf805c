/* Who guesses is slowed down: five failures are free within a day, then every one doubles the wait, 2 s, 4 s … at most 15 minutes. */
#ifndef CORE_THROTTLE_H
#define CORE_THROTTLE_H

#include "core/core.h"

/* THROTTLED, with the seconds left in the detail. `who` is a keyed hash of whom or what is guessed at. True with the error filled when it may not. */
bool throttle_held(struct db *db, const unsigned char who[HASH_BYTES], struct error *e);
bool throttle_failed(struct db *db, const unsigned char who[HASH_BYTES], int64_t now, struct error *e);
bool throttle_clear(struct db *db, const unsigned char who[HASH_BYTES], struct error *e);

#endif
