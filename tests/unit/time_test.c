#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/time.h"

static void days_and_dates_agree(void **state)
{
    int year, month, day;

    (void)state;
    assert_int_equal(day_from_date(1970, 1, 1), 0);
    assert_int_equal(day_from_date(2000, 3, 1), 11017);
    assert_int_equal(day_from_date(2024, 2, 29) + 1, day_from_date(2024, 3, 1));
    assert_int_equal(day_from_date(2023, 2, 28) + 1, day_from_date(2023, 3, 1));
    assert_int_equal(day_from_date(2100, 2, 28) + 1, day_from_date(2100, 3, 1));
    int32_t expected = day_from_date(1900, 1, 1);
    for (int32_t d = expected; d < day_from_date(2200, 1, 1); d++) {
        day_to_date(d, &year, &month, &day);
        assert_int_equal(day_from_date(year, month, day), d);
    }
    day_to_date(-719162, &year, &month, &day);
    assert_true(year == 1 && month == 1 && day == 1);
}

static void weekdays_begin_on_monday(void **state)
{
    (void)state;
    assert_int_equal(day_weekday(0), 4); /* Thursday 1970-01-01 */
    assert_int_equal(day_weekday(-1), 3);
    assert_int_equal(day_weekday(-7), 4);
    assert_int_equal(day_weekday(-365000), day_weekday(-365000 + 7));
    assert_int_equal(day_weekday(day_from_date(2024, 7, 18)), 4);
    assert_int_equal(day_weekday(day_from_date(2024, 9, 29)), 7);
    assert_int_equal(day_weekday(day_from_date(2026, 2, 16)), 1);
}

static void a_day_begins_at_midnight_in_china(void **state)
{
    int32_t day = day_from_date(2024, 7, 18);

    (void)state;
    assert_int_equal(day_start(day), 1721232000000); /* 2024-07-17T16:00:00Z */
    assert_int_equal(day_of(1721232000000), day);
    assert_int_equal(day_of(1721231999999), day - 1);
    assert_int_equal(day_of(0), 0);
    assert_int_equal(day_of(-8 * (int64_t)TIME_HOUR - 1), -1);
}

static void civil_time_goes_both_ways(void **state)
{
    struct civil c = civil_of(1721291493042);

    (void)state;
    assert_true(c.year == 2024 && c.month == 7 && c.day == 18);
    assert_true(c.hour == 16 && c.minute == 31 && c.second == 33 && c.ms == 42);
    int64_t instants[] = {0, -1, 1, -62135625600000, 253402271999999, 1709136000000, -86400001};
    for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++)
        assert_int_equal(civil_ms(civil_of(instants[i])), instants[i]);
}

static void formats_rfc3339(void **state)
{
    char text[TIME_TEXT], date[DATE_TEXT];

    (void)state;
    time_format(1721291493000, text);
    assert_string_equal(text, "2024-07-18T16:31:33.000+08:00");
    time_format(-1, text);
    assert_string_equal(text, "1970-01-01T07:59:59.999+08:00");
    time_format(INT64_MAX, text); /* what cannot be written stops at the end of the calendar */
    assert_string_equal(text, "9999-12-31T23:59:59.999+08:00");
    time_format(INT64_MIN, text);
    assert_string_equal(text, "0001-01-01T00:00:00.000+08:00");
    date_format(day_from_date(2024, 2, 29), date);
    assert_string_equal(date, "2024-02-29");
}

static void parses_rfc3339(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } right[] = {
        {"2024-07-18T16:31:33+08:00", 1721291493000},
        {"2024-07-18T08:31:33Z", 1721291493000},
        {"2024-07-18 08:31:33z", 1721291493000},
        {"2024-07-18t04:31:33.5-04:00", 1721291493500},
        {"2024-07-18T08:31:33.042999999Z", 1721291493042},
        {"2024-07-18T08:31:33.04Z", 1721291493040},
        {"1969-12-31T23:59:59.999Z", -1},
        {"2024-02-29T23:59:59.999+08:00", 1709222399999},
        {"2024-07-19T00:01:33+15:30", 1721291493000},
    };
    int64_t ms;

    (void)state;
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        assert_true(time_parse(str_of(right[i].text), &ms));
        assert_int_equal(ms, right[i].ms);
    }
}

static void refuses_what_is_no_time(void **state)
{
    const char *wrong[] = {
        "",
        "2024-07-18",
        "2024-07-18T16:31+08:00",
        "2024-07-18T16:31:33",
        "2024-07-18T16:31:33+0800",
        "2024-07-18T16:31:33+08",
        "2024-07-18T16:31:33.+08:00",
        "2024-07-18T16:31:33.1234567890Z",
        "2024-07-18T24:00:00Z",
        "2024-07-18T23:60:00Z",
        "2024-07-18T23:59:60Z",
        "2024-07-18T16:31:33+24:00",
        "2024-07-18T16:31:33Z ",
        " 2024-07-18T16:31:33Z",
        "2023-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z",
        "2024-04-31T00:00:00Z",
        "2024-04-00T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "24-07-18T16:31:33Z",
        "+024-07-18T16:31:33Z",
        "2024-7-18T16:31:33Z",
        "9999-12-31T23:59:59Z", /* already the year 10000 in China */
        "２０24-07-18T16:31:33Z",
    };
    int64_t ms = 5;
    int32_t day = 5;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(time_parse(str_of(wrong[i]), &ms));
    assert_false(time_parse(str_range("2024-07-18\0"
                                      "16:31:33Z",
                                      20),
                            &ms)); /* NUL is no separator */
    assert_int_equal(ms, 5);
    assert_true(date_parse(STR("2024-02-29"), &day));
    assert_int_equal(day, day_from_date(2024, 2, 29));
    day = 5;
    assert_false(date_parse(STR("2023-02-29"), &day) || date_parse(STR("2024-02-29 "), &day) ||
                 date_parse(STR("2024/02/29"), &day) || date_parse(STR("20240229"), &day));
    assert_int_equal(day, 5);
}

static void every_instant_survives_its_text(void **state)
{
    char text[TIME_TEXT];
    int64_t back;
    uint64_t seed = 42;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        int64_t ms = (int64_t)(seed >> 11) % 315537897600000 - 62135625600000; /* the years 1 to 9999 */
        time_format(ms, text);
        assert_int_equal(strlen(text), 29);
        assert_true(time_parse(str_of(text), &back));
        assert_int_equal(back, ms);
    }
}

static void the_clock_can_be_set_but_not_the_real_one(void **state)
{
    (void)state;
    time_set(1721291493000);
    assert_int_equal(time_now(), 1721291493000);
    assert_true(time_real() > 1721291493000);
    time_set(0);
    assert_true(time_now() >= time_real() - 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_and_dates_agree),
        cmocka_unit_test(weekdays_begin_on_monday),
        cmocka_unit_test(a_day_begins_at_midnight_in_china),
        cmocka_unit_test(civil_time_goes_both_ways),
        cmocka_unit_test(formats_rfc3339),
        cmocka_unit_test(parses_rfc3339),
        cmocka_unit_test(refuses_what_is_no_time),
        cmocka_unit_test(every_instant_survives_its_text),
        cmocka_unit_test(the_clock_can_be_set_but_not_the_real_one),
    };
    return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
