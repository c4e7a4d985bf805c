/* Seals: each finished day of the journal is closed by a signature over its range, count and digest,
 * chained to the seal before (G6). And the proof that nothing was changed or cut off: entries, chains,
 * heads, seals, access log, files.
 *
 * What a seal says: "every entry up to seq L, and no other, stood in the journal when I signed". Its
 * digest covers the one before, so the newest digest, printed on reports and sent with backups, stands for
 * the whole history. What was written after the newest seal is protected by the chains and by the heads in
 * the subjects' rows alone. */
#ifndef CORE_SEALS_H
#define CORE_SEALS_H

#include "core/core.h"
#include "core/kind.h"

struct seal {
    int32_t day; /* the newest day of recording in it; one that the clock put back goes with its neighbours */
    int64_t first_seq, last_seq; /* ranges follow each other without a gap; numbers may be missing inside */
    int64_t entries;
    unsigned char digest[HASH_BYTES],
        prev[HASH_BYTES]; /* prev: the digest of the seal before, zeros for the first */
    int64_t signed_at;
    unsigned char public_key[SIGN_PUBLIC], signature[SIGNATURE];
};

/* The digest: begun with what the seal is about, fed with the hashes of its entries in the order of seq. */
void seal_digest_start(struct hasher *h, const struct seal *s);
void seal_digest_end(struct hasher *h, struct seal *s);
/* The signature over everything else. */
void seal_sign(const struct keyring *k, struct seal *s);
bool seal_check(const struct seal *s);

/* Seals every day before `today` that has entries and no seal yet. For a job, some minutes after midnight;
 * doing it twice does no harm. In the caller's transaction; on PostgreSQL it waits a moment for all
 * writers, so that no entry can still turn up inside a sealed range. */
bool seals_make(struct core *core, struct db *db, int32_t today, struct error *e)
    __attribute__((warn_unused_result));
/* The newest seal; *ret_found false: there is none. */
bool seals_last(struct db *db, struct seal *ret, bool *ret_found, struct error *e)
    __attribute__((warn_unused_result));
/* The newest seal's digest in hexadecimal, as it is printed on papers; empty: there is none. */
bool seals_last_text(struct db *db, struct arena *a, struct str *ret, struct error *e)
    __attribute__((warn_unused_result));
/* All seals in the order of days, after `after_day`; at most `most`. */
bool seals_list(struct db *db, struct arena *a, int32_t after_day, int64_t most, struct seal **ret,
                size_t *ret_n, struct error *e) __attribute__((warn_unused_result));

/* ---- Proof --------------------------------------------------------------------------------------------- */

/* code for machines, meaning */
#define VERIFY_FAULTS(X)                                                                                     \
    X(ENTRY_CHANGED, "entry_changed")   /* its hash is not that of its contents */                           \
    X(ENTRY_MISSING, "entry_missing")   /* a number within a subject's chain is not there */                 \
    X(CHAIN_BROKEN, "chain_broken")     /* prev is not the hash of the entry before */                       \
    X(CUT_OFF, "cut_off")               /* the subject's row knows of more entries than there are */         \
    X(HEAD_DIFFERS, "head_differs")     /* rev or head of the row is not that of its last entry */           \
    X(NO_SUBJECT, "no_subject")         /* entries whose subject has no row */                               \
    X(SEAL_FORGED, "seal_forged")       /* the signature does not hold */                                    \
    X(SEAL_STRANGER, "seal_stranger")   /* signed with a key that is neither ours nor listed */              \
    X(SEAL_CHAIN, "seal_chain")         /* does not continue the seal before it */                           \
    X(SEAL_COUNT, "seal_count")         /* more or fewer entries than were sealed */                         \
    X(SEAL_DIGEST, "seal_digest")       /* other entries, or in another order */                             \
    X(ACCESS_CHANGED, "access_changed") /* a line of the access log: hash */                                 \
    X(ACCESS_BROKEN, "access_broken")   /* a line is missing, or the chain is broken */                      \
    X(FILE_MISSING, "file_missing")                                                                          \
    X(FILE_CHANGED, "file_changed")                                                                          \
    X(FILE_UNREADABLE, "file_unreadable")

enum verify_fault {
#define X(name, code) VERIFY_##name,
    VERIFY_FAULTS(X)
#undef X
        VERIFY_FAULT_COUNT
};

struct verify_finding {
    enum verify_fault fault;
    enum subject_kind subject_kind; /* SUBJECT_NONE for seals, access log and files */
    int64_t subject, n;             /* a file's id; in the access log n is the line of its day */
    int64_t seq;                    /* of the entry, 0 where there is none */
    int32_t day;                    /* of seals and the access log */
};
const char *verify_fault_code(enum verify_fault f);

struct verify_report {
    int64_t entries, subjects, seals, access_lines, files; /* looked at */
    int64_t erased_files;                                  /* their key was destroyed on purpose */
    int64_t unsealed;                                      /* entries after the newest seal … */
    int64_t unsealed_since; /* … and when the oldest of them was recorded; 0: none */
    int64_t faults[VERIFY_FAULT_COUNT];
    int64_t fault_count; /* all together: 0 is a proof */
    struct seal last;    /* day 0: no seal */
};

struct verify_how {
    /* Each violation, as it is found; may be null. */
    void (*found)(void *context, const struct verify_finding *f);
    /* Now and then; `of` is an estimate, 0 unknown; may be null. */
    void (*progress)(void *context, const char *what, int64_t done, int64_t of);
    void *context;
    /* Keys that have signed before, beside ours: from outside the database, or anybody who can write it
     * could add his own. */
    const unsigned char (*keys)[SIGN_PUBLIC];
    size_t key_count;
    bool without_files; /* a copy of the database alone */
};

/* True when it came to an end, whatever it found; false when the database could not be read. Memory does
 * not grow with the journal. Opens a transaction of its own when none is open, so that all of it is of one
 * moment. */
bool verify_all(struct core *core, struct db *db, const struct verify_how *how, struct verify_report *ret,
                struct error *e) __attribute__((warn_unused_result));

#endif
