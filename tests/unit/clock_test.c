/* rows: G3 G4
 * Promises in simulated time: when they are due and why, what pauses and extensions do, how a breach climbs; jobs that may run twice and on two nodes. */
#include "core/case.h"
#include "core/clock.h"
#include "core/notice.h"
#include "job/lease.h"
#include "job/ticks.h"
#include "world.h"

static struct case_row row_of(struct world *w, struct id id)
{
    struct case_row c = {0};
    must(case_load(w->db, w->arena, id, false, &c, e));
    return c;
}

static const struct clock_row *clock_of(struct world *w, struct id id, enum clock_name name)
{
    struct clock_row *rows = NULL;
    struct error e;
    size_t n = clock_rows(w->db, w->arena, row_of(w, id).id, &rows, &e);
    for (size_t i = 0; i < n; i++)
        if (rows[i].name == name)
            return &rows[i];
    fail_msg("no clock %s", clock_code(name));
    return NULL;
}

static int64_t civil(int year, int month, int day, int hour, int minute)
{
    return civil_ms((struct civil){.year = year, .month = month, .day = day, .hour = hour, .minute = minute});
}

/* Runs a job until it has nothing more to do. */
static void tick(struct world *w, bool (*job)(struct core *, struct db *, bool *, struct error *))
{
    bool more = true;
    while (more) {
        must(db_begin(w->db, e));
        must(job(w->core, w->db, &more, e));
        must(db_commit(w->db, e));
    }
}

/* R0502 promises a reply within one working hour; reported at 11:30 it runs over the noon break. */
static void a_reply_is_due_in_working_hours(void **state)
{
    struct world w;
    world_open(&w, state);
    world_clock(2024, 3, 5, 11, 30);
    struct answer a = world_report(&w, "request", "R0502", w.group_code);
    assert_int_equal(clock_of(&w, a.uuid, CLOCK_REPLY)->due_at, civil(2024, 3, 5, 15, 0));
    world_close(&w);
}

/* Settling within 3 working days from the Tuesday before the Dragon Boat holiday 2024 (8–10 June): the three days off are named. */
static void holidays_are_not_counted_and_named(void **state)
{
    struct world w;
    struct buf out = BUF_INIT(BUF_REPLY);
    struct jw jw = JW_INIT(&out);
    world_open(&w, state);
    world_clock(2024, 6, 6, 9, 0);
    struct answer a = world_report(&w, "request", "R0502", w.group_code);
    (void)world_case(&w, &w.officer, "accept", a.uuid, json_object());
    const struct clock_row *settle = clock_of(&w, a.uuid, CLOCK_SETTLE);
    assert_int_equal(settle->due_at, civil(2024, 6, 12, 18, 0));
    clock_explain(w.core, core_pack(w.core, w.db, 0, NULL), &jw, settle, time_now(), LANG_ZH_CN, w.arena);
    assert_non_null(strstr(out.p, "2024-06-10"));
    assert_non_null(strstr(out.p, "端午"));
    assert_non_null(strstr(out.p, "3 工作日"));
    buf_free(&out);
    world_close(&w);
}

/* 11 May 2024 is a Saturday that is worked for the May holidays. */
static void a_make_up_saturday_counts(void **state)
{
    struct world w;
    world_open(&w, state);
    world_clock(2024, 5, 9, 9, 0);
    struct answer a = world_report(&w, "request", "R0502", w.group_code);
    (void)world_case(&w, &w.officer, "accept", a.uuid, json_object());
    assert_int_equal(clock_of(&w, a.uuid, CLOCK_SETTLE)->due_at, civil(2024, 5, 13, 18, 0));
    world_close(&w);
}

static void beyond_the_table_it_says_so(void **state)
{
    struct world w;
    world_open(&w, state);
    world_clock(2027, 3, 1, 9, 0);
    struct answer a = world_report(&w, "request", "R0502", w.group_code);
    assert_true(clock_of(&w, a.uuid, CLOCK_REPLY)->uncertain);
    world_close(&w);
}

static void a_pause_moves_the_due_time(void **state)
{
    struct world w;
    world_open(&w, state);
    world_clock(2024, 3, 4, 9, 0);
    struct answer a = world_report(&w, "request", "R0601", w.group_code);
    (void)world_case(&w, &w.officer, "accept", a.uuid, json_object());
    int64_t before = clock_of(&w, a.uuid, CLOCK_SETTLE)->due_at;
    world_clock(2024, 3, 5, 9, 0);
    (void)world_case(&w, &w.officer, "pause", a.uuid, json_pack("{s:s}", "reason", "等居民补材料"));
    assert_int_equal(row_of(&w, a.uuid).due, 0);
    world_clock(2024, 3, 8, 9, 0);
    (void)world_case(&w, &w.officer, "resume", a.uuid, json_object());
    assert_int_equal(clock_of(&w, a.uuid, CLOCK_SETTLE)->due_at - before, 3 * (int64_t)TIME_DAY);
    world_close(&w);
}

static void a_pause_with_a_date_ends_by_itself(void **state)
{
    struct world w;
    world_open(&w, state);
    world_clock(2024, 3, 4, 9, 0);
    struct answer a = world_report(&w, "request", "R0601", w.group_code);
    (void)world_case(&w, &w.officer, "accept", a.uuid, json_object());
    (void)world_case(&w, &w.officer, "pause", a.uuid,
                     json_pack("{s:s,s:s}", "reason", "等雨停", "until", "2024-03-06T09:00:00+08:00"));
    world_clock(2024, 3, 6, 8, 59);
    tick(&w, tick_pauses);
    assert_true((row_of(&w, a.uuid).flags & FLAG_PAUSED) != 0);
    world_clock(2024, 3, 6, 9, 1);
    tick(&w, tick_pauses);
    tick(&w, tick_pauses);
    assert_true((row_of(&w, a.uuid).flags & FLAG_PAUSED) == 0);
    assert_int_equal(number(w.db, "select count(*) from journal where verb = 'resume'"), 1);
    world_close(&w);
}

static void an_extension_is_granted_by_another(void **state)
{
    struct world w;
    struct answer got;
    world_open(&w, state);
    world_clock(2024, 3, 4, 9, 0);
    struct answer a = world_report(&w, "request", "R0502", w.group_code);
    (void)world_case(&w, &w.officer, "accept", a.uuid, json_object());
    (void)world_case(&w, &w.officer, "ask_extension", a.uuid,
                     json_pack("{s:i,s:s}", "days", 2, "reason", "配件还没到"));
    must_fail(FORBIDDEN, world_try(&w, &w.officer, SUBJECT_CASE, "grant_extension", a.uuid,
                                   json_pack("{s:b}", "granted", 1), &got, e));
    (void)world_case(&w, &w.chair, "grant_extension", a.uuid, json_pack("{s:b}", "granted", 1));
    assert_int_equal(clock_of(&w, a.uuid, CLOCK_SETTLE)->due_at, civil(2024, 3, 11, 18, 0));
    world_close(&w);
}

/* The one answerable is warned at once, the head a working day later; twice is once. */
static void a_breach_warns_then_warns_the_head(void **state)
{
    struct world w;
    world_open(&w, state);
    world_clock(2024, 3, 5, 9, 0);
    struct answer a = world_report(&w, "request", "R0601", w.group_code);
    (void)world_case(&w, &w.officer, "accept", a.uuid, json_object());
    world_clock(2024, 3, 5, 17, 0);
    tick(&w, tick_clocks);
    tick(&w, tick_clocks);
    assert_int_equal(number(w.db, "select count(*) from notice where template = 'due_reply'"), 1);
    assert_int_equal(number(w.db, "select count(*) from notice where template = 'late_reply'"), 0);
    world_clock(2024, 3, 6, 18, 1);
    tick(&w, tick_clocks);
    assert_int_equal(
        number(w.db,
               "select count(*) from notice n join account k on k.id = n.account where n.template = 'late_reply' and k.login = 'chair1'"),
        1);
    /* A road in bad repair does not go up by itself. */
    world_clock(2024, 3, 20, 9, 0);
    tick(&w, tick_clocks);
    assert_int_equal(number(w.db, "select count(*) from journal where verb = 'escalate'"), 0);
    world_close(&w);
}

/* A missing manhole cover is urgent: unanswered, it climbs from the group to the committee. */
static void an_urgent_breach_climbs_by_itself(void **state)
{
    struct world w;
    world_open(&w, state);
    world_clock(2024, 3, 5, 9, 0);
    struct answer a = world_case(&w, &w.steward, "report", (struct id){{0}},
                                 json_pack("{s:s,s:s,s:s,s:s}", "text", "路口井盖没了", "kind", "hazard",
                                           "category", "H1101", "unit", w.group_code));
    assert_int_equal(row_of(&w, a.uuid).level, LEVEL_GROUP);
    for (int day = 5; day < 9; day++) {
        world_clock(2024, 3, day, 18, 30);
        tick(&w, tick_clocks);
    }
    assert_int_equal(number(w.db, "select count(*) from journal where verb = 'escalate' and actor_kind = 3"), 1);
    assert_int_equal(row_of(&w, a.uuid).level, LEVEL_COMMITTEE);
    world_close(&w);
}

static void what_nobody_judged_is_filed_in_time(void **state)
{
    struct world w;
    world_open(&w, state);
    world_clock(2024, 3, 4, 9, 0);
    struct answer a = world_report(&w, "request", "R0502", w.group_code);
    world_settle(&w, a.uuid, "DONE");
    world_clock(2024, 3, 10, 9, 0);
    tick(&w, tick_closing);
    assert_int_equal(row_of(&w, a.uuid).state, STATE_SETTLED);
    world_clock(2024, 3, 12, 9, 0);
    tick(&w, tick_closing);
    assert_int_equal(row_of(&w, a.uuid).state, STATE_CLOSED);
    world_close(&w);
}

/* A good word lets it be filed after three days, without waiting for the week. */
static void what_was_judged_is_filed(void **state)
{
    struct world w;
    world_open(&w, state);
    world_clock(2024, 3, 4, 9, 0);
    struct answer a = world_report(&w, "request", "R0502", w.group_code);
    world_settle(&w, a.uuid, "DONE");
    world_judge(&w, &a, "yes", "yes");
    world_clock(2024, 3, 6, 9, 0);
    tick(&w, tick_closing);
    assert_int_equal(row_of(&w, a.uuid).state, STATE_SETTLED);
    world_clock(2024, 3, 7, 9, 1);
    tick(&w, tick_closing);
    assert_int_equal(row_of(&w, a.uuid).state, STATE_CLOSED);
    world_close(&w);
}

/* Two nodes: the lease is one's until it runs out. */
static void a_lease_is_held_by_one(void **state)
{
    struct world w;
    struct core other;
    bool held;
    world_open(&w, state);
    other = *w.core;
    other.node = "other-node";
    must(lease_hold(w.core, w.db, "job", 60 * 1000, &held, e));
    assert_true(held);
    must(lease_hold(&other, w.db, "job", 60 * 1000, &held, e));
    assert_false(held);
    must(lease_hold(w.core, w.db, "job", 60 * 1000, &held, e));
    assert_true(held);
    must(db_exec(w.db, e, "update lease set until = 0", NO_ARGS));
    must(lease_hold(&other, w.db, "job", 60 * 1000, &held, e));
    assert_true(held);
    must(lease_hold(w.core, w.db, "job", 60 * 1000, &held, e));
    assert_false(held);
    world_close(&w);
}

/* Who is to know is told once, however often the journal is read. */
static void notices_are_told_once(void **state)
{
    struct world w;
    int64_t done = 1;
    world_open(&w, state);
    (void)world_report(&w, "request", "R0502", w.group_code);
    for (int i = 0; i < 2; i++) {
        must(db_exec(w.db, e, "delete from reader_cursor where name = 'notice'", NO_ARGS));
        for (done = 1; done > 0;) {
            must(db_begin(w.db, e));
            must(notice_catch_up(w.core, w.db, 100, &done, e));
            must(db_commit(w.db, e));
        }
    }
    assert_int_equal(number(w.db, "select count(*) from notice where template = 'reported'"), 1);
    world_close(&w);
}

int main(void)
{
    static const struct both_test tests[] = {
        BOTH(a_reply_is_due_in_working_hours),
        BOTH(holidays_are_not_counted_and_named),
        BOTH(a_make_up_saturday_counts),
        BOTH(beyond_the_table_it_says_so),
        BOTH(a_pause_moves_the_due_time),
        BOTH(a_pause_with_a_date_ends_by_itself),
        BOTH(an_extension_is_granted_by_another),
        BOTH(a_breach_warns_then_warns_the_head),
        BOTH(an_urgent_breach_climbs_by_itself),
        BOTH(what_nobody_judged_is_filed_in_time),
        BOTH(what_was_judged_is_filed),
        BOTH(a_lease_is_held_by_one),
        BOTH(notices_are_told_once),
    };
    return both_run("clock", tests, sizeof tests / sizeof tests[0]);
}
