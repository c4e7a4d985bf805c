/* Recusal (G19): nobody handles, sees or judges a matter about themselves, their household or the relatives whom they have declared. */
#ifndef CORE_RECUSAL_H
#define CORE_RECUSAL_H

#include "core/command.h"
#include "core/verb.h"

extern const struct verb_rule recusal_rules[];

/* RECUSED at `field`, where this account must keep out of the case; says neither whose sake nor how they are related. */
bool recusal_free(struct work *w, int64_t account, const char *field, struct error *e);

#endif
