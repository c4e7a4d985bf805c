/* Backups: an archive with a dated name in a folder, proved by reading it back before older ones go. */
#ifndef JOB_BACKUP_H
#define JOB_BACKUP_H

#include "core/archive.h"

/* What the last attempt came to, as it stands in meta: for doctor, the host page and /readyz. */
struct backup_state {
    int64_t at;      /* 0: never */
    int64_t good_at; /* of the last that was proved */
    bool ok;
    int64_t bytes, rows, files;
    char file[256], error[64];
};

/* Writes FOLDER/liuxiao-DATE-TIME.zip and .seal beside it; keeps the `keep` newest (0: all). `db` is a reader's connection. */
bool backup_make(struct core *core, struct db *db, const char *folder, int64_t keep,
                 const struct archive_how *how, struct backup_state *ret, struct error *e);
/* In the caller's transaction. */
bool backup_note(struct db *db, const struct backup_state *s, struct error *e);
bool backup_last(struct db *db, struct backup_state *ret, struct error *e);

#endif
