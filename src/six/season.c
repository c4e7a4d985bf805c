#include "six/season.h"

#include <stdlib.h>

#include "base/time.h"
#include "core/account.h"
#include "six/six.h"

enum { DONE = 1, TAKEN_BACK };

static const struct field do_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
    {.name = "item", .type = FIELD_TEXT, .required = true, .most = 60},
    {.name = "what_done", .type = FIELD_LONGTEXT, .most = 500},
    {.name = "files", .type = FIELD_FILES, .most = 9},
    FIELD_END,
};
static const struct field back_fields[] = {
    {.name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 500}, FIELD_END};

static bool apply_do(struct work *w, struct error *e);

const struct verb season_verbs[] = {
    {"do", SUBJECT_SEASON, .from = IN_NOTHING, .to = DONE, .who = BY_POST, .posts = POSTS_WORK,
     .fields = do_fields, .apply = apply_do},
    {"take_back", SUBJECT_SEASON, .from = 1u << DONE, .to = TAKEN_BACK, .who = BY_POST, .posts = POSTS_WORK,
     .fields = back_fields, .apply = register_change},
    {0},
};

const struct register_def seasons = {
    .subject = SUBJECT_SEASON,
    .states = {[DONE] = "done", [TAKEN_BACK] = "taken_back"},
    .open = 0,
    .readers = POSTS_WORK,
    .title = "item",
    .columns = {{"item", REGISTER_CODE}},
};

/* The months "5-6" of the calendar, today among them. */
static bool covers(const json_t *row, int month)
{
    struct str rest = json_text(row, "month"), from, to;
    int64_t lo = 0, hi;
    if (!str_split(&rest, '-', &from) || !str_int(from, &lo))
        return false;
    hi = str_split(&rest, '-', &to) && str_int(to, &hi) ? hi : lo;
    return month >= lo && month <= hi;
}

static const json_t *now_row(const struct pack *p, int month)
{
    const json_t *row;
    size_t i;
    json_array_foreach(json_object_get(p->doc, "season_calendar"), i, row)
        if (covers(row, month))
            return row;
    return NULL;
}

/* "小麦一喷三防登记（R0101）": R0101. */
static struct str code_in(struct str item)
{
    const char *open = item.n > 0 ? memmem(item.p, item.n, "（", strlen("（")) : NULL;
    if (open == NULL)
        return STR("");
    const char *from = open + strlen("（"), *end = item.p + item.n;
    size_t n = 0;
    while (from + n < end && ((from[n] >= 'A' && from[n] <= 'Z') || (from[n] >= '0' && from[n] <= '9')))
        n++;
    return str_range(from, n);
}

/* Only what the calendar has now can be done with. */
static bool apply_do(struct work *w, struct error *e)
{
    const json_t *row = now_row(w->pack, civil_of(w->now).month), *item;
    bool known = false;
    size_t i;

    json_array_foreach(json_object_get(row, "items"), i, item)
        known = known || str_is(work_text(w, "item"), json_string_value(item));
    if (!known)
        return error_set(e, ERROR_NOT_A_CHOICE, "item");
    return register_make(w, e);
}

static bool write_done(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct unit *u,
                       struct str item, int64_t since, struct error *e)
{
    struct db_rows r;
    struct str name;
    int64_t by = 0, at = 0;

    if (!db_rows(db, &r, e,
                 "select created_by, created_at from register_row where register = ?1 and scope >= ?2 and scope < ?3 and code = ?4 and state = ?5 "
                 "and created_at >= ?6 order by id desc limit 1",
                 ARGS(INT(SUBJECT_SEASON), INT(u->ord), INT(u->ord_end), TEXT(item), INT(DONE), INT(since))))
        return false;
    if (db_next(&r)) {
        by = db_int(&r, 0);
        at = db_int(&r, 1);
    }
    if (!db_end(&r, e) || !account_name(core, db, a, by, &name, e))
        return false;
    jw_key(w, "done");
    if (at == 0) {
        jw_null(w);
        return true;
    }
    jw_object(w);
    jw_ktext(w, "by", name);
    jw_ktime(w, "at", at);
    jw_end_object(w);
    return true;
}

bool season_write(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                  const struct unit *committee, struct error *e)
{
    const struct pack *pack = core_pack(core, db, 0, e);
    struct civil now = civil_of(time_now());
    const json_t *row = pack != NULL ? now_row(pack, now.month) : NULL, *item;
    int64_t first = now.month;
    size_t i;

    (void)actor;
    if (pack == NULL)
        return false;
    struct str months = json_text(row, "month"), rest = months, from;
    if (str_split(&rest, '-', &from))
        (void)str_int(from, &first);
    int64_t since = civil_ms((struct civil){.year = now.year, .month = (int)first, .day = 1});
    jw_object(w);
    jw_ktext(w, "month", months);
    jw_karray(w, "items");
    json_array_foreach(json_object_get(row, "items"), i, item) {
        struct str text = str_of(json_string_value(item));
        jw_object(w);
        jw_ktext(w, "item", text);
        jw_ktext(w, "code", code_in(text));
        if (!write_done(core, db, a, w, committee, text, since, e))
            return false;
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_end_object(w);
    return true;
}
