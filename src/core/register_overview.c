/* Registers from further off: how many rows of each class there are and what they add up to, and what the portal shows of one. */
#include "base/time.h"
#include "core/form.h"
#include "core/names.h"
#include "core/register.h"
#include "core/verb.h"

enum { SHOWN_MOST = 500 };

static int64_t spent_state(const struct core *core, const struct register_def *def)
{
    const struct register_def *of = def->spends != SUBJECT_NONE ? register_of(core, def->spends) : NULL;
    return of != NULL ? of->spent : 0;
}

/* What the rows that hang on `r` spent of it: ?6 their register, ?7 the state that counts. */
#define SPENT                                                                                                \
    "(select sum(c.amount) from register_row c where c.parent = r.id and c.register = ?6 and c.state = ?7)"

bool register_write_counts(struct core *core, struct db *db, struct arena *a, struct jw *w,
                           const struct actor *actor, const struct register_def *def, int64_t lo, int64_t hi,
                           struct error *e)
{
    const struct pack *p = core_pack(core, db, 0, e);
    const struct verb *maker = register_maker(core, def);
    int64_t now = time_now(), tonight = day_start(day_of(now) + 1);
    struct db_rows r;

    if (p == NULL ||
        !db_rows(
            db, &r, e,
            "select code, cast(sum(open) as bigint), cast(sum(case when open = 1 and due < ?4 then 1 else 0 end) as bigint), "
            "cast(sum(case when open = 1 and due < ?5 then 1 else 0 end) as bigint), cast(coalesce(sum(amount), 0) as bigint), "
            "cast(coalesce(sum(spent), 0) as bigint) from (select code, open, due, amount, " SPENT
            " as spent from register_row r where register = ?1 and scope >= ?2 and scope < ?3) as rows group by code order by code",
            ARGS(INT(def->subject), INT(lo), INT(hi), INT(tonight), INT(now), INT(def->spends),
                 INT(spent_state(core, def)))))
        return false;
    jw_object(w);
    jw_karray(w, "items");
    while (db_next(&r)) {
        const struct register_row of = {.subject = def->subject, .scope = lo, .code = db_text(&r, 0)};
        const struct field *f = maker != NULL ? maker->fields : NULL;
        if (!register_sees(p, def, actor, &of))
            continue;
        while (f != NULL && f->name != NULL && register_column_of(def, f->name) != REGISTER_CODE)
            f++;
        jw_object(w);
        jw_ktext(w, "code", of.code);
        jw_ktext(w, "label",
                 f != NULL && f->name != NULL ? form_choice_label(a, p, f, of.code, actor->lang) : of.code);
        jw_kint(w, "open", db_int(&r, 1));
        jw_kint(w, "due", db_int(&r, 2));
        jw_kint(w, "overdue", db_int(&r, 3));
        jw_kint(w, "amount", db_int(&r, 4));
        jw_kint(w, "spent", db_int(&r, 5));
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_end_object(w);
    return db_end(&r, e);
}

/* ---- On the portal -------------------------------------------------------------------------------------- */

bool register_write_shown(struct core *core, struct db *db, struct arena *a, struct jw *w,
                          const struct register_def *def, int64_t lo, int64_t hi, struct error *e)
{
    struct actor system = actor_system();
    const struct register_filter f = {.lo = lo, .hi = hi, .limit = SHOWN_MOST};
    struct names names = names_open(core, a);
    struct register_row *rows;
    int64_t due, id, today = day_of(time_now());
    size_t n;
    bool ok = register_rows(core, db, a, &system, def, &f, &rows, &n, &due, &id, e);

    jw_object(w);
    jw_karray(w, "items");
    for (size_t i = 0; ok && i < n; i++) {
        struct name unit;
        char text[ID_TEXT];
        /* The day is looked at here and now: nothing depends on the job having run. */
        if ((def->shown >> rows[i].state & 1) == 0 || rows[i].day < today)
            continue;
        json_t *words = register_words(core, a, &rows[i], NULL);
        ok = words == NULL || names_get(&names, db, a, NAME_UNIT, rows[i].unit, &unit, e);
        if (ok && words != NULL) {
            id_format(rows[i].uuid, text);
            jw_object(w);
            jw_kz(w, "id", text);
            jw_ktext(w, "title", json_text(words, def->title));
            jw_ktext(w, "text", json_text(words, "shown_text"));
            jw_ktext(w, "contact", json_text(words, "contact"));
            jw_ktext(w, "from", json_text(words, "first_day"));
            jw_ktext(w, "until", json_text(words, "last_shown"));
            jw_ktext(w, "unit", unit.name);
            jw_end_object(w);
        }
        json_decref(words);
    }
    jw_end_array(w);
    jw_end_object(w);
    return ok;
}
