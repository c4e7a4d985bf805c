#include <stdlib.h>

#include "base/time.h"
#include "core/case_read.h"
#include "core/scope.h"
#include "core/search.h"

static const struct {
    const char *code;
    int64_t least_state, most_state;
    unsigned flags, flag_values; /* (flags & these) = those */
    enum { DUE_ANY, DUE_PASSED, DUE_TODAY } due;
} views[VIEW_COUNT] = {
    [VIEW_OPEN] = {"open", STATE_REPORTED, STATE_WORKING, 0, 0, DUE_ANY},
    [VIEW_NEW] = {"new", STATE_REPORTED, STATE_REPORTED, 0, 0, DUE_ANY},
    [VIEW_MINE] = {"mine", STATE_REPORTED, STATE_WORKING, 0, 0, DUE_ANY},
    [VIEW_OVERDUE] = {"overdue", STATE_REPORTED, STATE_WORKING, 0, 0, DUE_PASSED},
    [VIEW_TODAY] = {"today", STATE_REPORTED, STATE_WORKING, 0, 0, DUE_TODAY},
    [VIEW_OFFICE] = {"office", STATE_REPORTED, STATE_WORKING, FLAG_REFERRED, FLAG_REFERRED, DUE_ANY},
    [VIEW_RESIDENT] = {"resident", STATE_SETTLED, STATE_SETTLED, 0, 0, DUE_ANY},
    [VIEW_REVISIT] = {"revisit", STATE_SETTLED, STATE_SETTLED, FLAG_REVISITED, 0, DUE_ANY},
    [VIEW_EXTENSION] = {"extension", STATE_REPORTED, STATE_WORKING, FLAG_EXTENSION_ASKED,
                        FLAG_EXTENSION_ASKED, DUE_ANY},
    [VIEW_CLOSED] = {"closed", STATE_CLOSED, STATE_WITHDRAWN, 0, 0, DUE_ANY},
};

/* What is due by then stands in the view. */
static int64_t due_before(enum case_view view)
{
    return views[view].due == DUE_PASSED  ? time_now()
           : views[view].due == DUE_TODAY ? day_start(day_of(time_now()) + 1)
                                          : INT64_MAX;
}

bool case_view_parse(struct str s, enum case_view *ret)
{
    for (int v = 0; v < VIEW_COUNT; v++)
        if (str_is(s, views[v].code)) {
            *ret = (enum case_view)v;
            return true;
        }
    return false;
}

/* The flags that a view asks for. Of extensions those that this actor decides on; who decides on none has an empty list. */
static void view_flags(enum case_view view, const struct actor *a, int64_t *mask, int64_t *values)
{
    bool head = actor_is(a, AS(CHAIR)), above = actor_is(a, POSTS_ABOVE);

    *mask = views[view].flags;
    *values = views[view].flag_values;
    if (view != VIEW_EXTENSION || (head && above))
        return;
    *mask = head || above ? FLAG_EXTENSION_ASKED | FLAG_EXTENSION_ABOVE : 0;
    *values = FLAG_EXTENSION_ASKED | (above ? FLAG_EXTENSION_ABOVE : 0);
}

struct found {
    int64_t due, id;
};

struct gathering {
    struct db *db;
    const struct actor *actor;
    const struct case_filter *f;
    struct found *rows;
    size_t n, room;
};

/* A range with more rows than this is not read and sorted; the whole order is walked instead, and what lies elsewhere passed over. */
enum { WIDE = 2000 };

static bool is_wide(struct db *db, bool closed, int64_t lo, int64_t hi, bool *ret, struct error *e)
{
    int64_t n;
    const char *sql =
        closed
            ? "select count(*) from (select 1 from cases where scope >= ?1 and scope < ?2 limit ?3) seen"
            : "select count(*) from (select 1 from desk where holder_kind = 1 and holder >= ?1 and holder < ?2 limit ?3) seen";
    if (!db_one_int(db, &n, 0, e, sql, ARGS(INT(lo), INT(hi), INT(WIDE))))
        return false;
    *ret = n == WIDE;
    return true;
}

/* The kind of holder as a literal opens the index by due time, the sum closes the one by holder. */
#define DESK_WHERE                                                                                           \
    "and state >= ?3 and state <= ?4 and case_kind >= ?5 and case_kind <= ?6 and (flags & ?7) = ?8 and "     \
    "(class & ?9) = 0 and due < ?10 and due >= ?11 and (due > ?11 or case_id > ?12) order by due, case_id limit ?13"
#define CLOSED_WHERE                                                                                         \
    "and state >= ?3 and state <= ?4 and kind >= ?5 and kind <= ?6 and (class & ?7) = 0 and "                \
    "reported_at <= ?8 and (reported_at < ?8 or id > ?9) order by reported_at desc, id limit ?10"

static bool keep_found(struct gathering *g, struct db_rows *r, struct error *e)
{
    while (g->n < g->room && db_next(r))
        g->rows[g->n++] = (struct found){db_int(r, 0), db_int(r, 1)};
    return db_end(r, e);
}

/* Holders of one kind in a range; hidden classes count only where the row is the unit's: what one holds oneself one may see. */
static bool gather_desk(struct gathering *g, enum holder_kind kind, int64_t lo, int64_t hi, struct error *e)
{
    static const char *const of_kind[] = {
        [HOLDER_UNIT] =
            "select due, case_id from desk where holder_kind = 1 and holder >= ?1 and holder < ?2 " DESK_WHERE,
        [HOLDER_OFFICE] =
            "select due, case_id from desk where holder_kind = 2 and holder >= ?1 and holder < ?2 " DESK_WHERE,
        [HOLDER_ACCOUNT] =
            "select due, case_id from desk where holder_kind = 3 and holder >= ?1 and holder < ?2 " DESK_WHERE,
    };
    static const char walk[] =
        "select due, case_id from desk {sqlite:indexed by desk_due} where holder_kind = 1 and holder + 0 >= ?1 and holder + 0 < ?2 " DESK_WHERE;
    const struct case_filter *f = g->f;
    struct db_rows r;
    int64_t least = f->state != 0 ? (int64_t)f->state : views[f->view].least_state;
    int64_t most = f->state != 0 ? (int64_t)f->state : views[f->view].most_state;
    int64_t hidden = kind == HOLDER_UNIT ? scope_hidden(g->actor) : 0, mask, values;
    bool wide = false;

    view_flags(f->view, g->actor, &mask, &values);
    if (kind == HOLDER_UNIT && !is_wide(g->db, false, lo, hi, &wide, e))
        return false;
    return db_rows(g->db, &r, e, wide ? walk : of_kind[kind],
                   ARGS(INT(lo), INT(hi), INT(least), INT(most),
                        INT(f->kind == KIND_NONE ? KIND_DISPUTE : f->kind),
                        INT(f->kind == KIND_NONE ? KIND_HAZARD : f->kind), INT(mask), INT(values),
                        INT(hidden), INT(due_before(f->view)), INT(f->has_after ? f->after_due : -1),
                        INT(f->after_id), INT((int64_t)f->limit + 1))) &&
           keep_found(g, &r, e);
}

/* Ended cases have left the desk: newest first. */
static bool gather_closed(struct gathering *g, int64_t lo, int64_t hi, struct error *e)
{
    const struct case_filter *f = g->f;
    struct db_rows r;
    int64_t least = f->state != 0 ? (int64_t)f->state : STATE_CLOSED,
            most = f->state != 0 ? (int64_t)f->state : STATE_WITHDRAWN;
    bool wide;

    if (!is_wide(g->db, true, lo, hi, &wide, e))
        return false;
    return db_rows(g->db, &r, e,
                   wide ? "select -reported_at, id from cases where scope + 0 >= ?1 and scope + 0 < ?2 " CLOSED_WHERE
                        : "select -reported_at, id from cases where scope >= ?1 and scope < ?2 " CLOSED_WHERE,
                   ARGS(INT(lo), INT(hi), INT(least), INT(most),
                        INT(f->kind == KIND_NONE ? KIND_DISPUTE : f->kind),
                        INT(f->kind == KIND_NONE ? KIND_HAZARD : f->kind), INT(scope_hidden(g->actor)),
                        INT(f->has_after ? -f->after_due : INT64_MAX), INT(f->after_id),
                        INT((int64_t)f->limit + 1))) &&
           keep_found(g, &r, e);
}

bool case_list_walk(struct db *db, const struct actor *actor, const struct case_filter *f,
                    enum holder_kind holder, int64_t hi, const int64_t after[3], int64_t (*ret)[3],
                    size_t room, size_t *ret_n, struct error *e)
{
    struct db_rows r;
    int64_t least = f->state != 0 ? (int64_t)f->state : views[f->view].least_state;
    int64_t most = f->state != 0 ? (int64_t)f->state : views[f->view].most_state;
    int64_t first = f->kind == KIND_NONE ? KIND_DISPUTE : f->kind,
            last = f->kind == KIND_NONE ? KIND_HAZARD : f->kind;
    int64_t hidden = holder == HOLDER_UNIT ? scope_hidden(actor) : 0, mask, values;
    bool ok;

    view_flags(f->view, actor, &mask, &values);
    if (f->view == VIEW_CLOSED)
        ok = db_rows(
            db, &r, e,
            "select scope, reported_at, id from cases where (scope, reported_at, id) > (?1, ?2, ?3) and scope < ?4 "
            "and state >= ?5 and state <= ?6 and kind >= ?7 and kind <= ?8 and (class & ?9) = 0 order by scope, reported_at, id limit ?10",
            ARGS(INT(after[0]), INT(after[1]), INT(after[2]), INT(hi), INT(least), INT(most), INT(first),
                 INT(last), INT(hidden), INT((int64_t)room)));
    else
        ok = db_rows(
            db, &r, e,
            "select holder, due, case_id from desk where holder_kind = ?1 and (holder, due, case_id) > (?2, ?3, ?4) and holder < ?5 "
            "and state >= ?6 and state <= ?7 and case_kind >= ?8 and case_kind <= ?9 and (flags & ?10) = ?11 and (class & ?12) = 0 and due < ?13 "
            "order by holder, due, case_id limit ?14",
            ARGS(INT(holder), INT(after[0]), INT(after[1]), INT(after[2]), INT(hi), INT(least), INT(most),
                 INT(first), INT(last), INT(mask), INT(values), INT(hidden), INT(due_before(f->view)),
                 INT((int64_t)room)));
    if (!ok)
        return false;
    for (*ret_n = 0; *ret_n < room && db_next(&r); ++*ret_n)
        for (int i = 0; i < 3; i++)
            ret[*ret_n][i] = db_int(&r, i);
    return db_end(&r, e);
}

static bool gather_units(struct gathering *g, struct arena *a, struct error *e)
{
    struct interval *reach;
    size_t n = scope_units(g->actor, a, &reach);
    for (size_t i = 0; i < n; i++) {
        int64_t lo = reach[i].lo, hi = reach[i].hi;
        if (g->f->hi != 0) {
            lo = lo > g->f->lo ? lo : g->f->lo;
            hi = hi < g->f->hi ? hi : g->f->hi;
        }
        if (lo < hi &&
            !(g->f->view == VIEW_CLOSED ? gather_closed(g, lo, hi, e) : gather_desk(g, HOLDER_UNIT, lo, hi, e)))
            return false;
    }
    return true;
}

static bool gather(struct gathering *g, struct arena *a, struct error *e)
{
    const struct actor *actor = g->actor;
    if (g->f->view != VIEW_CLOSED && g->f->hi == 0) {
        size_t at = 0;
        for (int64_t who = actor->account; who != 0; who = actor_next_absent(actor, &at))
            if (!gather_desk(g, HOLDER_ACCOUNT, who, who + 1, e))
                return false;
        for (size_t i = 0; i < actor->post_count; i++) {
            int64_t office = actor->posts[i].office;
            if (office != 0 && scope_holds_office(actor, office) &&
                !gather_desk(g, HOLDER_OFFICE, office, office + 1, e))
                return false;
        }
    }
    return g->f->view == VIEW_MINE || gather_units(g, a, e);
}

static int by_due(const void *x, const void *y)
{
    const struct found *a = x, *b = y;
    if (a->due != b->due)
        return a->due < b->due ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

/* One case by what a person reads out on the telephone, found as search finds it. */
static bool list_exact(struct core *core, struct db *db, struct arena *a, struct jw *w,
                       const struct actor *actor, struct str q, struct error *e)
{
    int64_t id;
    if (!search_exact_case(core, db, q, &id, e))
        return false;
    jw_object(w);
    jw_key(w, "items");
    if (!case_write_rows(core, db, a, w, actor, &id, id != 0, e))
        return false;
    jw_key(w, "next");
    jw_null(w);
    jw_end_object(w);
    return true;
}

bool case_write_list(struct core *core, struct db *db, struct arena *a, struct jw *w,
                     const struct actor *actor, const struct case_filter *f, struct error *e)
{
    size_t sources = 3 * actor->post_count + 2, kept = 0;
    struct gathering g = {.db = db, .actor = actor, .f = f, .room = sources * ((size_t)f->limit + 1)};

    if (f->q.n > 0)
        return list_exact(core, db, a, w, actor, f->q, e);
    g.rows = ARENA_ARRAY(a, struct found, g.room);
    if (!gather(&g, a, e))
        return false;
    qsort(g.rows, g.n, sizeof *g.rows, by_due);
    int64_t *ids = ARENA_ARRAY(a, int64_t, (size_t)f->limit + 1);
    struct found last = {0, 0};
    bool more = false;
    for (size_t i = 0; i < g.n && !more; i++) {
        if (i > 0 && g.rows[i].id == g.rows[i - 1].id)
            continue;
        if (kept == (size_t)f->limit) {
            more = true;
        } else {
            ids[kept++] = g.rows[i].id;
            last = g.rows[i];
        }
    }
    jw_object(w);
    jw_key(w, "items");
    if (!case_write_rows(core, db, a, w, actor, ids, kept, e))
        return false;
    jw_kz(w, "next", more ? arena_printf(a, "%lld.%lld", (long long)last.due, (long long)last.id) : NULL);
    jw_end_object(w);
    return true;
}
