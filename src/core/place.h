/* Places: shops, schools, houses, ponds, road sections … with the three responsible (三管三必须). Their words are sealed. */
#ifndef CORE_PLACE_H
#define CORE_PLACE_H

#include "core/command.h"

struct place {
    int64_t id, scope, rev, lat, lon;
    struct id uuid;
    struct str kind, kind_label;
    struct str unit_code, unit_name;
    struct str name, address, industry, business, owner; /* `owner`: the place's own responsible */
};

/* One that is still there. NOT_FOUND. */
bool place_load(struct core *core, struct db *db, struct arena *a, struct id uuid, struct place *ret,
                struct error *e);

/* At most `limit` places within [lo, hi), in the order of the tree, behind the one at (after_scope, after_id); -1, 0: from the start. */
struct place_query {
    int64_t lo, hi, after_scope, after_id, limit;
};
bool place_page(struct core *core, struct db *db, struct arena *a, const struct place_query *q,
                struct place **ret, size_t *ret_n, struct error *e);

/* Places of the actor's reach within [lo, hi): {"id","kind","kind_label","name","address","industry","business","operator","unit","rev"}, at most 500. */
/* One of them. */
bool place_write(struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t place, struct error *e);
bool place_write_list(struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t lo, int64_t hi,
                      struct error *e);

/* What whoever stands in front of it may know: {"id","name","kind_label","unit"}. A dwelling has no name for strangers. */
void place_write_sign(struct jw *w, const struct place *p);

/* The place that a report names by `place_id`: it must lie in the committee's interval [lo, hi). NOT_FOUND "place_id". */
bool work_place(struct work *w, int64_t lo, int64_t hi, struct place *ret, struct error *e);

#endif
