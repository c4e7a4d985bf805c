#include <string.h>
#include <strings.h>

#include "http/inner.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool percent_decode(struct arena *a, struct str raw, bool form, struct str *ret)
{
    char *out = arena_alloc(a, raw.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.p[i];
        if (c == '%') {
            if (raw.n - i < 3 || hex(raw.p[i + 1]) < 0 || hex(raw.p[i + 2]) < 0)
                return false;
            c = (char)(hex(raw.p[i + 1]) << 4 | hex(raw.p[i + 2]));
            i += 2;
        } else if (c == '+' && form) {
            c = ' ';
        }
        out[n++] = c;
    }
    *ret = str_range(out, n);
    return true;
}

/* "http://host/x" (RFC 9112 §3.2.2, as proxies send it) means "/x". */
static struct str without_authority(struct str target)
{
    size_t scheme = 0;

    if (target.n >= 7 && strncasecmp(target.p, "http://", 7) == 0)
        scheme = 7;
    else if (target.n >= 8 && strncasecmp(target.p, "https://", 8) == 0)
        scheme = 8;
    if (scheme == 0)
        return target;
    struct str rest = str_range(target.p + scheme, target.n - scheme);
    for (size_t i = 0; i < rest.n; i++)
        if (rest.p[i] == '/')
            return str_range(rest.p + i, rest.n - i);
    return STR("/");
}

/* An encoded slash would make one segment into two for some readers and not for others. */
static bool has_encoded_slash(struct str raw)
{
    for (size_t i = 0; i + 2 < raw.n; i++)
        if (raw.p[i] == '%' && raw.p[i + 1] == '2' && (raw.p[i + 2] | 0x20) == 'f')
            return true;
    return false;
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return true;
    return false;
}

/* No empty segment but the last, none of dots: what is left has one reading. */
static bool segments_are_plain(struct str path)
{
    struct str rest = str_range(path.p + 1, path.n - 1), segment;

    while (str_split(&rest, '/', &segment)) {
        bool last = rest.p == NULL;
        if ((segment.n == 0 && !last) || str_is(segment, ".") || str_is(segment, ".."))
            return false;
    }
    return true;
}

bool path_read(struct arena *a, struct str target, struct str *path, struct str *query, struct error *e)
{
    struct str raw = without_authority(target);
    const char *mark = raw.n > 0 ? memchr(raw.p, '?', raw.n) : NULL;

    *query = STR("");
    if (mark != NULL) {
        size_t n = (size_t)(mark - raw.p);
        *query = str_range(mark + 1, raw.n - n - 1);
        raw.n = n;
    }
    if (raw.n == 0 || raw.p[0] != '/' || memchr(raw.p, '#', raw.n) != NULL || has_encoded_slash(raw) ||
        !percent_decode(a, raw, false, path) || has_control(*path))
        return error_set(e, ERROR_MALFORMED, "path");
    if (!str_utf8(*path))
        return error_set(e, ERROR_WRONG_ENCODING, "path");
    if (!segments_are_plain(*path))
        return error_set(e, ERROR_MALFORMED, "path");
    return true;
}
