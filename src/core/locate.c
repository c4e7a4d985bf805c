#include "core/locate.h"

/* A walk over text that is known to be JSON: strings are the only place where brackets, commas and colons mean nothing. */
struct walk {
    struct str text;
    size_t at, line;
};

static char peek(struct walk *w)
{
    while (w->at < w->text.n) {
        char c = w->text.p[w->at];
        if (c == '\n')
            w->line++;
        else if (c != ' ' && c != '\t' && c != '\r')
            return c;
        w->at++;
    }
    return '\0';
}

static struct str take_string(struct walk *w)
{
    size_t from = ++w->at;
    while (w->at < w->text.n && w->text.p[w->at] != '"')
        w->at += w->text.p[w->at] == '\\' ? 2 : 1;
    struct str s = str_range(w->text.p + from, w->at < w->text.n ? w->at - from : 0);
    w->at++;
    return s;
}

static void skip_value(struct walk *w)
{
    int depth = 0;
    do {
        char c = peek(w);
        if (c == '\0')
            return;
        if (c == '"') {
            (void)take_string(w);
            continue;
        }
        if (c == '{' || c == '[')
            depth++;
        if (c == '}' || c == ']')
            depth--;
        if (depth < 0)
            return;
        w->at++;
        if (depth == 0 && c != '}' && c != ']') /* a number or word: to its end */
            while (w->at < w->text.n && strchr(",]} \t\r\n", w->text.p[w->at]) == NULL)
                w->at++;
    } while (depth > 0);
}

/* Steps into the member or element `part` of the value here; false when there is none. */
static bool step_into(struct walk *w, struct str part)
{
    char open = peek(w);
    int64_t wanted = -1, index = 0;

    if (open != '{' && open != '[')
        return false;
    if (open == '[' && !str_int(part, &wanted))
        return false;
    w->at++;
    for (char c = peek(w); c != '\0' && c != '}' && c != ']'; c = peek(w), index++) {
        bool found = index == wanted;
        if (open == '{') {
            found = str_eq(take_string(w), part);
            if (peek(w) == ':')
                w->at++;
        }
        if (found) {
            (void)peek(w);
            return true;
        }
        skip_value(w);
        if (peek(w) == ',')
            w->at++;
    }
    return false;
}

size_t locate_line(struct str text, const char *path)
{
    struct walk w = {.text = text, .line = 1};
    struct str rest = str_of(path), part;
    size_t line = 1;

    while (str_split(&rest, '.', &part)) {
        if (!step_into(&w, part))
            return line;
        line = w.line;
    }
    return line;
}
