/* What the parts of the archive share. Private to archive_*.c. */
#ifndef CORE_ARCHIVE_PARTS_H
#define CORE_ARCHIVE_PARTS_H

#include <zip.h>

#include "base/json.h"
#include "core/archive.h"

/* ---- Tables, as the database itself describes them ----------------------------------------------------- */

struct archive_column {
    const char *name;
    enum db_type type;
    int key; /* place in the primary key from 1; 0: not in it */
};

struct archive_table {
    const char *name;
    struct archive_column *columns;
    size_t n, keys;
    const char *where; /* rows that stay out, as a condition; null: none do */
};

enum { ARCHIVE_KEYS = 6, ARCHIVE_COLUMNS = 120 };

/* Those of the main schema that go into an archive, by name. */
bool archive_tables(struct db *db, struct arena *a, struct archive_table **ret, size_t *ret_n, struct error *e);
/* [{"table","why"}] of what does not. */
void archive_write_left_out(struct jw *w);

/* ---- CSV ----------------------------------------------------------------------------------------------- */

void archive_csv_text(struct buf *out, struct str s);
/* A cell of the row that `r` stands on. */
void archive_csv_cell(struct buf *out, const struct db_rows *r, int column, enum db_type type);

struct archive_cell {
    struct str s;
    bool quoted;
};

/* Takes pieces of a table's text and calls `row` for every whole row, the header included; cells live until it returns. */
struct archive_csv {
    bool (*row)(void *context, const struct archive_cell *cells, size_t n, struct error *e);
    void *context;
    struct buf text; /* of the row so far, quotes taken off */
    size_t starts[ARCHIVE_COLUMNS + 1];
    bool quoted[ARCHIVE_COLUMNS];
    size_t n;
    enum { CSV_START, CSV_PLAIN, CSV_QUOTED, CSV_QUOTE } state;
    int64_t rows;
};
bool archive_csv_feed(struct archive_csv *c, struct str piece, struct error *e);
/* MALFORMED when the text ends inside a row. */
bool archive_csv_end(struct archive_csv *c, struct error *e);

/* ---- Writing ------------------------------------------------------------------------------------------- */

struct archive_writer;

/* An entry that is filled piece by piece while the zip is written. */
struct archive_entry {
    struct archive_writer *writer;
    const char *name;
    /* Appends the next piece to `page`; sets `done` with the last one. */
    bool (*fill)(struct archive_entry *entry, struct error *e);
    void *subject;
    struct buf page;
    size_t at;
    bool done, missing;
    int64_t rows, bytes;
    unsigned char digest[HASH_BYTES];
    struct archive_entry *next;
};

struct archive_writer {
    struct core *core;
    struct db *db;
    struct arena *arena;
    const struct archive_how *how;
    struct archive_facts *facts;
    zip_t *zip;
    struct archive_entry *first, **last;
    struct hasher hash;             /* of the entry that is being read */
    bool keys[256];                 /* master keys that wrapped something */
    struct str cursors, migrations; /* JSON */
    struct error error;
};

enum archive_store { ARCHIVE_PACKED, ARCHIVE_STORED, ARCHIVE_LOCKED };

bool archive_add(struct archive_writer *w, const char *name, enum archive_store store,
                 bool (*fill)(struct archive_entry *, struct error *), void *subject, struct error *e);

bool archive_add_dictionary(struct archive_writer *w, const struct archive_table *tables, size_t n,
                            struct error *e);
bool archive_add_readable(struct archive_writer *w, const struct archive_table *tables, size_t n,
                          struct error *e);

/* The check of the keys: the same for an epoch as long as the lowest master key is the same. */
void archive_key_check(const struct keyring *keys, struct str epoch, unsigned char out[HASH_BYTES]);
void archive_mac(const struct keyring *keys, struct str manifest, unsigned char out[HASH_BYTES]);

bool archive_damaged(struct error *e, const char *entry, const char *why);

#endif
