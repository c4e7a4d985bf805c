/* What one case or activity contributes, before it meets the sums. Private to tally.c and tally_share.c. */
#ifndef CORE_TALLY_SHARE_H
#define CORE_TALLY_SHARE_H

#include "core/tally.h"

/* A case counts in two parts, each on a day of its own: what came of it, and how its first promise of a
 * reply was kept. */
enum tally_part { PART_RESULT = 1, PART_REPLY, PART_END };

struct share {
    bool there;
    int32_t day;
    int64_t unit;
    int64_t kind;
    struct str category;
    int64_t m[MEASURE_COUNT];
};

struct shares {
    int64_t subject_kind, subject;
    struct share part[PART_END]; /* by enum tally_part */
};

/* Several subjects at a time, because each statement is a journey to the server on PostgreSQL. */
enum { SHARES_LOADED = 100, SHARES_SCANNED = 2000 };

/* As their rows stand now, and as they were last summed (derived.tally_row). `list` holds n subjects of
 * one kind, at most SHARES_LOADED, by rising id; their parts are filled in. Nothing is `there` where the
 * row is gone. Texts live in the arena. */
bool shares_load(struct core *core, struct db *db, struct arena *a, struct shares *list, size_t n,
                 struct error *e);
bool shares_load_kept(struct db *db, struct arena *a, struct shares *list, size_t n, struct error *e);
/* The next subjects of a kind with ids above `after`, at most SHARES_SCANNED of them; `ret_n` is 0 at the
 * end. */
bool shares_scan(struct core *core, struct db *db, struct arena *a, enum subject_kind kind, int64_t after,
                 struct shares *list, size_t *ret_n, struct error *e);

bool share_equal(const struct share *a, const struct share *b);

/* Parts on their way into derived.tally_row; what they point to must live until they are flushed. */
enum { SHARES_WRITTEN = 50 };
struct share_writer {
    struct db *db;
    struct arena *arena;
    const char *sql; /* for SHARES_WRITTEN rows */
    size_t n;
    struct {
        const struct shares *s;
        enum tally_part part;
    } rows[SHARES_WRITTEN];
};
bool share_put(struct share_writer *w, const struct shares *s, enum tally_part part, struct error *e);
bool share_flush(struct share_writer *w, struct error *e);

#endif
