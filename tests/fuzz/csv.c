/* Rows and fields lie within the text or in the arena; reading ends. The two tables that come as csv are read as such, too. */
#include "base/csv.h"

#include "base/workday.h"
#include "fuzz.h"

enum { FIELDS = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_open();
    struct csv c = csv_of(fuzz_str(data, size));
    struct str fields[FIELDS];
    struct error e = {0};
    size_t n = 1, rows = 0;
    int64_t line = 0;

    while (n > 0 && csv_row(&c, a, fields, FIELDS, &n, &e)) {
        MUST(n <= FIELDS && ++rows <= size + 1);
        MUST(n == 0 || c.line > line);
        line = c.line;
        for (size_t i = 0; i < n; i++)
            (void)str_utf8(fields[i]); /* touches every byte */
    }
    struct calendar *days = NULL;
    struct work_hours hours = {480, 720, 870, 1080};
    if (calendar_open(&days, fuzz_str(data, size), hours, &e)) {
        (void)calendar_works(days, 20000);
        calendar_close(days);
    }
    arena_close(a);
    return 0;
}
