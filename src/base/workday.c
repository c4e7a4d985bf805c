#include "base/workday.h"

#include <stdlib.h>

#include "base/time.h"

struct row {
    int32_t day;
    bool works;
    struct str name; /* into calendar.text */
};

/* Working days are numbered: `before(day)` is how many lie between `first` and that day, looked up inside
 * the table and computed outside it, below zero in front of it. Working time likewise runs as one number
 * through all working days, so that a term is an addition and never a walk from day to day. */
struct calendar {
    struct work_hours hours;
    int64_t morning, length; /* working milliseconds before the pause, and of a whole day */
    char *text;
    struct row *rows; /* by day */
    size_t row_count;
    int32_t first, days; /* the table: whole years */
    int32_t *count;      /* [i]: working days in the first i days of it; days + 1 entries */
    int first_year, last_year;
    bool *announced; /* by year from first_year */
};

enum { YEAR_LEAST = 1949, YEAR_MOST = 2200, SKIPPED_SPAN = 3660 };

static const int64_t milli_most = 1000000000; /* a million hours or days; keeps every sum far from overflow */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t ceil_div(int64_t a, int64_t b)
{
    return -floor_div(-a, b);
}

/* --- loading --- */

static bool line_wrong(struct error *e, int line, const char *field)
{
    return error_setf(e, ERROR_LINE_INVALID, field, "%d", line);
}

static bool read_row(struct row *r, struct str line, int number, struct error *e)
{
    struct str date, kind;
    int year, month, day;

    if (!str_split(&line, ',', &date) || !date_parse(str_trim(date), &r->day))
        return line_wrong(e, number, "date");
    day_to_date(r->day, &year, &month, &day);
    if (year < YEAR_LEAST || year > YEAR_MOST)
        return line_wrong(e, number, "date");
    if (!str_split(&line, ',', &kind))
        return line_wrong(e, number, "kind");
    kind = str_trim(kind);
    r->works = str_is(kind, "work");
    if (!r->works && !str_is(kind, "off"))
        return line_wrong(e, number, "kind");
    r->name = str_trim(line);
    if (r->name.n == 0 || !str_utf8(r->name))
        return line_wrong(e, number, "name");
    return true;
}

static bool read_rows(struct calendar *c, struct str csv, struct error *e)
{
    struct str line;
    bool headed = false;

    if (str_starts(csv, STR("\xef\xbb\xbf"))) /* spreadsheets write it */
        csv = str_range(csv.p + 3, csv.n - 3);
    for (int number = 1; str_split(&csv, '\n', &line); number++) {
        line = str_trim(line);
        if (line.n == 0)
            continue;
        if (!headed) {
            if (!str_eq(line, STR("date,kind,name")))
                return line_wrong(e, number, "header");
            headed = true;
        } else if (!read_row(&c->rows[c->row_count], line, number, e)) {
            return false;
        } else {
            c->row_count++;
        }
    }
    return headed || line_wrong(e, 1, "header");
}

static int by_day(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    return (x->day > y->day) - (x->day < y->day);
}

static bool sort_rows(struct calendar *c, struct error *e)
{
    char date[DATE_TEXT];

    if (c->row_count > 0)
        qsort(c->rows, c->row_count, sizeof c->rows[0], by_day);
    for (size_t i = 1; i < c->row_count; i++) {
        if (c->rows[i].day != c->rows[i - 1].day)
            continue;
        date_format(c->rows[i].day, date);
        return error_setf(e, ERROR_CONFLICT, "date", "%s", date);
    }
    return true;
}

/* A year counts as announced once it has a row before December: the rest of a New Year's holiday belongs
 * to the next notice. */
static void mark_announced(struct calendar *c)
{
    int year, month, day;

    for (size_t i = 0; i < c->row_count; i++) {
        day_to_date(c->rows[i].day, &year, &month, &day);
        if (month == 12)
            continue;
        c->announced[year - c->first_year] = true;
        c->last_year = year;
    }
}

static bool build_table(struct calendar *c, struct error *e)
{
    int year, month, day;

    if (c->row_count > 0) {
        day_to_date(c->rows[c->row_count - 1].day, &year, &month, &day);
        int32_t end = day_from_date(year + 1, 1, 1);
        day_to_date(c->rows[0].day, &c->first_year, &month, &day);
        c->first = day_from_date(c->first_year, 1, 1);
        c->days = end - c->first;
        c->announced = calloc((size_t)(year - c->first_year + 1), sizeof c->announced[0]);
    }
    c->count = calloc((size_t)c->days + 1, sizeof c->count[0]);
    if (c->count == NULL || (c->row_count > 0 && c->announced == NULL))
        return error_cause(e, ERROR_INTERNAL, "no memory for the calendar");
    if (c->row_count > 0)
        mark_announced(c);
    size_t next = 0;
    for (int32_t i = 0; i < c->days; i++) {
        bool works = day_weekday(c->first + i) <= 5;
        if (next < c->row_count && c->rows[next].day == c->first + i)
            works = c->rows[next++].works;
        c->count[i + 1] = c->count[i] + works;
    }
    return true;
}

static bool hours_right(struct work_hours h)
{
    return h.from1 >= 0 && h.from1 < h.to1 && h.to1 <= h.from2 && h.from2 <= h.to2 && h.to2 <= 24 * 60;
}

bool calendar_open(struct calendar **ret, struct str csv, struct work_hours hours, struct error *e)
{
    size_t lines = 1;
    struct calendar *c = NULL;

    if (!hours_right(hours))
        return error_set(e, ERROR_PACK_INVALID, "hours");
    for (size_t i = 0; i < csv.n; i++)
        lines += csv.p[i] == '\n';
    c = calloc(1, sizeof *c);
    if (c == NULL)
        return error_cause(e, ERROR_INTERNAL, "no memory for the calendar");
    c->hours = hours;
    c->morning = (int64_t)(hours.to1 - hours.from1) * TIME_MINUTE;
    c->length = c->morning + (int64_t)(hours.to2 - hours.from2) * TIME_MINUTE;
    c->text = malloc(csv.n + 1);
    c->rows = calloc(lines, sizeof c->rows[0]);
    if (c->text == NULL || c->rows == NULL) {
        (void)error_cause(e, ERROR_INTERNAL, "no memory for the calendar");
        goto failed;
    }
    if (csv.n > 0)
        memcpy(c->text, csv.p, csv.n);
    if (!read_rows(c, str_range(c->text, csv.n), e) || !sort_rows(c, e) || !build_table(c, e))
        goto failed;
    *ret = c;
    return true;
failed:
    calendar_close(c);
    return false;
}

void calendar_close(struct calendar *c)
{
    if (c == NULL)
        return;
    free(c->announced);
    free(c->count);
    free(c->rows);
    free(c->text);
    free(c);
}

/* --- days --- */

int calendar_last_year(const struct calendar *c)
{
    return c->last_year;
}

static bool in_table(const struct calendar *c, int32_t day)
{
    return day >= c->first && day < c->first + c->days;
}

bool calendar_works(const struct calendar *c, int32_t day)
{
    if (!in_table(c, day))
        return day_weekday(day) <= 5;
    return c->count[day - c->first + 1] > c->count[day - c->first];
}

struct str calendar_name(const struct calendar *c, int32_t day)
{
    struct row wanted = {.day = day};
    const struct row *found = NULL;

    if (c->row_count > 0)
        found = bsearch(&wanted, c->rows, c->row_count, sizeof c->rows[0], by_day);
    return found != NULL ? found->name : STR("");
}

bool calendar_uncertain(const struct calendar *c, int32_t day)
{
    int year, month, day_of_month;

    if (!in_table(c, day))
        return true;
    day_to_date(day, &year, &month, &day_of_month);
    return !c->announced[year - c->first_year];
}

/* Mondays to Fridays from Monday 1969-12-29 up to `day`, which is not counted; and back. */
static int64_t plain_before(int64_t day)
{
    int64_t week = floor_div(day + 3, 7), rest = day + 3 - week * 7;

    return week * 5 + (rest < 5 ? rest : 5);
}

static int64_t plain_day(int64_t n)
{
    int64_t week = floor_div(n, 5);

    return week * 7 + (n - week * 5) - 3;
}

/* Working days from the table's first day up to `day`, which is not counted. */
static int64_t before(const struct calendar *c, int32_t day)
{
    if (day < c->first)
        return plain_before(day) - plain_before(c->first);
    if (day <= c->first + c->days)
        return c->count[day - c->first];
    return c->count[c->days] + plain_before(day) - plain_before(c->first + c->days);
}

/* The working day that has `n` working days before it. */
static int32_t nth_working(const struct calendar *c, int64_t n)
{
    if (n < 0)
        return (int32_t)plain_day(plain_before(c->first) + n);
    if (n >= c->count[c->days])
        return (int32_t)plain_day(plain_before(c->first + c->days) + n - c->count[c->days]);
    int32_t low = 0, high = c->days - 1; /* the first i with count[i + 1] > n */
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (c->count[middle + 1] > n)
            high = middle;
        else
            low = middle + 1;
    }
    return c->first + low;
}

/* --- working time --- */

static int64_t within(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

/* Working milliseconds up to this instant. */
static int64_t worked(const struct calendar *c, int64_t ms)
{
    int32_t day = day_of(ms);
    int64_t sum = before(c, day) * c->length;

    if (!calendar_works(c, day))
        return sum;
    int64_t of_day = ms - day_start(day);
    return sum + within(of_day - (int64_t)c->hours.from1 * TIME_MINUTE, 0, c->morning) +
           within(of_day - (int64_t)c->hours.from2 * TIME_MINUTE, 0, c->length - c->morning);
}

/* The earliest instant at which so much was worked: the evening of a day rather than the next morning. */
static int64_t instant_of(const struct calendar *c, int64_t sum)
{
    int64_t full_days = ceil_div(sum, c->length) - 1;
    int64_t rest = sum - full_days * c->length; /* more than nothing, at most a day */
    int64_t at = day_start(nth_working(c, full_days));

    if (rest <= c->morning)
        return at + (int64_t)c->hours.from1 * TIME_MINUTE + rest;
    return at + (int64_t)c->hours.from2 * TIME_MINUTE + rest - c->morning;
}

/* --- terms --- */

static const char *const unit_names[] = {"wh", "wd", "cd", "ch"};

bool term_unit_parse(struct str s, enum term_unit *ret)
{
    for (size_t i = 0; i < sizeof unit_names / sizeof unit_names[0]; i++) {
        if (!str_is(s, unit_names[i]))
            continue;
        *ret = (enum term_unit)i;
        return true;
    }
    return false;
}

const char *term_unit_name(enum term_unit unit)
{
    return unit_names[unit];
}

static bool guessed_between(const struct calendar *c, int32_t from, int32_t to)
{
    int year, last_year, month, day;

    if (from > to)
        return guessed_between(c, to, from);
    if (calendar_uncertain(c, from) || calendar_uncertain(c, to))
        return true;
    day_to_date(from, &year, &month, &day);
    day_to_date(to, &last_year, &month, &day);
    for (; year < last_year; year++)
        if (!c->announced[year - c->first_year])
            return true;
    return false;
}

/* Ends are whole minutes: a thousandth of an hour is 3.6 s, so what is left of a term could not bring back
 * a finer end. */
static int64_t next_minute(int64_t ms)
{
    return ceil_div(ms, TIME_MINUTE) * TIME_MINUTE;
}

int64_t term_due(const struct calendar *c, int64_t start, struct term t, bool *uncertain)
{
    int64_t milli = within(t.milli, -milli_most, milli_most), due = 0;
    int32_t from = day_of(start);

    switch (t.unit) {
    case TERM_WORK_HOURS:
        due = instant_of(c, next_minute(worked(c, start) + milli * (TIME_HOUR / 1000)));
        break;
    case TERM_WORK_DAYS: /* from the end of the first day; a thousandth of a day is whole milliseconds */
        due = instant_of(c, before(c, from + 1) * c->length + milli * (c->length / 1000));
        break;
    case TERM_CALENDAR_DAYS:
        from += (int32_t)ceil_div(milli, 1000); /* whether the calendar was right matters only from here on */
        due = day_start(nth_working(c, before(c, from)) + 1) - 1;
        break;
    case TERM_HOURS:
        due = next_minute(start + milli * (TIME_HOUR / 1000));
        break;
    }
    if (uncertain != NULL)
        *uncertain = t.unit != TERM_HOURS && guessed_between(c, from, day_of(due));
    return due;
}

struct term term_left(const struct calendar *c, int64_t now, int64_t due, enum term_unit unit)
{
    struct term left = {.unit = unit};
    int32_t today = day_of(now);

    switch (unit) {
    case TERM_WORK_HOURS:
        left.milli = floor_div(worked(c, due) - worked(c, now), TIME_HOUR / 1000);
        break;
    case TERM_WORK_DAYS:
        left.milli = ceil_div(worked(c, due) - before(c, today + 1) * c->length, c->length / 1000);
        break;
    case TERM_CALENDAR_DAYS:
        left.milli = ((int64_t)day_of(due) - today) * 1000;
        break;
    case TERM_HOURS:
        left.milli = floor_div(due - now, TIME_HOUR / 1000);
        break;
    }
    return left;
}

size_t term_skipped(const struct calendar *c, struct arena *a, int64_t start, int64_t due,
                    enum term_unit unit, struct skipped_day **ret)
{
    int32_t from = day_of(start) + (unit == TERM_WORK_DAYS), to = day_of(due);
    size_t n = 0;

    *ret = NULL;
    if ((unit != TERM_WORK_HOURS && unit != TERM_WORK_DAYS) || from > to)
        return 0;
    if (to - from > SKIPPED_SPAN)
        to = from + SKIPPED_SPAN;
    int64_t most = to + 1 - from - (before(c, to + 1) - before(c, from));
    struct skipped_day *days = ARENA_ARRAY(a, struct skipped_day, most);
    for (int32_t day = from; day <= to; day++) {
        if (calendar_works(c, day))
            continue;
        struct str name = calendar_name(c, day);
        days[n++] = (struct skipped_day){day, name.n > 0 ? name : STR("weekend")};
    }
    *ret = days;
    return n;
}
