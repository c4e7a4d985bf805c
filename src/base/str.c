#include "base/str.h"

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

struct str str_trim(struct str s)
{
    const struct str wide = STR("\xe3\x80\x80");

    for (;;) {
        if (s.n > 0 && is_space(s.p[0])) {
            s.p++;
            s.n--;
        } else if (s.n > 0 && is_space(s.p[s.n - 1])) {
            s.n--;
        } else if (str_starts(s, wide)) {
            s.p += wide.n;
            s.n -= wide.n;
        } else if (str_ends(s, wide)) {
            s.n -= wide.n;
        } else {
            return s;
        }
    }
}

bool str_split(struct str *rest, char sep, struct str *part)
{
    if (rest->p == NULL)
        return false;
    const char *at = rest->n > 0 ? memchr(rest->p, sep, rest->n) : NULL;
    if (at == NULL) {
        *part = *rest;
        *rest = (struct str){NULL, 0};
        return true;
    }
    *part = str_range(rest->p, (size_t)(at - rest->p));
    *rest = str_range(at + 1, rest->n - part->n - 1);
    return true;
}

bool str_int(struct str s, int64_t *ret)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    size_t i = negative ? 1 : 0;
    int64_t value = 0;

    if (i == s.n)
        return false;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        int digit = s.p[i] - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, negative ? -digit : digit, &value))
            return false;
    }
    *ret = value;
    return true;
}

/* RFC 3629 §4: which second bytes each first byte allows. */
size_t str_sequence(struct str s)
{
    static const struct {
        unsigned char lo, hi, second_lo, second_hi, length;
    } rows[] = {
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
        {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    const unsigned char *p = (const unsigned char *)s.p;

    if (s.n == 0)
        return 0;
    if (p[0] < 0x80)
        return p[0] != 0;
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        if (p[0] < rows[r].lo || p[0] > rows[r].hi)
            continue;
        if (rows[r].length > s.n || p[1] < rows[r].second_lo || p[1] > rows[r].second_hi)
            return 0;
        for (size_t i = 2; i < rows[r].length; i++)
            if ((p[i] & 0xc0) != 0x80)
                return 0;
        return rows[r].length;
    }
    return 0;
}

bool str_utf8(struct str s)
{
    while (s.n > 0) {
        size_t step = str_sequence(s);
        if (step == 0)
            return false;
        s.p += step;
        s.n -= step;
    }
    return true;
}

static bool starts_point(char c)
{
    return ((unsigned char)c & 0xc0) != 0x80;
}

size_t str_points(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.n; i++)
        count += starts_point(s.p[i]);
    return count;
}

struct str str_head(struct str s, size_t points)
{
    size_t i = 0;
    for (; i < s.n; i++)
        if (starts_point(s.p[i]) && points-- == 0)
            break;
    return str_range(s.p, i);
}

uint64_t str_hash(struct str s)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    return h;
}
