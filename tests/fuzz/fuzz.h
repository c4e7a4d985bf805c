/* What the fuzz targets share. A target looks at bytes as the program would when a stranger sends them; what it must not do is crash, run
 * over memory (sanitizers), or break one of the rules that MUST names. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

#define MUST(fact)                                                                                           \
    do {                                                                                                     \
        if (!(fact)) {                                                                                       \
            (void)fprintf(stderr, "%s:%d: broken rule: %s\n", __FILE__, __LINE__, #fact);                    \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

/* A refusal has a code. */
#define REFUSED_WELL(e) MUST((e).code != ERROR_NONE)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline struct str fuzz_str(const uint8_t *data, size_t size)
{
    return str_range((const char *)data, size);
}

#endif
