/* Text as search sees it: compatibility forms, case, and the traditional or simplified shape of a character make no difference.
 * A character is folded by itself, never by its neighbours: the same two characters must fold alike in a query and in a long sentence. */
#ifndef CORE_SEARCH_FOLD_H
#define CORE_SEARCH_FOLD_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum fold_class {
    FOLD_GAP,    /* white space, punctuation: parts what stands around it */
    FOLD_HAN,    /* written without gaps: cut into pairs */
    FOLD_LETTER, /* words of other scripts */
    FOLD_DIGIT,
};

struct folded {
    const uint32_t *c;  /* folded characters */
    const uint32_t *at; /* byte in `source` that each came from; at[n] is the end */
    size_t n;
    struct str source; /* the text, or its composed form when it held combining marks */
};

/* Lives in the arena, like `text`. The tables are made at the first call (about 30 ms). */
void fold(struct arena *a, struct str text, struct folded *ret);
enum fold_class fold_class(uint32_t c);
/* The end of the run of one class that begins at `from`. */
size_t fold_run(const struct folded *f, size_t from);

/* First letters of the name's characters in pinyin, such as "wds" for 吴大顺: at most FOLD_READINGS of them, because some characters are read
 * in two ways; each ends with a zero byte. A surname is read as surnames are (单 s, 仇 q, 曾 z). 0 for names that are not Chinese. */
enum { FOLD_READINGS = 4, FOLD_INITIALS = 16 };
size_t fold_initials(const struct folded *name, char ret[FOLD_READINGS][FOLD_INITIALS]);

#endif
