/* Values and statements. */
#include "both.h"

/* ---- Values -------------------------------------------------------------------------------------------- */

static void integers_round_trip(void **state)
{
    const int64_t values[] = {0, 1, -1, INT64_MAX, INT64_MIN, 1721322093000};
    struct db *db = place_with_table(state);

    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        int64_t got = 7;
        must(db_one_int(db, &got, 7, e, "insert into thing(n) values (?1) returning n", ARGS(INT(values[i]))));
        assert_int_equal(got, values[i]);
        must(db_one_int(db, &got, 7, e, "select n from thing where n = ?1", ARGS(INT(values[i]))));
        assert_int_equal(got, values[i]);
    }
    db_close(db);
}

static void texts_and_blobs_round_trip(void **state)
{
    const struct str texts[] = {STR("吴寨村"), STR("𠮷野家 😀"), STR(""), STR("'; drop table thing; --"),
                                STR("a\tb\n")};
    const struct str blobs[] = {STR("\0\0a\0"), STR(""), STR("\xff\xfe"), STR("0123456789abcdef"),
                                STR("?1 {int}")};
    struct db *db = place_with_table(state);
    struct db_rows r;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        must(db_exec(db, e, "insert into thing(t, b) values (?1, ?2)", ARGS(TEXT(texts[i]), BLOB(blobs[i]))));
    must(db_rows(db, &r, e, "select t, b from thing order by id", NO_ARGS));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_true(db_next(&r));
        assert_false(db_null(&r, 0));
        assert_false(db_null(&r, 1));
        assert_true(str_eq(db_text(&r, 0), texts[i]));
        assert_true(str_eq(db_blob(&r, 1), blobs[i]));
    }
    assert_false(db_next(&r));
    assert_false(db_next(&r)); /* and doesn't begin again */
    must(db_end(&r, e));
    db_close(db);
}

static void null_is_not_empty(void **state)
{
    struct db *db = place_with_table(state);
    struct db_rows r;

    must(db_exec(db, e, "insert into thing(n, t, b) values (?1, ?2, ?3)",
                 ARGS(OPT_INT(0), OPT_TEXT(STR("")), OPT_BLOB(STR("")))));
    must(db_exec(db, e, "insert into thing(n, t, b) values (?1, ?2, ?3)",
                 ARGS(INT(0), TEXT(((struct str){NULL, 0})), BLOB(((struct str){NULL, 0})))));
    must(db_rows(db, &r, e, "select n, t, b from thing order by id", NO_ARGS));
    assert_true(db_next(&r));
    for (int i = 0; i < 3; i++)
        assert_true(db_null(&r, i));
    assert_int_equal(db_int(&r, 0), 0);
    assert_int_equal(db_text(&r, 1).n, 0);
    assert_true(db_next(&r));
    for (int i = 0; i < 3; i++)
        assert_false(db_null(&r, i));
    must(db_end(&r, e));
    db_close(db);
}

static void ids_round_trip(void **state)
{
    struct db *db = place_with_table(state);
    struct id id = id_new();
    struct db_rows r;

    must(db_exec(db, e, "insert into thing(b) values (?1)", ARGS(ID(id))));
    must(db_rows(db, &r, e, "select b from thing where b = ?1", ARGS(ID(id))));
    id = id_new(); /* the argument need not outlive the call */
    assert_true(db_next(&r));
    struct id got = db_id(&r, 0);
    assert_false(id_eq(got, id));
    must(db_end(&r, e));
    must(db_rows(db, &r, e, "select b from thing where b = ?1", ARGS(ID(got))));
    assert_true(db_next(&r));
    must(db_end(&r, e));
    db_close(db);
}

static void text_must_be_text(void **state)
{
    struct db *db = place_with_table(state);

    must_fail(WRONG_ENCODING, db_exec(db, e, "insert into thing(t) values (?1)", ARGS(TEXT(STR("a\0b")))));
    must_fail(WRONG_ENCODING, db_exec(db, e, "insert into thing(t) values (?1)", ARGS(TEXT(STR("\xc3(")))));
    assert_int_equal(number(db, "select count(*) from thing"), 0);
    db_close(db);
}

static void one_text_is_copied(void **state)
{
    struct db *db = place_with_table(state);
    struct arena *a = arena_open();
    struct str got;

    must(db_exec(db, e, "insert into thing(t) values (?1)", ARGS(TEXTZ("吴"))));
    must(db_one_text(db, a, &got, e, "select t from thing", NO_ARGS));
    assert_true(str_is(got, "吴"));
    must(db_one_text(db, a, &got, e, "select t from thing where n = ?1", ARGS(INT(5))));
    assert_int_equal(got.n, 0);
    arena_close(a);
    db_close(db);
}

/* ---- Statements ---------------------------------------------------------------------------------------- */

static void parameters_go_by_number(void **state)
{
    struct db *db = place_open(state, DB_WRITER);
    struct db_rows r;
    int64_t n = 0;

    must(db_rows(db, &r, e, "select ?2, ?1", ARGS(TEXTZ("one"), TEXTZ("two"))));
    assert_true(db_next(&r));
    assert_true(str_is(db_text(&r, 0), "two"));
    assert_true(str_is(db_text(&r, 1), "one"));
    must(db_end(&r, e));
    must(db_one_int(db, &n, -1, e, "select ?1 * 100 + ?1 * 10 + ?2", ARGS(INT(4), INT(2))));
    assert_int_equal(n, 442);
    must(db_one_int(db, &n, -1, e, "select ?1 + ?10 + ?2 + ?3 + ?4 + ?5 + ?6 + ?7 + ?8 + ?9",
                    ARGS(INT(1), INT(2), INT(3), INT(4), INT(5), INT(6), INT(7), INT(8), INT(9), INT(100))));
    assert_int_equal(n, 145);
    db_close(db);
}

static void quotes_and_comments_stay(void **state)
{
    struct db *db = place_open(state, DB_WRITER);
    struct arena *a = arena_open();
    struct str got;

    must(db_one_text(db, a, &got, e, "select /* it's ?3 */ 'a ?9 {int} '' ?8' as \"{text}\" -- don't ?7\n",
                     NO_ARGS));
    assert_true(str_is(got, "a ?9 {int} ' ?8"));
    must(db_one_text(db, a, &got, e, "select {sqlite:'small'}{pg:'large'}", NO_ARGS));
    assert_true(str_is(got, db_engine(db) == DB_SQLITE ? "small" : "large"));
    arena_close(a);
    db_close(db);
}

static void arguments_are_checked(void **state)
{
    struct db *db = place_open(state, DB_WRITER);
    int64_t n;

    must_fail(INTERNAL, db_one_int(db, &n, 0, e, "select ?1 + ?2", ARGS(INT(1))));
    must_fail(INTERNAL, db_one_int(db, &n, 0, e, "select 1", ARGS(INT(1))));
    must_fail(INTERNAL, db_one_int(db, &n, 0, e, "select ?", ARGS(INT(1))));
    must(db_one_int(db, &n, 0, e, "select ?1", ARGS(INT(1))));
    must_fail(INTERNAL, db_one_int(db, &n, 0, e, "select ?1", ARGS(TEXTZ("1"))));
    must_fail(INTERNAL, db_one_int(db, &n, 0, e, "select 1; select 2", NO_ARGS));
    must_fail(INTERNAL, db_exec(db, e, "", NO_ARGS));
    must_fail(INTERNAL, db_exec(db, e, "selekt", NO_ARGS));
    must(db_one_int(db, &n, 0, e, "select ?1", ARGS(INT(9))));
    assert_int_equal(n, 9);
    db_close(db);
}

static void a_forgotten_cast_fails(void **state)
{
    struct db *db = place_with_table(state);
    struct arena *a = arena_open();
    struct db_rows r;
    struct str s;
    int64_t n;

    must(db_exec(db, e, "insert into thing(n, t) values (1, 'x'), (2, 'y')", NO_ARGS));
    must_fail(INTERNAL, db_one_int(db, &n, 0, e, "select avg(n) from thing", NO_ARGS));
    must_fail(INTERNAL, db_one_int(db, &n, 0, e, "select t from thing", NO_ARGS));
    must_fail(INTERNAL, db_one_text(db, a, &s, e, "select n from thing", NO_ARGS));
    must_fail(INTERNAL,
              db_one_int(db, &n, 0, e, "select cast(1.5 as {sqlite:real}{pg:float8}) from thing", NO_ARGS));
    must(db_rows(db, &r, e, "select t, n from thing", NO_ARGS));
    assert_true(db_next(&r));
    assert_int_equal(db_int(&r, 0), 0);
    assert_false(db_next(&r)); /* the query has failed */
    must_fail(INTERNAL, db_end(&r, e));
    must(db_rows(db, &r, e, "select t, n from thing", NO_ARGS));
    assert_true(db_next(&r));
    (void)db_text(&r, 5); /* no such column */
    must_fail(INTERNAL, db_end(&r, e));
    must(db_one_int(db, &n, 0, e, "select cast(sum(n) as bigint) from thing", NO_ARGS));
    assert_int_equal(n, 3);
    arena_close(a);
    db_close(db);
}

static void changes_are_counted(void **state)
{
    struct db *db = place_with_table(state);

    must(db_exec(db, e, "insert into thing(n, t) values (1, 'x'), (1, 'y'), (2, 'z')", NO_ARGS));
    assert_int_equal(db_changes(db), 3);
    must(db_exec(db, e, "update thing set n = 5 where n = ?1", ARGS(INT(1))));
    assert_int_equal(db_changes(db), 2);
    must(db_exec(db, e, "insert into thing(t) values ('x') on conflict do nothing", NO_ARGS));
    assert_int_equal(db_changes(db), 0);
    must(db_exec(db, e, "update thing set n = 6 returning id", NO_ARGS));
    assert_int_equal(db_changes(db), 3);
    must(db_exec(db, e, "select n from thing", NO_ARGS));
    assert_int_equal(db_changes(db), 0);
    must(db_exec(db, e, "delete from thing", NO_ARGS));
    assert_int_equal(db_changes(db), 3);
    db_close(db);
}

static void returning_is_carried_through(void **state)
{
    struct db *db = place_with_table(state);
    struct db_rows r;
    int64_t n;

    must(db_one_int(db, &n, 0, e, "insert into thing(n) values (1), (2), (3) returning n", NO_ARGS));
    assert_int_equal(n, 1);
    assert_int_equal(number(db, "select count(*) from thing"), 3);
    must(db_rows(db, &r, e, "insert into thing(n) values (4), (5) returning n", NO_ARGS));
    must(db_end(&r, e)); /* not one row looked at */
    assert_int_equal(number(db, "select count(*) from thing"), 5);
    must(db_one_int(db, &n, -7, e, "select n from thing where n = 99", NO_ARGS));
    assert_int_equal(n, -7);
    must(db_one_int(db, &n, -7, e, "select max(n) from thing where n = 99", NO_ARGS));
    assert_int_equal(n, -7);
    db_close(db);
}

static void queries_nest(void **state)
{
    const char *sql = "select n from thing where n >= ?1 order by n";
    struct db *db = place_with_table(state);
    struct db_rows outer, inner;
    int64_t sum = 0;

    must(db_exec(db, e, "insert into thing(n) values (1), (2), (3)", NO_ARGS));
    must(db_rows(db, &outer, e, sql, ARGS(INT(1))));
    while (db_next(&outer)) {
        must(db_rows(db, &inner, e, sql, ARGS(INT(db_int(&outer, 0)))));
        while (db_next(&inner))
            sum += db_int(&outer, 0) * db_int(&inner, 0);
        must(db_end(&inner, e));
        must(db_exec(db, e, "update thing set t = ?1 where n = ?2", ARGS(TEXTZ(""), INT(99))));
    }
    must(db_end(&outer, e));
    assert_int_equal(sum, 1 * 6 + 2 * 5 + 3 * 3);
    db_close(db);
}

static void many_statements_are_kept_within_bounds(void **state)
{
    struct db *db = place_open(state, DB_WRITER);
    struct db_rows open;
    char sql[64];

    must(db_rows(db, &open, e, "select 42", NO_ARGS));
    for (int i = 0; i < 3000; i++) {
        (void)snprintf(sql, sizeof sql, "select %d", i);
        assert_int_equal(number(db, sql), i);
    }
    assert_true(db_next(&open));
    assert_int_equal(db_int(&open, 0), 42);
    must(db_end(&open, e));
    if (db_engine(db) == DB_POSTGRES)
        assert_true(number(db, "select count(*) from pg_prepared_statements") < 1200);
    db_close(db);
}

static void collation_is_bytewise(void **state)
{
    struct db *db = place_with_table(state);
    struct arena *a = arena_open();
    struct str got;

    must(db_exec(db, e, "insert into thing(t) values ('a'), ('B'), ('吴'), ('é')", NO_ARGS));
    must(db_one_text(db, a, &got, e, "select t from thing order by t", NO_ARGS));
    assert_true(str_is(got, "B"));
    must(db_one_text(db, a, &got, e, "select t from thing order by t desc", NO_ARGS));
    assert_true(str_is(got, "吴"));
    arena_close(a);
    db_close(db);
}

int main(void)
{
    static const struct both_test tests[] = {
        BOTH(integers_round_trip),
        BOTH(texts_and_blobs_round_trip),
        BOTH(null_is_not_empty),
        BOTH(ids_round_trip),
        BOTH(text_must_be_text),
        BOTH(one_text_is_copied),
        BOTH(parameters_go_by_number),
        BOTH(quotes_and_comments_stay),
        BOTH(arguments_are_checked),
        BOTH(a_forgotten_cast_fails),
        BOTH(changes_are_counted),
        BOTH(returning_is_carried_through),
        BOTH(queries_nest),
        BOTH(many_statements_are_kept_within_bounds),
        BOTH(collation_is_bytewise),
    };
    return both_run("db", tests, sizeof tests / sizeof tests[0]);
}
