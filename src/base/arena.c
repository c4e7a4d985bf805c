#include "base/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

struct block {
    struct block *next;
    size_t size, used;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *first; /* kept over resets */
    struct block *last;  /* the one that pieces come from */
};

static const size_t first_size = 16 * 1024;

static struct block *block_open(size_t size)
{
    struct block *b = malloc(sizeof *b + size);
    if (b == NULL) {
        (void)fputs("liuxiao: out of memory\n", stderr);
        abort();
    }
    b->next = NULL;
    b->size = size;
    b->used = 0;
    return b;
}

struct arena *arena_open(void)
{
    struct arena *a = malloc(sizeof *a);
    if (a == NULL) {
        (void)fputs("liuxiao: out of memory\n", stderr);
        abort();
    }
    a->first = a->last = block_open(first_size);
    return a;
}

static void free_after(struct block *b)
{
    struct block *next = b->next;
    b->next = NULL;
    while (next != NULL) {
        struct block *gone = next;
        next = gone->next;
        free(gone);
    }
}

void arena_reset(struct arena *a)
{
    free_after(a->first);
    a->first->used = 0;
    a->last = a->first;
}

void arena_close(struct arena *a)
{
    if (a == NULL)
        return;
    free_after(a->first);
    free(a->first);
    free(a);
}

void *arena_alloc(struct arena *a, size_t n)
{
    const size_t align = alignof(max_align_t);
    size_t need = (n + align - 1) / align * align;

    if (a->last->size - a->last->used < need) {
        size_t size = a->last->size * 2;
        if (size > 1024 * 1024)
            size = 1024 * 1024;
        a->last->next = block_open(need > size ? need : size);
        a->last = a->last->next;
    }
    void *p = a->last->bytes + a->last->used;
    a->last->used += need;
    return memset(p, 0, need);
}

char *arena_z(struct arena *a, struct str s)
{
    char *z = arena_alloc(a, s.n + 1);
    if (s.n > 0)
        memcpy(z, s.p, s.n);
    return z;
}

struct str arena_str(struct arena *a, struct str s)
{
    return str_range(arena_z(a, s), s.n);
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *z = arena_alloc(a, (size_t)(n < 0 ? 0 : n) + 1);
    if (n > 0)
        (void)vsnprintf(z, (size_t)n + 1, format, args);
    return z;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *z = arena_vprintf(a, format, args);
    va_end(args);
    return z;
}
