/* Text and bytes that are built. A buffer has a ceiling; once it is passed the buffer stays `full` and
 * adds nothing more, so that callers check once, at the end. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct buf {
    char *p; /* may be null while n is 0 */
    size_t n;
    size_t cap;
    size_t max;
    bool full; /* something did not fit, or memory ran out */
};

/* Ceilings, all in one place (bytes). */
enum {
    BUF_LINE = 16 * 1024,
    BUF_REPLY = 64 * 1024 * 1024,
    BUF_SEALED = 1024 * 1024,
    BUF_DOCUMENT = 256 * 1024 * 1024,
};

#define BUF_INIT(ceiling) ((struct buf){.max = (ceiling)})

void buf_free(struct buf *b);
void buf_clear(struct buf *b);
void buf_add(struct buf *b, struct str s);
void buf_addz(struct buf *b, const char *z);
void buf_addf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_addvf(struct buf *b, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
void buf_add_int(struct buf *b, int64_t value);

/* Lower-case hexadecimal. */
void buf_add_hex(struct buf *b, const void *bytes, size_t n);

/* Room for `n` more bytes at the end, not yet counted in; null when they don't fit. */
char *buf_room(struct buf *b, size_t n);

static inline void buf_addc(struct buf *b, char c)
{
    char *at = !b->full && b->n < b->cap && b->n < b->max ? b->p + b->n : buf_room(b, 1);
    if (at != NULL) {
        *at = c;
        b->n++;
    }
}

static inline struct str buf_str(const struct buf *b)
{
    return str_range(b->p != NULL ? b->p : "", b->n);
}

#endif
