#include "six/rhythm.h"

#include "base/time.h"

struct rhythm rhythm_of(const json_t *group)
{
    const json_t *visit = json_object_get(group, "visit");
    struct str unit = json_text(visit, "unit");
    if (visit == NULL)
        return (struct rhythm){.every = 3, .months = true};
    return (struct rhythm){
        .every = json_int(visit, "every", 1),
        .months = str_is(unit, "month"),
        .weeks = str_is(unit, "week"),
        .phone_counts = json_flag(visit, "phone_counts"),
    };
}

static int32_t months_later(int32_t day, int64_t months)
{
    int year, month, of_month;
    day_to_date(day, &year, &month, &of_month);
    int64_t m = (int64_t)year * 12 + month - 1 + months;
    int32_t first = day_from_date((int)(m / 12), (int)(m % 12) + 1, 1);
    int32_t next = day_from_date((int)((m + 1) / 12), (int)((m + 1) % 12) + 1, 1);
    int32_t same = first + of_month - 1;
    return same < next ? same : next - 1;
}

int64_t rhythm_next(struct rhythm r, int64_t at, int factor)
{
    int32_t day = day_of(at);
    int64_t n = r.every * factor;
    if (r.months)
        day = months_later(day, n);
    else
        day += (int32_t)(r.weeks ? 7 * n : n);
    return day_start(day + 1) - 1;
}
