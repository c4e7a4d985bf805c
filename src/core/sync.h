/* What a phone keeps: the cards of its reach, then only what changed. */
#ifndef CORE_SYNC_H
#define CORE_SYNC_H

#include "core/actor.h"
#include "core/journal.h"

/* All live cases in the actor's reach as cards; the cursor is set to the journal's end as it was before reading. */
bool sync_all(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
              struct journal_cursor *ret, struct error *e);
/* Cases that changed behind the cursor: cards, or {"id","gone":true} for those no longer in sight. Moves the cursor. At most 500 entries a call. */
bool sync_changes(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                  struct journal_cursor *cursor, struct error *e);

#endif
