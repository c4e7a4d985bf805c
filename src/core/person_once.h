/* People once (G16): who is likely to be the same, two that turn out to be one, and what becomes of people: they move, they die. A person who was
 * merged into another stays as they were, under their own key; what named them names the other until somebody takes the two apart again. */
#ifndef CORE_PERSON_ONCE_H
#define CORE_PERSON_ONCE_H

#include "core/person.h"

enum alike_by { ALIKE_ID_NO = 1, ALIKE_PHONE = 2, ALIKE_NAME = 4 };

/* Somebody who may be the one that is looked for, and by what. */
struct alike {
    int64_t person;
    unsigned by; /* ALIKE_… */
};
enum { ALIKE_MOST = 20 };

/* Whom to look for: keyed hashes, empty where there is none. Names count within the committee alone. */
struct alike_query {
    struct str name_ix, phone_ix, id_no_ix;
    int64_t lo, hi;  /* the committee */
    int64_t besides; /* not this one */
};

/* Those in the actor's reach, the surest first. */
bool person_alike(struct db *db, const struct actor *actor, const struct alike_query *q,
                  struct alike ret[ALIKE_MOST], size_t *ret_n, struct error *e);
/* "phone" for the surest reason: the field of the form. */
const char *alike_field(unsigned by);
/* The keyed hashes of an identity; the texts are normal already. */
bool person_alike_query(const struct core *core, struct db *db, struct arena *a, int64_t unit,
                        const struct identity *who, struct alike_query *ret, struct error *e);
/* [{"id","name","phone","unit","died_on","same":["phone"]}], masked. */
bool person_write_alike(struct core *core, struct db *db, struct arena *a, struct jw *w,
                        const struct actor *actor, const struct alike *rows, size_t n, struct error *e);

/* Their page: masked card, where they live, who was merged into them, who may be the same, their cases as far as the actor reads these, what registers
 * say, what was done to the entry, and the verbs open now. NOT_FOUND. */
bool person_write_page(struct core *core, struct db *db, struct arena *a, struct jw *w,
                       const struct actor *actor, struct id uuid, struct error *e);

/* Verbs. NOT_OPEN for somebody who was merged into another. */
bool person_stands(struct work *w, struct error *e);
bool apply_person_merge(struct work *w, struct error *e);
bool apply_person_unmerge(struct work *w, struct error *e);
bool apply_person_move(struct work *w, struct error *e);
bool apply_person_died(struct work *w, struct error *e);
bool apply_person_alive(struct work *w, struct error *e);

#endif
