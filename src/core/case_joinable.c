/* What others have said already and one may join (R6): numbers and categories of open cases, never their words. */
#include "core/case_read.h"
#include "core/unit.h"

enum { JOINABLE_MOST = 50 };

static bool is_joinable(struct core *core, struct db *db, const struct case_row *c, struct error *e)
{
    const struct pack *p = core_pack(core, db, c->pack, e);
    const struct category *category = p != NULL ? pack_category(p, c->kind, c->category) : NULL;
    return c->class == 0 && category != NULL && json_flag(category->row, "joinable");
}

static bool write_one(struct core *core, struct db *db, struct jw *w, const struct case_row *c, struct error *e)
{
    const struct pack *p = core_pack(core, db, c->pack, e);
    const struct category *category = p != NULL ? pack_category(p, c->kind, c->category) : NULL;
    int64_t count;

    if (category == NULL ||
        !db_one_int(db, &count, 0, e, "select count(*) from case_link where other = ?1 and relation = 1",
                    ARGS(INT(c->id))))
        return false;
    jw_object(w);
    jw_ktext(w, "number", c->number);
    jw_ktext(w, "category_label", category->label);
    jw_ktext(w, "about", category->definition);
    jw_ktext(w, "state_label", p->kinds[c->kind].states[c->state]);
    jw_ktime(w, "reported_at", c->reported_at);
    jw_kint(w, "others", count);
    jw_end_object(w);
    return true;
}

bool case_write_joinable(struct core *core, struct db *db, struct arena *a, struct jw *w,
                         const struct unit *committee, struct error *e)
{
    int64_t ids[JOINABLE_MOST];
    size_t n = 0;
    struct db_rows r;

    if (!db_rows(db, &r, e,
                 "select case_id from desk where holder_kind = 1 and holder >= ?1 and holder < ?2 and state <= ?3 and class = 0 "
                 "and case_kind = ?4 order by case_id desc limit ?5",
                 ARGS(INT(committee->ord), INT(committee->ord_end), INT(STATE_WORKING), INT(KIND_REQUEST),
                      INT(JOINABLE_MOST))))
        return false;
    while (n < JOINABLE_MOST && db_next(&r))
        ids[n++] = db_int(&r, 0);
    if (!db_end(&r, e))
        return false;
    jw_object(w);
    jw_karray(w, "items");
    for (size_t i = 0; i < n; i++) {
        struct case_row c;
        if (!case_load_id(db, a, ids[i], &c, e))
            return false;
        if (is_joinable(core, db, &c, e) && !write_one(core, db, w, &c, e))
            return false;
    }
    jw_end_array(w);
    jw_end_object(w);
    return true;
}
