#include "core/figures.h"

#include <stdlib.h>

#include "base/time.h"
#include "core/power.h"
#include "core/tally.h"

enum { CATEGORIES_MOST = 2048 };

/* The period, cut into whole months and the days at its ends. */
struct span {
    int32_t first, last; /* whole months; first > last: none */
    struct {
        int32_t from, to;
    } edge[2];
    int edges;
};

static void add_edge(struct span *s, int32_t from, int32_t to)
{
    s->edge[s->edges].from = from;
    s->edge[s->edges++].to = to;
}

/* Nothing counts in the future, so a month that reaches today is read as a whole. */
static struct span cut(int32_t from, int32_t to, int32_t today, bool months)
{
    struct span s = {.first = tally_month(from), .last = tally_month(to)};
    if (!months) {
        s.last = s.first - 1;
        add_edge(&s, from, to);
        return s;
    }
    bool first_whole = from == tally_month_start(s.first);
    bool last_whole = to >= today || to + 1 == tally_month_start(s.last + 1);
    if (s.first == s.last && !(first_whole && last_whole)) {
        add_edge(&s, from, to);
        s.last--;
        return s;
    }
    if (!first_whole)
        add_edge(&s, from, tally_month_start(++s.first) - 1);
    if (!last_whole)
        add_edge(&s, tally_month_start(s.last--), to);
    return s;
}

struct making {
    struct db *db;
    struct arena *arena;
    struct figures *f;
    int32_t today;
    struct span span;
    int64_t sums[MEASURE_COUNT]; /* of all kinds of cases */
    int64_t unanswered;
    size_t hint; /* where the next category is likely to stand */
};

/* ---- One row of sums, whichever table it comes from ----------------------------------------------------- */

static bool add_category(struct making *m, enum kind kind, struct str code, int64_t n, struct error *e)
{
    struct figures *f = m->f;
    for (size_t i = 0; i < f->category_count; i++) {
        size_t at = (m->hint + i) % f->category_count;
        struct figure_category *c = &f->categories[at];
        if (c->kind == kind && str_eq(c->code, code)) {
            c->n += n;
            m->hint = at + 1;
            return true;
        }
    }
    if (f->category_count == CATEGORIES_MOST)
        return error_cause(e, ERROR_INTERNAL, "more than %d categories", CATEGORIES_MOST);
    f->categories[f->category_count++] =
        (struct figure_category){.kind = kind, .code = arena_str(m->arena, code), .n = n};
    m->hint = f->category_count;
    return true;
}

/* Columns: month, kind, category, the measures. */
static bool add_row(struct making *m, struct db_rows *r, struct error *e)
{
    struct figures *f = m->f;
    int64_t month = db_int(r, 0), kind = db_int(r, 1), n = db_int(r, 3 + M_COUNTED);

    if (kind <= KIND_NONE || kind >= KIND_COUNT)
        return true;
    f->counts[kind] += n;
    if (f->month_count > 0 && month >= f->months[0].month && month < f->months[0].month + (int64_t)f->month_count)
        f->months[month - f->months[0].month].counts[kind] += n;
    if (kind != KIND_TALK)
        for (int l = LEVEL_SPOT; l < LEVEL_COUNT; l++) {
            f->levels[kind][l] += db_int(r, 3 + M_SPOT + l);
            f->levels[KIND_NONE][l] += db_int(r, 3 + M_SPOT + l);
        }
    if (kind != KIND_TALK)
        for (int i = 0; i < MEASURE_COUNT; i++)
            m->sums[i] += db_int(r, 3 + i);
    return n == 0 || add_category(m, (enum kind)kind, db_text(r, 2), n, e);
}

static bool add_months(struct making *m, struct error *e)
{
    const struct unit *u = &m->f->unit;
    struct db_rows r;
    bool ok, own = u->level >= UNIT_COUNTY;

    if (m->span.first > m->span.last)
        return true;
    if (own)
        ok = db_rows(
            m->db, &r, e,
            "select month, kind, category, " MEASURE_COLUMNS
            " from derived.tally where unit = ?1 and month >= ?2 and month <= ?3 order by month, kind, category",
            ARGS(INT(u->id), INT(m->span.first), INT(m->span.last)));
    else /* cities and provinces are what their counties are together */
        ok = db_rows(m->db, &r, e,
                     "select t.month, t.kind, t.category, " MEASURE_COLUMNS
                     " from unit u join derived.tally t on t.unit = u.id "
                     "and t.month >= ?3 and t.month <= ?4 where u.ord >= ?1 and u.ord < ?2 and u.level = 3",
                     ARGS(INT(u->ord), INT(u->ord_end), INT(m->span.first), INT(m->span.last)));
    if (!ok)
        return false;
    while (ok && db_next(&r))
        ok = add_row(m, &r, e);
    return db_end(&r, ok ? e : NULL) && ok;
}

/* `where` is an ordinal within the child, or minus its id. */
static void add_child(struct figures *f, int64_t where, int64_t kind, int64_t n)
{
    for (size_t i = 0; i < f->unit_count && n != 0 && kind > KIND_NONE && kind < KIND_COUNT; i++)
        if (where == -f->units[i].id || (where >= f->units[i].lo && where < f->units[i].hi)) {
            f->units[i].counts[kind] += n;
            return;
        }
}

/* Some days, from the shares themselves: unit by unit, so that an index leads to each unit's days. */
static bool add_days(struct making *m, int32_t from, int32_t to, struct error *e)
{
    const struct unit *u = &m->f->unit;
    struct db_rows r;
    bool ok = true;
    int32_t last = tally_month(to);

    for (int32_t month = tally_month(from); ok && month <= last; month++) { /* rows stand under their month */
        int32_t lo = month == tally_month(from) ? from : tally_month_start(month);
        int32_t hi = month == last ? to : tally_month_start(month + 1) - 1;
        if (!db_rows(m->db, &r, e,
                     "select ?5 + 0 * t.day, t.kind, t.category, " MEASURE_COLUMNS
                     ", u.ord from unit u join derived.tally_row t on t.unit = u.id "
                     "and t.day >= ?3 and t.day <= ?4 where u.ord >= ?1 and u.ord < ?2",
                     ARGS(INT(u->ord), INT(u->ord_end), INT(lo), INT(hi), INT(month))))
            return false;
        while (ok && db_next(&r)) {
            ok = add_row(m, &r, e);
            if (u->level < UNIT_COMMITTEE)
                add_child(m->f, db_int(&r, 3 + MEASURE_COUNT), db_int(&r, 1), db_int(&r, 3 + M_COUNTED));
        }
        ok = db_end(&r, ok ? e : NULL) && ok;
    }
    return ok;
}

/* ---- Sub-units ----------------------------------------------------------------------------------------- */

static bool load_children(struct making *m, struct error *e)
{
    struct figures *f = m->f;
    struct db_rows r;
    int64_t n;

    if (!db_one_int(m->db, &n, 0, e, "select count(*) from unit where parent = ?1", ARGS(INT(f->unit.id))))
        return false;
    f->units = ARENA_ARRAY(m->arena, struct figure_unit, n + 1);
    if (!db_rows(m->db, &r, e,
                 "select id, ord, ord_end, code, name from unit where parent = ?1 and valid_to is null order by ord",
                 ARGS(INT(f->unit.id))))
        return false;
    while (f->unit_count < (size_t)n && db_next(&r))
        f->units[f->unit_count++] = (struct figure_unit){.id = db_int(&r, 0),
                                                         .lo = db_int(&r, 1),
                                                         .hi = db_int(&r, 2),
                                                         .code = arena_str(m->arena, db_text(&r, 3)),
                                                         .name = arena_str(m->arena, db_text(&r, 4))};
    return db_end(&r, e);
}

static bool add_children(struct making *m, const char *sql, const struct db_arg *args, size_t n, struct error *e)
{
    struct db_rows r;
    if (!db_rows(m->db, &r, e, sql, args, n))
        return false;
    while (db_next(&r))
        add_child(m->f, db_int(&r, 0), db_int(&r, 1), db_int(&r, 2));
    return db_end(&r, e);
}

/* Whole months of the children; parts of months were added with the unit's own days. Groups have no sums:
 * all of their days are read. */
static bool count_children(struct making *m, struct error *e)
{
    const struct figures *f = m->f;
    const struct unit *u = &f->unit;

    if (u->level == UNIT_COMMITTEE)
        return add_children(
            m,
            "select u.ord, t.kind, cast(sum(t.counted) as bigint) from unit u join derived.tally_row t on t.unit = u.id "
            "and t.day >= ?3 and t.day <= ?4 where u.ord > ?1 and u.ord < ?2 group by u.ord, t.kind",
            ARGS(INT(u->ord), INT(u->ord_end), INT(f->from_day), INT(f->to_day)), e);
    if (u->level >= UNIT_GROUP || m->span.first > m->span.last)
        return true;
    if (u->level < UNIT_CITY) /* the counties of a province, by the city they lie in */
        return add_children(
            m,
            "select u.ord, t.kind, cast(sum(t.counted) as bigint) from unit p join unit u on u.ord >= p.ord "
            "and u.ord < p.ord_end and u.level = 3 join derived.tally t on t.unit = u.id "
            "and t.month >= ?2 and t.month <= ?3 where p.id = ?1 group by u.ord, t.kind",
            ARGS(INT(u->id), INT(m->span.first), INT(m->span.last)), e);
    /* Grouped as the rows lie, so that nothing is sorted. */
    return add_children(
        m,
        "select -t.unit, t.kind, cast(sum(t.counted) as bigint) from derived.tally t where t.unit in "
        "(select id from unit where parent = ?1) and t.month >= ?2 and t.month <= ?3 group by t.unit, t.month, t.kind",
        ARGS(INT(u->id), INT(m->span.first), INT(m->span.last)), e);
}

/* ---- What lives now ------------------------------------------------------------------------------------ */

/* Open, overdue; and the first promises of a reply that fell due in the period and are still unanswered: broken, though nobody has written anything. */
static bool count_open(struct making *m, struct error *e)
{
    struct figures *f = m->f;
    struct db_rows r;
    int64_t end = day_start(f->to_day + 1);

    if (!db_rows(m->db, &r, e,
                 "select cast(coalesce(sum(case when state <= 3 then 1 else 0 end), 0) as bigint), "
                 "cast(coalesce(sum(case when state <= 3 and due < ?3 then 1 else 0 end), 0) as bigint), "
                 "cast(coalesce(sum(case when reply_due >= ?4 and reply_due < ?5 then 1 else 0 end), 0) as bigint) "
                 "from desk where holder_kind = 1 and holder >= ?1 and holder < ?2",
                 ARGS(INT(f->unit.ord), INT(f->unit.ord_end), INT(f->as_of), INT(day_start(f->from_day)),
                      INT(end < f->as_of ? end : f->as_of))))
        return false;
    if (db_next(&r)) {
        f->open = db_int(&r, 0);
        f->overdue = db_int(&r, 1);
        m->unanswered = db_int(&r, 2);
    }
    return db_end(&r, e);
}

static void make_rates(struct making *m)
{
    struct figures *f = m->f;

    f->replied = (struct figure_rate){m->sums[M_REPLY_IN_TIME], m->sums[M_REPLY_DUE] + m->unanswered};
    f->resolved = (struct figure_rate){m->sums[M_RESOLVED], m->sums[M_JUDGED]};
    f->satisfied = (struct figure_rate){m->sums[M_SATISFIED], m->sums[M_JUDGED]};
    f->judged = (struct figure_rate){m->sums[M_JUDGED], m->sums[M_ASKED]};
}

/* Only for committees and groups, whose reports name it: higher up it would cost more than all the rest. */
static bool find_last_day(struct making *m, struct error *e)
{
    struct figures *f = m->f;
    struct db_rows r;

    if (f->unit.level < UNIT_COMMITTEE)
        return true;
    if (!db_rows(m->db, &r, e,
                 "select max(t.day), max(case when c.closed_at < ?5 then c.closed_at end) "
                 "from unit u join derived.tally_row t on t.unit = u.id and t.day >= ?3 and t.day <= ?4 "
                 "left join cases c on c.id = t.subject and t.subject_kind = 1 "
                 "where u.ord >= ?1 and u.ord < ?2 and t.counted = 1",
                 ARGS(INT(f->unit.ord), INT(f->unit.ord_end), INT(f->from_day), INT(f->to_day),
                      INT(day_start(f->to_day + 1)))))
        return false;
    if (db_next(&r)) {
        int32_t counted = (int32_t)db_int(&r, 0), filed = db_null(&r, 1) ? 0 : day_of(db_int(&r, 1));
        f->last_day = filed > counted ? filed : counted;
    }
    return db_end(&r, e);
}

/* ---- Words and order ----------------------------------------------------------------------------------- */

static const unsigned private_classes = CLASS_MINOR | CLASS_HEALTH | CLASS_PRIVATE | CLASS_RESTRICTED;

static int by_frequency(const void *a, const void *b)
{
    const struct figure_category *l = a, *r = b;
    if (l->kind != r->kind)
        return (int)l->kind - (int)r->kind;
    if (l->n != r->n)
        return (l->n < r->n) - (l->n > r->n);
    int order = memcmp(l->code.p, r->code.p, l->code.n < r->code.n ? l->code.n : r->code.n);
    return order != 0 ? order : (l->code.n > r->code.n) - (l->code.n < r->code.n);
}

/* A lone case of a child or of an illness must not be told from a table. */
static bool finish_categories(struct making *m, const struct pack *pack, struct error *e)
{
    struct figures *f = m->f;
    struct figure_category *found = f->categories;
    size_t n = f->category_count;

    f->categories = ARENA_ARRAY(m->arena, struct figure_category, CATEGORIES_MOST);
    f->category_count = m->hint = 0;
    for (size_t i = 0; i < n; i++) {
        const struct category *c = pack_category(pack, found[i].kind, found[i].code);
        struct str code = found[i].code;
        bool fold = found[i].n < FIGURES_SMALL && c != NULL && (c->class & private_classes) != 0;
        while (fold && c != NULL && (c->class & private_classes) != 0) {
            c = c->parent;
            code = c != NULL ? c->code : STR("");
        }
        if (!add_category(m, found[i].kind, code, found[i].n, e))
            return false;
    }
    for (size_t i = 0; i < f->category_count; i++) {
        struct figure_category *c = &f->categories[i];
        const struct category *known = pack_category(pack, c->kind, c->code);
        c->label = known != NULL ? known->label : c->code.n > 0 ? c->code : STR("其他");
    }
    if (f->category_count > 1)
        qsort(f->categories, f->category_count, sizeof *f->categories, by_frequency);
    return true;
}

static void make_months(struct making *m)
{
    struct figures *f = m->f;
    int32_t first = tally_month(f->from_day), last = tally_month(f->to_day < m->today ? f->to_day : m->today);

    if (last < first)
        last = first;
    f->month_count = (size_t)(last - first + 1);
    f->months = ARENA_ARRAY(m->arena, struct figure_month, f->month_count);
    for (size_t i = 0; i < f->month_count; i++)
        f->months[i].month = first + (int32_t)i;
}

static bool begin(struct making *m, const struct pack *pack, int64_t unit, int32_t from, int32_t to,
                  struct error *e)
{
    struct figures *f = m->f;
    *f = (struct figures){.from_day = from, .to_day = to, .as_of = time_now()};
    m->today = day_of(f->as_of);
    if (to < from || to - from > FIGURES_YEARS * 366)
        return error_set(e, ERROR_OUT_OF_RANGE, "to");
    if (!unit_load(m->db, m->arena, unit, &f->unit, e) ||
        !unit_full_name(m->db, m->arena, unit, UNIT_PROVINCE, &f->full_name, e) ||
        !tally_position(m->db, &f->position, e))
        return false;
    m->span = cut(from, to, m->today, f->unit.level <= UNIT_COMMITTEE);
    f->categories = ARENA_ARRAY(m->arena, struct figure_category, CATEGORIES_MOST);
    make_months(m);
    f->power = power_line(m->arena, power_of_paper(pack, "report"));
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++) {
        f->labels[k] = pack->kinds[k].label;
        f->counters[k] = pack->kinds[k].counter;
    }
    return true;
}

bool figures_make(struct core *core, struct db *db, struct arena *a, int64_t unit, int32_t from_day,
                  int32_t to_day, struct figures *ret, struct error *e)
{
    struct making m = {.db = db, .arena = a, .f = ret};
    const struct pack *pack = core_pack(core, db, 0, e);

    if (pack == NULL || !begin(&m, pack, unit, from_day, to_day, e) ||
        (ret->unit.level < UNIT_GROUP && !load_children(&m, e)) || !add_months(&m, e))
        return false;
    for (int i = 0; i < m.span.edges; i++)
        if (!add_days(&m, m.span.edge[i].from, m.span.edge[i].to, e))
            return false;
    if (!count_open(&m, e))
        return false;
    make_rates(&m);
    return count_children(&m, e) && find_last_day(&m, e) && finish_categories(&m, pack, e);
}
