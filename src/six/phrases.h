/* Ready wording, read: what a form offers beside its long texts. */
#ifndef SIX_PHRASES_H
#define SIX_PHRASES_H

#include "core/register.h"
#include "core/unit.h"

enum { PHRASES_MOST = 100 };

/* {"items":[{"id","title","text","from"}],"may_keep"} of a unit: its own and those from above, the newest first, then the pack's (without id and unit); of those that are for
 * one verb or kind only the ones for these. */
bool phrases_write(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                   const struct unit *unit, struct str verb, struct str kind, struct error *e);

#endif
