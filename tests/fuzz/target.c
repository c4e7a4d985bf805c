/* The request target, Accept-like headers and percent-coding: a path that is let through has one reading. */
#include <string.h>

#include "http/inner.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_open();
    struct str s = fuzz_str(data, size), path, query, plain;
    struct error e = {0};

    if (path_read(a, s, &path, &query, &e)) {
        MUST(path.n > 0 && path.p[0] == '/' && str_utf8(path) && memchr(path.p, '\0', path.n) == NULL);
        MUST(memmem(path.p, path.n, "//", 2) == NULL && memmem(path.p, path.n, "/../", 4) == NULL);
    } else {
        REFUSED_WELL(e);
    }
    (void)percent_decode(a, s, true, &plain);
    MUST(accept_weight(s, "gzip") <= 1000);
    (void)lang_choose(s);
    arena_close(a);
    return 0;
}
