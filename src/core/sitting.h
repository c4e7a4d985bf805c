/* Sittings of a mediation: an activity of the type session with its case, its room and its mediators. */
#ifndef CORE_SITTING_H
#define CORE_SITTING_H

#include "core/command.h"

/* A new one: hangs it on its cases and books room and mediators from `at` on; in the past (`held`) nothing is booked, and what must come before a
 * sitting (core/gate.h, "session") must have been done. `minutes` 0: an hour. */
bool sitting_make(struct work *w, int64_t at, int64_t minutes, bool held, struct error *e);
/* Planned, and now held: the same gates; the cases move on. */
bool sitting_hold(struct work *w, struct error *e);
/* Moved to another time: released and booked again. */
bool sitting_move(struct work *w, int64_t at, int64_t minutes, struct error *e);
#endif
