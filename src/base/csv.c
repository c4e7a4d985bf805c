#include "base/csv.h"

struct csv csv_of(struct str text)
{
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_range(text.p + 3, text.n - 3);
    return (struct csv){.rest = text, .next = 1, .comma = ','};
}

static bool wrong(const struct csv *c, struct error *e)
{
    return error_setf(e, ERROR_LINE_INVALID, NULL, "%lld", (long long)c->line);
}

static void skip(struct csv *c, size_t n)
{
    c->rest = str_range(c->rest.p + n, c->rest.n - n);
}

/* The rest begins behind the opening quote; afterwards it begins behind the closing one. */
static bool quoted(struct csv *c, struct arena *a, struct str *ret, struct error *e)
{
    struct str s = c->rest;
    size_t n = 0, doubled = 0;

    for (; n < s.n && (s.p[n] != '"' || (n + 1 < s.n && s.p[n + 1] == '"')); n++) {
        if (s.p[n] == '"') {
            n++;
            doubled++;
        }
        c->next += s.p[n] == '\n';
    }
    if (n == s.n)
        return wrong(c, e);
    *ret = str_range(s.p, n);
    if (doubled > 0) {
        char *copy = arena_alloc(a, n - doubled);
        size_t k = 0;
        for (size_t i = 0; i < n; i++) {
            copy[k++] = s.p[i];
            i += s.p[i] == '"';
        }
        *ret = str_range(copy, k);
    }
    skip(c, n + 1);
    return true;
}

static struct str plain(struct csv *c)
{
    size_t n = 0;
    while (n < c->rest.n && c->rest.p[n] != c->comma && c->rest.p[n] != '\n')
        n++;
    struct str s = str_range(c->rest.p, n);
    skip(c, n);
    if (s.n > 0 && s.p[s.n - 1] == '\r' && (c->rest.n == 0 || c->rest.p[0] == '\n'))
        s.n--;
    return s;
}

/* Takes what stands between two fields or ends the row; *ret_more says which. */
static bool separator(struct csv *c, bool *ret_more, struct error *e)
{
    if (str_starts(c->rest, STR("\r\n")))
        skip(c, 1);
    *ret_more = c->rest.n > 0 && c->rest.p[0] == c->comma;
    if (c->rest.n > 0 && !*ret_more && c->rest.p[0] != '\n')
        return wrong(c, e);
    c->next += c->rest.n > 0 && !*ret_more;
    skip(c, c->rest.n > 0);
    return true;
}

bool csv_row(struct csv *c, struct arena *a, struct str *fields, size_t max, size_t *ret_n, struct error *e)
{
    size_t n;
    bool more;

    do {
        n = 0;
        c->line = c->next;
        if (c->rest.n == 0)
            break;
        do {
            struct str field;
            if (c->rest.n > 0 && c->rest.p[0] == '"') {
                skip(c, 1);
                if (!quoted(c, a, &field, e))
                    return false;
            } else {
                field = plain(c);
            }
            if (n == max)
                return wrong(c, e);
            fields[n++] = field;
            if (!separator(c, &more, e))
                return false;
        } while (more);
    } while (n == 1 && str_trim(fields[0]).n == 0);
    *ret_n = n;
    return true;
}
