#include "base/id.h"

#include <sodium.h>
#include <stdatomic.h>

#include "base/time.h"

/* Milliseconds << 12 | counter of the last id given out. The counter begins each millisecond at random in
 * its lower half; should it run over, or the clock go back, the time part simply runs ahead. */
static _Atomic uint64_t last_given;

static uint64_t next_stamp(uint32_t random)
{
    uint64_t fresh = (uint64_t)time_real() << 12 | (random & 0x7ff);
    uint64_t last = atomic_load_explicit(&last_given, memory_order_relaxed);
    uint64_t next;

    do {
        next = fresh > last ? fresh : last + 1;
    } while (!atomic_compare_exchange_weak_explicit(&last_given, &last, next, memory_order_relaxed,
                                                    memory_order_relaxed));
    return next;
}

struct id id_new(void)
{
    struct id id;
    uint32_t seed;

    randombytes_buf(id.b, sizeof id.b);
    memcpy(&seed, id.b, sizeof seed);
    uint64_t stamp = next_stamp(seed);
    for (int i = 0; i < 6; i++)
        id.b[i] = (unsigned char)(stamp >> (52 - 8 * i));
    id.b[6] = (unsigned char)(0x70 | (stamp >> 8 & 0x0f));
    id.b[7] = (unsigned char)stamp;
    id.b[8] = (unsigned char)(0x80 | (id.b[8] & 0x3f));
    return id;
}

bool id_is_zero(struct id id)
{
    return sodium_is_zero(id.b, sizeof id.b) == 1;
}

static bool hyphen_at(size_t i)
{
    return i == 8 || i == 13 || i == 18 || i == 23;
}

void id_format(struct id id, char out[ID_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    size_t at = 0;

    for (size_t i = 0; i < sizeof id.b; i++) {
        if (hyphen_at(at))
            out[at++] = '-';
        out[at++] = digits[id.b[i] >> 4];
        out[at++] = digits[id.b[i] & 15];
    }
    out[at] = '\0';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool id_parse(struct str s, struct id *ret)
{
    struct id id = {{0}};
    size_t nibble = 0;

    if (s.n != ID_TEXT - 1)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (hyphen_at(i)) {
            if (s.p[i] != '-')
                return false;
            continue;
        }
        int value = hex_value(s.p[i]);
        if (value < 0)
            return false;
        id.b[nibble / 2] = (unsigned char)(id.b[nibble / 2] << 4 | value);
        nibble++;
    }
    *ret = id;
    return true;
}

/* --- tracking codes --- */

static const char track_letters[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"; /* 32: five bits a letter */

void track_format(const unsigned char bits[TRACK_LETTERS], char out[TRACK_TEXT])
{
    size_t at = 0;

    for (size_t i = 0; i < TRACK_LETTERS; i++) {
        if (i == 5 || i == 9)
            out[at++] = '-';
        out[at++] = track_letters[bits[i] & 31];
    }
    out[at] = '\0';
}

void track_new(char out[TRACK_TEXT])
{
    unsigned char random[TRACK_LETTERS];

    randombytes_buf(random, sizeof random);
    track_format(random, out);
}

/* One typed character as ASCII, and how many bytes it took. A Chinese keyboard gives full-width letters,
 * wide spaces and long dashes. */
static char typed_char(struct str s, size_t *ret_bytes)
{
    const unsigned char *p = (const unsigned char *)s.p;

    *ret_bytes = 1;
    if (p[0] < 0x80)
        return s.p[0];
    if (str_sequence(s) != 3)
        return '\0';
    *ret_bytes = 3;
    unsigned point = (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
    if (point >= 0xff01 && point <= 0xff5e)
        return (char)(point - 0xff01 + '!');
    if (point >= 0x2010 && point <= 0x2015)
        return '-';
    return point == 0x3000 ? ' ' : '\0';
}

bool track_normal(struct str typed, char out[TRACK_TEXT])
{
    char code[TRACK_LETTERS + 1] = {0};
    size_t n = 0, bytes;

    for (size_t i = 0; i < typed.n; i += bytes) {
        char c = typed_char(str_range(typed.p + i, typed.n - i), &bytes);
        if (c == '-' || c == ' ' || c == '\t' || c == '\r' || c == '\n')
            continue;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (c == '\0' || strchr(track_letters, c) == NULL || n == TRACK_LETTERS)
            return false;
        code[n++] = c;
    }
    if (n != TRACK_LETTERS)
        return false;
    memcpy(out, code, sizeof code);
    return true;
}
