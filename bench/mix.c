#include "mix.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/id.h"

enum part_kind { PART_TEXT, PART_LIST, PART_ROW, PART_DIGITS, PART_KEY, PART_LENGTH };

struct part {
    enum part_kind kind;
    struct str text; /* PART_TEXT */
    size_t n;        /* of a list: its place; of a row: the member; of digits: how many */
};

struct template
{
    struct part *head, *body;
    size_t heads, bodies;
    uint64_t until; /* sum of weights up to here */
};

struct list {
    const char *name;
    struct str *items;
    size_t n;
};

struct mix {
    json_t *doc;
    struct list *lists;
    struct str *members; /* rows × names */
    const char *row_names[32];
    size_t list_count, rows, names;
    struct template *templates;
    size_t count;
    uint64_t state;
    struct buf body; /* of the request being made */
};

/* xorshift64*: quick, and good enough to spread things. */
static uint64_t draw(struct mix *m, uint64_t below)
{
    m->state ^= m->state >> 12;
    m->state ^= m->state << 25;
    m->state ^= m->state >> 27;
    return (m->state * UINT64_C(2685821657736338717) >> 11) % below;
}

static void *many(size_t n, size_t size)
{
    void *p = calloc(n > 0 ? n : 1, size);
    if (p == NULL)
        abort();
    return p;
}

static bool complain(const char *what, const char *name)
{
    (void)fprintf(stderr, "load: %s%s\n", what, name);
    return false;
}

static bool read_lists(struct mix *m)
{
    const char *name;
    json_t *list, *item;
    size_t i, at = 0;
    const json_t *lists = json_object_get(m->doc, "lists");

    m->list_count = json_object_size(lists);
    m->lists = many(m->list_count, sizeof *m->lists);
    json_object_foreach((json_t *)(uintptr_t)lists, name, list) {
        if (json_array_size(list) == 0)
            return complain("empty list ", name);
        struct list *l = &m->lists[at++];
        *l = (struct list){name, many(json_array_size(list), sizeof *l->items), json_array_size(list)};
        json_array_foreach(list, i, item)
            l->items[i] = str_of(json_string_value(item));
    }
    return true;
}

/* All rows have the members of the first. */
static bool read_rows(struct mix *m)
{
    const json_t *rows = json_object_get(m->doc, "rows");
    json_t *row, *value;
    const char *name;
    size_t i;

    m->rows = json_array_size(rows);
    json_object_foreach(json_array_get(rows, 0), name, value) {
        if (m->names == 32)
            return complain("too many members in rows", "");
        m->row_names[m->names++] = name;
    }
    m->members = many(m->rows * m->names, sizeof *m->members);
    json_array_foreach(rows, i, row)
        for (size_t n = 0; n < m->names; n++) {
            const char *text = json_string_value(json_object_get(row, m->row_names[n]));
            if (text == NULL)
                return complain("a row has no text ", m->row_names[n]);
            m->members[i * m->names + n] = str_of(text);
        }
    return true;
}

static bool name_part(const struct mix *m, struct str name, struct part *p)
{
    int64_t digits;
    if (name.n > 1 && name.p[0] == '#' && str_int(str_range(name.p + 1, name.n - 1), &digits)) {
        *p = (struct part){.kind = PART_DIGITS, .n = (size_t)digits};
        return true;
    }
    for (size_t i = 0; i < m->names; i++)
        if (str_is(name, m->row_names[i])) {
            *p = (struct part){.kind = PART_ROW, .n = i};
            return true;
        }
    for (size_t i = 0; i < m->list_count; i++)
        if (str_is(name, m->lists[i].name)) {
            *p = (struct part){.kind = PART_LIST, .n = i};
            return true;
        }
    (void)fprintf(stderr, "load: nothing is named {{%.*s}}\n", (int)name.n, name.p);
    return false;
}

/* Cuts a template at its {{…}}. The text must live as long as the mix. */
static bool cut(struct mix *m, const char *text, struct part **parts, size_t *n)
{
    for (const char *at = text; *at != '\0';) {
        const char *open = strstr(at, "{{"), *close = open != NULL ? strstr(open, "}}") : NULL;
        struct part piece = {.kind = PART_TEXT};
        *parts = realloc(*parts, (*n + 1) * sizeof **parts);
        if (*parts == NULL)
            abort();
        if (open == at && close != NULL) {
            if (!name_part(m, str_range(at + 2, (size_t)(close - at - 2)), &piece))
                return false;
            at = close + 2;
        } else {
            size_t length = open != NULL && close != NULL ? (size_t)(open - at) : strlen(at);
            piece.text = str_range(at, length);
            at += length;
        }
        (*parts)[(*n)++] = piece;
    }
    return true;
}

static void add_part(struct template *t, enum part_kind kind)
{
    t->head = realloc(t->head, (t->heads + 1) * sizeof *t->head);
    if (t->head == NULL)
        abort();
    t->head[t->heads++] = (struct part){.kind = kind};
}

static bool read_template(struct mix *m, json_t *r, const char *host, struct template *t)
{
    const char *method = json_string_value(json_object_get(r, "method")),
               *path = json_string_value(json_object_get(r, "path")),
               *token = json_string_value(json_object_get(r, "token")),
               *body = json_string_value(json_object_get(r, "body"));
    json_t *head = json_sprintf("%s %s HTTP/1.1\r\nHost: %s\r\n%s%s%s%s", method != NULL ? method : "GET",
                                path != NULL ? path : "/", host, token != NULL ? "Authorization: Bearer " : "",
                                token != NULL ? token : "", token != NULL ? "\r\n" : "",
                                body != NULL ? "Content-Type: application/json\r\n" : "");
    (void)json_object_set_new(r, "head", head); /* lives in the document from here on */
    if (!cut(m, json_string_value(head), &t->head, &t->heads) ||
        (body != NULL && !cut(m, body, &t->body, &t->bodies)))
        return false;
    if (json_is_true(json_object_get(r, "key")))
        add_part(t, PART_KEY);
    add_part(t, PART_LENGTH);
    return true;
}

struct mix *mix_open(const char *path, const char *host)
{
    json_error_t trouble;
    struct mix *m = many(1, sizeof *m);
    uint64_t weight = 0;
    size_t i;
    json_t *r;

    m->state = UINT64_C(0x9e3779b97f4a7c15);
    m->body = BUF_INIT(1 << 20);
    m->doc = json_load_file(path, 0, &trouble);
    if (m->doc == NULL) {
        (void)fprintf(stderr, "load: %s: %s (line %d)\n", path, trouble.text, trouble.line);
        mix_close(m);
        return NULL;
    }
    const json_t *requests = json_object_get(m->doc, "requests");
    m->templates = many(json_array_size(requests), sizeof *m->templates);
    bool ok = read_lists(m) && read_rows(m);
    json_array_foreach(requests, i, r) {
        json_int_t own = json_integer_value(json_object_get(r, "weight"));
        weight += own > 0 ? (uint64_t)own : 1;
        m->templates[m->count].until = weight;
        ok = ok && read_template(m, r, host, &m->templates[m->count++]);
    }
    if (ok && m->count > 0)
        return m;
    if (ok)
        (void)complain("no requests in ", path);
    mix_close(m);
    return NULL;
}

void mix_close(struct mix *m)
{
    for (size_t i = 0; i < m->count; i++) {
        free(m->templates[i].head);
        free(m->templates[i].body);
    }
    for (size_t i = 0; i < m->list_count && m->lists != NULL; i++)
        free(m->lists[i].items);
    free(m->lists);
    free(m->members);
    free(m->templates);
    buf_free(&m->body);
    json_decref(m->doc);
    free(m);
}

static void add_parts(struct mix *m, const struct part *p, size_t n, size_t row, struct buf *out)
{
    char id[ID_TEXT];
    for (size_t i = 0; i < n; i++) {
        switch (p[i].kind) {
        case PART_TEXT:
            buf_add(out, p[i].text);
            break;
        case PART_LIST:
            buf_add(out, m->lists[p[i].n].items[draw(m, m->lists[p[i].n].n)]);
            break;
        case PART_ROW:
            buf_add(out, m->members[row * m->names + p[i].n]);
            break;
        case PART_DIGITS:
            for (size_t d = 0; d < p[i].n; d++)
                buf_addc(out, (char)('0' + draw(m, 10)));
            break;
        case PART_KEY:
            id_format(id_new(), id);
            buf_addf(out, "Idempotency-Key: %s\r\n", id);
            break;
        case PART_LENGTH:
            if (m->body.n > 0)
                buf_addf(out, "Content-Length: %zu\r\n", m->body.n);
            buf_addz(out, "\r\n");
            break;
        }
    }
}

void mix_next(struct mix *m, struct buf *out)
{
    const struct template *t = m->templates;
    size_t row = m->rows > 0 ? draw(m, m->rows) : 0;
    uint64_t at = draw(m, m->templates[m->count - 1].until);

    while (at >= t->until)
        t++;
    buf_clear(&m->body);
    add_parts(m, t->body, t->bodies, row, &m->body);
    add_parts(m, t->head, t->heads, row, out);
    buf_add(out, buf_str(&m->body));
}
