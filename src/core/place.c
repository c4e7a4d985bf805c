#include "core/core.h"
#include "core/person.h"
#include "core/vault.h"

static bool write_one(struct core *core, struct arena *a, struct jw *w, const struct pack *pack,
                      struct db_rows *r, struct error *e)
{
    static const char *const words[] = {"name", "address", "industry", "business", "operator"};
    struct key key;
    char id[ID_TEXT];
    json_t *plain =
        vault_key(core, db_blob(r, 3), &key, e) ? vault_open(a, &key, "place", db_blob(r, 4), e) : NULL;

    if (plain == NULL)
        return false;
    id_format(db_id(r, 0), id);
    jw_object(w);
    jw_kz(w, "id", id);
    jw_ktext(w, "kind", db_text(r, 1));
    jw_ktext(w, "kind_label", pack_label(pack, "place_kinds", db_text(r, 1)));
    jw_kint(w, "rev", db_int(r, 2));
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        jw_ktext(w, words[i], json_text(plain, words[i]));
    jw_kobject(w, "unit");
    jw_ktext(w, "code", db_text(r, 5));
    jw_ktext(w, "name", db_text(r, 6));
    jw_end_object(w);
    jw_end_object(w);
    json_decref(plain);
    return true;
}

#define PLACE_COLUMNS                                                                                        \
    "select p.uuid, p.kind, p.rev, p.key, p.sealed, u.code, u.name from place p join unit u on u.id = p.unit "

bool place_write(struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t place, struct error *e)
{
    struct db_rows r;
    const struct pack *pack = core_pack(core, db, 0, e);

    if (pack == NULL || !db_rows(db, &r, e, PLACE_COLUMNS "where p.id = ?1", ARGS(INT(place))))
        return false;
    bool ok = db_next(&r) ? write_one(core, a, w, pack, &r, e) : error_set(e, ERROR_NOT_FOUND, NULL);
    return db_end(&r, ok ? e : NULL) && ok;
}

bool place_write_list(struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t lo, int64_t hi,
                      struct error *e)
{
    struct db_rows r;
    const struct pack *pack = core_pack(core, db, 0, e);
    bool ok = true;

    if (pack == NULL ||
        !db_rows(db, &r, e,
                 PLACE_COLUMNS
                 "where p.scope >= ?1 and p.scope < ?2 and p.closed_at is null order by p.scope, p.id limit 500",
                 ARGS(INT(lo), INT(hi))))
        return false;
    jw_object(w);
    jw_karray(w, "items");
    while (ok && db_next(&r))
        ok = write_one(core, a, w, pack, &r, e);
    jw_end_array(w);
    jw_end_object(w);
    return db_end(&r, ok ? e : NULL) && ok;
}
