/* The counting rules (docs/counting.md), as code: from a row to what it contributes. */
#include "core/tally_share.h"

#include <stdlib.h>

#include "base/time.h"
#include "core/case.h"

/* The first promise of a reply is the one that began with the report; later ones, after a reopening, are
 * not counted again. */
#define CASE_SELECT                                                                                          \
    "select c.id, c.kind, c.category, c.unit, c.pack, c.state, c.reported_at, c.replied_at, c.settled_at, "  \
    "c.settled_level, c.outcome, c.resolved, c.satisfied, c.flags, k.due_at, k.stopped_at, k.left_milli "    \
    "from cases c left join case_clock k on k.id = (select min(f.id) from case_clock f "                     \
    "where f.case_id = c.id and f.clock = 1 and f.started_at = c.reported_at) where "
#define ACTIVITY_SELECT "select id, type, unit, state, happened_at, topic from activity where "

struct source {
    int64_t id, kind, unit, pack, state, reported_at, replied_at, settled_at, settled_level, resolved, satisfied;
    int64_t reply_due, reply_stopped; /* 0: no such promise; not answered yet */
    unsigned flags;
    bool answered_in_pause; /* while the clock stood still with time left */
    struct str category, outcome;
};

static struct source read_case(struct db_rows *r, struct arena *a)
{
    return (struct source){
        .id = db_int(r, 0),
        .kind = db_int(r, 1),
        .category = arena_str(a, db_text(r, 2)),
        .unit = db_int(r, 3),
        .pack = db_int(r, 4),
        .state = db_int(r, 5),
        .reported_at = db_int(r, 6),
        .replied_at = db_int(r, 7),
        .settled_at = db_int(r, 8),
        .settled_level = db_int(r, 9),
        .outcome = arena_str(a, db_text(r, 10)),
        .resolved = db_int(r, 11),
        .satisfied = db_int(r, 12),
        .flags = (unsigned)db_int(r, 13),
        .reply_due = db_int(r, 14),
        .reply_stopped = db_int(r, 15),
        .answered_in_pause = db_int(r, 16) > 0,
    };
}

static void begin_share(struct share *s, const struct source *c, int64_t at)
{
    *s = (struct share){
        .there = true, .day = day_of(at), .unit = c->unit, .kind = c->kind, .category = c->category};
}

/* Does its outcome count? The code may be one of the kind it had before a correction. */
static bool outcome_counts(struct core *core, struct db *db, const struct source *c, bool *ret, struct error *e)
{
    const struct pack *pack = core_pack(core, db, c->pack, e);
    if (pack == NULL)
        return false;
    const struct outcome *o = pack_outcome(pack, (enum kind)c->kind, c->outcome);
    for (int k = KIND_DISPUTE; k <= KIND_HAZARD && o == NULL; k++)
        o = pack_outcome(pack, (enum kind)k, c->outcome);
    *ret = o != NULL && o->counts;
    return true;
}

static void add_judgement(struct share *s, const struct source *c)
{
    s->m[M_JUDGED] = c->resolved != 0;
    s->m[M_RESOLVED] = c->resolved == RESOLVED_YES;
    s->m[M_SATISFIED] = c->satisfied == SATISFIED_YES || c->satisfied == SATISFIED_OK;
}

/* Judged "not resolved" and back at work: it stays in the rates, on the day of that judgement, until it is
 * settled anew. */
static bool share_unhappy(struct db *db, const struct source *c, struct share *s, struct error *e)
{
    int64_t at;
    if (!db_one_int(db, &at, 0, e,
                    "select happened_at from journal where subject_kind = 1 and subject = ?1 and verb = 'judge' "
                    "order by n desc limit 1",
                    ARGS(INT(c->id))))
        return false;
    begin_share(s, c, at != 0 ? at : c->reported_at);
    s->m[M_ASKED] = 1;
    add_judgement(s, c);
    return true;
}

static bool share_result(struct core *core, struct db *db, const struct source *c, struct share *s,
                         struct error *e)
{
    bool counts;

    if ((IN_OPEN >> c->state & 1) != 0 && c->resolved == RESOLVED_NO)
        return share_unhappy(db, c, s, e);
    if (c->state != STATE_SETTLED && c->state != STATE_CLOSED)
        return true;
    if (!outcome_counts(core, db, c, &counts, e))
        return false;
    if (!counts && c->resolved == 0)
        return true;
    begin_share(s, c, c->settled_at);
    s->m[M_ASKED] = 1;
    add_judgement(s, c);
    if (counts) {
        s->m[M_COUNTED] = 1;
        if (c->settled_level >= LEVEL_SPOT && c->settled_level < LEVEL_COUNT)
            s->m[M_SPOT + c->settled_level] = 1;
    }
    return true;
}

/* It counts on the day it was answered or fell due, whichever came first. An unanswered one is seen live,
 * by figures. */
static void share_reply(const struct source *c, struct share *s)
{
    bool told_at_once = c->reply_due == 0 && c->replied_at != 0 && c->replied_at == c->reported_at;

    if ((c->flags & FLAG_ENTERED) != 0)
        return;         /* whether it was answered in time was another system's promise */
    if (told_at_once) { /* settled on the spot: the answer was there with the question */
        begin_share(s, c, c->reported_at);
        s->m[M_REPLY_DUE] = s->m[M_REPLY_IN_TIME] = 1;
        return;
    }
    if (c->reply_due == 0 || c->reply_stopped == 0)
        return;
    bool in_time = c->reply_stopped <= c->reply_due || c->answered_in_pause;
    if (in_time && c->state == STATE_WITHDRAWN && c->replied_at == 0)
        return; /* taken back before an answer was due */
    begin_share(s, c, in_time ? c->reply_stopped : c->reply_due);
    s->m[M_REPLY_DUE] = 1;
    s->m[M_REPLY_IN_TIME] = in_time;
}

static bool share_case(struct core *core, struct db *db, const struct source *c, struct shares *s,
                       struct error *e)
{
    *s = (struct shares){.subject_kind = SUBJECT_CASE, .subject = c->id};
    share_reply(c, &s->part[PART_REPLY]);
    return share_result(core, db, c, &s->part[PART_RESULT], e);
}

static void share_activity(struct db_rows *r, struct arena *a, struct shares *s)
{
    *s = (struct shares){.subject_kind = SUBJECT_ACTIVITY, .subject = db_int(r, 0)};
    if (db_int(r, 1) != ACT_TALK || db_int(r, 3) != HELD)
        return;
    s->part[PART_RESULT] = (struct share){
        .there = true,
        .day = day_of(db_int(r, 4)),
        .unit = db_int(r, 2),
        .kind = KIND_TALK,
        .category = arena_str(a, db_text(r, 5)),
        .m[M_COUNTED] = 1,
    };
}

static bool read_rows(struct core *core, struct db *db, struct arena *a, struct db_rows *r,
                      enum subject_kind kind, bool (*keep)(void *, const struct shares *), void *context,
                      struct error *e)
{
    bool ok = true;
    while (ok && db_next(r)) {
        struct shares s;
        if (kind == SUBJECT_CASE) {
            struct source c = read_case(r, a);
            ok = share_case(core, db, &c, &s, e);
        } else {
            share_activity(r, a, &s);
        }
        if (ok && !keep(context, &s))
            break;
    }
    return db_end(r, ok ? e : NULL) && ok;
}

/* ---- Some of them --------------------------------------------------------------------------------------- */

struct sorted {
    struct shares *list;
    size_t n;
};

static int by_id(const void *key, const void *element)
{
    const struct shares *k = key, *s = element;
    return (k->subject > s->subject) - (k->subject < s->subject);
}

static struct shares *find(const struct sorted *s, int64_t id)
{
    const struct shares key = {.subject = id};
    return bsearch(&key, s->list, s->n, sizeof *s->list, by_id);
}

static bool put_in_place(void *context, const struct shares *s)
{
    struct shares *at = find(context, s->subject);
    if (at != NULL)
        *at = *s;
    return true;
}

/* "…in (?2, ?3 …)": of few lengths, so that statements stay prepared; what is too much repeats the last
 * id. */
static const char *with_ids(struct arena *a, const char *sql, const struct shares *list, size_t n,
                            struct db_arg args[SHARES_LOADED + 1])
{
    size_t room = n == 1 ? 1 : n <= 10 ? 10 : SHARES_LOADED;
    struct buf b = BUF_INIT(BUF_LINE);

    args[0] = INT(list[0].subject_kind);
    buf_addz(&b, sql);
    for (size_t i = 0; i < room; i++) {
        buf_addf(&b, "%s?%zu", i == 0 ? " in (" : ", ", i + 2);
        args[i + 1] = INT(list[i < n ? i : n - 1].subject);
    }
    buf_addz(&b, ")");
    sql = arena_z(a, buf_str(&b));
    buf_free(&b);
    return sql;
}

static size_t args_count(size_t n)
{
    return 1 + (n == 1 ? 1 : n <= 10 ? 10 : SHARES_LOADED);
}

bool shares_load(struct core *core, struct db *db, struct arena *a, struct shares *list, size_t n,
                 struct error *e)
{
    struct db_arg args[SHARES_LOADED + 1];
    struct sorted sorted = {list, n};
    struct db_rows r;
    enum subject_kind kind = (enum subject_kind)list[0].subject_kind;
    const char *sql = kind == SUBJECT_CASE ? CASE_SELECT "?1 = 1 and c.id" : ACTIVITY_SELECT "?1 = 2 and id";

    for (size_t i = 0; i < n; i++)
        memset(list[i].part, 0, sizeof list[i].part);
    sql = with_ids(a, sql, list, n, args);
    return db_rows(db, &r, e, sql, args, args_count(n)) &&
           read_rows(core, db, a, &r, kind, put_in_place, &sorted, e);
}

bool shares_load_kept(struct db *db, struct arena *a, struct shares *list, size_t n, struct error *e)
{
    struct db_arg args[SHARES_LOADED + 1];
    struct sorted sorted = {list, n};
    struct db_rows r;

    for (size_t i = 0; i < n; i++)
        memset(list[i].part, 0, sizeof list[i].part);
    const char *sql = with_ids(a,
                               "select subject, part, day, unit, kind, category, " MEASURE_COLUMNS
                               " from derived.tally_row where subject_kind = ?1 and subject",
                               list, n, args);
    if (!db_rows(db, &r, e, sql, args, args_count(n)))
        return false;
    while (db_next(&r)) {
        struct shares *at = find(&sorted, db_int(&r, 0));
        int64_t part = db_int(&r, 1);
        if (at == NULL || part < PART_RESULT || part >= PART_END)
            continue;
        at->part[part] = (struct share){
            .there = true,
            .day = (int32_t)db_int(&r, 2),
            .unit = db_int(&r, 3),
            .kind = db_int(&r, 4),
            .category = arena_str(a, db_text(&r, 5)),
        };
        for (int m = 0; m < MEASURE_COUNT; m++)
            at->part[part].m[m] = db_int(&r, 6 + m);
    }
    return db_end(&r, e);
}

/* ---- All of them ---------------------------------------------------------------------------------------- */

static bool put_behind(void *context, const struct shares *s)
{
    struct sorted *sorted = context;
    sorted->list[sorted->n++] = *s;
    return sorted->n < SHARES_SCANNED;
}

bool shares_scan(struct core *core, struct db *db, struct arena *a, enum subject_kind kind, int64_t after,
                 struct shares *list, size_t *ret_n, struct error *e)
{
    struct sorted sorted = {list, 0};
    struct db_rows r;
    bool ok = db_rows(db, &r, e,
                      kind == SUBJECT_CASE ? CASE_SELECT "c.id > ?1 order by c.id limit ?2"
                                           : ACTIVITY_SELECT "id > ?1 order by id limit ?2",
                      ARGS(INT(after), INT(SHARES_SCANNED))) &&
              read_rows(core, db, a, &r, kind, put_behind, &sorted, e);
    *ret_n = sorted.n;
    return ok;
}

bool share_equal(const struct share *a, const struct share *b)
{
    return a->there == b->there && a->day == b->day && a->unit == b->unit && a->kind == b->kind &&
           str_eq(a->category, b->category) && memcmp(a->m, b->m, sizeof a->m) == 0;
}

/* ---- Writing -------------------------------------------------------------------------------------------- */

enum { ROW_COLUMNS = 7 + MEASURE_COUNT };

static const char *insert_sql(struct arena *a, size_t rows)
{
    struct buf b = BUF_INIT(BUF_SEALED);
    buf_addz(&b, "insert into derived.tally_row(subject_kind, subject, part, day, unit, kind, category, " MEASURE_COLUMNS
                 ") values");
    for (size_t i = 0; i < rows; i++)
        for (size_t c = 0; c < ROW_COLUMNS; c++)
            buf_addf(&b, "%s?%zu%s",
                     c > 0   ? ", "
                     : i > 0 ? ", ("
                             : "(",
                     i * ROW_COLUMNS + c + 1, c + 1 == ROW_COLUMNS ? ")" : "");
    buf_addz(&b,
             " on conflict(subject_kind, subject, part) do update set day = excluded.day, unit = excluded.unit, "
             "kind = excluded.kind, category = excluded.category, counted = excluded.counted, spot = excluded.spot, "
             "in_group = excluded.in_group, committee = excluded.committee, town = excluded.town, county = excluded.county, "
             "asked = excluded.asked, reply_due = excluded.reply_due, reply_in_time = excluded.reply_in_time, "
             "judged = excluded.judged, resolved = excluded.resolved, satisfied = excluded.satisfied");
    const char *sql = arena_z(a, buf_str(&b));
    buf_free(&b);
    return sql;
}

static void row_args(const struct shares *s, enum tally_part part, struct db_arg args[ROW_COLUMNS])
{
    const struct share *n = &s->part[part];
    args[0] = INT(s->subject_kind);
    args[1] = INT(s->subject);
    args[2] = INT(part);
    args[3] = INT(n->day);
    args[4] = INT(n->unit);
    args[5] = INT(n->kind);
    args[6] = TEXT(n->category.p != NULL ? n->category : STR(""));
    for (int m = 0; m < MEASURE_COUNT; m++)
        args[7 + m] = INT(n->m[m]);
}

bool share_flush(struct share_writer *w, struct error *e)
{
    struct db_arg args[SHARES_WRITTEN * ROW_COLUMNS];
    size_t n = w->n;

    if (n == 0)
        return true;
    w->n = 0;
    for (size_t i = 0; i < n; i++)
        row_args(w->rows[i].s, w->rows[i].part, args + i * ROW_COLUMNS);
    if (n == SHARES_WRITTEN) {
        if (w->sql == NULL)
            w->sql = insert_sql(w->arena, SHARES_WRITTEN);
        return db_exec(w->db, e, w->sql, args, n * ROW_COLUMNS);
    }
    const char *one = insert_sql(w->arena, 1);
    for (size_t i = 0; i < n; i++)
        if (!db_exec(w->db, e, one, args + i * ROW_COLUMNS, ROW_COLUMNS))
            return false;
    return true;
}

bool share_put(struct share_writer *w, const struct shares *s, enum tally_part part, struct error *e)
{
    if (!s->part[part].there)
        return db_exec(w->db, e,
                       "delete from derived.tally_row where subject_kind = ?1 and subject = ?2 and part = ?3",
                       ARGS(INT(s->subject_kind), INT(s->subject), INT(part)));
    w->rows[w->n].s = s;
    w->rows[w->n++].part = part;
    return w->n < SHARES_WRITTEN || share_flush(w, e);
}
