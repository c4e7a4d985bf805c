/* What the projections (tally, search) share: a named cursor into the journal that lies beside the derived data, and which subjects
 * the next entries touched. Everything runs in the caller's transaction. */
#ifndef CORE_FOLLOW_H
#define CORE_FOLLOW_H

#include "core/journal.h"

/* Reads the cursor and locks its row, so that two callers don't both follow the same entries; on PostgreSQL the second waits. */
bool follow_lock(struct db *db, const char *name, struct journal_cursor *ret, struct error *e);
/* Is the entry under the cursor the one that was read then? Not after a restore, or a crash between SQLite's two files: then the
 * projection is made anew. */
bool follow_holds(struct db *db, const struct journal_cursor *c, bool *ret, struct error *e);
/* The newest entry that a walk may have read by now: where a projection made anew starts to follow. */
bool follow_newest(struct db *db, struct journal_cursor *ret, struct error *e);

struct touched {
    int64_t kind, id;
};
/* The subjects of the next `most` entries that are of these kinds (bits 1 << SUBJECT_…), each once, by kind and id. `ret` has room for `most`;
 * the cursor moves on; *ret_done says over how many entries. */
bool follow_entries(struct db *db, struct journal_cursor *cursor, int64_t most, unsigned kinds,
                    struct touched *ret, size_t *ret_n, int64_t *ret_done, struct error *e);
/* Sorts and leaves each subject once; returns how many. */
size_t touched_sort(struct touched *list, size_t n);

#endif
