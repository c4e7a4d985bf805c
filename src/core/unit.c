#include "core/unit.h"

#include <stdio.h>

#define UNIT_COLUMNS "id, parent, ord, ord_end, level, code, name"

static bool read_one(struct db *db, struct arena *a, const char *sql, const struct db_arg *args, size_t n,
                     struct unit *ret, struct error *e)
{
    struct db_rows r;
    if (!db_rows(db, &r, e, sql, args, n))
        return false;
    bool found = db_next(&r);
    if (found)
        *ret = (struct unit){
            .id = db_int(&r, 0),
            .parent = db_int(&r, 1),
            .ord = db_int(&r, 2),
            .ord_end = db_int(&r, 3),
            .level = (int)db_int(&r, 4),
            .code = arena_str(a, db_text(&r, 5)),
            .name = arena_str(a, db_text(&r, 6)),
        };
    return db_end(&r, e) && (found || error_set(e, ERROR_NOT_FOUND, "unit"));
}

bool unit_load(struct db *db, struct arena *a, int64_t id, struct unit *ret, struct error *e)
{
    return read_one(db, a, "select " UNIT_COLUMNS " from unit where id = ?1", ARGS(INT(id)), ret, e);
}

bool unit_by_code(struct db *db, struct arena *a, struct str code, struct unit *ret, struct error *e)
{
    return read_one(db, a,
                    "select " UNIT_COLUMNS
                    " from unit where code = ?1 and valid_to is null order by level desc limit 1",
                    ARGS(TEXT(code)), ret, e);
}

bool unit_at(struct db *db, struct arena *a, int64_t ord, struct unit *ret, struct error *e)
{
    return read_one(db, a, "select " UNIT_COLUMNS " from unit where ord = ?1", ARGS(INT(ord)), ret, e);
}

bool unit_above(struct db *db, struct arena *a, int64_t id, int level, struct unit *ret, struct error *e)
{
    if (!unit_load(db, a, id, ret, e))
        return false;
    while (ret->level > level && ret->parent != 0)
        if (!unit_load(db, a, ret->parent, ret, e))
            return false;
    return ret->level == level || error_set(e, ERROR_NOT_FOUND, "unit");
}

bool unit_full_name(struct db *db, struct arena *a, int64_t id, int from_level, struct str *ret, struct error *e)
{
    struct str name = STR("");
    struct unit u;
    while (id != 0) {
        if (!unit_load(db, a, id, &u, e))
            return false;
        if (u.level < from_level)
            break;
        name = str_of(arena_printf(a, "%.*s%.*s", (int)u.name.n, u.name.p, (int)name.n, name.p));
        id = u.parent;
    }
    *ret = name;
    return true;
}

bool unit_children(struct db *db, struct db_rows *r, int64_t id, struct error *e)
{
    return db_rows(db, r, e,
                   "select code, name, level from unit where parent = ?1 and valid_to is null order by ord",
                   ARGS(INT(id)));
}

struct str unit_short(struct arena *a, const struct unit *u)
{
    static const char *const tails[] = {"社区居民委员会", "社区居委会", "社区村委会",
                                        "居民委员会",     "村民委员会", "居委会",
                                        "村委会",         "村",         "社区"};
    (void)a;
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        struct str tail = str_of(tails[i]);
        if (str_ends(u->name, tail) && u->name.n > tail.n)
            return str_range(u->name.p, u->name.n - tail.n);
    }
    return u->name;
}

enum level unit_case_level(int unit_level)
{
    switch (unit_level) {
    case UNIT_GROUP:
        return LEVEL_GROUP;
    case UNIT_COMMITTEE:
        return LEVEL_COMMITTEE;
    case UNIT_TOWN:
        return LEVEL_TOWN;
    default:
        return LEVEL_COUNTY;
    }
}

bool unit_add_group(struct db *db, struct arena *a, int64_t committee, struct str name, int64_t *ret,
                    struct error *e)
{
    struct unit c;
    int64_t n;

    if (!unit_load(db, a, committee, &c, e))
        return false;
    if (c.level != UNIT_COMMITTEE)
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "unit");
    if (!db_one_int(db, &n, 0, e, "select count(*) + 1 from unit where parent = ?1", ARGS(INT(committee))))
        return false;
    if (n > 998)
        return error_setf(e, ERROR_OUT_OF_RANGE, "unit", "998");
    const char *code = arena_printf(a, "%.*s%03lld", (int)c.code.n, c.code.p, (long long)n);
    return db_one_int(
        db, ret, 0, e,
        "insert into unit(code, level, name, parent, ord, ord_end) values(?1, 6, ?2, ?3, ?4, ?4 + 1) returning id",
        ARGS(TEXTZ(code), TEXT(name), INT(committee), INT(c.ord + n)));
}
