/* Memory of one request: taken in small pieces, given back whole. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/str.h"

struct arena;

/* Never null: a process without memory for an arena ends with one line on stderr. */
struct arena *arena_open(void);
void arena_close(struct arena *a);

/* Gives everything back but keeps the first block for the next use. */
void arena_reset(struct arena *a);

/* Zeroed memory, aligned for any type, living until reset or close. Never null. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((malloc, returns_nonnull, alloc_size(2)));

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (size_t)(n)))

/* Copies, ended by a zero byte. */
char *arena_z(struct arena *a, struct str s);
struct str arena_str(struct arena *a, struct str s);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

#endif
