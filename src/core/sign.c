#include "core/sign.h"

#include "core/account.h"

static bool sign_of(struct core *core, struct db *db, struct arena *a, const struct unit *u, struct sign *ret,
                    struct error *e)
{
    struct unit committee;
    *ret = (struct sign){.unit_code = u->code, .unit_name = u->name, .group = u->level == UNIT_GROUP};
    if (!unit_above(db, a, u->id, UNIT_COMMITTEE, &committee, e) ||
        !unit_full_name(db, a, committee.id, UNIT_TOWN, &ret->full_name, e))
        return false;
    ret->committee = committee.name;
    return account_steward(core, db, a, u->ord, &ret->steward, &ret->steward_phone, e);
}

bool sign_of_place(struct core *core, struct db *db, struct arena *a, const struct place *p, struct sign *ret,
                   struct error *e)
{
    struct unit u;
    if (!unit_by_code(db, a, p->unit_code, &u, e) || !sign_of(core, db, a, &u, ret, e))
        return false;
    ret->has_place = true;
    ret->place = *p;
    id_format(p->uuid, ret->place_id);
    return true;
}

static bool add_groups(struct core *core, struct db *db, struct arena *a, const struct unit *u,
                       struct sign *list, size_t *n, struct error *e)
{
    struct db_rows r;
    struct str codes[1000];
    size_t count = 0;

    if (!unit_children(db, &r, u->id, e))
        return false;
    while (count < sizeof codes / sizeof codes[0] && db_next(&r))
        codes[count++] = arena_str(a, db_text(&r, 0));
    if (!db_end(&r, e))
        return false;
    for (size_t i = 0; i < count && *n < SIGNS_MOST; i++) {
        struct unit group;
        if (!unit_by_code(db, a, codes[i], &group, e) || !sign_of(core, db, a, &group, &list[(*n)++], e))
            return false;
    }
    return true;
}

bool signs_of_unit(struct core *core, struct db *db, struct arena *a, const struct unit *u, bool groups,
                   bool places, struct sign **ret, size_t *ret_n, struct error *e)
{
    struct sign *list = ARENA_ARRAY(a, struct sign, SIGNS_MOST);
    struct place_query q = {.lo = u->ord, .hi = u->ord_end, .after_scope = -1, .limit = SIGNS_MOST};
    struct place *rows;
    size_t n = 1, count = 0;

    if (u->level < UNIT_COMMITTEE)
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "unit");
    if (!sign_of(core, db, a, u, &list[0], e) || (groups && !add_groups(core, db, a, u, list, &n, e)) ||
        (places && !place_page(core, db, a, &q, &rows, &count, e)))
        return false;
    for (size_t i = 0; i < count && n < SIGNS_MOST; i++)
        if (!sign_of_place(core, db, a, &rows[i], &list[n++], e))
            return false;
    *ret = list;
    *ret_n = n;
    return true;
}
