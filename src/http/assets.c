#include "http/assets.h"

#include <ctype.h>
#include <string.h>

#include "base/embed.h"
#include "http/inner.h"

enum { HASH_LEAST = 8, TAG_DIGITS = 32 };

struct body {
    const unsigned char *data;
    size_t size;
    const char *coding; /* null: as it is */
};

/* "assets/name-BfIk3c9x.js": a bundler's hash is at least eight characters that don't make a word. */
static bool is_immutable(struct str path)
{
    const char *dash, *dot;

    if (!str_starts(path, STR("assets/")) || (dash = memrchr(path.p, '-', path.n)) == NULL)
        return false;
    size_t after = path.n - (size_t)(dash + 1 - path.p);
    dot = memchr(dash + 1, '.', after);
    if (dot == NULL || dot - dash - 1 < HASH_LEAST)
        return false;
    bool mixed = false;
    for (const char *p = dash + 1; p < dot; p++) {
        if (!isalnum((unsigned char)*p) && *p != '_')
            return false;
        mixed = mixed || !islower((unsigned char)*p);
    }
    return mixed;
}

static bool accepts(struct str header, const char *coding)
{
    int weight = accept_weight(header, coding);
    if (weight < 0)
        weight = accept_weight(header, "*");
    return weight > 0;
}

static struct body choose_body(struct http_request *r, const struct embed_file *f)
{
    struct str header = http_header(r, "Accept-Encoding");

    if (f->br != NULL && accepts(header, "br"))
        return (struct body){f->br, f->br_size, "br"};
    if (f->gz != NULL && accepts(header, "gzip"))
        return (struct body){f->gz, f->gz_size, "gzip"};
    return (struct body){f->data, f->size, NULL};
}

/* If-None-Match: a list of tags, weak ones count too (RFC 9110 §13.1.2). */
static bool is_known(struct str header, const char *tag)
{
    struct str item;

    while (str_split(&header, ',', &item)) {
        item = str_trim(item);
        if (str_starts(item, STR("W/")))
            item = str_range(item.p + 2, item.n - 2);
        if (str_is(item, "*") || str_is(item, tag))
            return true;
    }
    return false;
}

bool assets_reply(struct http_request *r, struct str path)
{
    const struct embed_file *f = embed_find(arena_printf(r->arena, "web/%.*s", (int)path.n, path.p));
    if (f == NULL)
        return false;

    struct body body = choose_body(r, f);
    const char *tag = arena_printf(r->arena, "\"%.*s%s%s\"", (int)TAG_DIGITS, f->hash,
                                   body.coding != NULL ? "-" : "", body.coding != NULL ? body.coding : "");
    reply_clear(r);
    r->type = f->type;
    http_reply_header(r, "ETag", tag);
    http_reply_header(r, "Cache-Control",
                      is_immutable(path) ? "public, max-age=31536000, immutable" : "no-cache");
    if (f->br != NULL || f->gz != NULL)
        http_reply_header(r, "Vary", "Accept-Encoding");
    if (is_known(http_header(r, "If-None-Match"), tag)) {
        r->status = 304;
        return true;
    }
    if (body.coding != NULL)
        http_reply_header(r, "Content-Encoding", body.coding);
    r->fixed = body.data;
    r->fixed_size = body.size;
    return true;
}
