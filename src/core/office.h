/* Offices: departments, stations and bureaus that work for a unit. */
#ifndef CORE_OFFICE_H
#define CORE_OFFICE_H

#include "base/json.h"
#include "core/core.h"

struct office {
    int64_t id, unit;
    struct id uuid;
    struct str code, name;
};

/* NOT_FOUND. */
bool office_load(struct db *db, struct arena *a, int64_t id, struct office *ret, struct error *e);
bool office_by_uuid(struct db *db, struct arena *a, struct id uuid, struct office *ret, struct error *e);
bool office_by_code(struct db *db, struct arena *a, int64_t unit, struct str code, struct office *ret,
                    struct error *e);
/* Does the office work for a place at this ordinal (its unit's interval holds it)? */
bool office_serves(struct db *db, const struct office *o, int64_t ord, struct error *e);
bool office_make(struct db *db, int64_t unit, struct str code, struct str name, int64_t *ret, struct error *e);
/* Id, code and name of the unit's own offices: read with db_next, end with db_end. */
bool office_of_unit(struct db *db, struct db_rows *r, int64_t unit, struct error *e);
/* [{"id","code","name","level"}] of those that work for the unit, itself and everything above it. */
bool office_write_list(struct db *db, struct arena *a, struct jw *w, int64_t unit, struct error *e);

#endif
