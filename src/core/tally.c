/* From the journal to the sums: which subjects were touched, what changed in their shares, and to which committee, town and county that goes. */
#include "core/tally.h"

#include <endian.h>
#include <stdlib.h>

#include "base/embed.h"
#include "base/time.h"
#include "core/journal.h"
#include "core/tally_share.h"
#include "core/unit.h"

int32_t tally_month(int32_t day)
{
    int year, month, day_of_month;
    day_to_date(day, &year, &month, &day_of_month);
    return year * 12 + month - 1;
}

int32_t tally_month_start(int32_t month)
{
    return day_from_date(month / 12, month % 12 + 1, 1);
}

bool derived_ready(struct db *db, struct error *e)
{
    const struct embed_file *f = embed_find("schema/derived.sql");
    if (f == NULL)
        return error_cause(e, ERROR_INTERNAL, "schema/derived.sql is not in the program");
    return db_script(db, e, "{pg:create schema if not exists derived}") &&
           db_script(db, e, (const char *)f->data);
}

/* ---- Sums, gathered in memory and added at the end ------------------------------------------------------ */

enum { UNITS_ABOVE = 3, SUMS_MOST = 50000, ENTRIES_MOST = 100000 };

/* The committee, town and county of a unit; 0 where it stands higher itself. */
struct ancestry {
    int64_t unit, above[UNITS_ABOVE];
};

struct sum {
    int64_t unit, kind;
    int32_t month;
    struct str category;
    bool taken; /* something was taken out: it may be nothing now */
    int64_t m[MEASURE_COUNT];
};

struct tally {
    struct core *core;
    struct db *db;
    struct arena *arena;    /* as long as the call */
    struct ancestry *units; /* open addressing, both: a power of two, at most half full */
    size_t unit_room, unit_count;
    struct sum *sums;
    size_t sum_room, sum_count;
};

static uint64_t mixed(uint64_t v)
{
    v = (v ^ v >> 31) * UINT64_C(0x9e3779b97f4a7c15);
    return v ^ v >> 29;
}

static void tally_open(struct tally *t, struct core *core, struct db *db)
{
    *t = (struct tally){.core = core, .db = db, .arena = arena_open(), .unit_room = 64, .sum_room = 256};
    t->units = calloc(t->unit_room, sizeof *t->units);
    t->sums = calloc(t->sum_room, sizeof *t->sums);
}

static void tally_close(struct tally *t)
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

/* Adds a share (sign 1) or takes it out (sign -1), in each unit above. */
static bool sum_add(struct tally *t, const struct share *s, int sign, struct error *e)
{
    const struct ancestry *a;
    int32_t month = tally_month(s->day);

    if (!s->there)
        return true;
    if (!find_ancestry(t, s->unit, &a, e))
        return false;
    for (int i = 0; i < UNITS_ABOVE; i++) {
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

static bool sums_write(struct tally *t, struct error *e)
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

/* ---- The cursor ---------------------------------------------------------------------------------------- */

/* On SQLite, where a cursor needs no xid, it carries the beginning of the entry's hash instead. The derived file is not in step with the journal after
 * a crash or a restore; then another entry stands there, or none. */
static int64_t entry_mark(struct str hash)
{
    uint64_t v = 0;
    if (hash.n >= sizeof v)
        memcpy(&v, hash.p, sizeof v);
    return (int64_t)(be64toh(v) >> 1);
}

/* Locks the cursor's row, so that two callers don't both add the same change. */
static bool cursor_lock(struct db *db, struct journal_cursor *ret, struct error *e)
{
    int64_t ignored;
    return db_exec(db, e,
                   "insert into derived.reader_cursor(name, xid, seq) values('tally', 0, 0) on conflict(name) do nothing",
                   NO_ARGS) &&
           db_one_int(db, &ignored, 0, e, "select seq from derived.reader_cursor where name = 'tally' {lock}",
                      NO_ARGS) &&
           cursor_get(db, true, "tally", ret, e);
}

static bool cursor_holds(struct db *db, const struct journal_cursor *c, bool *ret, struct error *e)
{
    struct db_rows r;

    *ret = c->seq == 0;
    if (*ret)
        return true;
    if (!db_rows(db, &r, e, "select hash, {sqlite:0}{pg:xid} from journal where seq = ?1", ARGS(INT(c->seq))))
        return false;
    if (db_next(&r))
        *ret = c->xid == (db_engine(db) == DB_SQLITE ? entry_mark(db_blob(&r, 0)) : db_int(&r, 1));
    return db_end(&r, e);
}

/* The newest entry that a walk may have read by now. */
static bool cursor_newest(struct db *db, struct journal_cursor *ret, struct error *e)
{
    struct db_rows r;
    const char *sql =
        db_engine(db) == DB_SQLITE
            ? "select seq, hash from journal order by seq desc limit 1"
            : "select seq, hash, xid from journal where xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint "
              "order by xid desc, seq desc limit 1";

    *ret = (struct journal_cursor){0};
    if (!db_rows(db, &r, e, sql, NO_ARGS))
        return false;
    if (db_next(&r)) {
        ret->seq = db_int(&r, 0);
        ret->xid = db_engine(db) == DB_SQLITE ? entry_mark(db_blob(&r, 1)) : db_int(&r, 2);
    }
    return db_end(&r, e);
}

bool tally_position(struct db *db, int64_t *ret, struct error *e)
{
    struct journal_cursor c;
    if (!cursor_get(db, true, "tally", &c, e))
        return false;
    *ret = c.seq;
    return true;
}

/* ---- Catching up --------------------------------------------------------------------------------------- */

struct touched {
    int64_t kind, id;
};

static int by_subject(const void *a, const void *b)
{
    const struct touched *l = a, *r = b;
    return l->kind != r->kind ? (l->kind > r->kind) - (l->kind < r->kind) : (l->id > r->id) - (l->id < r->id);
}

/* The subjects of the next entries, each as often as it was touched. */
static bool read_entries(struct db *db, struct journal_cursor *cursor, int64_t most, struct touched *ret,
                         size_t *ret_n, int64_t *ret_done, struct error *e)
{
    struct db_rows r;
    struct journal_entry entry;

    *ret_n = 0;
    *ret_done = 0;
    if (!journal_after(db, &r, *cursor, most, e))
        return false;
    while (journal_next(&r, &entry)) {
        cursor->seq = entry.seq;
        cursor->xid = db_engine(db) == DB_SQLITE ? entry_mark(str_range((const char *)entry.hash, HASH_BYTES))
                                                 : entry.xid;
        if (entry.subject_kind == SUBJECT_CASE || entry.subject_kind == SUBJECT_ACTIVITY)
            ret[(*ret_n)++] = (struct touched){entry.subject_kind, entry.subject};
        ++*ret_done;
    }
    return db_end(&r, e);
}

/* Some subjects of one kind: what they were goes out of the sums, what they are now comes in. */
static bool refresh(struct tally *t, struct arena *a, const struct touched *list, size_t n, struct error *e)
{
    struct shares now[SHARES_LOADED], was[SHARES_LOADED];
    struct share_writer w = {.db = t->db, .arena = a};

    for (size_t i = 0; i < n; i++)
        now[i] = was[i] = (struct shares){.subject_kind = list[i].kind, .subject = list[i].id};
    if (!shares_load(t->core, t->db, a, now, n, e) || !shares_load_kept(t->db, a, was, n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        for (int p = PART_RESULT; p < PART_END; p++) {
            if (share_equal(&now[i].part[p], &was[i].part[p]))
                continue;
            if (!sum_add(t, &was[i].part[p], -1, e) || !sum_add(t, &now[i].part[p], 1, e) ||
                !share_put(&w, &now[i], (enum tally_part)p, e))
                return false;
        }
    return share_flush(&w, e);
}

static bool catch_up(struct tally *t, struct journal_cursor cursor, int64_t most, int64_t *ret_done,
                     struct error *e)
{
    struct arena *a = arena_open();
    struct touched *list = ARENA_ARRAY(t->arena, struct touched, most);
    size_t n = 0, kept = 0, step;
    bool ok = read_entries(t->db, &cursor, most, list, &n, ret_done, e);

    if (n > 1)
        qsort(list, n, sizeof *list, by_subject);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || by_subject(&list[i], &list[kept - 1]) != 0)
            list[kept++] = list[i];
    for (size_t i = 0; ok && i < kept; i += step) {
        for (step = 1; step < SHARES_LOADED && i + step < kept && list[i + step].kind == list[i].kind; step++) {
        }
        ok = refresh(t, a, list + i, step, e);
        arena_reset(a);
    }
    arena_close(a);
    return ok && (*ret_done == 0 || (sums_write(t, e) && cursor_set(t->db, true, "tally", cursor, e)));
}

bool tally_catch_up(struct core *core, struct db *db, int64_t most, int64_t *ret_done, struct error *e)
{
    struct journal_cursor cursor;
    struct tally t;
    bool holds;

    *ret_done = 0;
    most = most < 1 ? 1 : most > ENTRIES_MOST ? ENTRIES_MOST : most;
    if (!cursor_lock(db, &cursor, e) || !cursor_holds(db, &cursor, &holds, e))
        return false;
    if (!holds)
        return tally_rebuild(core, db, e);
    tally_open(&t, core, db);
    bool ok = catch_up(&t, cursor, most, ret_done, e);
    tally_close(&t);
    return ok;
}

/* ---- Anew ---------------------------------------------------------------------------------------------- */

static bool rebuild_kind(struct tally *t, struct arena *a, enum subject_kind kind, struct error *e)
{
    struct shares *list = calloc(SHARES_SCANNED, sizeof *list);
    int64_t after = 0;
    size_t n = 1;
    bool ok = list != NULL || error_cause(e, ERROR_INTERNAL, "no memory for the tally");

    while (ok && n > 0) {
        struct share_writer w = {.db = t->db, .arena = a};
        ok = shares_scan(t->core, t->db, a, kind, after, list, &n, e);
        for (size_t i = 0; ok && i < n; i++)
            for (int p = PART_RESULT; ok && p < PART_END; p++)
                ok = !list[i].part[p].there ||
                     (sum_add(t, &list[i].part[p], 1, e) && share_put(&w, &list[i], (enum tally_part)p, e));
        ok = ok && share_flush(&w, e);
        if (ok && n > 0)
            after = list[n - 1].subject;
        if (ok && t->sum_count > SUMS_MOST)
            ok = sums_write(t, e);
        arena_reset(a);
    }
    free(list);
    return ok;
}

/* PostgreSQL would go on believing that the tables are small. */
static bool learn_sizes(struct db *db, struct error *e)
{
    return db_engine(db) == DB_SQLITE || (db_exec(db, e, "{pg:analyze derived.tally_row}", NO_ARGS) &&
                                          db_exec(db, e, "{pg:analyze derived.tally}", NO_ARGS));
}

bool tally_rebuild(struct core *core, struct db *db, struct error *e)
{
    struct journal_cursor newest, ignored;
    struct arena *a = arena_open();
    struct tally t;

    tally_open(&t, core, db);
    /* The cursor first: what is written meanwhile is read again later, and that does no harm. */
    bool ok = cursor_lock(db, &ignored, e) && cursor_newest(db, &newest, e) &&
              db_exec(db, e, "delete from derived.tally_row", NO_ARGS) &&
              db_exec(db, e, "delete from derived.tally", NO_ARGS) && rebuild_kind(&t, a, SUBJECT_CASE, e) &&
              rebuild_kind(&t, a, SUBJECT_ACTIVITY, e) && sums_write(&t, e) &&
              cursor_set(db, true, "tally", newest, e) && learn_sizes(db, e);
    tally_close(&t);
    arena_close(a);
    return ok;
}
