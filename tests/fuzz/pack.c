/* A policy pack is loaded by an administrator, from anywhere. */
#include "core/pack.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pack *p = NULL;
    struct error e = {0};

    if (!pack_read(&p, fuzz_str(data, size), &e)) {
        REFUSED_WELL(e);
        return 0;
    }
    for (int k = KIND_NONE + 1; k < KIND_COUNT; k++) {
        (void)pack_category(p, (enum kind)k, STR("D0101"));
        (void)pack_outcome(p, (enum kind)k, STR("DONE"));
    }
    pack_close(p);
    return 0;
}
