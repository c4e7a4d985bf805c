/* People: who stands behind a name in a case. Identity is sealed under a key per person and found through keyed hashes; everything shown is masked
 * unless somebody says what for, and that is written down. */
#ifndef CORE_PERSON_H
#define CORE_PERSON_H

#include "core/command.h"

struct identity {
    struct str name, phone, id_no, address;
};

/* Digits only, without a leading 86; empty stays empty. MALFORMED for anything that is no telephone number. */
bool phone_normal(struct arena *a, struct str typed, struct str *ret, struct error *e);
/* GB 11643-1999: 17 digits and a check digit, an x written large; empty stays empty. BAD_CHECK_DIGIT, MALFORMED. */
bool id_no_normal(struct arena *a, struct str typed, struct str *ret, struct error *e);

/* The person of this identity in the committee of `unit` (same name and telephone, or same identity number), made when there is none. */
bool person_find_or_make(struct work *w, int64_t unit, int64_t scope, const struct identity *who,
                         int64_t *ret, struct error *e);

/* Who stands for this person now: themselves, or who they were merged into (G16). */
bool person_standing(struct db *db, int64_t person, int64_t *ret, struct error *e);

/* Within a statement: themselves (?1) and all who were merged into them, one by one or one behind the other. */
#define ONE_PERSON                                                                                           \
    "with recursive one(id) as (select id from person where id = ?1 union all select p.id from person p join one on p.merged_into = one.id) select id from one"

/* *ret_erased (may be null): their key was destroyed; everything is empty then. */
bool person_open(const struct core *core, struct db *db, struct arena *a, int64_t person,
                 struct identity *ret, bool *ret_erased, struct error *e);

/* From the row's key and sealed columns. KEY_DESTROYED. */
bool person_unseal(const struct core *core, struct arena *a, struct str wrapped, struct str sealed,
                   struct identity *ret, struct error *e);

/* {"id","name","phone"}: masked; of an erased person, whose `wrapped` key is empty, the name says so. */
bool person_write_row(const struct core *core, struct arena *a, struct jw *w, struct id uuid,
                      struct str wrapped, struct str sealed, enum lang lang, struct error *e);
bool person_write(const struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t person,
                  enum lang lang, struct error *e);

/* The posts that see the people of their unit. */
#define PERSON_READERS (POSTS_DESK | POSTS_MEDIATOR | AS(STEWARD))
/* May the actor know of a person at this ordinal? Somebody who works on a case of theirs may, and whoever has one of those posts; but not of those
 * whom children's matters and the like are about (L9). */
bool person_may_see(struct db *db, const struct actor *actor, int64_t person, int64_t scope, bool *ret,
                    struct error *e);

/* Is a matter about them that the actor's posts may not read: a child's, one that goes past the village? */
bool person_hidden(struct db *db, const struct actor *actor, int64_t person, bool *ret, struct error *e);

/* The unmasked identity, written into `access` first, in the same transaction. `purpose` is needed. The actor must work on a case of the person or
 * reach their unit. */
bool person_reveal(struct core *core, struct db *db, struct arena *a, const struct actor *actor,
                   struct id uuid, struct str purpose, struct jw *w, struct error *e);

/* All that is kept about a person, for the person (PIPL art. 45): identity in full, the cases they are in with words and steps, who looked at them and
 * when. Written into `access` first. For the desk of their unit; cases that the actor may not read are counted as `withheld`. Photos and recordings
 * are listed in *ret_files (in the arena) under the names that the text gives them. NOT_FOUND, KEY_DESTROYED. */
struct file_info;
struct person_file {
    const char *name; /* "files/HASH.jpg" */
    struct file_info *info;
};
bool person_export(struct core *core, struct db *db, struct arena *a, const struct actor *actor,
                   struct id uuid, struct str purpose, struct jw *w, struct person_file **ret_files,
                   size_t *ret_n, struct error *e);

/* Those in the actor's reach whose name or telephone is exactly `q`: masked cards, at most 20. */
bool person_search(const struct core *core, struct db *db, struct arena *a, const struct actor *actor,
                   struct str q, struct jw *w, struct error *e);

/* People of [lo, hi) in the order of their ids, behind `after`; those whom a matter hides from the actor, and those whose key was
 * destroyed, are left out. */
struct person_row {
    int64_t id, unit, created_at;
    struct identity who;
};
bool person_walk(const struct core *core, struct db *db, struct arena *a, const struct actor *actor,
                 int64_t lo, int64_t hi, int64_t after, struct person_row *ret, size_t room, size_t *ret_n,
                 struct error *e);

#endif
