/* Archives: everything of an installation in one zip, made inside one consistent read while the server runs, and read back into either engine.
 *
 *   manifest.json       what it is, rows and BLAKE2b-256 of every entry; manifest.mac binds it to the key file
 *   tables/NAME.csv     every table, exact: sealed as it is, in the order of its key
 *   files/HEX           photos and recordings, sealed as they lie on the disk
 *   dictionary.csv, .md what the columns mean
 *   open/…              only on demand: words and names in clear, in AES-256 encrypted entries
 *
 * CSV: a header; text always in quotes, numbers and base64 never; NULL is nothing at all and the empty text or blob is "". */
#ifndef CORE_ARCHIVE_H
#define CORE_ARCHIVE_H

#include "base/id.h"
#include "core/core.h"
#include "core/seals.h"

enum { ARCHIVE_FORMAT = 1 };

/* What was written, or what an archive says of itself. */
struct archive_facts {
    int64_t format, schema, made_at, journal;
    int64_t rows, files, bytes;
    int64_t missing;  /* files that a row names and the disk didn't have */
    struct seal last; /* day 0: none */
    char epoch[ID_TEXT], engine[16], program[32];
};

struct archive_how {
    const char *passphrase; /* not null: with the readable part, encrypted under it */
    enum lang lang;         /* of labels in the readable part */
    void (*progress)(void *context, const char *entry, int64_t bytes);
    void *context;
};

/* Writes to `path`, which appears whole or not at all (mode 0600). `db` is a reader's connection without a transaction. */
bool archive_write(struct core *core, struct db *db, const char *path, const struct archive_how *how,
                   struct archive_facts *ret, struct error *e);

struct archive;
/* Opens and reads the manifest. ARCHIVE_DAMAGED: no zip, cut, or not ours; NO_MASTER_KEY, BROKEN_SEAL: not the key that made it; SCHEMA_NEW: made
 * by a newer program. Nothing is written. `key_file` is for the sentence. */
bool archive_open(struct archive **ret, const char *path, const struct keyring *keys, const char *key_file,
                  struct error *e);
void archive_close(struct archive *a);
const struct archive_facts *archive_facts(const struct archive *a);
/* Reads every entry to its end: sizes, hashes, rows. ARCHIVE_DAMAGED with the entry's name in `detail`. */
bool archive_prove(struct archive *a, const struct archive_how *how, struct error *e);
/* Into an empty database, in the caller's transaction: the schema as it was, the rows, then the newer migrations, a new epoch, the readers' places.
 * CONFLICT when there are tables already. */
bool archive_load(struct archive *a, struct db *db, const struct archive_how *how, struct error *e);
/* Its files, into a folder that is there. */
bool archive_load_files(struct archive *a, const char *folder, const struct archive_how *how, struct error *e);

/* Has the database no tables at all? */
bool archive_empty(struct db *db, bool *ret, struct error *e);

#endif
