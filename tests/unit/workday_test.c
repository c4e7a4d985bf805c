/* rows: G4 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/embed.h"
#include "base/time.h"
#include "base/workday.h"

static const struct work_hours summer = {8 * 60, 12 * 60, 14 * 60 + 30, 18 * 60}; /* 7.5 h */

static struct calendar *china;

static int open_china(void **state)
{
    const struct embed_file *file = embed_find("pack/holidays/cn-2020-2026.csv");

    (void)state;
    if (file == NULL)
        return -1;
    return calendar_open(&china, str_range((const char *)file->data, file->size), summer, NULL) ? 0 : -1;
}

static int close_china(void **state)
{
    (void)state;
    calendar_close(china);
    return 0;
}

static int32_t day(const char *date)
{
    int32_t ret = 0;

    assert_true(date_parse(str_of(date), &ret));
    return ret;
}

/* "2024-09-30 17:00" or with seconds, in China. */
static int64_t at(const char *text)
{
    char full[40];
    int64_t ms = 0;

    (void)snprintf(full, sizeof full, "%s%s+08:00", text, strlen(text) == 16 ? ":00" : "");
    assert_true(time_parse(str_of(full), &ms));
    return ms;
}

static void assert_due_in(const struct calendar *c, const char *start, int64_t milli, enum term_unit unit,
                          const char *due)
{
    char expected[TIME_TEXT], found[TIME_TEXT];

    time_format(at(due), expected);
    time_format(term_due(c, at(start), (struct term){milli, unit}, NULL), found);
    assert_string_equal(found, expected);
}

static void assert_due(const char *start, int64_t milli, enum term_unit unit, const char *due)
{
    assert_due_in(china, start, milli, unit, due);
}

/* --- days --- */

static void knows_the_days_of_2024(void **state)
{
    const char *make_up[] = {"2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28",
                             "2024-05-11", "2024-09-14", "2024-09-29", "2024-10-12"};
    int works = 0;

    (void)state;
    for (size_t i = 0; i < sizeof make_up / sizeof make_up[0]; i++) {
        assert_true(day_weekday(day(make_up[i])) >= 6);
        assert_true(calendar_works(china, day(make_up[i])));
    }
    for (int32_t d = day("2024-02-10"); d <= day("2024-02-17"); d++)
        assert_false(calendar_works(china, d));
    assert_true(calendar_works(china, day("2024-02-09"))); /* New Year's Eve was not a holiday that year */
    assert_false(calendar_works(china, day("2024-07-20")));
    assert_true(calendar_works(china, day("2024-07-18")));
    for (int32_t d = day("2024-01-01"); d <= day("2024-12-31"); d++)
        works += calendar_works(china, d);
    assert_int_equal(works, 251); /* 366 − 104 weekend days − 11 holidays */
}

static void names_holidays_and_their_exchanges(void **state)
{
    (void)state;
    assert_true(str_is(calendar_name(china, day("2024-10-01")), "国庆节"));
    assert_true(str_is(calendar_name(china, day("2024-10-12")), "国庆节"));
    assert_true(str_is(calendar_name(china, day("2024-02-10")), "春节"));
    assert_int_equal(calendar_name(china, day("2024-07-20")).n, 0);
    assert_int_equal(calendar_name(china, day("1990-07-20")).n, 0);
}

static void beyond_the_table_monday_to_friday_counts(void **state)
{
    (void)state;
    assert_int_equal(calendar_last_year(china), 2026);
    assert_false(calendar_uncertain(china, day("2020-01-01")) || calendar_uncertain(china, day("2026-12-31")));
    assert_true(calendar_uncertain(china, day("2019-12-31")) && calendar_uncertain(china, day("2027-01-01")));
    assert_true(calendar_works(china, day("2027-10-01"))); /* a Friday; nobody has announced it yet */
    assert_false(calendar_works(china, day("2027-10-02")));
    assert_true(calendar_works(china, day("1999-10-01")));
}

/* --- due times --- */

static void working_hours_run_only_in_working_time(void **state)
{
    (void)state;
    assert_due("2024-07-18 09:00", 2000, TERM_WORK_HOURS, "2024-07-18 11:00");
    assert_due("2024-07-18 11:00", 2000, TERM_WORK_HOURS, "2024-07-18 15:30"); /* over noon */
    assert_due("2024-07-18 17:00", 1000, TERM_WORK_HOURS, "2024-07-18 18:00"); /* the evening, not the next morning */
    assert_due("2024-07-18 17:00", 1001, TERM_WORK_HOURS, "2024-07-19 08:01");
    assert_due("2024-07-18 17:00", 250, TERM_WORK_HOURS, "2024-07-18 17:15");
    assert_due("2024-07-18 09:00:20", 1000, TERM_WORK_HOURS, "2024-07-18 10:01"); /* whole minutes */
    assert_due("2024-07-19 17:30", 8000, TERM_WORK_HOURS, "2024-07-22 18:00");    /* over the weekend */
}

static void a_start_outside_working_time_waits(void **state)
{
    (void)state;
    assert_due("2024-07-18 05:00", 1000, TERM_WORK_HOURS, "2024-07-18 09:00");
    assert_due("2024-07-18 13:00", 1000, TERM_WORK_HOURS, "2024-07-18 15:30");
    assert_due("2024-07-18 22:00", 1000, TERM_WORK_HOURS, "2024-07-19 09:00");
    assert_due("2024-07-20 10:00", 1000, TERM_WORK_HOURS, "2024-07-22 09:00"); /* Saturday */
    assert_due("2024-10-03 10:00", 1000, TERM_WORK_HOURS, "2024-10-08 09:00"); /* National Day */
    assert_due("2024-02-10 00:00", 4000, TERM_WORK_HOURS, "2024-02-18 12:00"); /* to a working Sunday */
}

static void working_days_skip_holidays_and_count_make_up_days(void **state)
{
    (void)state;
    assert_due("2024-07-18 09:00", 1000, TERM_WORK_DAYS, "2024-07-19 18:00");
    assert_due("2024-07-19 23:59", 1000, TERM_WORK_DAYS, "2024-07-22 18:00");
    assert_due("2024-02-08 10:00", 1000, TERM_WORK_DAYS, "2024-02-09 18:00");
    assert_due("2024-02-08 10:00", 2000, TERM_WORK_DAYS,
               "2024-02-18 18:00"); /* Spring Festival, then a working Sunday */
    assert_due("2024-02-12 10:00", 1000, TERM_WORK_DAYS, "2024-02-18 18:00"); /* a start on a holiday */
    assert_due("2024-09-30 10:00", 1000, TERM_WORK_DAYS, "2024-10-08 18:00");
    assert_due("2024-10-10 10:00", 2000, TERM_WORK_DAYS, "2024-10-12 18:00"); /* a working Saturday */
    assert_due("2024-04-26 10:00", 5000, TERM_WORK_DAYS, "2024-05-07 18:00"); /* 28, 29, 30 April, 6, 7 May */
}

static void parts_of_a_working_day(void **state)
{
    (void)state;
    assert_due("2024-07-18 09:00", 500, TERM_WORK_DAYS, "2024-07-19 11:45");
    assert_due("2024-07-18 09:00", 1500, TERM_WORK_DAYS, "2024-07-22 11:45");
    assert_due("2024-07-18 09:00", 800, TERM_WORK_DAYS, "2024-07-19 16:30");
}

static void calendar_days_end_at_midnight_and_move_off_holidays(void **state)
{
    (void)state;
    assert_due("2024-07-15 09:00", 3000, TERM_CALENDAR_DAYS, "2024-07-18 23:59:59.999");
    assert_due("2024-07-18 09:00", 2000, TERM_CALENDAR_DAYS, "2024-07-22 23:59:59.999"); /* Saturday → Monday */
    assert_due("2024-07-18 09:00", 4000, TERM_CALENDAR_DAYS, "2024-07-22 23:59:59.999");
    assert_due("2024-09-16 09:00", 15000, TERM_CALENDAR_DAYS, "2024-10-08 23:59:59.999");
    assert_due("2024-09-20 09:00", 9000, TERM_CALENDAR_DAYS, "2024-09-29 23:59:59.999"); /* a working Sunday stays */
    assert_due("2024-01-30 09:00", 30000, TERM_CALENDAR_DAYS, "2024-02-29 23:59:59.999");
    assert_due("2024-07-15 09:00", 2001, TERM_CALENDAR_DAYS, "2024-07-18 23:59:59.999"); /* a part is a day */
}

static void natural_hours_know_no_nights(void **state)
{
    (void)state;
    assert_due("2024-10-01 23:30", 2000, TERM_HOURS, "2024-10-02 01:30");
    assert_due("2024-10-01 23:30", 250, TERM_HOURS, "2024-10-01 23:45");
    assert_due("2024-10-01 23:30:01", 24000, TERM_HOURS, "2024-10-02 23:31");
}

static bool guessed(const char *start, int64_t milli, enum term_unit unit)
{
    bool uncertain;

    (void)term_due(china, at(start), (struct term){milli, unit}, &uncertain);
    return uncertain;
}

static void says_when_it_guessed(void **state)
{
    (void)state;
    assert_due("2026-12-31 10:00", 1000, TERM_WORK_DAYS, "2027-01-01 18:00"); /* a Friday not yet announced */
    assert_true(guessed("2026-12-31 10:00", 1000, TERM_WORK_DAYS));
    assert_false(guessed("2026-12-30 10:00", 1000, TERM_WORK_DAYS));
    assert_true(guessed("2026-12-31 17:30", 1000, TERM_WORK_HOURS));
    assert_false(guessed("2026-12-31 17:00", 1000, TERM_WORK_HOURS));
    assert_true(guessed("2026-12-31 10:00", 2000, TERM_CALENDAR_DAYS));
    assert_false(guessed("2026-12-31 10:00", 48000, TERM_HOURS)); /* needs no calendar */
    assert_false(guessed("2024-09-30 10:00", 60000, TERM_WORK_DAYS));
}

/* --- the same by walking from day to day --- */

static int64_t walk_hours(const struct calendar *c, struct work_hours h, int64_t start, int64_t length)
{
    const int parts[2][2] = {{h.from1, h.to1}, {h.from2, h.to2}};

    for (int32_t d = day_of(start);; d++) {
        for (int i = 0; calendar_works(c, d) && i < 2; i++) {
            int64_t from = day_start(d) + parts[i][0] * (int64_t)TIME_MINUTE;
            int64_t to = day_start(d) + parts[i][1] * (int64_t)TIME_MINUTE;
            if (from < start)
                from = start;
            if (from >= to)
                continue;
            if (from + length <= to)
                return (from + length + TIME_MINUTE - 1) / TIME_MINUTE * TIME_MINUTE;
            length -= to - from;
        }
    }
}

static int32_t walk_days(const struct calendar *c, int32_t d, int64_t n)
{
    while (n > 0)
        n -= calendar_works(c, ++d);
    return d;
}

static uint64_t random_state = 20240718;

static int64_t random_below(int64_t n)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)(random_state >> 20) % n;
}

static void agrees_with_a_walk_from_day_to_day(void **state)
{
    const int64_t first = at("2018-06-01 00:00"), span = at("2029-06-01 00:00") - first;

    (void)state;
    for (int i = 0; i < 5000; i++) {
        int64_t start = first + random_below(span), milli = 1 + random_below(60000), days = 1 + random_below(60);
        assert_int_equal(term_due(china, start, (struct term){milli, TERM_WORK_HOURS}, NULL),
                         walk_hours(china, summer, start, milli * (TIME_HOUR / 1000)));
        int32_t last = walk_days(china, day_of(start), days);
        assert_int_equal(term_due(china, start, (struct term){days * 1000, TERM_WORK_DAYS}, NULL),
                         day_start(last) + 18 * (int64_t)TIME_HOUR);
        int32_t moved = day_of(start) + (int32_t)days;
        while (!calendar_works(china, moved))
            moved++;
        assert_int_equal(term_due(china, start, (struct term){days * 1000, TERM_CALENDAR_DAYS}, NULL),
                         day_start(moved + 1) - 1);
    }
}

/* --- pauses --- */

static void assert_pause_changes_nothing(const struct calendar *c, int64_t start, struct term t, int64_t now)
{
    int64_t due = term_due(c, start, t, NULL);
    struct term left = term_left(c, now, due, t.unit);

    assert_int_equal(left.unit, t.unit);
    if (term_due(c, now, left, NULL) != due)
        fail_msg("%s %lld from %lld, paused at %lld, due %lld: comes back as %lld", term_unit_name(t.unit),
                 (long long)t.milli, (long long)start, (long long)now, (long long)due,
                 (long long)term_due(c, now, left, NULL));
}

/* The law of the header, for every unit, any length (whole and broken), and pauses before, in and after the term. */
static void a_pause_without_length_changes_nothing(void **state)
{
    const struct work_hours kinds[] = {summer,
                                       {0, 720, 720, 1440},
                                       {9 * 60, 17 * 60, 17 * 60, 17 * 60},
                                       {8 * 60 + 17, 8 * 60 + 18, 9 * 60, 9 * 60 + 1}};
    const int64_t first = at("2018-06-01 00:00"), span = at("2029-06-01 00:00") - first;
    const struct embed_file *file = embed_find("pack/holidays/cn-2020-2026.csv");

    (void)state;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        struct calendar *c = NULL;
        assert_true(calendar_open(&c, str_range((const char *)file->data, file->size), kinds[k], NULL));
        for (int i = 0; i < 20000; i++) {
            int64_t start = first + random_below(span);
            struct term t = {random_below(40000), (enum term_unit)random_below(4)};
            if (random_below(2) == 0)
                t.milli -= t.milli % 500;
            if (random_below(4) == 0)
                start -= start % TIME_MINUTE;
            int64_t due = term_due(c, start, t, NULL);
            int64_t length = due > start ? due - start : 1;
            assert_pause_changes_nothing(c, start, t, start);
            assert_pause_changes_nothing(c, start, t, due);
            assert_pause_changes_nothing(c, start, t, due - 1);
            assert_pause_changes_nothing(c, start, t, due + 1);
            assert_pause_changes_nothing(c, start, t, start + random_below(length));
            assert_pause_changes_nothing(c, start, t, start + random_below(3 * length));
        }
        calendar_close(c);
    }
}

static void a_longer_term_never_ends_earlier(void **state)
{
    const int64_t first = at("2019-06-01 00:00"), span = at("2028-06-01 00:00") - first;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        int64_t start = first + random_below(span);
        struct term t = {1 + random_below(40000), (enum term_unit)random_below(4)}, longer = t;
        longer.milli += random_below(3000);
        int64_t due = term_due(china, start, t, NULL);
        assert_true(due > start);
        assert_true(term_due(china, start, longer, NULL) >= due);
        assert_true(term_due(china, start + random_below(TIME_DAY), t, NULL) >= due);
    }
}

static void a_pause_moves_the_end_by_working_time(void **state)
{
    (void)state;
    int64_t due = term_due(china, at("2024-09-27 10:00"), (struct term){3000, TERM_WORK_DAYS}, NULL);
    assert_int_equal(due, at("2024-10-08 18:00")); /* Sunday 29 (worked), Monday 30, Tuesday 8 October */
    struct term left = term_left(china, at("2024-09-29 09:00"), due, TERM_WORK_DAYS);
    assert_int_equal(left.milli, 2000);
    assert_int_equal(term_due(china, at("2024-10-09 09:00"), left, NULL), at("2024-10-11 18:00"));

    due = term_due(china, at("2024-07-18 10:00"), (struct term){4000, TERM_WORK_HOURS}, NULL);
    left = term_left(china, at("2024-07-18 11:30"), due, TERM_WORK_HOURS);
    assert_int_equal(left.milli, 2500);
    assert_int_equal(term_due(china, at("2024-07-22 08:00"), left, NULL), at("2024-07-22 10:30"));

    left = term_left(china, at("2024-07-19 10:00"), at("2024-07-18 18:00"), TERM_WORK_HOURS);
    assert_int_equal(left.milli, -2000); /* two hours late stays two hours late */
    assert_int_equal(term_due(china, at("2024-07-22 10:00"), left, NULL), at("2024-07-19 18:00"));
}

/* --- explanations --- */

static void a_due_time_explains_itself(void **state)
{
    struct arena *a = arena_open();
    struct skipped_day *days;

    (void)state;
    size_t n = term_skipped(china, a, at("2024-09-30 10:00"), at("2024-10-14 18:00"), TERM_WORK_DAYS, &days);
    assert_int_equal(n, 8); /* 1–7 October and Sunday 13; Saturday 12 was worked */
    assert_int_equal(days[0].day, day("2024-10-01"));
    assert_true(str_is(days[0].reason, "国庆节"));
    assert_true(str_is(days[5].reason, "国庆节")); /* a Sunday within */
    assert_int_equal(days[7].day, day("2024-10-13"));
    assert_true(str_is(days[7].reason, "weekend"));

    n = term_skipped(china, a, at("2024-07-20 10:00"), at("2024-07-22 09:00"), TERM_WORK_HOURS, &days);
    assert_int_equal(n, 2);
    n = term_skipped(china, a, at("2024-07-20 10:00"), at("2024-07-22 18:00"), TERM_WORK_DAYS, &days);
    assert_int_equal(n, 1); /* the day of the start is never counted */
    assert_int_equal(term_skipped(china, a, at("2024-07-20 10:00"), at("2024-07-29 18:00"), TERM_HOURS, &days),
                     0);
    assert_int_equal(
        term_skipped(china, a, at("2024-07-22 10:00"), at("2024-07-20 18:00"), TERM_WORK_DAYS, &days), 0);
    assert_null(days);
    n = term_skipped(china, a, at("2000-01-01 10:00"), at("2100-01-01 10:00"), TERM_WORK_HOURS, &days);
    assert_true(n > 1000 && n < 1100); /* ten years of them are enough */
    arena_close(a);
}

static void unit_names_go_both_ways(void **state)
{
    enum term_unit unit = TERM_HOURS;

    (void)state;
    for (int i = 0; i < 4; i++) {
        assert_true(term_unit_parse(str_of(term_unit_name((enum term_unit)i)), &unit));
        assert_int_equal(unit, i);
    }
    assert_false(term_unit_parse(STR("WD"), &unit) || term_unit_parse(STR(""), &unit) ||
                 term_unit_parse(STR("day"), &unit));
}

/* --- tables --- */

static void assert_csv_refused(const char *csv, enum error_code code, const char *field, const char *detail)
{
    struct calendar *c = NULL;
    struct error e = {0};

    assert_false(calendar_open(&c, str_of(csv), summer, &e));
    assert_string_equal(error_name(e.code), error_name(code));
    assert_string_equal(e.field, field);
    assert_string_equal(e.detail, detail);
    assert_null(c);
}

static void a_wrong_table_names_its_line(void **state)
{
    (void)state;
    assert_csv_refused("", ERROR_LINE_INVALID, "header", "1");
    assert_csv_refused("day,kind,name\n", ERROR_LINE_INVALID, "header", "1");
    assert_csv_refused("date,kind,name\n2027-01-01,off,元旦\n2027-02-30,off,春节\n", ERROR_LINE_INVALID,
                       "date", "3");
    assert_csv_refused("date,kind,name\n\n2027-01-01,free,元旦\n", ERROR_LINE_INVALID, "kind", "3");
    assert_csv_refused("date,kind,name\n2027-01-01\n", ERROR_LINE_INVALID, "kind", "2");
    assert_csv_refused("date,kind,name\n2027-01-01,off\n", ERROR_LINE_INVALID, "name", "2");
    assert_csv_refused("date,kind,name\n2027-01-01,off,\xff\n", ERROR_LINE_INVALID, "name", "2");
    assert_csv_refused("date,kind,name\n9027-01-01,off,元旦\n", ERROR_LINE_INVALID, "date", "2");
    assert_csv_refused("date,kind,name\n2027-01-02,off,a\n2027-01-01,off,a\n2027-01-02,work,b\n",
                       ERROR_CONFLICT, "date", "2027-01-02");
}

static void impossible_hours_are_refused(void **state)
{
    const struct work_hours wrong[] = {{480, 480, 600, 700}, {480, 720, 700, 900},  {480, 720, 800, 700},
                                       {-1, 720, 800, 900},  {480, 720, 800, 1441}, {0, 0, 0, 0}};
    struct calendar *c = NULL;
    struct error e;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(calendar_open(&c, STR("date,kind,name\n"), wrong[i], &e));
        assert_int_equal(e.code, ERROR_PACK_INVALID);
    }
}

/* A spreadsheet writes a byte order mark and CRLF; the notice for 2028 reaches into December 2027; 2026 is missing. */
static void a_committee_s_own_table(void **state)
{
    const struct str csv = STR("\xef\xbb\xbf"
                               "date,kind,name\r\n2027-12-31,off,元旦\r\n2027-05-03,off,劳动节\r\n"
                               "2025-10-01,off,国庆节\r\n");
    struct calendar *c = NULL;
    bool uncertain;

    (void)state;
    assert_true(calendar_open(&c, csv, summer, NULL));
    assert_int_equal(calendar_last_year(c), 2027);
    assert_false(calendar_works(c, day("2027-12-31")) || calendar_works(c, day("2027-05-03")));
    assert_true(calendar_uncertain(c, day("2026-06-01")));
    assert_false(calendar_uncertain(c, day("2025-01-01")));
    (void)term_due(c, at("2025-12-01 09:00"), (struct term){300000, TERM_WORK_DAYS}, &uncertain);
    assert_true(uncertain); /* both ends are announced, the year between them is not */
    calendar_close(c);

    assert_true(calendar_open(&c, STR("date,kind,name\n2027-12-31,off,元旦\n"), summer, NULL));
    assert_int_equal(calendar_last_year(c), 0);
    assert_true(calendar_uncertain(c, day("2027-12-31")));
    calendar_close(c);
}

static void an_empty_table_still_counts(void **state)
{
    struct calendar *c = NULL;

    (void)state;
    assert_true(calendar_open(&c, STR("date,kind,name"), summer, NULL));
    assert_int_equal(calendar_last_year(c), 0);
    assert_true(calendar_uncertain(c, 0));
    assert_due_in(c, "2024-10-04 10:00", 1000, TERM_WORK_DAYS, "2024-10-07 18:00");
    assert_due_in(c, "1969-12-26 10:00", 1000, TERM_WORK_DAYS, "1969-12-29 18:00");
    assert_due_in(c, "1960-07-15 17:00", 2000, TERM_WORK_HOURS, "1960-07-18 09:00");
    calendar_close(c);
    calendar_close(NULL);
}

/* Used on every write: a term of centuries must cost what a term of days costs. */
static void long_terms_are_no_slower(void **state)
{
    int64_t sum = 0, began = time_real();

    (void)state;
    for (int i = 0; i < 100000; i++)
        sum += term_due(china, at("2024-07-18 09:00") + i, (struct term){100000000, TERM_WORK_DAYS}, NULL) & 1;
    assert_true(sum >= 0);
    assert_true(time_real() - began < 5000);
    int64_t far = term_due(china, at("2024-07-18 09:00"), (struct term){INT64_MAX, TERM_WORK_DAYS}, NULL);
    assert_true(far > at("4000-01-01 00:00"));
    assert_true(term_due(china, at("2024-07-18 09:00"), (struct term){INT64_MIN, TERM_WORK_HOURS}, NULL) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_days_of_2024),
        cmocka_unit_test(names_holidays_and_their_exchanges),
        cmocka_unit_test(beyond_the_table_monday_to_friday_counts),
        cmocka_unit_test(working_hours_run_only_in_working_time),
        cmocka_unit_test(a_start_outside_working_time_waits),
        cmocka_unit_test(working_days_skip_holidays_and_count_make_up_days),
        cmocka_unit_test(parts_of_a_working_day),
        cmocka_unit_test(calendar_days_end_at_midnight_and_move_off_holidays),
        cmocka_unit_test(natural_hours_know_no_nights),
        cmocka_unit_test(says_when_it_guessed),
        cmocka_unit_test(agrees_with_a_walk_from_day_to_day),
        cmocka_unit_test(a_pause_without_length_changes_nothing),
        cmocka_unit_test(a_longer_term_never_ends_earlier),
        cmocka_unit_test(a_pause_moves_the_end_by_working_time),
        cmocka_unit_test(a_due_time_explains_itself),
        cmocka_unit_test(unit_names_go_both_ways),
        cmocka_unit_test(a_wrong_table_names_its_line),
        cmocka_unit_test(impossible_hours_are_refused),
        cmocka_unit_test(a_committee_s_own_table),
        cmocka_unit_test(an_empty_table_still_counts),
        cmocka_unit_test(long_terms_are_no_slower),
    };
    return cmocka_run_group_tests_name("workday", tests, open_china, close_china);
}
