#include "core/form_number.h"

bool form_numbers(struct db *db, struct arena *a, const struct unit *committee, int year, struct str *ret,
                  size_t n, struct error *e)
{
    struct str short_name = unit_short(a, committee);
    const char *name = arena_printf(a, "form %d", year);
    int64_t last;

    if (!db_one_int(db, &last, 0, e,
                    "insert into counter(unit, name, last) values(?1, ?2, ?3) on conflict(unit, name) do update set "
                    "last = counter.last + excluded.last returning last",
                    ARGS(INT(committee->id), TEXTZ(name), INT((int64_t)n))))
        return false;
    for (size_t i = 0; i < n; i++)
        ret[i] = str_of(arena_printf(a, "%.*sZ%d-%04lld", (int)short_name.n, short_name.p, year,
                                     (long long)(last - (int64_t)n + 1 + (int64_t)i)));
    return true;
}
