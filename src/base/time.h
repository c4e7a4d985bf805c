/* Time: instants are milliseconds since 1970 UTC in int64; what people see is the civil time of China,
 * +08:00 all year. */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum {
    TIME_SECOND = 1000,
    TIME_MINUTE = 60 * TIME_SECOND,
    TIME_HOUR = 60 * TIME_MINUTE,
    TIME_DAY = 24 * TIME_HOUR, /* 86 400 000 fits an int */
};

/* The clock of the process. Tests and the demo may set it (time_set); 0 returns to the real one. */
int64_t time_now(void);
void time_set(int64_t ms);
/* Always the machine's clock, whatever time_set says: for time-outs, leases and sessions. */
int64_t time_real(void);

/* Civil date and time in China. */
struct civil {
    int year, month, day; /* 1-based */
    int hour, minute, second, ms;
};

struct civil civil_of(int64_t ms);
int64_t civil_ms(struct civil c);

/* Days since 1970-01-01 of the civil date in China; weekday 1 = Monday … 7 = Sunday. */
int32_t day_of(int64_t ms);
int64_t day_start(int32_t day); /* its midnight in China, as an instant */
int day_weekday(int32_t day);
int32_t day_from_date(int year, int month, int day);
void day_to_date(int32_t day, int *year, int *month, int *day_of_month);

/* "2024-07-18T16:31:33.000+08:00" (29 characters and a zero byte). */
enum { TIME_TEXT = 32, DATE_TEXT = 12 };
void time_format(int64_t ms, char out[TIME_TEXT]);
/* "2024-07-18" */
void date_format(int32_t day, char out[DATE_TEXT]);

/* RFC 3339 with a zone ("Z" or "+08:00"), fractions up to nanoseconds, space or T between. A real calendar
 * date only. */
bool time_parse(struct str s, int64_t *ret_ms);
bool date_parse(struct str s, int32_t *ret_day);

#endif
