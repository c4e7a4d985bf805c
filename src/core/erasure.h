/* Erasure of a person (PIPL art. 47): their key goes, and with it everything sealed under it; of ended cases in which they are the only one, that
 * case's key too, with its photos. Rows, numbers, times and the journal's chain stay, so figures do not change and verify holds. */
#ifndef CORE_ERASURE_H
#define CORE_ERASURE_H

#include "core/command.h"

/* RETAINED with the case's number: a case of theirs is not ended yet, or the law keeps it longer (the pack's `retention`). The system, which repeats
 * an erasure after a restore, is not asked. The reason stands in the access log. */
bool apply_person_erase(struct work *w, struct error *e);
/* Of the system, within the above. */
bool apply_case_erase(struct work *w, struct error *e);

/* The register: a text file outside the database, a line "UUID" for every erased person, so that a restore of an older archive does not bring them
 * back. Lines only grow. *ret_n: how many there are. */
bool erasure_register_write(struct db *db, const char *path, struct error *e);
/* Erases again, in the caller's transaction, whoever stands in the register and is there. A register that is not there is empty. */
bool erasure_repeat(struct core *core, struct db *db, const char *path, int64_t *ret_n, struct error *e);
/* The register of an installation, in its data folder. */
const char *erasure_register_path(const struct config *config, struct arena *a);

/* Takes the sealed bytes of erased files off the disk; after the commit. */
bool erasure_remove_files(struct core *core, struct db *db, struct error *e);
/* The journal's number of the newest erasure; 0: there is none. */
bool erasure_last(struct db *db, int64_t *ret, struct error *e);

#endif
