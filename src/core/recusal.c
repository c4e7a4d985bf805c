/* Nobody handles or sees a matter about themselves (G19): workers who are a side or the subject of a new case by their telephone, and those whom a matter that goes
 * past the village names, are recused from its first moment. */
#include "base/time.h"
#include "core/account.h"
#include "core/case_verbs.h"
#include "core/person.h"
#include "core/unit.h"

enum { WORKERS_MOST = 200 };

/* The accounts with a post where the case lies or above it. */
static bool workers(struct work *w, int64_t *ret, size_t *ret_n, struct error *e)
{
    struct db_rows r;
    *ret_n = 0;
    if (!db_rows(w->db, &r, e,
                 UNITS_ABOVE("?1") "select distinct p.account from post p join above b on b.id = p.unit "
                                   "where p.from_day <= ?2 and (p.to_day is null or p.to_day > ?2)",
                 ARGS(INT(w->c.unit), INT(day_of(w->now)))))
        return false;
    while (*ret_n < WORKERS_MOST && db_next(&r))
        ret[(*ret_n)++] = db_int(&r, 0);
    return db_end(&r, e);
}

static bool has_side(const json_t *persons)
{
    const json_t *row;
    size_t i;
    json_array_foreach(persons, i, row)
        if (!str_is(json_text(row, "role"), "reporter") && json_text(row, "phone").n > 0)
            return true;
    return false;
}

/* A side or the subject, by their telephone: a name alone many have. */
static bool is_side(struct work *w, const struct account *a)
{
    const json_t *row;
    size_t i;
    json_array_foreach(json_object_get(w->fields, "persons"), i, row) {
        struct str phone = STR("");
        bool side = str_is(json_text(row, "role"), "party") || str_is(json_text(row, "role"), "subject");
        if (side && a->phone.n > 0 &&
            phone_normal(w->arena, str_trim(json_text(row, "phone")), &phone, NULL) && str_eq(phone, a->phone))
            return true;
    }
    return false;
}

/* Named in the words of a matter about the village's own people. */
static bool is_named(struct work *w, const struct account *a)
{
    struct str text = json_text(w->words, "text");
    return (w->c.class & CLASS_BYPASS) != 0 && str_points(a->name) >= 2 && text.n > 0 &&
           memmem(text.p, text.n, a->name.p, a->name.n) != NULL;
}

/* Of those who read what goes past the village one must be left: nothing lies with nobody (R3). */
static bool left_over(struct work *w, int64_t account, bool *ret, struct error *e)
{
    struct db_rows r;
    *ret = false;
    if (!db_rows(w->db, &r, e,
                 UNITS_ABOVE("?1") "select distinct p.account from post p join above b on b.id = p.unit where p.post = ?3 "
                                   "and p.from_day <= ?2 and (p.to_day is null or p.to_day > ?2)",
                 ARGS(INT(w->c.unit), INT(day_of(w->now)), INT(POST_DISPATCHER))))
        return false;
    while (db_next(&r)) {
        bool out = db_int(&r, 0) == account;
        for (size_t i = 0; i < w->recused_count; i++)
            out = out || db_int(&r, 0) == w->recused[i];
        *ret = *ret || !out;
    }
    return db_end(&r, e);
}

static bool recuse(struct work *w, struct error *e)
{
    int64_t found[WORKERS_MOST];
    size_t n;

    if ((w->c.class & CLASS_BYPASS) == 0 && !has_side(json_object_get(w->fields, "persons")))
        return true;
    if (!workers(w, found, &n, e))
        return false;
    for (size_t i = 0; i < n && w->recused_count < WORK_RECUSED; i++) {
        struct account a;
        if (!account_load(w->core, w->db, w->arena, found[i], &a, e))
            return false;
        if (!is_side(w, &a) && !is_named(w, &a))
            continue;
        /* What one settles on the spot is somebody else's. */
        if (found[i] == w->actor->account && strcmp(w->verb->name, "settle_on_spot") == 0)
            return error_set(e, ERROR_NOT_ALLOWED_HERE, "persons");
        bool others = true;
        if ((w->c.class & CLASS_BYPASS) != 0 && !left_over(w, found[i], &others, e))
            return false;
        if (found[i] != w->actor->account && others)
            w->recused[w->recused_count++] = found[i];
    }
    if (w->recused_count > 0)
        (void)json_object_set_new(w->record, "recused", json_integer((json_int_t)w->recused_count));
    return true;
}

const struct verb_rule recusal_rules[] = {
    {KIND_NONE, "report", NULL, recuse},
    {KIND_NONE, "settle_on_spot", NULL, recuse},
    {0},
};
