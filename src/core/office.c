#include "core/office.h"

#include "core/unit.h"

static bool read_one(struct db *db, struct arena *a, const char *sql, const struct db_arg *args, size_t n,
                     struct office *ret, struct error *e)
{
    struct db_rows r;
    if (!db_rows(db, &r, e, sql, args, n))
        return false;
    bool found = db_next(&r);
    if (found)
        *ret = (struct office){.id = db_int(&r, 0),
                               .uuid = db_id(&r, 1),
                               .unit = db_int(&r, 2),
                               .code = arena_str(a, db_text(&r, 3)),
                               .name = arena_str(a, db_text(&r, 4))};
    return db_end(&r, e) && (found || error_set(e, ERROR_NOT_FOUND, "office"));
}

bool office_load(struct db *db, struct arena *a, int64_t id, struct office *ret, struct error *e)
{
    return read_one(db, a, "select id, uuid, unit, code, name from office where id = ?1", ARGS(INT(id)), ret, e);
}

bool office_by_uuid(struct db *db, struct arena *a, struct id uuid, struct office *ret, struct error *e)
{
    return read_one(db, a, "select id, uuid, unit, code, name from office where uuid = ?1 and closed_at is null",
                    ARGS(ID(uuid)), ret, e);
}

bool office_by_code(struct db *db, struct arena *a, int64_t unit, struct str code, struct office *ret,
                    struct error *e)
{
    return read_one(
        db, a,
        "select id, uuid, unit, code, name from office where unit = ?1 and code = ?2 and closed_at is null",
        ARGS(INT(unit), TEXT(code)), ret, e);
}

bool office_serves(struct db *db, const struct office *o, int64_t ord, struct error *e)
{
    int64_t found;
    if (!db_one_int(db, &found, 0, e, "select 1 from unit where id = ?1 and ord <= ?2 and ord_end > ?2",
                    ARGS(INT(o->unit), INT(ord))))
        return false;
    return found != 0;
}

bool office_make(struct db *db, int64_t unit, struct str code, struct str name, int64_t *ret, struct error *e)
{
    return db_one_int(db, ret, 0, e,
                      "insert into office(uuid, code, unit, name) values(?1, ?2, ?3, ?4) returning id",
                      ARGS(ID(id_new()), TEXT(code), INT(unit), TEXT(name)));
}

bool office_write_list(struct db *db, struct arena *a, struct jw *w, int64_t unit, struct error *e)
{
    struct unit u;
    struct db_rows r;
    char text[ID_TEXT];

    if (!unit_load(db, a, unit, &u, e) ||
        !db_rows(db, &r, e,
                 UNITS_ABOVE("?1") "select o.uuid, o.code, o.name, v.level from above v join office o on o.unit = v.id "
                                   "where o.closed_at is null order by v.level desc, o.id",
                 ARGS(INT(u.id))))
        return false;
    jw_karray(w, "items");
    while (db_next(&r)) {
        id_format(db_id(&r, 0), text);
        jw_object(w);
        jw_kz(w, "id", text);
        jw_ktext(w, "code", db_text(&r, 1));
        jw_ktext(w, "name", db_text(&r, 2));
        jw_kz(w, "level", level_code(unit_case_level((int)db_int(&r, 3))));
        jw_end_object(w);
    }
    jw_end_array(w);
    return db_end(&r, e);
}

bool office_of_unit(struct db *db, struct db_rows *r, int64_t unit, struct error *e)
{
    return db_rows(db, r, e,
                   "select uuid, code, name from office where unit = ?1 and closed_at is null order by id",
                   ARGS(INT(unit)));
}
