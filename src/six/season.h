/* What the season brings (G21): the pack's calendar fills the day by itself. What was done for a unit is a row of a register, and then it no longer stands there. */
#ifndef SIX_SEASON_H
#define SIX_SEASON_H

#include "core/actor.h"
#include "core/unit.h"

/* {"month":"5-6","items":[{item,code,done:{by,at}|null}]} of today, for a committee; `code`: of the category, topic or checklist it names, empty: none. */
bool season_write(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                  const struct unit *committee, struct error *e);

#endif
