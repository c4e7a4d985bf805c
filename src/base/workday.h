/* Working days and hours of mainland China: weekends, public holidays and the weekend days that are worked
 * in exchange (全国年节及纪念日放假办法; each year's notice of the State Council's General Office). The table ends
 * with the last announced year: beyond it the calendar counts Monday to Friday and says so (`uncertain`). */
#ifndef BASE_WORKDAY_H
#define BASE_WORKDAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

struct calendar;

/* Working hours of one day in minutes after midnight; pauses are the gap between the two. from1 < to1 <=
 * from2 <= to2 <= 1440; a day without a second half has from2 == to2 == to1. */
struct work_hours {
    int from1, to1, from2, to2; /* e.g. 8:00–12:00 and 14:30–18:00 */
};

/* From csv text with the header `date,kind,name`, kind `off` or `work`, in any order. LINE_INVALID with
 * the line in `detail` and the column as field; CONFLICT with the date when a day stands there twice;
 * PACK_INVALID "hours". */
bool calendar_open(struct calendar **ret, struct str csv, struct work_hours hours, struct error *e);
void calendar_close(struct calendar *c);

/* The last year that was announced, 0 when none was. */
int calendar_last_year(const struct calendar *c);

bool calendar_works(const struct calendar *c, int32_t day);
/* Name of the holiday or of the exchange ("国庆节"), empty on ordinary days. */
struct str calendar_name(const struct calendar *c, int32_t day);
/* Does the table not reach this day? */
bool calendar_uncertain(const struct calendar *c, int32_t day);

/* Neither days' unit counts the day of the start. A last calendar day that is a holiday or weekend moves to
 * the next working day (民事诉讼法 85). */
enum term_unit {
    TERM_WORK_HOURS,    /* wh 工作小时 */
    TERM_WORK_DAYS,     /* wd 工作日 */
    TERM_CALENDAR_DAYS, /* cd 自然日 */
    TERM_HOURS,         /* ch 自然小时 */
};

/* "wh", "wd", "cd", "ch" */
bool term_unit_parse(struct str s, enum term_unit *ret);
const char *term_unit_name(enum term_unit unit);

/* A length of time as rules state it: `milli` is in thousandths of the unit (0.25 h = 250). */
struct term {
    int64_t milli;
    enum term_unit unit;
};

/* When does a term that starts at `start` end? `uncertain` (may be null) says whether the calendar had to
 * guess.
 *   wh  only working time runs; a start outside it waits for the next working minute. Ends on a whole
 *       minute, rounded up, and in the evening rather than the next morning (18:00, not 8:00).
 *   wd  at to2 of the n-th working day after the day of the start; a fraction is that part of a day's
 *       working time.
 *   cd  at 23:59:59.999; a fraction is a whole day; the last day moves to the next working day.
 *   ch  on a whole minute, rounded up.
 * A term of zero or less (what is left of a late one) ends at or before its start. Lengths are cut to a
 * million units. No loop over days. */
int64_t term_due(const struct calendar *c, int64_t start, struct term t, bool *uncertain);

/* What is left of a running term, and its continuation: for pauses. In the same thousandths, so that for
 * every due made by term_due and every `now`, even one after it, term_due(now, term_left(now, due)) is
 * that due again: a pause without length changes nothing. Below zero it is late by so much; in wd also
 * when the due time lies before the end of today's working time (-500: noon). Compare `now` with `due` to
 * know whether a clock is late, not this. */
struct term term_left(const struct calendar *c, int64_t now, int64_t due, enum term_unit unit);

/* The days between start and due that were not counted, with the reason: for "any due time explains
 * itself". Days of rest for wh and wd (at most ten years of them); none for ch, and none for cd, where
 * every day counts and only the end may move: what moved it is what wh skips from the last day as counted
 * (start + n days) to due. */
struct skipped_day {
    int32_t day;
    struct str reason; /* holiday's name, or "weekend" */
};
size_t term_skipped(const struct calendar *c, struct arena *a, int64_t start, int64_t due,
                    enum term_unit unit, struct skipped_day **ret);

#endif
