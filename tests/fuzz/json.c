/* What is read is written and read again as the same value. */
#include "base/json.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error e = {0};
    json_t *value = json_read(fuzz_str(data, size), &e), *again;
    struct buf out = BUF_INIT(BUF_DOCUMENT);
    struct jw w = JW_INIT(&out);

    if (value == NULL) {
        REFUSED_WELL(e);
        return 0;
    }
    MUST(str_utf8(fuzz_str(data, size)));
    jw_json(&w, value);
    if (!out.full) {
        again = json_read(buf_str(&out), &e);
        MUST(again != NULL);
        json_decref(again);
    }
    buf_free(&out);
    json_decref(value);
    return 0;
}
