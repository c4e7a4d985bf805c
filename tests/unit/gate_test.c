/* Gates and bookings: what stands before a verb, and who gets a quarter of an hour. */
#include "core/booking.h"
#include "core/gate.h"
#include "world.h"

static bool look_whole(const struct gate_view *v, struct gate_missing *m, struct error *e)
{
    (void)e;
    if (!json_flag(v->words, "signed"))
        gate_lacks(m, "signed", NULL);
    return true;
}

static bool look_outcome(const struct gate_view *v, struct gate_missing *m, struct error *e)
{
    (void)v;
    (void)e;
    gate_lacks(m, "draft", "WRITTEN|ORAL");
    return true;
}

static const struct gate rows[] = {
    {"whole", KIND_NONE, "close|session", look_whole},
    {"outcome", KIND_DISPUTE, "settle", look_outcome},
    {0},
};
static const struct gate *const tables[] = {rows, NULL};

static struct gate_view view_of(struct world *w, const struct case_row *c, const json_t *words, const char *verb)
{
    static struct core_tables own;
    own = *w->core->tables;
    own.gates = tables;
    w->core->tables = &own;
    return (struct gate_view){
        .core = w->core, .db = w->db, .arena = w->arena, .c = c, .words = words, .verb = verb};
}

static void a_gate_names_itself_and_what_is_missing(void **state)
{
    struct world w;
    struct error why;
    struct case_row c = {.kind = KIND_HAZARD};
    json_t *words = json_object();
    world_open(&w, state);
    struct gate_view v = view_of(&w, &c, words, "close");
    assert_false(gate_check(&v, STR(""), LANG_ZH_CN, &why));
    assert_int_equal(why.code, ERROR_GATE_CLOSED);
    assert_string_equal(why.field, "gate.whole");
    assert_string_equal(why.detail, lang_word(LANG_ZH_CN, "gate.signed"));
    (void)json_object_set_new(words, "signed", json_true());
    assert_true(gate_check(&v, STR(""), LANG_ZH_CN, &why));
    v.verb = "accept";
    assert_true(gate_check(&v, STR(""), LANG_ZH_CN, &why));
    json_decref(words);
    world_close(&w);
}

static void a_gate_may_stand_before_some_outcomes_and_kinds_alone(void **state)
{
    struct world w;
    struct error why;
    struct case_row c = {.kind = KIND_DISPUTE};
    world_open(&w, state);
    struct gate_view v = view_of(&w, &c, NULL, "settle");
    assert_false(gate_check(&v, STR("ORAL"), LANG_EN, &why));
    assert_true(gate_check(&v, STR("END_REFUSED"), LANG_EN, &why));
    struct buf b = BUF_INIT(BUF_REPLY);
    struct jw jw = JW_INIT(&b);
    jw_object(&jw);
    assert_true(gate_write(&v, &jw, LANG_EN, &why));
    jw_end_object(&jw);
    assert_non_null(strstr(b.p, "\"outcomes\":[\"WRITTEN\",\"ORAL\"]"));
    assert_non_null(strstr(b.p, "\"blocked\":false")); /* other outcomes are open */
    buf_free(&b);
    c.kind = KIND_HAZARD;
    assert_true(gate_check(&v, STR("ORAL"), LANG_EN, &why));
    world_close(&w);
}

static int64_t sitting(struct world *w)
{
    json_t *fields =
        json_pack("{s:s,s:s,s:s}", "type", "session", "unit", WUZHAI, "at", "2024-01-05T09:00:00+08:00");
    return world_do(w, &w->mediator, SUBJECT_ACTIVITY, "plan", (struct id){{0}}, fields).subject;
}

static void a_quarter_of_an_hour_belongs_to_one(void **state)
{
    struct world w;
    struct error why;
    world_open(&w, state);
    int64_t nine = civil_ms((struct civil){2024, 1, 5, 9, 0, 0, 0}), first = sitting(&w), second = sitting(&w);
    struct booking b = {BOOKING_ROOM, 7, first, nine, nine + 50 * TIME_MINUTE, "room", STR("调解室")};
    must(db_begin(w.db, e));
    assert_true(booking_take(w.db, &b, &why));
    must(db_commit(w.db, e));
    /* Fifty minutes take four quarters whole: a quarter to ten is taken, ten is free. */
    b.activity = second;
    b.from = nine + 45 * TIME_MINUTE;
    b.to = nine + 60 * TIME_MINUTE;
    must(db_begin(w.db, e));
    assert_false(booking_take(w.db, &b, &why));
    assert_int_equal(why.code, ERROR_TAKEN);
    assert_string_equal(why.field, "room");
    assert_non_null(strstr(why.detail, "10:00"));
    db_rollback(w.db);
    b.from = nine + 60 * TIME_MINUTE;
    b.to = b.from + 15 * TIME_MINUTE;
    must(db_begin(w.db, e));
    assert_true(booking_take(w.db, &b, &why));
    assert_true(booking_release(w.db, first, &why));
    b.from = nine;
    assert_true(booking_release(w.db, second, &why) && booking_take(w.db, &b, &why));
    must(db_commit(w.db, e));
    world_close(&w);
}

int main(void)
{
    static const struct both_test tests[] = {
        BOTH(a_gate_names_itself_and_what_is_missing),
        BOTH(a_gate_may_stand_before_some_outcomes_and_kinds_alone),
        BOTH(a_quarter_of_an_hour_belongs_to_one),
    };
    return both_run("gate", tests, sizeof tests / sizeof tests[0]);
}
