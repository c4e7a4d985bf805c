/* rows: G5 D8 */
/* Figures: that every way of reading them (whole months, parts, groups, districts) says the same, and what
 * JSON they are. */
#include "core/figures.h"
#include "core/seals.h"
#include "core/tally.h"
#include "world.h"

static void catch_up(struct world *w)
{
    int64_t done = 1;
    while (done > 0) {
        must(db_begin(w->db, e));
        must(tally_catch_up(w->core, w->db, 1000, &done, e));
        must(db_commit(w->db, e));
    }
}

static struct figures make(struct world *w, const char *unit, int from_month, int from_day, int to_month,
                           int to_day)
{
    struct figures f;
    must(figures_make(w->core, w->db, w->arena, world_unit(w, unit), day_from_date(2024, from_month, from_day),
                      day_from_date(2024, to_month, to_day), &f, e));
    return f;
}

/* A spring at Wuzhai: on the spot, in the group, at the committee, a talk, one still open, one overdue;
 * one case next door. */
static struct answer live(struct world *w, void **state)
{
    world_open(w, state);
    (void)world_spot(w, "dispute", "D0102", w->group_code, "SPOT_PEACE");
    world_clock(2024, 2, 5, 9, 0);
    struct answer c = world_report(w, "request", "R0101", WUZHAI);
    (void)world_case(w, &w->officer, "reply", c.uuid, json_pack("{s:s}", "text", "收到"));
    world_clock(2024, 2, 20, 9, 0);
    (void)world_case(w, &w->officer, "settle", c.uuid,
                     json_pack("{s:s,s:s}", "outcome", "DONE", "result", "打完药了"));
    world_judge(w, &c, "yes", "ok");
    (void)world_talk(w, "T0101", w->group_code);
    world_clock(2024, 3, 10, 9, 0);
    (void)world_spot(w, "hazard", "H0201", WUZHAI, "FIXED_ON_SITE");
    (void)world_case(w, &w->system, "correct", world_spot(w, "hazard", "H0201", WUZHAI, "FIXED_ON_SITE").uuid,
                     json_pack("{s:s,s:s}", "reason", "在邻村", "unit", CHENZHUANG));
    (void)world_report(w, "difficulty", "L0101", w->group_code); /* 2 working hours, and nobody answers */
    world_clock(2024, 4, 8, 9, 0);
    struct answer last = world_report(w, "dispute", "D0101", WUZHAI);
    catch_up(w);
    return last;
}

/* The first promise of a reply stands on the desk's rows while it runs, and nowhere else: figures count the broken ones there. */
static void assert_promise(struct world *w, const struct answer *c, int64_t wanted)
{
    int64_t rows, right;
    must(db_one_int(w->db, &rows, -1, e, "select count(*) from desk where case_id = ?1", ARGS(INT(c->subject))));
    must(db_one_int(w->db, &right, -1, e,
                    "select count(*) from desk where case_id = ?1 and coalesce(reply_due, 0) = ?2",
                    ARGS(INT(c->subject), INT(wanted))));
    assert_true(rows > 0);
    assert_int_equal(right, rows);
}

static void a_promise_stands_on_the_desk(void **state)
{
    struct world w;
    char id[ID_TEXT];
    world_open(&w, state);
    world_clock(2024, 3, 4, 9, 0);
    struct answer c = world_report(&w, "request", "R0601", w.group_code);
    int64_t due;
    must(db_one_int(w.db, &due, 0, e, "select due_at from case_clock where case_id = ?1 and clock = ?2",
                    ARGS(INT(c.subject), INT(CLOCK_REPLY))));
    assert_true(due > time_now());
    assert_promise(&w, &c, due);
    (void)world_case(&w, &w.officer, "accept", c.uuid, json_object());
    id_format(w.steward.uuid, id);
    (void)world_case(&w, &w.officer, "assign", c.uuid, json_pack("{s:s}", "to", id));
    assert_promise(&w, &c, due); /* on the handler's row as on the unit's */
    (void)world_case(&w, &w.officer, "pause", c.uuid, json_pack("{s:s}", "reason", "等居民补材料"));
    assert_promise(&w, &c, 0);
    world_clock(2024, 3, 5, 9, 0);
    (void)world_case(&w, &w.officer, "resume", c.uuid, json_object());
    must(db_one_int(w.db, &due, 0, e, "select due_at from case_clock where case_id = ?1 and clock = ?2",
                    ARGS(INT(c.subject), INT(CLOCK_REPLY))));
    assert_promise(&w, &c, due);
    (void)world_case(&w, &w.officer, "reply", c.uuid, json_pack("{s:s}", "text", "收到"));
    assert_promise(&w, &c, 0);
    world_close(&w);
}

static void the_six_and_the_rates(void **state)
{
    struct world w;
    (void)live(&w, state);
    struct figures f = make(&w, WUZHAI, 1, 1, 12, 31);
    assert_int_equal(f.counts[KIND_DISPUTE], 1);
    assert_int_equal(f.counts[KIND_REQUEST], 1);
    assert_int_equal(f.counts[KIND_ENVIRONMENT], 0);
    assert_int_equal(f.counts[KIND_HAZARD], 1);
    assert_int_equal(f.counts[KIND_TALK], 1);
    assert_int_equal(f.levels[KIND_NONE][LEVEL_SPOT], 2);
    assert_int_equal(f.levels[KIND_NONE][LEVEL_COMMITTEE], 1);
    assert_int_equal(f.levels[KIND_DISPUTE][LEVEL_SPOT], 1);
    /* Two on the spot and one answered at once; the difficulty's promise is broken though nobody wrote a
     * word. */
    assert_int_equal(f.replied.n, 3);
    assert_int_equal(f.replied.of, 4);
    assert_int_equal(f.judged.n, 1);
    assert_int_equal(f.judged.of, 3);
    assert_int_equal(f.resolved.n, 1);
    assert_int_equal(f.satisfied.n, 1);
    assert_int_equal(f.satisfied.of, 1);
    assert_int_equal(f.open, 2);
    assert_int_equal(f.overdue, 1);
    assert_int_equal(f.month_count, 4); /* none in the future */
    assert_int_equal(f.months[1].counts[KIND_REQUEST], 1);
    assert_int_equal(f.last_day, day_from_date(2024, 3, 10));
    assert_int_equal(f.position, number(w.db, "select max(seq) from journal"));
    world_close(&w);
}

/* Answered late, it stays where it fell due: the past doesn't change by answering. */
static void a_broken_promise_stays_in_its_month(void **state)
{
    struct world w;
    (void)live(&w, state);
    struct figures before = make(&w, WUZHAI, 3, 1, 3, 31);
    struct db_rows r;
    must(db_rows(w.db, &r, e, "select uuid from cases where kind = 4", NO_ARGS));
    assert_true(db_next(&r));
    struct id id = db_id(&r, 0);
    must(db_end(&r, e));
    (void)world_case(&w, &w.officer, "reply", id, json_pack("{s:s}", "text", "来晚了"));
    catch_up(&w);
    struct figures after = make(&w, WUZHAI, 3, 1, 3, 31);
    assert_int_equal(before.replied.of, 2);
    assert_int_equal(after.replied.of, 2);
    assert_int_equal(after.replied.n, before.replied.n);
    world_close(&w);
}

static void parts_of_months_are_exact(void **state)
{
    struct world w;
    (void)live(&w, state);
    struct figures whole = make(&w, WUZHAI, 2, 1, 2, 29);
    struct figures head = make(&w, WUZHAI, 2, 1, 2, 19), tail = make(&w, WUZHAI, 2, 20, 2, 29),
                   one = make(&w, WUZHAI, 2, 20, 2, 20);
    assert_int_equal(whole.counts[KIND_REQUEST], 1);
    assert_int_equal(head.counts[KIND_REQUEST], 0);
    assert_int_equal(tail.counts[KIND_REQUEST], 1);
    assert_int_equal(one.counts[KIND_REQUEST], 1);
    assert_int_equal(one.counts[KIND_TALK], 1);
    assert_int_equal(head.replied.of, 1); /* answered on the fifth */
    assert_int_equal(tail.replied.of, 0);
    struct figures across = make(&w, WUZHAI, 1, 2, 3, 10); /* both ends cut, months between */
    assert_int_equal(across.counts[KIND_DISPUTE], 1);
    assert_int_equal(across.counts[KIND_REQUEST], 1);
    assert_int_equal(across.counts[KIND_HAZARD], 1);
    assert_int_equal(make(&w, WUZHAI, 1, 3, 3, 9).counts[KIND_HAZARD], 0);
    world_close(&w);
}

static void groups_and_levels_above(void **state)
{
    struct world w;
    (void)live(&w, state);
    struct figures group = make(&w, w.group_code, 1, 1, 12, 31), town = make(&w, TOWN, 1, 1, 12, 31);
    struct figures county = make(&w, COUNTY, 1, 15, 12, 31), province = make(&w, "340000000000", 1, 1, 12, 31);
    struct figures committee = make(&w, WUZHAI, 1, 1, 12, 31);
    assert_int_equal(group.counts[KIND_DISPUTE], 1);
    assert_int_equal(group.counts[KIND_TALK], 1);
    assert_int_equal(group.counts[KIND_HAZARD], 0);
    assert_int_equal(committee.unit_count, 1);
    assert_int_equal(committee.units[0].counts[KIND_DISPUTE], 1);
    assert_int_equal(town.counts[KIND_HAZARD], 2);
    assert_int_equal(town.unit_count, 2);
    assert_int_equal(town.units[0].counts[KIND_HAZARD], 1);
    assert_int_equal(town.units[1].counts[KIND_HAZARD], 1);
    assert_int_equal(county.counts[KIND_DISPUTE], 0); /* it was on the second of January */
    assert_int_equal(county.units[0].counts[KIND_HAZARD], 2);
    assert_int_equal(province.counts[KIND_HAZARD], 2);
    assert_int_equal(province.counts[KIND_DISPUTE], 1);
    assert_int_equal(province.units[0].counts[KIND_DISPUTE], 1);
    assert_int_equal(province.open, 2);
    world_close(&w);
}

static void periods_are_checked(void **state)
{
    struct world w;
    struct figures f;
    world_open(&w, state);
    must_fail(OUT_OF_RANGE, figures_make(w.core, w.db, w.arena, w.committee, 19800, 19799, &f, e));
    must_fail(OUT_OF_RANGE, figures_make(w.core, w.db, w.arena, w.committee, 0, 19799, &f, e));
    must_fail(NOT_FOUND, figures_make(w.core, w.db, w.arena, 99999, 19799, 19800, &f, e));
    world_close(&w);
}

/* One child's matter must not be told from a table; five are a number. */
static void small_private_categories_are_folded(void **state)
{
    struct world w;
    world_open(&w, state);
    (void)world_spot(&w, "difficulty", "L0202", WUZHAI, "SPOT");
    catch_up(&w);
    struct figures f = make(&w, WUZHAI, 1, 1, 12, 31);
    assert_int_equal(f.category_count, 1);
    assert_true(str_is(f.categories[0].code, "L02"));
    for (int i = 0; i < 4; i++)
        (void)world_spot(&w, "difficulty", "L0202", WUZHAI, "SPOT");
    catch_up(&w);
    f = make(&w, WUZHAI, 1, 1, 12, 31);
    assert_true(str_is(f.categories[0].code, "L0202"));
    assert_int_equal(f.categories[0].n, 5);
    world_close(&w);
}

static void down_to_the_cases(void **state)
{
    struct world w;
    struct figures_case *rows;
    size_t n, all = 0;
    (void)live(&w, state);
    struct figures_query q = {.unit = world_unit(&w, TOWN),
                              .from_day = day_from_date(2024, 1, 1),
                              .to_day = day_from_date(2024, 12, 31),
                              .limit = 1};
    do {
        must(figures_cases(w.db, w.arena, &q, &rows, &n, e));
        all += n;
        if (n > 0 && q.before_day != 0)
            assert_true(rows[0].day < q.before_day || (rows[0].day == q.before_day && rows[0].id < q.before_id));
        if (n > 0) {
            q.before_day = rows[0].day;
            q.before_id = rows[0].id;
        }
    } while (n > 0);
    assert_int_equal(all, 4);
    q = (struct figures_query){.unit = w.committee,
                               .from_day = q.from_day,
                               .to_day = q.to_day,
                               .limit = 50,
                               .kind = KIND_HAZARD,
                               .category = STR("H0201")};
    must(figures_cases(w.db, w.arena, &q, &rows, &n, e));
    assert_int_equal(n, 1);
    q.kind = KIND_TALK;
    q.category = STR("");
    must(figures_cases(w.db, w.arena, &q, &rows, &n, e));
    assert_int_equal(n, 1);
    world_close(&w);
}

static void classes_stay_hidden(void **state)
{
    struct world w;
    struct figures_case *rows;
    size_t n;
    world_open(&w, state);
    (void)world_spot(&w, "difficulty", "L0202", WUZHAI, "SPOT");
    catch_up(&w);
    struct figures_query q = {
        .unit = w.committee, .from_day = 19000, .to_day = 20000, .limit = 50, .hidden = CLASS_MINOR};
    must(figures_cases(w.db, w.arena, &q, &rows, &n, e));
    assert_int_equal(n, 0);
    q.hidden = 0;
    must(figures_cases(w.db, w.arena, &q, &rows, &n, e));
    assert_int_equal(n, 1);
    world_close(&w);
}

static void as_json(void **state)
{
    static const char *const keys[] = {"unit",   "from",    "to",       "as_of",      "position",
                                       "counts", "labels",  "counters", "rates",      "levels",
                                       "open",   "overdue", "months",   "categories", "units"};
    struct world w;
    struct buf b = BUF_INIT(BUF_REPLY);
    struct jw out = JW_INIT(&b);
    (void)live(&w, state);
    struct figures f = make(&w, WUZHAI, 1, 1, 12, 31);
    figures_write(&out, &f);
    struct error e = {0};
    json_t *j = json_read(buf_str(&b), &e);
    assert_non_null(j);
    assert_int_equal(json_object_size(j), sizeof keys / sizeof keys[0]);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        assert_non_null(json_object_get(j, keys[i]));
    assert_true(str_is(json_text(json_object_get(j, "unit"), "full_name"), "安徽省阜阳市颍东区正午镇吴寨居委会"));
    assert_int_equal(json_int(json_object_get(j, "counts"), "talk", -1), 1);
    assert_true(str_is(json_text(json_object_get(j, "counters"), "request"), "个"));
    assert_true(str_is(json_text(json_object_get(j, "labels"), "hazard"), "排查小隐患"));
    const json_t *replied = json_object_get(json_object_get(j, "rates"), "replied");
    assert_true(json_number_value(json_object_get(replied, "rate")) == 0.75);
    assert_true(str_is(json_text(json_array_get(json_object_get(j, "months"), 1), "month"), "2024-02"));
    assert_int_equal(json_int(json_object_get(json_object_get(j, "levels"), "all"), "spot", -1), 2);
    json_decref(j);
    buf_clear(&b);
    out = JW_INIT(&b);
    f = make(&w, CHENZHUANG, 1, 1, 1, 31);
    figures_write(&out, &f);
    j = json_read(buf_str(&b), &e);
    assert_true(json_is_null(json_object_get(json_object_get(json_object_get(j, "rates"), "judged"), "rate")));
    json_decref(j);
    buf_free(&b);
    world_close(&w);
}

int main(void)
{
    static const struct both_test tests[] = {
        BOTH(a_promise_stands_on_the_desk),
        BOTH(the_six_and_the_rates),
        BOTH(a_broken_promise_stays_in_its_month),
        BOTH(parts_of_months_are_exact),
        BOTH(groups_and_levels_above),
        BOTH(periods_are_checked),
        BOTH(small_private_categories_are_folded),
        BOTH(down_to_the_cases),
        BOTH(classes_stay_hidden),
        BOTH(as_json),
    };
    return both_run("figures", tests, sizeof tests / sizeof tests[0]);
}
