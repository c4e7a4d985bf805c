/* Coverage (G2, 横到边、纵到底): where nobody is named, where nobody has been, what has nobody to go to. Gaps are listed with what to do next, never hidden. Visits are
 * counted by village group, because nobody types in three thousand households. */
#ifndef CORE_COVERAGE_H
#define CORE_COVERAGE_H

#include "core/actor.h"
#include "core/unit.h"

enum { COVERAGE_DAYS = 90, COVERAGE_ROWS = 200 };

/* {"days","gaps":[{gap,label,next,count,rows:[{unit:{code,name},what}]}]} of a unit; gaps without rows are there with count 0. */
bool coverage_write(struct core *core, struct db *db, struct arena *a, struct jw *w,
                    const struct actor *actor, const struct unit *u, struct error *e);

#endif
