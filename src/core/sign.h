/* What hangs on a wall or a door: which unit or place it is, who its steward is. For posters with a QR code. */
#ifndef CORE_SIGN_H
#define CORE_SIGN_H

#include "core/place.h"
#include "core/unit.h"

struct sign {
    struct str unit_code, unit_name; /* what the code opens: a committee or a village group */
    struct str committee;            /* "吴寨居委会" */
    struct str full_name;            /* "正午镇吴寨居委会" */
    bool group;
    struct str steward, steward_phone; /* empty: none is appointed */
    bool has_place;
    struct place place;
    char place_id[ID_TEXT];
};

enum { SIGNS_MOST = 2000 };

/* The unit's own sign, then those of its groups and of the places in it, where wanted; at most SIGNS_MOST. NOT_ALLOWED_HERE "unit": nobody reports to a
 * unit above the committee. */
bool signs_of_unit(struct core *core, struct db *db, struct arena *a, const struct unit *u, bool groups,
                   bool places, struct sign **ret, size_t *ret_n, struct error *e);
bool sign_of_place(struct core *core, struct db *db, struct arena *a, const struct place *p, struct sign *ret,
                   struct error *e);

#endif
