/* Figures as JSON, and the cases behind them. */
#include "base/time.h"
#include "core/figures.h"
#include "core/tally.h"

static void write_counts(struct jw *w, const char *key, const int64_t counts[KIND_COUNT])
{
    jw_kobject(w, key);
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++)
        jw_kint(w, kind_code((enum kind)k), counts[k]);
    jw_end_object(w);
}

static void write_words(struct jw *w, const char *key, const struct str words[KIND_COUNT])
{
    jw_kobject(w, key);
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++)
        jw_ktext(w, kind_code((enum kind)k), words[k]);
    jw_end_object(w);
}

static void write_rate(struct jw *w, const char *key, struct figure_rate r)
{
    jw_kobject(w, key);
    jw_kint(w, "n", r.n);
    jw_kint(w, "of", r.of);
    jw_key(w, "rate");
    if (r.of > 0)
        jw_double(w, (double)r.n / (double)r.of);
    else
        jw_null(w);
    jw_end_object(w);
}

static void write_levels(struct jw *w, const char *key, const int64_t levels[LEVEL_COUNT])
{
    jw_kobject(w, key);
    for (int l = LEVEL_SPOT; l < LEVEL_COUNT; l++)
        jw_kint(w, level_code((enum level)l), levels[l]);
    jw_end_object(w);
}

static void write_head(struct jw *w, const struct figures *f)
{
    char from[DATE_TEXT], to[DATE_TEXT];
    date_format(f->from_day, from);
    date_format(f->to_day, to);
    jw_kobject(w, "unit");
    jw_ktext(w, "code", f->unit.code);
    jw_ktext(w, "name", f->unit.name);
    jw_ktext(w, "full_name", f->full_name);
    jw_end_object(w);
    jw_kz(w, "from", from);
    jw_kz(w, "to", to);
    jw_ktime(w, "as_of", f->as_of);
    jw_kint(w, "position", f->position);
}

static void write_months(struct jw *w, const struct figures *f)
{
    jw_karray(w, "months");
    for (size_t i = 0; i < f->month_count; i++) {
        char month[16];
        (void)snprintf(month, sizeof month, "%04d-%02d", (int)(f->months[i].month / 12),
                       (int)(f->months[i].month % 12 + 1));
        jw_object(w);
        jw_kz(w, "month", month);
        write_counts(w, "counts", f->months[i].counts);
        jw_end_object(w);
    }
    jw_end_array(w);
}

static void write_parts(struct jw *w, const struct figures *f)
{
    jw_karray(w, "categories");
    for (size_t i = 0; i < f->category_count; i++) {
        const struct figure_category *c = &f->categories[i];
        jw_object(w);
        jw_kz(w, "kind", kind_code(c->kind));
        jw_ktext(w, "code", c->code);
        jw_ktext(w, "label", c->label);
        jw_kint(w, "n", c->n);
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_karray(w, "units");
    for (size_t i = 0; i < f->unit_count; i++) {
        jw_object(w);
        jw_ktext(w, "code", f->units[i].code);
        jw_ktext(w, "name", f->units[i].name);
        write_counts(w, "counts", f->units[i].counts);
        jw_end_object(w);
    }
    jw_end_array(w);
}

void figures_write(struct jw *w, const struct figures *f)
{
    jw_object(w);
    write_head(w, f);
    write_counts(w, "counts", f->counts);
    write_words(w, "labels", f->labels);
    write_words(w, "counters", f->counters);
    jw_kobject(w, "rates");
    write_rate(w, "replied", f->replied);
    write_rate(w, "resolved", f->resolved);
    write_rate(w, "satisfied", f->satisfied);
    write_rate(w, "judged", f->judged);
    jw_end_object(w);
    jw_kobject(w, "levels");
    write_levels(w, "all", f->levels[KIND_NONE]);
    for (int k = KIND_DISPUTE; k <= KIND_HAZARD; k++)
        write_levels(w, kind_code((enum kind)k), f->levels[k]);
    jw_end_object(w);
    jw_kint(w, "open", f->open);
    jw_kint(w, "overdue", f->overdue);
    write_months(w, f);
    write_parts(w, f);
    jw_end_object(w);
}

/* One stretch of days: whoever asks for the newest fifty of a county's year must not sort them all. The "+
 * 0" keeps SQLite from reading the table by its key, which begins with the kind of subject. */
static bool cases_between(struct db *db, const struct figures_query *q, const struct unit *u, int32_t from,
                          int32_t to, struct figures_case *list, size_t *n, struct error *e)
{
    bool talks = q->kind == KIND_TALK;
    char beyond[64]; /* a category holds its finer ones, whose codes begin with its own */
    struct db_rows r;

    (void)snprintf(beyond, sizeof beyond, "%.*s~", (int)q->category.n,
                   q->category.p != NULL ? q->category.p : "");
    if (!db_rows(
            db, &r, e,
            "select t.subject, t.day from unit u join derived.tally_row t on t.unit = u.id and t.day >= ?3 and t.day <= ?4 "
            "left join cases c on c.id = t.subject and t.subject_kind = 1 "
            "where u.ord >= ?1 and u.ord < ?2 and t.counted = 1 and t.subject_kind + 0 = ?5 and (?6 = 0 or t.kind = ?6) "
            "and (?7 = '' or (t.category >= ?7 and t.category < ?12)) and (t.day < ?8 or (t.day = ?8 and t.subject < ?9)) "
            "and (coalesce(c.class, 0) & ?10) = 0 order by t.day desc, t.subject desc limit ?11",
            ARGS(INT(u->ord), INT(u->ord_end), INT(from), INT(to), INT(talks ? SUBJECT_ACTIVITY : SUBJECT_CASE),
                 INT(q->kind), TEXT(q->category.p != NULL ? q->category : STR("")),
                 INT(q->before_day == 0 ? INT32_MAX : q->before_day), INT(q->before_id), INT(q->hidden),
                 INT(q->limit - (int64_t)*n), TEXTZ(beyond))))
        return false;
    while (*n < (size_t)q->limit && db_next(&r))
        list[(*n)++] = (struct figures_case){db_int(&r, 0), (int32_t)db_int(&r, 1)};
    return db_end(&r, e);
}

bool figures_cases(struct db *db, struct arena *a, const struct figures_query *q, struct figures_case **ret,
                   size_t *ret_n, struct error *e)
{
    int32_t today = day_of(time_now()), to = q->to_day < today ? q->to_day : today;
    struct unit u;

    *ret = ARENA_ARRAY(a, struct figures_case, q->limit > 0 ? q->limit : 1);
    *ret_n = 0;
    if (!unit_load(db, a, q->unit, &u, e))
        return false;
    if (q->before_day != 0 && q->before_day < to)
        to = q->before_day;
    if (to - q->from_day > FIGURES_YEARS * 366)
        return error_set(e, ERROR_OUT_OF_RANGE, "to");
    while (*ret_n < (size_t)q->limit && to >= q->from_day) {
        int32_t from = tally_month_start(tally_month(to));
        if (!cases_between(db, q, &u, from > q->from_day ? from : q->from_day, to, *ret, ret_n, e))
            return false;
        to = from - 1;
    }
    return true;
}
