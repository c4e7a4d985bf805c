#include "core/case_calls.h"

#include "core/person.h"

enum { CALLS_MOST = 200 };

static bool find(struct db *db, const struct actor *actor, int64_t lo, int64_t hi, int64_t *ids,
                 size_t *ret_n, struct error *e)
{
    struct db_rows r;
    *ret_n = 0;
    if (!db_rows(db, &r, e,
                 "select d.case_id from desk d join cases c on c.id = d.case_id where d.holder_kind = 1 and "
                 "d.holder >= ?1 and d.holder < ?2 and d.state = ?3 and c.resolved is null and "
                 "coalesce(c.handler, 0) <> ?4 and coalesce(c.settled_by, 0) <> ?4 order by d.due, d.case_id limit ?5",
                 ARGS(INT(lo), INT(hi), INT(STATE_SETTLED), INT(actor->account), INT(CALLS_MOST))))
        return false;
    while (*ret_n < CALLS_MOST && db_next(&r))
        ids[(*ret_n)++] = db_int(&r, 0);
    return db_end(&r, e);
}

/* Who is to be called: who reported it, else the first of those it is about. Nobody where they stayed unnamed. */
static bool write_person(struct core *core, struct db *db, struct arena *a, struct jw *w,
                         const struct case_row *c, enum lang lang, struct error *e)
{
    int64_t person = 0;
    if ((c->flags & FLAG_ANONYMOUS) == 0 &&
        !db_one_int(db, &person, 0, e,
                    "select person from case_person where case_id = ?1 order by role, side, id limit 1",
                    ARGS(INT(c->id))))
        return false;
    jw_key(w, "person");
    if (person == 0) {
        jw_null(w);
        return true;
    }
    jw_object(w);
    bool ok = person_write(core, db, a, w, person, lang, e);
    jw_end_object(w);
    return ok;
}

static bool write_call(struct core *core, struct db *db, struct arena *a, struct jw *w,
                       const struct actor *actor, const struct case_row *c, struct error *e)
{
    char id[ID_TEXT];
    json_t *words = case_words(core, a, c, NULL);

    id_format(c->uuid, id);
    jw_object(w);
    jw_kz(w, "id", id);
    jw_ktext(w, "number", c->number);
    jw_ktext(w, "title", json_text(words, "title"));
    jw_ktext(w, "result", json_text(words, "result"));
    jw_ktime(w, "settled_at", c->settled_at);
    jw_ktime(w, "due", c->due);
    bool ok = write_person(core, db, a, w, c, actor->lang, e);
    jw_end_object(w);
    json_decref(words);
    return ok;
}

bool case_write_calls(struct core *core, struct db *db, struct arena *a, struct jw *w,
                      const struct actor *actor, int64_t lo, int64_t hi, struct error *e)
{
    int64_t ids[CALLS_MOST];
    size_t n;

    if (!find(db, actor, lo, hi, ids, &n, e))
        return false;
    jw_object(w);
    jw_karray(w, "items");
    for (size_t i = 0; i < n; i++) {
        struct case_row c;
        enum sight sight;
        if (!case_load_id(db, a, ids[i], &c, e) || !scope_sight(db, actor, &c, &sight, e))
            return false;
        if (sight == SIGHT_WORK && !write_call(core, db, a, w, actor, &c, e))
            return false;
    }
    jw_end_array(w);
    jw_end_object(w);
    return true;
}
