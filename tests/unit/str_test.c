#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/str.h"

static void trims_ascii_and_wide_space(void **state)
{
    (void)state;
    assert_true(str_eq(str_trim(STR(" \t\r\n六小\xe3\x80\x80 ")), STR("六小")));
    assert_true(str_eq(str_trim(STR("\xe3\x80\x80 a b\v\f")), STR("a b")));
    assert_int_equal(str_trim(STR(" \xe3\x80\x80 ")).n, 0);
    assert_int_equal(str_trim((struct str){NULL, 0}).n, 0);
    assert_true(str_eq(str_trim(STR("\x80\xe3")), STR("\x80\xe3"))); /* half a wide space is not one */
}

static void splits_and_keeps_empty_parts(void **state)
{
    struct str rest = STR("a,,b,"), part;

    (void)state;
    assert_true(str_split(&rest, ',', &part) && str_is(part, "a"));
    assert_true(str_split(&rest, ',', &part) && str_is(part, ""));
    assert_true(str_split(&rest, ',', &part) && str_is(part, "b"));
    assert_true(str_split(&rest, ',', &part) && str_is(part, ""));
    assert_false(str_split(&rest, ',', &part));
    rest = (struct str){NULL, 0};
    assert_false(str_split(&rest, ',', &part));
}

static void compares_slices_without_text(void **state)
{
    const struct str nothing = {NULL, 0};

    (void)state;
    assert_true(str_is(nothing, NULL) && str_is(nothing, "") && str_eq(nothing, STR("")));
    assert_false(str_is(STR("a"), NULL));
    assert_true(str_starts(nothing, nothing) && str_ends(nothing, nothing));
    assert_true(str_starts(STR("abc"), STR("ab")) && str_ends(STR("abc"), STR("bc")));
    assert_false(str_starts(STR("a"), STR("ab")) || str_ends(STR("a"), STR("ba")));
}

static void reads_whole_integers_only(void **state)
{
    int64_t value = 7;

    (void)state;
    assert_true(str_int(STR("0"), &value) && value == 0);
    assert_true(str_int(STR("-9223372036854775808"), &value) && value == INT64_MIN);
    assert_true(str_int(STR("9223372036854775807"), &value) && value == INT64_MAX);
    value = 7;
    const char *wrong[] = {
        "", "-", "+1", " 1", "1 ", "1.0", "0x1", "9223372036854775808", "-9223372036854775809", "１"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(str_int(str_of(wrong[i]), &value));
    assert_int_equal(value, 7);
}

/* RFC 3629: the first and last of each length, and what lies just outside. */
static void knows_well_formed_utf8(void **state)
{
    const char *right[] = {"",
                           "a\x7f",
                           "\xc2\x80\xdf\xbf",
                           "\xe0\xa0\x80",
                           "\xed\x9f\xbf\xee\x80\x80",
                           "\xef\xbf\xbf",
                           "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
                           "𠮷野家"};
    const char *wrong[] = {"\x80",
                           "\xc1\xbf",
                           "\xc2",
                           "\xe0\x9f\xbf",
                           "\xe4\xb8",
                           "\xed\xa0\x80",
                           "\xf0\x8f\xbf\xbf",
                           "\xf4\x90\x80\x80",
                           "\xf5\x80\x80\x80",
                           "\xff",
                           "a\xe4\xb8z"};

    (void)state;
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
        assert_true(str_utf8(str_of(right[i])));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(str_utf8(str_of(wrong[i])));
    assert_false(str_utf8(str_range("a\0b", 3)));
    assert_int_equal(str_sequence(STR("六小")), 3);
    assert_int_equal(str_sequence(STR("")), 0);
}

static void counts_and_cuts_by_points(void **state)
{
    (void)state;
    assert_int_equal(str_points(STR("a六𠮷")), 3);
    assert_true(str_eq(str_head(STR("a六𠮷"), 2), STR("a六")));
    assert_true(str_eq(str_head(STR("a六𠮷"), 9), STR("a六𠮷")));
    assert_int_equal(str_head(STR("六"), 0).n, 0);
}

static void a_buffer_stops_at_its_ceiling(void **state)
{
    struct buf b = BUF_INIT(4);

    (void)state;
    buf_addz(&b, "abc");
    buf_addz(&b, "de"); /* does not fit: nothing of it is added, nor anything after it */
    buf_addc(&b, 'f');
    assert_true(b.full);
    assert_true(str_is(buf_str(&b), "abc"));
    buf_clear(&b);
    buf_add_hex(&b, "\x0f\xa0", 2);
    assert_true(!b.full && str_is(buf_str(&b), "0fa0"));
    buf_free(&b);
    b = BUF_INIT(BUF_LINE);
    buf_add_int(&b, INT64_MIN);
    buf_addf(&b, " %s", "x");
    assert_true(str_is(buf_str(&b), "-9223372036854775808 x"));
    buf_free(&b);
    assert_int_equal(buf_str(&b).n, 0);
}

static void hashes_fnv1a(void **state)
{
    (void)state;
    assert_true(str_hash(STR("")) == 0xcbf29ce484222325u);
    assert_true(str_hash(STR("a")) == 0xaf63dc4c8601ec8cu);
    assert_true(str_hash(STR("foobar")) == 0x85944171f73967e8u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trims_ascii_and_wide_space),    cmocka_unit_test(splits_and_keeps_empty_parts),
        cmocka_unit_test(compares_slices_without_text),  cmocka_unit_test(reads_whole_integers_only),
        cmocka_unit_test(knows_well_formed_utf8),        cmocka_unit_test(counts_and_cuts_by_points),
        cmocka_unit_test(a_buffer_stops_at_its_ceiling), cmocka_unit_test(hashes_fnv1a),
    };
    return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
