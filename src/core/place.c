#include "core/place.h"

#include "core/vault.h"

#define COLUMNS                                                                                              \
    "p.id, p.scope, p.rev, coalesce(p.lat, 0), coalesce(p.lon, 0), p.uuid, p.kind, p.key, p.sealed, u.code, u.name"

/* Residents' houses: their names are people's names. */
static bool is_dwelling(const struct place *p)
{
    return str_is(p->kind, "house");
}

static bool read_one(struct core *core, struct arena *a, const struct pack *pack, struct db_rows *r,
                     struct place *ret, struct error *e)
{
    struct key key;
    json_t *plain =
        vault_key(core, db_blob(r, 7), &key, e) ? vault_open(a, &key, "place", db_blob(r, 8), e) : NULL;

    if (plain == NULL)
        return false;
    *ret = (struct place){
        .id = db_int(r, 0),
        .scope = db_int(r, 1),
        .rev = db_int(r, 2),
        .lat = db_int(r, 3),
        .lon = db_int(r, 4),
        .uuid = db_id(r, 5),
        .kind = arena_str(a, db_text(r, 6)),
        .kind_label = arena_str(a, pack_label(pack, "place_kinds", db_text(r, 6))),
        .unit_code = arena_str(a, db_text(r, 9)),
        .unit_name = arena_str(a, db_text(r, 10)),
        .name = arena_str(a, json_text(plain, "name")),
        .address = arena_str(a, json_text(plain, "address")),
        .industry = arena_str(a, json_text(plain, "industry")),
        .business = arena_str(a, json_text(plain, "business")),
        .owner = arena_str(a, json_text(plain, "operator")),
    };
    json_decref(plain);
    return true;
}

static bool find_one(struct core *core, struct db *db, struct arena *a, const char *where, struct db_arg arg,
                     struct place *ret, struct error *e)
{
    struct db_rows r;
    const struct pack *pack = core_pack(core, db, 0, e);
    const char *sql =
        arena_printf(a, "select " COLUMNS " from place p join unit u on u.id = p.unit where %s", where);
    if (pack == NULL || !db_rows(db, &r, e, sql, &arg, 1))
        return false;
    bool found = db_next(&r), ok = !found || read_one(core, a, pack, &r, ret, e);
    return db_end(&r, ok ? e : NULL) && ok && (found || error_set(e, ERROR_NOT_FOUND, NULL));
}

bool place_load(struct core *core, struct db *db, struct arena *a, struct id uuid, struct place *ret,
                struct error *e)
{
    return find_one(core, db, a, "p.uuid = ?1 and p.closed_at is null", ID(uuid), ret, e);
}

bool place_page(struct core *core, struct db *db, struct arena *a, const struct place_query *q,
                struct place **ret, size_t *ret_n, struct error *e)
{
    struct db_rows r;
    const struct pack *pack = core_pack(core, db, 0, e);
    bool ok = true;

    *ret = ARENA_ARRAY(a, struct place, (size_t)q->limit + 1);
    *ret_n = 0;
    if (pack == NULL ||
        !db_rows(db, &r, e,
                 "select " COLUMNS
                 " from place p join unit u on u.id = p.unit where p.scope >= ?1 and p.scope < ?2 and p.closed_at is null "
                 "and (p.scope > ?3 or (p.scope = ?3 and p.id > ?4)) order by p.scope, p.id limit ?5",
                 ARGS(INT(q->lo), INT(q->hi), INT(q->after_scope), INT(q->after_id), INT(q->limit))))
        return false;
    while (ok && db_next(&r))
        ok = read_one(core, a, pack, &r, &(*ret)[*ret_n], e) && ++*ret_n > 0;
    return db_end(&r, ok ? e : NULL) && ok;
}

static void write_head(struct jw *w, const struct place *p)
{
    char id[ID_TEXT];
    id_format(p->uuid, id);
    jw_kz(w, "id", id);
    jw_ktext(w, "kind_label", p->kind_label);
}

static void write_unit(struct jw *w, const struct place *p)
{
    jw_kobject(w, "unit");
    jw_ktext(w, "code", p->unit_code);
    jw_ktext(w, "name", p->unit_name);
    jw_end_object(w);
}

static void write_one(struct jw *w, const struct place *p)
{
    jw_object(w);
    write_head(w, p);
    jw_ktext(w, "kind", p->kind);
    jw_kint(w, "rev", p->rev);
    jw_ktext(w, "name", p->name);
    jw_ktext(w, "address", p->address);
    jw_ktext(w, "industry", p->industry);
    jw_ktext(w, "business", p->business);
    jw_ktext(w, "operator", p->owner);
    write_unit(w, p);
    jw_end_object(w);
}

bool place_write(struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t place, struct error *e)
{
    struct place p;
    if (!find_one(core, db, a, "p.id = ?1", INT(place), &p, e))
        return false;
    write_one(w, &p);
    return true;
}

bool place_write_list(struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t lo, int64_t hi,
                      struct error *e)
{
    struct place_query q = {.lo = lo, .hi = hi, .after_scope = -1, .limit = 500};
    struct place *rows;
    size_t n;

    if (!place_page(core, db, a, &q, &rows, &n, e))
        return false;
    jw_object(w);
    jw_karray(w, "items");
    for (const struct place *p = rows; p < rows + n; p++)
        write_one(w, p);
    jw_end_array(w);
    jw_end_object(w);
    return true;
}

void place_write_sign(struct jw *w, const struct place *p)
{
    jw_object(w);
    write_head(w, p);
    jw_ktext(w, "name", is_dwelling(p) ? STR("") : p->name);
    write_unit(w, p);
    jw_end_object(w);
}

bool work_place(struct work *w, int64_t lo, int64_t hi, struct place *ret, struct error *e)
{
    struct id uuid;
    if (!id_parse(work_text(w, "place_id"), &uuid))
        return error_set(e, ERROR_NOT_FOUND, "place_id");
    if (!place_load(w->core, w->db, w->arena, uuid, ret, e))
        return e != NULL && e->code == ERROR_NOT_FOUND ? error_set(e, ERROR_NOT_FOUND, "place_id") : false;
    return (ret->scope >= lo && ret->scope < hi) || error_set(e, ERROR_NOT_FOUND, "place_id");
}
