/* Text that is read: a pointer and a length, never owned, not ended by a zero byte unless said so. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *p;
    size_t n;
};

/* A slice over a string literal. */
#define STR(lit) ((struct str){(lit), sizeof(lit) - 1})

static inline struct str str_of(const char *z)
{
    return (struct str){z, z ? strlen(z) : 0};
}

static inline struct str str_range(const char *p, size_t n)
{
    return (struct str){p, n};
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Does `a` equal the zero-ended `z`? A null `z` equals only the empty slice. */
static inline bool str_is(struct str a, const char *z)
{
    return str_eq(a, str_of(z));
}

bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);

/* White space (ASCII and the ideographic space U+3000) cut from both ends. */
struct str str_trim(struct str s);

/* Takes the part before `sep` off the front of `rest`; false when nothing was left. */
bool str_split(struct str *rest, char sep, struct str *part);

/* A decimal integer that fills the whole slice. */
bool str_int(struct str s, int64_t *ret);

/* Is it well-formed UTF-8 (RFC 3629), without NUL? */
bool str_utf8(struct str s);

/* Bytes of the well-formed sequence that `s` begins with; 0 when there is none (or it is NUL). */
size_t str_sequence(struct str s);

/* Number of code points in well-formed UTF-8. */
size_t str_points(struct str s);

/* The first `points` code points of `s`. */
struct str str_head(struct str s, size_t points);

/* 64-bit FNV-1a, for tables and for choosing a writer; never for anything secret. */
uint64_t str_hash(struct str s);

#endif
