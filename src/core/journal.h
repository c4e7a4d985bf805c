/* The journal: append-only, one entry for everything that was done. Timeline, sync, statistics and audit read it.
 * Each subject's entries form a chain: hash = H(prev, id, times, actor, subject, n, verb, open, data). Data is sealed under the subject's key, so
 * the chain still verifies after that key is destroyed. */
#ifndef CORE_JOURNAL_H
#define CORE_JOURNAL_H

#include "core/actor.h"
#include "core/kind.h"

struct journal_entry {
    int64_t seq, xid;
    struct id id;
    int64_t recorded_at, happened_at, scope;
    enum actor_kind actor_kind;
    int64_t actor, post;
    enum subject_kind subject_kind;
    int64_t subject, n;
    struct str verb;
    bool open;
    struct str data; /* sealed */
    unsigned char body_hash[HASH_BYTES], prev[HASH_BYTES], hash[HASH_BYTES];
};

/* Computes the hash over the entry's other members (prev included). */
void journal_hash(struct journal_entry *entry);
/* Appends; entry->prev must be the subject's head (zeros for the first) and n its new rev. Fills hash. */
bool journal_append(struct db *db, struct journal_entry *entry, struct error *e);
/* The entry of a command's id; *ret_found says whether there is one. */
bool journal_find(struct db *db, struct arena *a, struct id id, struct journal_entry *ret, bool *ret_found,
                  struct error *e);

/* Walking the journal in an order that never skips: SQLite by seq, PostgreSQL by (xid, seq) below the oldest running transaction. */
struct journal_cursor {
    int64_t xid, seq;
};
/* Starts a walk after the cursor; read with journal_next, end with db_end. */
bool journal_after(struct db *db, struct db_rows *r, struct journal_cursor after, int64_t limit, struct error *e);
bool journal_next(struct db_rows *r, struct journal_entry *ret); /* slices live until the next step */
/* A cursor behind which nothing has been written yet that a walk from it would miss. */
bool journal_head(struct db *db, struct journal_cursor *ret, struct error *e);
/* All entries of a subject, oldest first, from n on. */
bool journal_of(struct db *db, struct db_rows *r, enum subject_kind kind, int64_t subject, int64_t from_n,
                struct error *e);

/* The same of several subjects, one after the other. */
bool journal_between(struct db *db, struct db_rows *r, enum subject_kind kind, int64_t from, int64_t to,
                     int64_t from_n, struct error *e);

/* Cursors of the projections; derived ones live beside the derived data. */
bool cursor_get(struct db *db, bool derived, const char *name, struct journal_cursor *ret, struct error *e);
bool cursor_set(struct db *db, bool derived, const char *name, struct journal_cursor cursor, struct error *e);
/* For archives, because positions differ between engines: {"NAME":SEQ} of the readers in the main schema, SEQ being such that all entries up to it
 * have been read; and the way back, in the transaction that has loaded the journal. */
bool cursor_places(struct db *db, struct arena *a, struct str *ret, struct error *e);
bool cursor_place(struct db *db, const char *name, int64_t seq, struct error *e);

/* For the auditor: what was done, by whom, to what, newest first, within [lo, hi) and before `seq` (0: from the end); no words. */
bool journal_write_list(struct db *db, struct jw *w, int64_t lo, int64_t hi, int64_t before, int64_t limit,
                        struct error *e);
/* And who looked at personal data. */
bool access_write_list(const struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t before,
                       int64_t limit, struct error *e);

#endif
