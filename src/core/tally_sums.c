#include "core/tally_sums.h"

#include <stdlib.h>

#include "core/unit.h"

static uint64_t mixed(uint64_t v)
{
    v = (v ^ v >> 31) * UINT64_C(0x9e3779b97f4a7c15);
    return v ^ v >> 29;
}

void sums_open(struct tally *t, struct core *core, struct db *db)
{
    *t = (struct tally){.core = core, .db = db, .arena = arena_open(), .unit_room = 64, .sum_room = 256};
    t->units = calloc(t->unit_room, sizeof *t->units);
    t->sums = calloc(t->sum_room, sizeof *t->sums);
}

void sums_close(struct tally *t)
{
    free(t->units);
    free(t->sums);
    arena_close(t->arena);
}

static struct ancestry *unit_slot(struct tally *t, int64_t unit)
{
    size_t i = (size_t)mixed((uint64_t)unit) & (t->unit_room - 1);
    while (t->units[i].unit != 0 && t->units[i].unit != unit)
        i = (i + 1) & (t->unit_room - 1);
    return &t->units[i];
}

static bool grow_units(struct tally *t, struct error *e)
{
    struct ancestry *old = t->units;
    size_t n = t->unit_room;

    if (old != NULL && t->unit_count * 2 < n)
        return true;
    t->unit_room = n * 2;
    t->units = calloc(t->unit_room, sizeof *t->units);
    if (old == NULL || t->units == NULL) {
        free(t->units);
        t->units = old;
        return error_cause(e, ERROR_INTERNAL, "no memory for the tally");
    }
    for (size_t i = 0; i < n; i++)
        if (old[i].unit != 0)
            *unit_slot(t, old[i].unit) = old[i];
    free(old);
    return true;
}

static bool find_ancestry(struct tally *t, int64_t unit, const struct ancestry **ret, struct error *e)
{
    struct ancestry *slot;
    struct unit u = {.parent = unit};

    if (!grow_units(t, e))
        return false;
    slot = unit_slot(t, unit);
    *ret = slot;
    if (slot->unit != 0)
        return true;
    struct ancestry fresh = {.unit = unit};
    while (u.parent != 0) {
        if (!unit_load(t->db, t->arena, u.parent, &u, e))
            return false;
        if (u.level >= UNIT_COUNTY && u.level <= UNIT_COMMITTEE)
            fresh.above[UNIT_COMMITTEE - u.level] = u.id;
    }
    *slot = fresh;
    t->unit_count++;
    return true;
}

static struct sum *sum_slot(struct tally *t, int64_t unit, const struct share *s, int32_t month)
{
    uint64_t h = mixed((uint64_t)unit * 8 + (uint64_t)s->kind) ^ mixed(str_hash(s->category) + (uint64_t)month);
    size_t i = (size_t)mixed(h) & (t->sum_room - 1);
    const struct sum *at = &t->sums[i];
    while (at->unit != 0 && !(at->unit == unit && at->kind == s->kind && at->month == month &&
                              str_eq(at->category, s->category))) {
        i = (i + 1) & (t->sum_room - 1);
        at = &t->sums[i];
    }
    return &t->sums[i];
}

static bool grow_sums(struct tally *t, struct error *e)
{
    struct sum *old = t->sums;
    size_t n = t->sum_room;

    if (old != NULL && t->sum_count * 2 < n)
        return true;
    t->sum_room = n * 2;
    t->sums = calloc(t->sum_room, sizeof *t->sums);
    if (old == NULL || t->sums == NULL) {
        free(t->sums);
        t->sums = old;
        return error_cause(e, ERROR_INTERNAL, "no memory for the tally");
    }
    for (size_t i = 0; i < n; i++) {
        const struct share key = {.kind = old[i].kind, .category = old[i].category};
        if (old[i].unit != 0)
            *sum_slot(t, old[i].unit, &key, old[i].month) = old[i];
    }
    free(old);
    return true;
}

bool sums_add(struct tally *t, const struct share *s, int sign, struct error *e)
{
    const struct ancestry *a;
    int32_t month = tally_month(s->day);

    if (!s->there)
        return true;
    if (!find_ancestry(t, s->unit, &a, e))
        return false;
    for (int i = 0; i < SUM_LEVELS; i++) {
        if (a->above[i] == 0)
            continue;
        if (!grow_sums(t, e))
            return false;
        struct sum *slot = sum_slot(t, a->above[i], s, month);
        if (slot->unit == 0) {
            *slot = (struct sum){.unit = a->above[i],
                                 .kind = s->kind,
                                 .month = month,
                                 .category = arena_str(t->arena, s->category)};
            t->sum_count++;
        }
        slot->taken |= sign < 0;
        for (int m = 0; m < MEASURE_COUNT; m++)
            slot->m[m] += sign * s->m[m];
    }
    return true;
}

enum { SUM_COLUMNS = 4 + MEASURE_COUNT, SUMS_WRITTEN = 60 };

/* Adds to what is there. The text is the same for the same number of rows, and stays prepared. */
static const char *add_sql(struct arena *a, size_t rows)
{
    struct buf b = BUF_INIT(BUF_SEALED);
    buf_addz(&b, "insert into derived.tally(unit, month, kind, category, " MEASURE_COLUMNS ") values");
    for (size_t i = 0; i < rows; i++)
        for (size_t c = 0; c < SUM_COLUMNS; c++)
            buf_addf(&b, "%s?%zu%s",
                     c > 0   ? ", "
                     : i > 0 ? ", ("
                             : "(",
                     i * SUM_COLUMNS + c + 1, c + 1 == SUM_COLUMNS ? ")" : "");
    buf_addz(&b,
             " on conflict(unit, month, kind, category) do update set counted = tally.counted + excluded.counted, "
             "spot = tally.spot + excluded.spot, in_group = tally.in_group + excluded.in_group, "
             "committee = tally.committee + excluded.committee, town = tally.town + excluded.town, "
             "county = tally.county + excluded.county, asked = tally.asked + excluded.asked, "
             "reply_due = tally.reply_due + excluded.reply_due, "
             "reply_in_time = tally.reply_in_time + excluded.reply_in_time, judged = tally.judged + excluded.judged, "
             "resolved = tally.resolved + excluded.resolved, satisfied = tally.satisfied + excluded.satisfied");
    const char *sql = arena_z(a, buf_str(&b));
    buf_free(&b);
    return sql;
}

static void sum_args(const struct sum *s, struct db_arg args[SUM_COLUMNS])
{
    args[0] = INT(s->unit);
    args[1] = INT(s->month);
    args[2] = INT(s->kind);
    args[3] = TEXT(s->category);
    for (int m = 0; m < MEASURE_COUNT; m++)
        args[4 + m] = INT(s->m[m]);
}

static bool add_sums(struct tally *t, const struct sum *const *list, size_t n, const char *many,
                     const char *one, struct error *e)
{
    struct db_arg args[SUMS_WRITTEN * SUM_COLUMNS];
    bool ok = true;

    for (size_t i = 0; i < n; i++)
        sum_args(list[i], args + i * SUM_COLUMNS);
    if (n == SUMS_WRITTEN)
        return db_exec(t->db, e, many, args, n * SUM_COLUMNS);
    for (size_t i = 0; ok && i < n; i++)
        ok = db_exec(t->db, e, one, args + i * SUM_COLUMNS, SUM_COLUMNS);
    return ok;
}

/* Rows that have become nothing; every other measure implies one of these three. */
static bool drop_empty(struct tally *t, struct error *e)
{
    for (size_t i = 0; i < t->sum_room; i++) {
        const struct sum *s = &t->sums[i];
        if (s->unit != 0 && s->taken &&
            !db_exec(t->db, e,
                     "delete from derived.tally where unit = ?1 and month = ?2 and kind = ?3 and category = ?4 "
                     "and counted = 0 and asked = 0 and reply_due = 0",
                     ARGS(INT(s->unit), INT(s->month), INT(s->kind), TEXT(s->category))))
            return false;
    }
    return true;
}

bool sums_write(struct tally *t, struct error *e)
{
    static const int64_t nothing[MEASURE_COUNT];
    const char *many = add_sql(t->arena, SUMS_WRITTEN), *one = add_sql(t->arena, 1);
    const struct sum *list[SUMS_WRITTEN];
    size_t n = 0;

    if (t->sums == NULL)
        return true;
    for (size_t i = 0; i < t->sum_room; i++) {
        if (t->sums[i].unit == 0 || memcmp(t->sums[i].m, nothing, sizeof nothing) == 0)
            continue;
        list[n++] = &t->sums[i];
        if (n == SUMS_WRITTEN && !add_sums(t, list, n, many, one, e))
            return false;
        n %= SUMS_WRITTEN;
    }
    if (!add_sums(t, list, n, many, one, e) || !drop_empty(t, e))
        return false;
    memset(t->sums, 0, t->sum_room * sizeof *t->sums);
    t->sum_count = 0;
    return true;
}
