/* What commands need to know of each kind of subject: its table, how it is loaded, who may touch it, how it is written back. */
#ifndef CORE_SUBJECT_H
#define CORE_SUBJECT_H

#include "core/command.h"

/* Name of the table. */
const char *subject_table(enum subject_kind k);
bool subject_uuid(struct db *db, enum subject_kind k, int64_t id, struct id *ret, struct error *e);
bool subject_id(struct db *db, enum subject_kind k, struct id uuid, int64_t *ret, struct error *e);

/* Loads and locks w->command->subject. NOT_FOUND also when the actor may not know of it. */
bool subject_load(struct work *w, struct error *e);
/* May the actor do this verb to it now? For verbs that make a subject the verb's own apply checks the reach, once it knows the unit. */
bool subject_may(struct work *w, struct error *e);
/* Writes rev, head and, for cases, row, words, clocks and desk. */
bool subject_save(struct work *w, struct error *e);

#endif
