#include "base/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/time.h"

enum { READ_DEPTH = 64 };

/* --- reading --- */

/* Where a text stands when its brackets and quotes are counted, right or wrong. */
struct nesting {
    int depth, deepest;
    size_t too_deep_at; /* offset of the first bracket over the limit */
    bool in_text;
};

static struct nesting nesting_of(struct str text)
{
    struct nesting n = {0};

    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (n.in_text) {
            if (c == '\\')
                i++;
            else if (c == '"')
                n.in_text = false;
        } else if (c == '"') {
            n.in_text = true;
        } else if (c == '{' || c == '[') {
            if (++n.depth > n.deepest)
                n.deepest = n.depth;
            if (n.depth == READ_DEPTH + 1 && n.too_deep_at == 0)
                n.too_deep_at = i;
        } else if (c == '}' || c == ']') {
            n.depth--;
        }
    }
    return n;
}

static bool malformed_at(struct error *e, struct str text, size_t offset)
{
    int line = 1, column = 1;

    for (size_t i = 0; i < offset && i < text.n; i++) {
        column = text.p[i] == '\n' ? 1 : column + 1;
        line += text.p[i] == '\n';
    }
    return error_setf(e, ERROR_MALFORMED, NULL, "%d:%d", line, column);
}

static bool read_failed(struct error *e, struct str text, struct nesting nesting, const json_error_t *why)
{
    bool unclosed = nesting.depth > 0 || nesting.in_text;

    switch (json_error_code(why)) {
    case json_error_premature_end_of_input:
        return error_set(e, ERROR_TRUNCATED, NULL);
    case json_error_duplicate_key:
        return error_setf(e, ERROR_DUPLICATE_KEY, NULL, "%d:%d", why->line, why->column);
    case json_error_invalid_utf8:
        return error_set(e, ERROR_WRONG_ENCODING, NULL);
    case json_error_out_of_memory:
        return error_cause(e, ERROR_OVERLOADED, "no memory for a JSON value");
    default: /* jansson calls a body cut inside `tru` or `\u12` wrong, not short */
        if (unclosed && why->position >= 0 && (size_t)why->position >= text.n)
            return error_set(e, ERROR_TRUNCATED, NULL);
        return error_setf(e, ERROR_MALFORMED, NULL, "%d:%d", why->line, why->column);
    }
}

json_t *json_read(struct str text, struct error *e)
{
    const char *nul = text.n > 0 ? memchr(text.p, 0, text.n) : NULL;

    if (nul != NULL) {
        (void)malformed_at(e, text, (size_t)(nul - text.p));
        return NULL;
    }
    if (!str_utf8(text)) {
        (void)error_set(e, ERROR_WRONG_ENCODING, NULL);
        return NULL;
    }
    struct nesting nesting = nesting_of(text);
    if (nesting.deepest > READ_DEPTH) {
        (void)malformed_at(e, text, nesting.too_deep_at);
        return NULL;
    }
    json_error_t why;
    json_t *value = json_loadb(text.n > 0 ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &why);
    if (value == NULL)
        (void)read_failed(e, text, nesting, &why);
    return value;
}

static int add_piece(const char *piece, size_t n, void *to)
{
    struct buf *b = to;

    buf_add(b, str_range(piece, n));
    return b->full ? -1 : 0;
}

void json_write(struct buf *b, const json_t *value)
{
    if (json_dump_callback(value, add_piece, b, JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY) != 0)
        b->full = true;
}

struct str json_text(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    if (!json_is_string(value))
        return (struct str){NULL, 0};
    return str_range(json_string_value(value), json_string_length(value));
}

int64_t json_int(const json_t *object, const char *key, int64_t otherwise)
{
    const json_t *value = json_object_get(object, key);

    return json_is_integer(value) ? (int64_t)json_integer_value(value) : otherwise;
}

bool json_flag(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

/* Behind the text that begins at `i` with a quote. */
static size_t behind_text(struct str s, size_t i)
{
    for (i++; i < s.n && s.p[i] != '"'; i++)
        i += s.p[i] == '\\';
    return i < s.n ? i + 1 : s.n;
}

/* Behind the value that begins at `i`: at the comma or bracket that follows it. */
static size_t behind_value(struct str s, size_t i)
{
    for (int depth = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '"')
            i = behind_text(s, i) - 1;
        else if (c == '{' || c == '[')
            depth++;
        else if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            return i;
        else if (c == '}' || c == ']')
            depth--;
    }
    return s.n;
}

static struct str unescaped(struct arena *a, struct str quoted)
{
    if (memchr(quoted.p, '\\', quoted.n) == NULL)
        return arena_str(a, str_range(quoted.p + 1, quoted.n - 2));
    JSON_OWNED json_t *text = json_loadb(quoted.p, quoted.n, JSON_DECODE_ANY, NULL);
    return arena_str(a, str_range(json_string_value(text), json_string_length(text)));
}

struct str json_pick(struct arena *a, struct str json, const char *key)
{
    for (size_t i = 1; i < json.n && json.p[i] == '"';) {
        size_t colon = behind_text(json, i), end = behind_value(json, colon + 1);
        struct str name = str_range(json.p + i + 1, colon - i - 2);
        struct str value = str_range(json.p + colon + 1, end > colon + 1 ? end - colon - 1 : 0);
        if (str_is(name, key))
            return value.n >= 2 && value.p[0] == '"' ? unescaped(a, value) : STR("");
        i = end + 1;
    }
    return STR("");
}

void json_release(json_t **value)
{
    json_decref(*value);
    *value = NULL;
}

/* --- writing --- */

/* A call that does not fit the nesting so far: a mistake of the program, or a page whose reading failed in the middle and that is being
 * closed by callers who don't look. Neither may stop the server. */
static bool fits(struct jw *w, bool right)
{
    if (!right)
        w->out->full = true;
    return right;
}

/* What stands before any value: a comma in an array, nothing after a key. */
static void before_value(struct jw *w)
{
    if (!fits(w, w->depth == 0 || w->closes[w->depth] == ']' || w->keyed))
        return;
    if (w->comma[w->depth])
        buf_addc(w->out, ',');
    w->comma[w->depth] = true;
    w->keyed = false;
}

static void open_level(struct jw *w, char opens, char closes)
{
    before_value(w);
    if (!fits(w, w->depth + 1 < JW_DEPTH))
        return;
    buf_addc(w->out, opens);
    w->depth++;
    w->comma[w->depth] = false;
    w->closes[w->depth] = closes;
}

static void close_level(struct jw *w, char closes)
{
    if (!fits(w, w->depth > 0 && w->closes[w->depth] == closes && !w->keyed))
        return;
    w->depth--;
    buf_addc(w->out, closes);
}

void jw_object(struct jw *w)
{
    open_level(w, '{', '}');
}

void jw_array(struct jw *w)
{
    open_level(w, '[', ']');
}

void jw_end_object(struct jw *w)
{
    close_level(w, '}');
}

void jw_end_array(struct jw *w)
{
    close_level(w, ']');
}

static void add_escaped(struct buf *b, unsigned char c)
{
    static const char names[] = "btn\0fr"; /* of the characters 8 … 13; \v has none */

    if (c == '"' || c == '\\') {
        buf_addc(b, '\\');
        buf_addc(b, (char)c);
    } else if (c >= '\b' && c <= '\r' && c != '\v') {
        buf_addc(b, '\\');
        buf_addc(b, names[c - '\b']);
    } else {
        buf_addf(b, "\\u%04x", c);
    }
}

/* How far `p` is the plain text of most of what we write: ASCII without quotes, and the characters of U+1000 … U+CFFF (all Chinese). */
static size_t plain_run(const char *text, size_t n)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t i = 0;

    for (;;) {
        if (i < n && p[i] < 0x80 && p[i] >= 0x20 && p[i] != '"' && p[i] != '\\')
            i++;
        else if (i + 2 < n && p[i] >= 0xe1 && p[i] <= 0xec && (p[i + 1] & 0xc0) == 0x80 &&
                 (p[i + 2] & 0xc0) == 0x80)
            i += 3;
        else
            return i;
    }
}

/* Runs of plain text are copied whole; only what stops a run is looked at closer. */
static void add_text(struct buf *b, struct str s)
{
    size_t i = plain_run(s.p, s.n);
    char *at = buf_room(b, i + 2);

    if (at == NULL)
        return;
    *at = '"';
    if (i > 0)
        memcpy(at + 1, s.p, i);
    b->n += i + 1;
    while (i < s.n) {
        size_t step = str_sequence(str_range(s.p + i, s.n - i)), run = 0;
        if (step > 1)
            run = step;
        else if (step == 0 && (unsigned char)s.p[i] >= 0x80)
            buf_add(b, STR("\xef\xbf\xbd"));
        else
            add_escaped(b, (unsigned char)s.p[i]);
        size_t from = run > 0 ? i : ++i;
        i = from + run;
        i += plain_run(s.p + i, s.n - i);
        buf_add(b, str_range(s.p + from, i - from));
    }
    buf_addc(b, '"');
}

void jw_key(struct jw *w, const char *key)
{
    if (!fits(w, w->depth > 0 && w->closes[w->depth] == '}' && !w->keyed))
        return;
    if (w->comma[w->depth])
        buf_addc(w->out, ',');
    w->comma[w->depth] = false;
    w->keyed = true;
    add_text(w->out, str_of(key));
    buf_addc(w->out, ':');
}

void jw_text(struct jw *w, struct str value)
{
    before_value(w);
    add_text(w->out, value);
}

void jw_int(struct jw *w, int64_t value)
{
    before_value(w);
    buf_add_int(w->out, value);
}

void jw_bool(struct jw *w, bool value)
{
    before_value(w);
    buf_addz(w->out, value ? "true" : "false");
}

void jw_null(struct jw *w)
{
    before_value(w);
    buf_addz(w->out, "null");
}

/* Not printf's decimals: those follow the locale. JSON has no infinity; it becomes null. */
void jw_double(struct jw *w, double value)
{
    const int64_t one = 10000000;

    before_value(w);
    if (!isfinite(value)) {
        buf_addz(w->out, "null");
        return;
    }
    if (fabs(value) >= 9e11) {
        buf_addf(w->out, "%.0f", value);
        return;
    }
    int64_t scaled = llround(value * (double)one);
    uint64_t size = scaled < 0 ? 0 - (uint64_t)scaled : (uint64_t)scaled;
    uint64_t fraction = size % (uint64_t)one;
    int digits = 7;
    if (scaled < 0)
        buf_addc(w->out, '-');
    buf_add_int(w->out, (int64_t)(size / (uint64_t)one));
    if (fraction == 0)
        return;
    while (fraction % 10 == 0) {
        fraction /= 10;
        digits--;
    }
    buf_addf(w->out, ".%0*" PRIu64, digits, fraction);
}

void jw_json(struct jw *w, const json_t *value)
{
    before_value(w);
    if (value == NULL)
        buf_addz(w->out, "null");
    else
        json_write(w->out, value);
}

void jw_raw(struct jw *w, struct str json)
{
    before_value(w);
    buf_add(w->out, json);
}

void jw_raw_members(struct jw *w, struct str json)
{
    if (!fits(w, w->depth > 0 && w->closes[w->depth] == '}' && !w->keyed))
        return;
    if (w->comma[w->depth])
        buf_addc(w->out, ',');
    w->comma[w->depth] = true;
    buf_add(w->out, json);
}

void jw_ktext(struct jw *w, const char *key, struct str value)
{
    jw_key(w, key);
    jw_text(w, value);
}

void jw_kz(struct jw *w, const char *key, const char *value)
{
    jw_key(w, key);
    if (value == NULL)
        jw_null(w);
    else
        jw_text(w, str_of(value));
}

void jw_kint(struct jw *w, const char *key, int64_t value)
{
    jw_key(w, key);
    jw_int(w, value);
}

void jw_kbool(struct jw *w, const char *key, bool value)
{
    jw_key(w, key);
    jw_bool(w, value);
}

void jw_kjson(struct jw *w, const char *key, const json_t *value)
{
    jw_key(w, key);
    jw_json(w, value);
}

void jw_kobject(struct jw *w, const char *key)
{
    jw_key(w, key);
    jw_object(w);
}

void jw_karray(struct jw *w, const char *key)
{
    jw_key(w, key);
    jw_array(w);
}

void jw_ktime(struct jw *w, const char *key, int64_t ms)
{
    char text[TIME_TEXT];

    if (ms == 0) {
        jw_kz(w, key, NULL);
        return;
    }
    time_format(ms, text);
    jw_kz(w, key, text);
}
