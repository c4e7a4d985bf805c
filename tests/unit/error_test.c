#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/error.h"

static void names_and_statuses_come_from_the_list(void **state)
{
    (void)state;
    assert_string_equal(error_name(ERROR_NOT_FOUND), "not_found");
    assert_int_equal(error_status(ERROR_NOT_FOUND), 404);
    assert_string_equal(error_name(ERROR_NONE), "none");
    assert_int_equal(error_status(ERROR_STALE), 409);
    for (int code = 0; code < ERROR_COUNT; code++) {
        assert_true(error_name((enum error_code)code)[0] != '\0');
        assert_true(error_status((enum error_code)code) >= 200);
        for (int other = 0; other < code; other++)
            assert_string_not_equal(error_name((enum error_code)code), error_name((enum error_code)other));
    }
}

static void setting_an_error_clears_the_last_one(void **state)
{
    struct error e;

    (void)state;
    assert_false(error_setf(&e, ERROR_TOO_LONG, "title", "%d", 40));
    assert_string_equal(e.field, "title");
    assert_string_equal(e.detail, "40");
    assert_string_equal(e.cause, "");
    assert_false(error_cause(&e, ERROR_UNAVAILABLE, "errno %d", 5));
    assert_string_equal(e.field, "");
    assert_string_equal(e.detail, "");
    assert_string_equal(e.cause, "errno 5");
    assert_false(error_set(&e, ERROR_MISSING, NULL));
    assert_string_equal(e.field, "");
    error_clear(&e);
    assert_int_equal(e.code, ERROR_NONE);
}

static void prefixes_build_a_path(void **state)
{
    struct error e;

    (void)state;
    (void)error_set(&e, ERROR_MISSING, "name");
    (void)error_within(&e, "parties[0]");
    assert_false(error_within(&e, "fields"));
    assert_string_equal(e.field, "fields.parties[0].name");
    (void)error_set(&e, ERROR_MISSING, NULL);
    (void)error_within(&e, "fields");
    assert_string_equal(e.field, "fields");
}

static void too_long_a_path_is_cut(void **state)
{
    struct error e;
    char longer[300];

    (void)state;
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    (void)error_set(&e, ERROR_MISSING, longer);
    assert_int_equal(strlen(e.field), ERROR_FIELD_MAX - 1);
    for (int i = 0; i < 200; i++)
        (void)error_within(&e, "ab");
    assert_int_equal(strlen(e.field), ERROR_FIELD_MAX - 1);
    assert_int_equal(strncmp(e.field, "ab.ab.", 6), 0);
    (void)error_within(&e, longer);
    assert_int_equal(strlen(e.field), ERROR_FIELD_MAX - 1);
    assert_int_equal(e.code, ERROR_MISSING);
}

static void nobody_listening_is_fine(void **state)
{
    (void)state;
    assert_false(error_set(NULL, ERROR_MISSING, "a"));
    assert_false(error_setf(NULL, ERROR_MISSING, "a", "%d", 1));
    assert_false(error_cause(NULL, ERROR_MISSING, "%d", 1));
    assert_false(error_within(NULL, "a"));
    error_clear(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_statuses_come_from_the_list),
        cmocka_unit_test(setting_an_error_clears_the_last_one),
        cmocka_unit_test(prefixes_build_a_path),
        cmocka_unit_test(too_long_a_path_is_cut),
        cmocka_unit_test(nobody_listening_is_fine),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
