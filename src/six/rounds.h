/* Rounds as residents see them: what is asked, until when, how many have answered; never who. */
#ifndef SIX_ROUNDS_H
#define SIX_ROUNDS_H

#include "core/register.h"

/* {"items":[{"id","wording","what","measure","until","unit","count","sum"}]}: the open rounds that hold in a unit. */
bool rounds_write(struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t unit, struct error *e);

#endif
