#include "core/unit.h"

#include <stdio.h>

#define UNIT_COLUMNS "id, parent, ord, ord_end, level, code, name"

static struct unit read_unit(struct db_rows *r, struct arena *a, int at)
{
    return (struct unit){
        .id = db_int(r, at),
        .parent = db_int(r, at + 1),
        .ord = db_int(r, at + 2),
        .ord_end = db_int(r, at + 3),
        .level = (int)db_int(r, at + 4),
        .code = arena_str(a, db_text(r, at + 5)),
        .name = arena_str(a, db_text(r, at + 6)),
    };
}

static bool read_one(struct db *db, struct arena *a, const char *sql, const struct db_arg *args, size_t n,
                     struct unit *ret, struct error *e)
{
    struct db_rows r;
    if (!db_rows(db, &r, e, sql, args, n))
        return false;
    bool found = db_next(&r);
    if (found)
        *ret = read_unit(&r, a, 0);
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

bool unit_place(struct db *db, struct arena *a, struct str code, struct unit_place *ret, struct error *e)
{
    struct unit chain[4] = {{0}};
    struct db_rows r;
    int n = 0;

    if (!db_rows(db, &r, e,
                 "select a.id, a.parent, a.ord, a.ord_end, a.level, a.code, a.name, b.id, b.parent, b.ord, b.ord_end, b.level, b.code, b.name, "
                 "c.id, c.parent, c.ord, c.ord_end, c.level, c.code, c.name, d.id, d.parent, d.ord, d.ord_end, d.level, d.code, d.name "
                 "from unit a left join unit b on b.id = a.parent left join unit c on c.id = b.parent left join unit d on d.id = c.parent "
                 "where a.code = ?1 and a.valid_to is null order by a.level desc limit 1",
                 ARGS(TEXT(code))))
        return false;
    if (db_next(&r))
        for (; n < 4 && !db_null(&r, n * 7); n++)
            chain[n] = read_unit(&r, a, n * 7);
    if (!db_end(&r, e))
        return false;
    if (n == 0)
        return error_set(e, ERROR_NOT_FOUND, "unit");
    *ret = (struct unit_place){.unit = chain[0]};
    for (int i = 0; i < n; i++) {
        if (chain[i].level == UNIT_COMMITTEE)
            ret->committee = chain[i];
        if (chain[i].level == UNIT_COUNTY)
            ret->county = chain[i];
    }
    if (ret->committee.id == 0)
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "unit");
    return ret->county.id != 0 || error_set(e, ERROR_NOT_FOUND, "unit");
}

bool unit_chain(struct db *db, int64_t id, struct unit_chain *ret, struct error *e)
{
    struct db_rows r;
    size_t n = 0;

    for (size_t i = 0; i < UNIT_LEVELS; i++)
        ret->ids[i] = ret->ords[i] = -1;
    if (!db_rows(db, &r, e,
                 UNITS_ABOVE("?1") "select v.id, v.ord from above b join unit v on v.id = b.id order by v.level desc",
                 ARGS(INT(id))))
        return false;
    for (; n < UNIT_LEVELS && db_next(&r); n++) {
        ret->ids[n] = db_int(&r, 0);
        ret->ords[n] = db_int(&r, 1);
    }
    return db_end(&r, e);
}

bool unit_in_chain(const struct unit_chain *c, int64_t id)
{
    for (size_t i = 0; i < UNIT_LEVELS; i++)
        if (c->ids[i] == id)
            return true;
    return false;
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
