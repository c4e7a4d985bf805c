#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "http/inner.h"

/* Did a person in front of a browser ask? Then HTML is named, and JSON is not or weighs less. */
static bool wants_page(struct http_request *r)
{
    struct str accept = http_header(r, "Accept");
    int html = accept_weight(accept, "text/html");
    int json = accept_weight(accept, "application/json");
    int problem = accept_weight(accept, "application/problem+json");

    return html > 0 && html > json && html > problem;
}

static void add_escaped(struct buf *b, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            buf_addz(b, "&amp;");
            break;
        case '<':
            buf_addz(b, "&lt;");
            break;
        case '>':
            buf_addz(b, "&gt;");
            break;
        case '"':
            buf_addz(b, "&quot;");
            break;
        case '\'':
            buf_addz(b, "&#39;");
            break;
        default:
            buf_addc(b, *text);
        }
    }
}

static void element(struct buf *b, const char *open, const char *text, const char *close)
{
    buf_addz(b, open);
    add_escaped(b, text);
    buf_addz(b, close);
}

static void write_page(struct http_request *r, const struct error *e, const char *title)
{
    struct buf *b = &r->reply;
    const char *const code[] = {error_name(e->code)};

    r->type = "text/html; charset=utf-8";
    element(b, "<!doctype html>\n<html lang=\"", lang_tag(r->lang), "\">\n<head>\n<meta charset=\"utf-8\">\n");
    buf_addz(b, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    element(b, "<title>", lang_word(r->lang, "page.error.title"), "</title>\n</head>\n<body>\n");
    element(b, "<h1>", lang_word(r->lang, "page.error.title"), "</h1>\n");
    element(b, "<p>", title, "</p>\n");
    element(b, "<p><a href=\"/\">", lang_word(r->lang, "page.error.home"), "</a></p>\n");
    element(b, "<p><small>", lang_say(r->arena, r->lang, "page.error.number", code, 1),
            "</small></p>\n</body>\n</html>\n");
}

/* When to try again: what the error says in seconds, else a guess that fits the status. */
static void add_retry(struct http_request *r, const struct error *e)
{
    int64_t seconds = 0;

    if (r->status != 503 && r->status != 429)
        return;
    if (!str_int(str_of(e->detail), &seconds) || seconds < 1 || seconds > 86400)
        seconds = r->status == 503 ? 2 : 30;
    http_reply_header(r, "Retry-After", arena_printf(r->arena, "%d", (int)seconds));
}

/* What a person calls the field: of "persons.phone" the label of "phone", of "files.0" that of "files". */
static const char *label_of(struct arena *a, enum lang lang, const char *field)
{
    struct str rest = str_of(field), part, last = STR("");
    int64_t number;
    while (str_split(&rest, '.', &part))
        if (!str_int(part, &number) || last.n == 0)
            last = part;
    const char *name = arena_z(a, last);
    const char *key = arena_printf(a, "field.%s", name);
    const char *label = lang_word(lang, key);

    return label == key ? name : label;
}

static const char *title_of(struct arena *a, enum lang lang, const struct error *e)
{
    const char *const params[] = {e->detail, label_of(a, lang, e->field)};
    return lang_say(a, lang, arena_printf(a, "error.%s", error_name(e->code)), params,
                    sizeof params / sizeof params[0]);
}

void problem_json(struct buf *out, struct arena *a, enum lang lang, const struct error *e)
{
    struct jw w = JW_INIT(out);

    jw_object(&w);
    jw_kz(&w, "type", arena_printf(a, "urn:liuxiao:error:%s", error_name(e->code)));
    jw_kz(&w, "title", title_of(a, lang, e));
    jw_kint(&w, "status", e->code == ERROR_NONE ? 500 : error_status(e->code));
    jw_kz(&w, "code", error_name(e->code));
    if (e->field[0] != '\0')
        jw_kz(&w, "field", e->field);
    if (e->detail[0] != '\0')
        jw_kz(&w, "detail", e->detail);
    jw_end_object(&w);
}

void http_problem(struct http_request *r, const struct error *e)
{
    buf_free(&r->reply);
    reply_clear(r);
    r->status = e->code == ERROR_NONE ? 500 : error_status(e->code);
    if (r->status >= 500)
        log_problem(r->status == 503 ? LOG_WARN : LOG_ERROR, "http.problem", e);
    if (wants_page(r)) {
        write_page(r, e, title_of(r->arena, r->lang, e));
    } else {
        r->type = "application/problem+json";
        problem_json(&r->reply, r->arena, r->lang, e);
    }
    add_retry(r, e);
    http_reply_header(r, "Content-Language", lang_tag(r->lang));
}
