/* Times, days, ids, codes, numbers: what is taken is written out as something that is taken again as the same. */
#include "base/id.h"
#include "base/time.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = fuzz_str(data, size), rest = s, part;
    char time[TIME_TEXT], text[ID_TEXT], code[TRACK_TEXT];
    int64_t ms, again, n;
    int32_t day;
    struct id id, id_again;

    if (time_parse(s, &ms)) {
        time_format(ms, time);
        MUST(time_parse(str_of(time), &again) && again == ms);
    }
    (void)date_parse(s, &day);
    if (id_parse(s, &id)) {
        id_format(id, text);
        MUST(id_parse(str_of(text), &id_again) && id_eq(id, id_again));
    }
    if (track_normal(s, code))
        MUST(track_normal(str_of(code), code));
    (void)str_int(s, &n);
    (void)str_trim(s);
    while (str_split(&rest, ',', &part))
        (void)str_utf8(part);
    return 0;
}
