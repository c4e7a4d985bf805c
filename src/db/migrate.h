/* Migrations: schema/NNNN-name.sql (embedded), forward only, each in one transaction, recorded with its hash. */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include "db/db.h"

/* SCHEMA_OLD when migrations are missing, SCHEMA_NEW when the database knows one that this program doesn't, INTERNAL when a recorded one
 * has another hash. An empty database is SCHEMA_OLD with version 0. */
bool migrate_check(struct db *db, struct error *e) __attribute__((warn_unused_result));
/* Applies what is missing, then schema/derived.sql, which creates what is missing of the derived data and may run at any time. */
bool migrate_up(struct db *db, int *ret_applied, struct error *e) __attribute__((warn_unused_result));
int64_t migrate_version(struct db *db);
/* Makes the tables of the derived data when there are none: their file is not kept in backups. The jobs fill them. */
bool migrate_derived(struct db *db, struct error *e) __attribute__((warn_unused_result));
/* In the caller's transaction: what is missing up to number `most`, for an archive of an older schema; INT64_MAX: everything, derived data too. */
bool migrate_inside(struct db *db, int64_t most, struct error *e) __attribute__((warn_unused_result));
/* The newest number this program knows. */
int64_t migrate_newest(void);

/* The same with other files than the embedded ones: for tests. */
struct embed_file;
bool migrate_list_check(struct db *db, const struct embed_file *files, size_t count, struct error *e)
    __attribute__((warn_unused_result));
bool migrate_list_up(struct db *db, const struct embed_file *files, size_t count, int *ret_applied,
                     struct error *e) __attribute__((warn_unused_result));

#endif
