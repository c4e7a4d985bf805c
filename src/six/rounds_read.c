#include "base/time.h"
#include "core/names.h"
#include "core/unit.h"
#include "six/rounds.h"

enum { ROUNDS_MOST = 50 };

static bool write_round(struct core *core, struct db *db, struct arena *a, struct jw *w,
                        const struct register_row *row, struct names *names, struct error *e)
{
    struct name unit;
    struct db_rows r;
    char id[ID_TEXT], day[DATE_TEXT];
    int64_t count = 0, sum = 0;

    if (!names_get(names, db, a, NAME_UNIT, row->unit, &unit, e) ||
        !db_rows(db, &r, e,
                 "select count(*), cast(coalesce(sum(amount), 0) as bigint) from register_row where parent = ?1 and open = 1",
                 ARGS(INT(row->id))))
        return false;
    if (db_next(&r)) {
        count = db_int(&r, 0);
        sum = db_int(&r, 1);
    }
    json_t *words = register_words(core, a, row, e);
    if (!db_end(&r, e) || words == NULL)
        return false;
    id_format(row->uuid, id);
    date_format(day_of(row->due), day);
    jw_object(w);
    jw_kz(w, "id", id);
    jw_ktext(w, "wording", json_text(words, "wording"));
    jw_ktext(w, "what", json_text(words, "what"));
    jw_ktext(w, "measure", json_text(words, "measure"));
    jw_kz(w, "until", day);
    jw_ktext(w, "unit", unit.name);
    jw_kint(w, "count", count);
    jw_kint(w, "sum", sum);
    jw_end_object(w);
    json_decref(words);
    return true;
}

bool rounds_write(struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t unit, struct error *e)
{
    const struct actor system = actor_system();
    const struct register_def *def = register_of(core, SUBJECT_ROUND);
    const struct register_filter f = {
        .lo = -1, .hi = -1, .unit = unit, .limit = ROUNDS_MOST, .after_due = time_now()};
    struct names names = names_open(core, a);
    struct register_row *rows;
    size_t n;
    int64_t due, id;

    if (!register_rows(core, db, a, &system, def, &f, &rows, &n, &due, &id, e))
        return false;
    jw_object(w);
    jw_karray(w, "items");
    for (size_t i = 0; i < n; i++)
        if (!write_round(core, db, a, w, &rows[i], &names, e))
            return false;
    jw_end_array(w);
    jw_end_object(w);
    return true;
}
