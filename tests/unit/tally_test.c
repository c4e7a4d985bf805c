/* rows: G5 D8 */
/* What counts, on which day, and that the sums are those of a rebuild whatever happened
 * (docs/counting.md). */
#include "core/tally.h"
#include "world.h"

static void catch_up(struct world *w)
{
    int64_t done = 1;
    while (done > 0) {
        must(db_begin(w->db, e));
        must(tally_catch_up(w->core, w->db, 7, &done, e));
        must(db_commit(w->db, e));
    }
}

static int64_t sum(struct world *w, const char *column, const char *unit, int month)
{
    int64_t n = -1;
    catch_up(w);
    must(db_one_int(
        w->db, &n, 0, e,
        arena_printf(w->arena,
                     "select cast(sum(%s) as bigint) from derived.tally where unit = ?1 and month = ?2", column),
        ARGS(INT(world_unit(w, unit)), INT(2024 * 12 + month - 1))));
    return n;
}

#define assert_sum(column, unit, month, wanted) assert_int_equal(sum(&w, column, unit, month), wanted)

static void a_case_counts_when_it_is_settled(void **state)
{
    struct world w;
    world_open(&w, state);
    struct answer c = world_report(&w, "dispute", "D0101", w.group_code);
    assert_sum("counted", WUZHAI, 1, 0);
    world_clock(2024, 2, 3, 10, 0); /* ends in another month than it began */
    world_settle(&w, c.uuid, "WRITTEN");
    assert_sum("counted", WUZHAI, 1, 0);
    assert_sum("counted", WUZHAI, 2, 1);
    assert_sum("committee", WUZHAI, 2, 1);
    assert_sum("counted", TOWN, 2, 1);
    assert_sum("counted", COUNTY, 2, 1);
    assert_sum("counted", CHENZHUANG, 2, 0);
    world_clock(2024, 3, 1, 10, 0);
    (void)world_case(&w, &w.officer, "close", c.uuid, json_object());
    assert_sum("counted", WUZHAI, 2, 1);
    assert_sum("counted", WUZHAI, 3, 0);
    world_close(&w);
}

static void an_outcome_may_not_count(void **state)
{
    struct world w;
    world_open(&w, state);
    struct answer c = world_report(&w, "dispute", "D0101", WUZHAI);
    world_settle(&w, c.uuid, "END_NO_DEAL");
    assert_sum("counted", WUZHAI, 1, 0);
    assert_sum("asked", WUZHAI, 1, 0);
    world_judge(&w, &c, "part", "no"); /* judged all the same: it stands in the rates */
    assert_sum("counted", WUZHAI, 1, 0);
    assert_sum("asked", WUZHAI, 1, 1);
    assert_sum("judged", WUZHAI, 1, 1);
    assert_sum("satisfied", WUZHAI, 1, 0);
    world_close(&w);
}

/* D8: on the spot, in the group, at the committee. */
static void levels_are_where_it_ended(void **state)
{
    struct world w;
    world_open(&w, state);
    (void)world_spot(&w, "dispute", "D0102", w.group_code, "SPOT_PEACE");
    struct answer c = world_report(&w, "dispute", "D0101", w.group_code);
    (void)world_case(&w, &w.steward, "take", c.uuid, json_object());
    (void)world_case(&w, &w.steward, "settle", c.uuid,
                     json_pack("{s:s,s:s}", "outcome", "ORAL", "result", "讲和了"));
    c = world_report(&w, "dispute", "D0101", w.group_code);
    world_settle(&w, c.uuid, "WRITTEN");
    assert_sum("spot", WUZHAI, 1, 1);
    assert_sum("in_group", WUZHAI, 1, 1);
    assert_sum("committee", WUZHAI, 1, 1);
    assert_sum("town + county", WUZHAI, 1, 0);
    assert_sum("counted", WUZHAI, 1, 3);
    /* Told at once is told in time. */
    assert_sum("reply_in_time", WUZHAI, 1, 3);
    world_close(&w);
}

static void a_no_stays_until_it_is_settled_anew(void **state)
{
    struct world w;
    world_open(&w, state);
    struct answer c = world_report(&w, "request", "R0101", WUZHAI);
    world_settle(&w, c.uuid, "DONE");
    assert_sum("counted", WUZHAI, 1, 1);
    world_clock(2024, 2, 2, 9, 0);
    world_judge(&w, &c, "no", "no");
    assert_sum("counted", WUZHAI, 1, 0);
    assert_sum("judged", WUZHAI, 1, 0);
    assert_sum("judged", WUZHAI, 2, 1); /* on the day it was said */
    assert_sum("resolved", WUZHAI, 2, 0);
    world_clock(2024, 3, 4, 9, 0);
    (void)world_case(&w, &w.officer, "settle", c.uuid,
                     json_pack("{s:s,s:s}", "outcome", "DONE", "result", "又办了一遍"));
    assert_sum("judged", WUZHAI, 2, 0);
    assert_sum("counted", WUZHAI, 3, 1);
    world_judge(&w, &c, "yes", "ok");
    assert_sum("judged", WUZHAI, 3, 1);
    assert_sum("resolved", WUZHAI, 3, 1);
    assert_sum("satisfied", WUZHAI, 3, 1);
    assert_sum("asked", WUZHAI, 3, 1);
    world_close(&w);
}

static void corrections_move_it(void **state)
{
    struct world w;
    world_open(&w, state);
    struct answer c = world_report(&w, "dispute", "D0101", w.group_code);
    world_settle(&w, c.uuid, "WRITTEN");
    assert_sum("counted", WUZHAI, 1, 1);
    (void)world_case(&w, &w.officer, "correct", c.uuid,
                     json_pack("{s:s,s:s,s:s}", "reason", "录错了", "kind", "request", "category", "R0101"));
    catch_up(&w);
    assert_int_equal(number(w.db, "select cast(sum(counted) as bigint) from derived.tally where kind = 1"), -1);
    assert_int_equal(
        number(w.db,
               "select cast(sum(counted) as bigint) from derived.tally where kind = 2 and category = 'R0101'"),
        3);
    (void)world_case(&w, &w.system, "correct", c.uuid,
                     json_pack("{s:s,s:s}", "reason", "不在我居", "unit", CHENZHUANG));
    assert_sum("counted", WUZHAI, 1, 0);
    assert_sum("counted", CHENZHUANG, 1, 1);
    assert_sum("counted", TOWN, 1, 1);
    world_close(&w);
}

static void merged_and_withdrawn_do_not_count(void **state)
{
    struct world w;
    char into[ID_TEXT];
    world_open(&w, state);
    struct answer first = world_report(&w, "request", "R0101", WUZHAI),
                  second = world_report(&w, "request", "R0101", WUZHAI);
    id_format(first.uuid, into);
    (void)world_case(&w, &w.officer, "merge", second.uuid, json_pack("{s:s}", "into", into));
    world_settle(&w, first.uuid, "DONE");
    assert_sum("counted", WUZHAI, 1, 1);
    assert_sum("reply_in_time", WUZHAI, 1, 2); /* whose case was joined was told so */
    struct answer third = world_report(&w, "request", "R0101", WUZHAI);
    struct actor who = world_resident(&third);
    (void)world_case(&w, &who, "withdraw", third.uuid, json_pack("{s:s}", "reason", "不用了"));
    assert_sum("counted", WUZHAI, 1, 1);
    assert_sum("reply_due", WUZHAI, 1, 2);
    world_close(&w);
}

static void a_late_reply_counts_on_the_day_it_was_due(void **state)
{
    struct world w;
    world_open(&w, state);
    world_clock(2024, 1, 30, 9, 0); /* 4 working hours */
    struct answer c = world_report(&w, "request", "R0101", WUZHAI);
    world_clock(2024, 2, 20, 9, 0);
    (void)world_case(&w, &w.officer, "reply", c.uuid, json_pack("{s:s}", "text", "对不住，今天才看到"));
    assert_sum("reply_due", WUZHAI, 1, 1);
    assert_sum("reply_in_time", WUZHAI, 1, 0);
    assert_sum("reply_due", WUZHAI, 2, 0);
    world_close(&w);
}

static void talks_count_when_held(void **state)
{
    struct world w;
    world_open(&w, state);
    struct answer t = world_talk(&w, "T0101", w.group_code);
    assert_sum("counted", WUZHAI, 1, 1);
    assert_sum("asked", WUZHAI, 1, 0);
    (void)world_do(&w, &w.officer, SUBJECT_ACTIVITY, "cancel", t.uuid, json_pack("{s:s}", "reason", "记错了"));
    assert_sum("counted", WUZHAI, 1, 0);
    assert_int_equal(number(w.db, "select count(*) from derived.tally"), 0); /* nothing is left of it */
    world_close(&w);
}

/* ---- Whatever happens ---------------------------------------------------------------------------------- */

static struct str dump(struct world *w)
{
    struct buf b = BUF_INIT(BUF_REPLY);
    struct db_rows r;
    must(db_rows(w->db, &r, e,
                 "select unit, month, kind, category, " MEASURE_COLUMNS
                 " from derived.tally order by unit, month, kind, category",
                 NO_ARGS));
    while (db_next(&r)) {
        buf_addf(&b, "%lld %lld %lld %.*s:", (long long)db_int(&r, 0), (long long)db_int(&r, 1),
                 (long long)db_int(&r, 2), (int)db_text(&r, 3).n, db_text(&r, 3).p);
        for (int m = 0; m < MEASURE_COUNT; m++)
            buf_addf(&b, " %lld", (long long)db_int(&r, 4 + m));
        buf_addc(&b, '\n');
    }
    must(db_end(&r, e));
    struct str s = arena_str(w->arena, buf_str(&b));
    buf_free(&b);
    return s;
}

static uint32_t dice(uint32_t *seed, uint32_t sides)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % sides;
}

enum { CASES_MOST = 40 };

/* One random thing; most are refused by the rules, and that is as it should be. */
static void anything(struct world *w, uint32_t *seed, struct answer *cases, size_t *n)
{
    static const char *const kinds[] = {"dispute", "request", "environment", "difficulty", "hazard"};
    static const char *const categories[] = {"D0101", "R0101", "E0101", "L0101", "H0101"};
    static const char *const outcomes[] = {"WRITTEN",         "DONE",        "CLEANED",   "COORDINATED",
                                           "FIXED_RECHECKED", "END_NO_DEAL", "NO_CONTACT"};
    static const char *const words[] = {"yes", "part", "no"}, *const satisfactions[] = {"yes", "ok", "no"};
    const char *const units[] = {WUZHAI, w->group_code, CHENZHUANG};
    struct answer *c = *n > 0 ? &cases[dice(seed, (uint32_t)*n)] : NULL,
                  *other = *n > 0 ? &cases[dice(seed, (uint32_t)*n)] : NULL, got;
    uint32_t what = c == NULL ? 0 : dice(seed, 14), k = dice(seed, 5);
    struct actor resident = c != NULL ? world_resident(c) : (struct actor){0};
    struct error refused;
    char into[ID_TEXT];

    if (what <= 1 && *n < CASES_MOST) {
        if (what == 0)
            cases[(*n)++] = world_report(w, kinds[k], categories[k], units[dice(seed, 2)]);
        else
            cases[(*n)++] = world_spot(
                w, kinds[k], categories[k], w->group_code,
                (const char *const[]){"SPOT_PEACE", "ANSWERED", "CLEANED", "SPOT", "FIXED_ON_SITE"}[k]);
        return;
    }
    if (what == 2)
        (void)world_talk(w, "T0101", w->group_code);
    if (what == 3)
        (void)world_try(w, &w->officer, SUBJECT_CASE, "reply", c->uuid, json_pack("{s:s}", "text", "在办"),
                        &got, &refused);
    if (what == 4)
        (void)world_try(w, &w->system, SUBJECT_CASE, "accept", c->uuid, json_object(), &got, &refused);
    if (what == 5 || what == 6)
        (void)world_try(w, &w->system, SUBJECT_CASE, "settle", c->uuid,
                        json_pack("{s:s,s:s}", "outcome", outcomes[dice(seed, 7)], "result", "好了"), &got,
                        &refused);
    if (what == 7 || what == 8)
        (void)world_try(w, &resident, SUBJECT_CASE, "judge", c->uuid,
                        json_pack("{s:s,s:s}", "resolved", words[dice(seed, 3)], "satisfied",
                                  satisfactions[dice(seed, 3)]),
                        &got, &refused);
    if (what == 9)
        (void)world_try(w, &w->system, SUBJECT_CASE, dice(seed, 2) == 0 ? "reopen" : "withdraw", c->uuid,
                        json_pack("{s:s}", "reason", "还有事"), &got, &refused);
    if (what == 10)
        (void)world_try(w, &w->system, SUBJECT_CASE, "correct", c->uuid,
                        json_pack("{s:s,s:s,s:s}", "reason", "错了", "kind", kinds[k], "category", categories[k]),
                        &got, &refused);
    if (what == 11)
        (void)world_try(w, &w->system, SUBJECT_CASE, "correct", c->uuid,
                        json_pack("{s:s,s:s}", "reason", "错了", "unit", units[dice(seed, 3)]), &got, &refused);
    if (what == 12) {
        id_format(other->uuid, into);
        (void)world_try(w, &w->system, SUBJECT_CASE, "merge", c->uuid, json_pack("{s:s}", "into", into), &got,
                        &refused);
    }
    if (what == 13)
        (void)world_try(w, &w->system, SUBJECT_CASE, "close", c->uuid, json_object(), &got, &refused);
}

static void sums_are_those_of_a_rebuild(void **state)
{
    for (uint32_t run = 1; run <= 3; run++) {
        struct world w;
        struct answer cases[CASES_MOST];
        size_t n = 0;
        uint32_t seed = run * 7919;
        int64_t done;

        world_open(&w, state);
        for (int step = 0; step < 300; step++) {
            time_set(time_now() + (int64_t)dice(&seed, 30) * TIME_HOUR + 1);
            anything(&w, &seed, cases, &n);
            if (dice(&seed, 4) == 0) {
                must(db_begin(w.db, e));
                must(tally_catch_up(w.core, w.db, 1 + dice(&seed, 9), &done, e));
                must(db_commit(w.db, e));
            }
        }
        catch_up(&w);
        struct str kept = dump(&w);
        must(db_begin(w.db, e));
        must(tally_rebuild(w.core, w.db, e));
        must(db_commit(w.db, e));
        struct str fresh = dump(&w);
        assert_true(kept.n > 0);
        assert_string_equal(arena_z(w.arena, kept), arena_z(w.arena, fresh));
        /* Counted by hand: every live or filed case whose outcome counts. */
        int64_t talks = number(w.db, "select count(*) from activity where type = 5 and state = 2");
        int64_t settled = number(
            w.db,
            "select count(*) from cases where state in (4, 5) and outcome not in ('END_NO_DEAL', 'NO_CONTACT')");
        assert_int_equal(sum(&w, "0", COUNTY, 1), 0);
        assert_int_equal(
            number(w.db,
                   "select cast(sum(counted) as bigint) from derived.tally t join unit u on u.id = t.unit where u.level = 3"),
            talks + settled);
        assert_int_equal(
            number(w.db,
                   "select cast(sum(counted) as bigint) from derived.tally t join unit u on u.id = t.unit where u.level = 5"),
            talks + settled);
        assert_int_equal(
            number(w.db,
                   "select count(*) from derived.tally where counted <> spot + in_group + committee + town + county and kind < 6"),
            0);
        assert_int_equal(
            number(w.db,
                   "select count(*) from derived.tally where judged > asked or resolved > judged or satisfied > judged or reply_in_time > reply_due"),
            0);
        world_close(&w);
        if (run < 3) { /* the next run needs an empty place */
            struct place *p = *state;
            bool postgres = p->where.engine == DB_POSTGRES;
            place_remove(p);
            if (postgres)
                place_postgres(p, "C.UTF-8");
            else
                place_sqlite(p);
        }
    }
}

static void twice_changes_nothing(void **state)
{
    struct world w;
    world_open(&w, state);
    (void)world_spot(&w, "hazard", "H0201", w.group_code, "FIXED_ON_SITE");
    catch_up(&w);
    struct str kept = dump(&w);
    must(db_exec(w.db, e, "update derived.reader_cursor set seq = 0, xid = 0 where name = 'tally'", NO_ARGS));
    catch_up(&w);
    assert_string_equal(arena_z(w.arena, kept), arena_z(w.arena, dump(&w)));
    int64_t position;
    must(tally_position(w.db, &position, e));
    assert_int_equal(position, number(w.db, "select max(seq) from journal"));
    world_close(&w);
}

/* A restored journal stands under a tally that has read another one. */
static void a_foreign_cursor_makes_it_anew(void **state)
{
    struct world w;
    world_open(&w, state);
    (void)world_spot(&w, "hazard", "H0201", w.group_code, "FIXED_ON_SITE");
    catch_up(&w);
    struct str kept = dump(&w);
    must(db_exec(w.db, e, "update derived.tally set counted = counted + 5", NO_ARGS));
    must(db_exec(w.db, e, "update derived.reader_cursor set xid = xid + 1 where name = 'tally'", NO_ARGS));
    catch_up(&w);
    assert_string_equal(arena_z(w.arena, kept), arena_z(w.arena, dump(&w)));
    must(db_exec(w.db, e, "update derived.reader_cursor set seq = seq + 1000 where name = 'tally'", NO_ARGS));
    catch_up(&w);
    assert_string_equal(arena_z(w.arena, kept), arena_z(w.arena, dump(&w)));
    world_close(&w);
}

int main(void)
{
    static const struct both_test tests[] = {
        BOTH(a_case_counts_when_it_is_settled),
        BOTH(an_outcome_may_not_count),
        BOTH(levels_are_where_it_ended),
        BOTH(a_no_stays_until_it_is_settled_anew),
        BOTH(corrections_move_it),
        BOTH(merged_and_withdrawn_do_not_count),
        BOTH(a_late_reply_counts_on_the_day_it_was_due),
        BOTH(talks_count_when_held),
        BOTH(sums_are_those_of_a_rebuild),
        BOTH(twice_changes_nothing),
        BOTH(a_foreign_cursor_makes_it_anew),
    };
    return both_run("tally", tests, sizeof tests / sizeof tests[0]);
}
