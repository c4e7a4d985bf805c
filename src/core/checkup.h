/* What doctor asks the database: gaps in who is there, and whether the newest part of the journal is whole. */
#ifndef CORE_CHECKUP_H
#define CORE_CHECKUP_H

#include "core/core.h"
#include "core/seals.h"

/* Up to a few names, and how many there are in all. */
struct checkup_list {
    int64_t count;
    struct str names; /* "前吴寨、后吴寨 …" */
};

/* Village groups within [lo, hi) that no steward answers for, neither their own nor one of the whole committee; of committees where somebody works. */
bool checkup_groups(struct db *db, struct arena *a, int64_t lo, int64_t hi, struct checkup_list *ret,
                    struct error *e);
/* Open offices in which nobody sits. */
bool checkup_offices(struct db *db, struct arena *a, struct checkup_list *ret, struct error *e);
/* Open accounts, and those of them that manage or audit and have no second factor. */
bool checkup_accounts(struct db *db, int64_t *ret_all, struct checkup_list *ret_bare, struct arena *a,
                      struct error *e);

struct checkup_journal {
    int64_t newest, newest_at; /* seq and time of the last entry */
    int64_t entries, faults;   /* of the last sealed day and since */
    struct seal last;          /* day 0: none */
    int64_t unsealed_at;       /* the oldest entry without a seal; 0: none */
};
/* Recomputes the hashes of the newest sealed day and of what came after, and that seal. */
bool checkup_journal(struct core *core, struct db *db, struct checkup_journal *ret, struct error *e);

#endif
