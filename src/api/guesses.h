/* Wrong tracking codes, by address: 65 random bits can't be guessed, but who tries is slowed down all the same (S8). In memory, for this node: the
 * readers that look codes up can't write. */
#ifndef API_GUESSES_H
#define API_GUESSES_H

#include "base/error.h"
#include "base/str.h"

struct guesses;

struct guesses *guesses_open(void);
void guesses_close(struct guesses *g);
/* THROTTLED when this address has guessed wrongly too often in the last minutes. */
bool guesses_allow(struct guesses *g, struct str peer, struct error *e);
void guesses_wrong(struct guesses *g, struct str peer);

#endif
