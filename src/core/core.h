/* What the domain needs to run: keys, calendar, packs, files. Made once at start and shared, read-only, by all threads. */
#ifndef CORE_CORE_H
#define CORE_CORE_H

#include <pthread.h>

#include "base/config.h"
#include "base/crypto.h"
#include "base/lang.h"
#include "base/workday.h"
#include "db/db.h"
#include "core/pack.h"

struct verb;
struct verb_rule;
struct gate;
struct register_def;
struct forms;

enum { CORE_PACKS = 64 };

/* The tables that run the program, handed in by it (architecture.md). Lists of tables are ended by null, tables by a zero row. */
struct core_tables {
    const struct verb *const *verbs;
    const struct verb_rule *const *rules; /* the kinds' own */
    const struct gate *const *gates;      /* what must be done before a verb */
    const struct register_def *const *registers;
};

struct core {
    const struct config *config;
    struct keyring *keys;
    struct calendar *calendar;
    const char *node; /* name of this process among several, for leases and the access log */
    const struct core_tables *tables;

    pthread_mutex_t packs_lock; /* packs are added, never changed or removed */
    struct pack *packs[CORE_PACKS];
    size_t pack_count;
    int64_t active_pack;

    struct forms *forms; /* core/form.h */
};

/* Opens the keyring, reads the calendar and the active pack from the database. */
bool core_open(struct core **ret, const struct config *config, struct db *db,
               const struct core_tables *tables, struct error *e);
void core_close(struct core *c);

/* The pack under which a case was opened; loads it at need. 0 is the active one. Null: not there (error filled). */
const struct pack *core_pack(struct core *c, struct db *db, int64_t id, struct error *e);
/* Reads the active pack's number again, after another node changed it. The calendar is read at start alone. */
bool core_refresh(struct core *c, struct db *db, struct error *e);

/* Stores a pack and makes it the active one. */
bool core_set_pack(struct db *db, struct str text, struct error *e);
/* How residents reach this installation, without a slash at its end: the setting public_url; the demo, which has none, is reached where it listens.
 * NOT_CONFIGURED "public_url". */
bool core_public_url(const struct core *core, struct db *db, struct arena *a, struct str *ret, struct error *e);
/* Small values of the installation. */
bool meta_get(struct db *db, struct arena *a, const char *key, struct str *ret, struct error *e);
bool meta_set(struct db *db, const char *key, struct str value, struct error *e);

#endif
