#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"

static void assert_refused(struct str text, enum error_code code, const char *detail)
{
    struct error e = {0};

    assert_null(json_read(text, &e));
    assert_string_equal(error_name(e.code), error_name(code));
    if (detail != NULL)
        assert_string_equal(e.detail, detail);
    assert_null(json_read(text, NULL)); /* nobody needs to listen */
}

static void reads_what_it_should(void **state)
{
    struct error e = {0};
    JSON_OWNED json_t *value = json_read(STR(" {\"a\":\"六\\u5c0f\",\"n\":-3,\"t\":true,\"x\":null} \n"), &e);

    (void)state;
    assert_non_null(value);
    assert_true(str_is(json_text(value, "a"), "六小"));
    assert_int_equal(json_text(value, "n").n, 0);
    assert_int_equal(json_text(value, "none").n, 0);
    assert_int_equal(json_int(value, "n", 9), -3);
    assert_int_equal(json_int(value, "a", 9), 9);
    assert_true(json_flag(value, "t"));
    assert_false(json_flag(value, "x") || json_flag(value, "n"));
    assert_int_equal(json_text(NULL, "a").n, 0);
}

static void refuses_with_the_right_code(void **state)
{
    (void)state;
    assert_refused(STR(""), ERROR_TRUNCATED, NULL);
    assert_refused((struct str){NULL, 0}, ERROR_TRUNCATED, NULL);
    assert_refused(STR("{\"a\":1,\"a\":2}"), ERROR_DUPLICATE_KEY, NULL);
    assert_refused(STR("{\"a\":{\"b\":1,\"b\":1}}"), ERROR_DUPLICATE_KEY, NULL);
    assert_refused(STR("[\"\xff\"]"), ERROR_WRONG_ENCODING, NULL);
    assert_refused(STR("[\"\xed\xa0\x80\"]"), ERROR_WRONG_ENCODING, NULL);
    assert_refused(STR("{\"a\":1} x"), ERROR_MALFORMED, NULL);
    assert_refused(STR("{\"a\":1}{}"), ERROR_MALFORMED, NULL);
    assert_refused(STR("[1,]"), ERROR_MALFORMED, "1:4");
    assert_refused(STR("{\n\"a\":\n ,}"), ERROR_MALFORMED, "3:2");
    assert_refused(STR("{'a':1}"), ERROR_MALFORMED, NULL);
    assert_refused(STR("[01]"), ERROR_MALFORMED, NULL);
    assert_refused(STR("[NaN]"), ERROR_MALFORMED, NULL);
    assert_refused(STR("[1e999]"), ERROR_MALFORMED, NULL);
    assert_refused(STR("[99999999999999999999]"), ERROR_MALFORMED, NULL);
    assert_refused(STR("[\"a\tb\"]"), ERROR_MALFORMED, NULL);
    assert_refused(STR("[\"\\ud800\"]"), ERROR_MALFORMED, NULL);
    assert_refused(STR("[\"\\u0000\"]"), ERROR_MALFORMED, NULL);
    assert_refused(STR("{\"\\u0000\":1}"), ERROR_MALFORMED, NULL);
    assert_refused(STR("[\n\"\0\"]"), ERROR_MALFORMED, "2:2");
    assert_refused(STR("12"), ERROR_MALFORMED, NULL);
    assert_refused(STR("\"a\""), ERROR_MALFORMED, NULL);
    assert_refused(STR("\xef\xbb\xbf{}"), ERROR_MALFORMED, NULL);
}

static struct str nested(char *room, size_t levels, bool closed)
{
    memset(room, '[', levels);
    memset(room + levels, ']', levels);
    return str_range(room, closed ? 2 * levels : levels);
}

static void nests_sixty_four_deep_and_no_deeper(void **state)
{
    static char room[400000];

    (void)state;
    json_t *value = json_read(nested(room, 64, true), NULL);
    assert_non_null(value);
    json_decref(value);
    assert_refused(nested(room, 65, true), ERROR_MALFORMED, "1:65");
    assert_refused(nested(room, 200000, false), ERROR_MALFORMED, "1:65");
    value = json_read(
        STR("{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[\"}"), NULL);
    assert_non_null(value); /* brackets in a text are text */
    json_decref(value);
}

/* However early the connection broke, it is called an early end. */
static void every_cut_is_an_early_end(void **state)
{
    const struct str whole =
        STR("{\"title\":\"a\\u516d\\n\",\"list\":[1,-2.5e3,true,false,null,{\"k\":[]}],\"n\":0}");

    (void)state;
    for (size_t n = 0; n < whole.n; n++)
        assert_refused(str_range(whole.p, n), ERROR_TRUNCATED, NULL);
}

static void writes_one_canonical_form(void **state)
{
    struct buf b = BUF_INIT(BUF_LINE);
    JSON_OWNED json_t *value = json_read(STR("{ \"b\" : [1, 2], \"a\":\"x/\\u516d\\\"\", \"aa\":null }"), NULL);

    (void)state;
    json_write(&b, value);
    assert_true(str_is(buf_str(&b), "{\"a\":\"x/六\\\"\",\"aa\":null,\"b\":[1,2]}"));
    buf_free(&b);
    b = BUF_INIT(5);
    json_write(&b, value);
    assert_true(b.full);
    buf_free(&b);
}

static void writer_builds_objects(void **state)
{
    struct buf b = BUF_INIT(BUF_LINE);
    struct jw w = JW_INIT(&b);
    JSON_OWNED json_t *inner = json_read(STR("{\"z\":1}"), NULL);

    (void)state;
    jw_object(&w);
    jw_ktext(&w, "title", STR("水沟"));
    jw_kz(&w, "none", NULL);
    jw_kint(&w, "n", INT64_MIN);
    jw_kbool(&w, "open", true);
    jw_kjson(&w, "data", inner);
    jw_kobject(&w, "empty");
    jw_end_object(&w);
    jw_karray(&w, "list");
    jw_null(&w);
    jw_array(&w);
    jw_end_array(&w);
    jw_raw(&w, STR("[7]"));
    jw_json(&w, NULL);
    jw_bool(&w, false);
    jw_end_array(&w);
    jw_ktime(&w, "at", 1721291493000);
    jw_ktime(&w, "never", 0);
    jw_end_object(&w);
    assert_int_equal(w.depth, 0);
    assert_true(str_is(buf_str(&b),
                       "{\"title\":\"水沟\",\"none\":null,\"n\":-9223372036854775808,\"open\":true,\"data\":{\"z\":1},"
                       "\"empty\":{},\"list\":[null,[],[7],null,false],\"at\":\"2024-07-18T16:31:33.000+08:00\","
                       "\"never\":null}"));
    buf_free(&b);
}

static void assert_text(struct str text, const char *expected)
{
    struct buf b = BUF_INIT(BUF_LINE);
    struct jw w = JW_INIT(&b);

    jw_text(&w, text);
    buf_addc(&b, '\0');
    assert_string_equal(b.p, expected);
    buf_free(&b);
}

static void writer_escapes(void **state)
{
    (void)state;
    assert_text(STR("\"\\/\b\f\n\r\t"), "\"\\\"\\\\/\\b\\f\\n\\r\\t\"");
    assert_text(str_range("\x00\x01\x0b\x1f\x7f", 5), "\"\\u0000\\u0001\\u000b\\u001f\x7f\"");
    assert_text(STR("六𠮷"), "\"六𠮷\"");
    assert_text(STR("a\xff\xe5\x85z\xed\xa0\x80"),
                "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    assert_text(STR("cut \xe5\x85"), "\"cut \xef\xbf\xbd\xef\xbf\xbd\"");
    assert_text((struct str){NULL, 0}, "\"\"");
}

/* Whatever bytes come in, what goes out can be read again. */
static void any_bytes_become_readable_json(void **state)
{
    uint32_t seed = 7;

    (void)state;
    for (int round = 0; round < 2000; round++) {
        char bytes[24];
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1664525 + 1013904223;
            bytes[i] = (char)(seed >> 24 | (round % 2 == 0 ? 0x80u : 0u));
            bytes[i] = bytes[i] == '\0' ? '"' : bytes[i];
        }
        struct buf b = BUF_INIT(BUF_LINE);
        struct jw w = JW_INIT(&b);
        jw_array(&w);
        jw_text(&w, str_range(bytes, sizeof bytes));
        jw_end_array(&w);
        json_t *value = json_read(buf_str(&b), NULL);
        assert_non_null(value);
        json_decref(value);
        buf_free(&b);
    }
}

static void assert_number(double value, const char *expected)
{
    struct buf b = BUF_INIT(BUF_LINE);
    struct jw w = JW_INIT(&b);

    jw_double(&w, value);
    buf_addc(&b, '\0');
    assert_string_equal(b.p, expected);
    buf_free(&b);
}

static void writer_keeps_seven_decimals(void **state)
{
    (void)state;
    assert_number(0.0, "0");
    assert_number(115.81, "115.81");
    assert_number(-32.0500000, "-32.05");
    assert_number(32.12345678, "32.1234568");
    assert_number(-0.00000004, "0");
    assert_number(0.0000001, "0.0000001");
    assert_number(1e12, "1000000000000");
    assert_number(1.0 / 0.0, "null");
}

/* As it happens when the database goes away in the middle of a page: nothing of it may be sent, and nobody may die of it. */
static void wrong_nesting_spoils_the_page(void **state)
{
    (void)state;
    struct buf b = BUF_INIT(BUF_REPLY);
    struct jw w = JW_INIT(&b);

    jw_object(&w);
    jw_karray(&w, "items");
    jw_object(&w);
    jw_end_object(&w);
    jw_end_object(&w);
    assert_true(b.full);
    jw_end_array(&w);
    jw_end_object(&w);
    jw_end_object(&w);
    jw_end_array(&w);
    assert_true(b.full);
    for (int i = 0; i < 2 * JW_DEPTH; i++)
        jw_array(&w);
    assert_true(b.full);
    buf_free(&b);
}

/* What json_pick says of a member is what reading the whole says. */
static void picks_one_member(void **state)
{
    static const char *const keys[] = {"", "a", "fields", "n", "none", "text", "title", "z"};
    struct arena *arena = arena_open();
    JSON_OWNED json_t *whole = json_pack("{s:s,s:{s:s,s:[s,{s:s}]},s:i,s:n,s:s,s:s,s:s}", "a", "1,\"}]{[",
                                         "fields", "title", "not this one", "in", "]", "title", "nor this", "n",
                                         -3, "none", "text", "", "title", "六\"小\\\n事\x01, {", "z", "\\");
    struct buf b = BUF_INIT(BUF_LINE);

    (void)state;
    json_write(&b, whole);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct str picked = json_pick(arena, buf_str(&b), keys[i]), read = json_text(whole, keys[i]);
        assert_int_equal(picked.n, read.n);
        assert_memory_equal(picked.p != NULL ? picked.p : "", read.p != NULL ? read.p : "", read.n);
    }
    assert_int_equal(json_pick(arena, STR("{}"), "a").n, 0);
    assert_int_equal(json_pick(arena, STR(""), "a").n, 0);
    for (size_t n = 0; n < b.n; n++) /* a cut text is read to its end and no further */
        (void)json_pick(arena, str_range(b.p, n), "z");
    buf_free(&b);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_it_should),
        cmocka_unit_test(picks_one_member),
        cmocka_unit_test(refuses_with_the_right_code),
        cmocka_unit_test(nests_sixty_four_deep_and_no_deeper),
        cmocka_unit_test(every_cut_is_an_early_end),
        cmocka_unit_test(writes_one_canonical_form),
        cmocka_unit_test(writer_builds_objects),
        cmocka_unit_test(writer_escapes),
        cmocka_unit_test(any_bytes_become_readable_json),
        cmocka_unit_test(writer_keeps_seven_decimals),
        cmocka_unit_test(wrong_nesting_spoils_the_page),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
