/* What the two halves of verify share. Private to verify.c and verify_seals.c. */
#ifndef CORE_VERIFY_H
#define CORE_VERIFY_H

#include "core/journal.h"
#include "core/seals.h"

struct verifying {
    struct core *core;
    struct db *db;
    struct arena *arena;
    const struct verify_how *how;
    struct verify_report *report;

    struct seal *seals;
    size_t seal_count, at; /* the seal that the walk through the journal is in */
    int64_t inside;        /* entries of it so far */
    struct hasher digest;
};

void verify_found(struct verifying *v, struct verify_finding f);
void verify_progress(struct verifying *v, const char *what, int64_t done, int64_t of);

/* Seals: their chain, keys and signatures; then, while the journal is walked by seq, ranges, counts and
 * digests. */
bool verify_seals_begin(struct verifying *v, struct error *e);
void verify_seals_entry(struct verifying *v, int64_t seq, int64_t recorded_at,
                        const unsigned char hash[HASH_BYTES]);
void verify_seals_end(struct verifying *v);

bool verify_access(struct verifying *v, struct error *e);
bool verify_files(struct verifying *v, struct error *e);

#endif
