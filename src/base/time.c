#include "base/time.h"

#include <stdatomic.h>
#include <time.h>

static const int64_t china = 8 * (int64_t)TIME_HOUR;

/* 0001-01-01 and the last millisecond of 9999, both at +08:00: what RFC 3339 can write. */
static const int64_t earliest = -62135625600000;
static const int64_t latest = 253402271999999;

static _Atomic int64_t set_to; /* 0: the real clock */

int64_t time_real(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * TIME_SECOND + now.tv_nsec / 1000000;
}

int64_t time_now(void)
{
    int64_t ms = atomic_load_explicit(&set_to, memory_order_relaxed);

    return ms != 0 ? ms : time_real();
}

void time_set(int64_t ms)
{
    atomic_store_explicit(&set_to, ms, memory_order_relaxed);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t within_calendar(int64_t ms)
{
    return ms < earliest ? earliest : ms > latest ? latest : ms;
}

/* Both ways between days and dates count in eras of 400 years that begin on 1 March, so that the leap day
 * is the last of its year (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
int32_t day_from_date(int year, int month, int day)
{
    int y = year - (month <= 2);
    int era = (y >= 0 ? y : y - 399) / 400;
    int of_era = y - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void day_to_date(int32_t day, int *year, int *month, int *day_of_month)
{
    int32_t z = day + 719468;
    int32_t era = (z >= 0 ? z : z - 146096) / 146097;
    int32_t of_era = z - era * 146097;
    int32_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int32_t of_year = of_era - (365 * y + y / 4 - y / 100);
    int32_t m = (5 * of_year + 2) / 153;

    *day_of_month = of_year - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = y + era * 400 + (*month <= 2);
}

int32_t day_of(int64_t ms)
{
    return (int32_t)floor_div(within_calendar(ms) + china, TIME_DAY);
}

int64_t day_start(int32_t day)
{
    return (int64_t)day * TIME_DAY - china;
}

int day_weekday(int32_t day)
{
    return (int)((day % 7 + 10) % 7) + 1; /* 1970-01-01 was a Thursday */
}

struct civil civil_of(int64_t ms)
{
    struct civil c;
    int32_t day = day_of(ms);
    int rest = (int)(within_calendar(ms) - day_start(day));

    day_to_date(day, &c.year, &c.month, &c.day);
    c.hour = rest / TIME_HOUR;
    c.minute = rest / TIME_MINUTE % 60;
    c.second = rest / TIME_SECOND % 60;
    c.ms = rest % TIME_SECOND;
    return c;
}

int64_t civil_ms(struct civil c)
{
    return day_start(day_from_date(c.year, c.month, c.day)) + (int64_t)c.hour * TIME_HOUR +
           (int64_t)c.minute * TIME_MINUTE + (int64_t)c.second * TIME_SECOND + c.ms;
}

/* `width` digits with leading zeros and one mark behind them. */
static char *put(char *at, int width, int value, char mark)
{
    for (int i = width - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
    at[width] = mark;
    return at + width + 1;
}

void time_format(int64_t ms, char out[TIME_TEXT])
{
    struct civil c = civil_of(ms);
    char *at = out;

    at = put(at, 4, c.year, '-');
    at = put(at, 2, c.month, '-');
    at = put(at, 2, c.day, 'T');
    at = put(at, 2, c.hour, ':');
    at = put(at, 2, c.minute, ':');
    at = put(at, 2, c.second, '.');
    at = put(at, 3, c.ms, '+');
    memcpy(at, "08:00", sizeof "08:00");
}

void date_format(int32_t day, char out[DATE_TEXT])
{
    struct civil c = civil_of(day_start(day));
    char *at = out;

    at = put(at, 4, c.year, '-');
    at = put(at, 2, c.month, '-');
    (void)put(at, 2, c.day, '\0');
}

/* Takes `width` digits off the front. */
static bool take(struct str *s, int width, int *ret)
{
    int value = 0;

    if (s->n < (size_t)width)
        return false;
    for (int i = 0; i < width; i++) {
        if (s->p[i] < '0' || s->p[i] > '9')
            return false;
        value = value * 10 + (s->p[i] - '0');
    }
    *s = str_range(s->p + width, s->n - (size_t)width);
    *ret = value;
    return true;
}

static bool take_mark(struct str *s, const char *marks)
{
    if (s->n == 0 || s->p[0] == '\0' || strchr(marks, s->p[0]) == NULL)
        return false;
    *s = str_range(s->p + 1, s->n - 1);
    return true;
}

static bool take_date(struct str *s, int32_t *ret_day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;

    if (!take(s, 4, &year) || !take_mark(s, "-") || !take(s, 2, &month) || !take_mark(s, "-") ||
        !take(s, 2, &day))
        return false;
    if (year < 1 || month < 1 || month > 12 || day < 1)
        return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (day > lengths[month - 1] + (month == 2 && leap))
        return false;
    *ret_day = day_from_date(year, month, day);
    return true;
}

/* Nothing, or a point and one to nine digits; cut to milliseconds. */
static bool take_fraction(struct str *s, int *ret_ms)
{
    int digits = 0, digit;

    *ret_ms = 0;
    if (!take_mark(s, "."))
        return true;
    while (take(s, 1, &digit)) {
        if (++digits > 9)
            return false;
        if (digits <= 3)
            *ret_ms = *ret_ms * 10 + digit;
    }
    for (int i = digits; i < 3; i++)
        *ret_ms *= 10;
    return digits > 0;
}

static bool take_zone(struct str *s, int64_t *ret_ms)
{
    int hours, minutes;

    *ret_ms = 0;
    if (take_mark(s, "Zz"))
        return true;
    bool west = s->n > 0 && s->p[0] == '-';
    if (!take_mark(s, "+-") || !take(s, 2, &hours) || !take_mark(s, ":") || !take(s, 2, &minutes))
        return false;
    if (hours > 23 || minutes > 59)
        return false;
    *ret_ms = (hours * (int64_t)TIME_HOUR + minutes * (int64_t)TIME_MINUTE) * (west ? -1 : 1);
    return true;
}

bool time_parse(struct str s, int64_t *ret_ms)
{
    int32_t day;
    int hour, minute, second, ms;
    int64_t zone;

    if (!take_date(&s, &day) || !take_mark(&s, "Tt ") || !take(&s, 2, &hour) || !take_mark(&s, ":") ||
        !take(&s, 2, &minute) || !take_mark(&s, ":") || !take(&s, 2, &second) || !take_fraction(&s, &ms) ||
        !take_zone(&s, &zone) || s.n > 0)
        return false;
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    int64_t at = (int64_t)day * TIME_DAY - zone + (int64_t)hour * TIME_HOUR + (int64_t)minute * TIME_MINUTE +
                 (int64_t)second * TIME_SECOND + ms;
    if (at < earliest || at > latest)
        return false;
    *ret_ms = at;
    return true;
}

bool date_parse(struct str s, int32_t *ret_day)
{
    int32_t day;

    if (!take_date(&s, &day) || s.n > 0)
        return false;
    *ret_day = day;
    return true;
}
