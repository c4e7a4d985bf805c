#include "http/router.h"

#include <stdlib.h>
#include <string.h>

/* A tree of segments. Children are tried in order, literals first, the capture last; when a branch leads nowhere the next one is tried,
 * so "/cases/mine/x" and "/cases/{id}/y" live together. */
struct node {
    char *literal;      /* null: a capture */
    struct node *child; /* first child */
    struct node *next;  /* next sibling */
    unsigned methods;   /* bit per method that ends here */
    size_t route[HTTP_METHODS];
};

struct router {
    struct node root; /* stands for the "/" at the front */
};

struct router *router_open(void)
{
    return calloc(1, sizeof(struct router));
}

static void node_close(struct node *n)
{
    while (n != NULL) {
        struct node *next = n->next;
        node_close(n->child);
        free(n->literal);
        free(n);
        n = next;
    }
}

void router_close(struct router *r)
{
    if (r == NULL)
        return;
    node_close(r->root.child);
    free(r);
}

static bool is_capture(struct str segment)
{
    return segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}';
}

/* The child for this segment of a pattern, made when it is missing. */
static struct node *child_for(struct node *parent, struct str segment)
{
    bool capture = is_capture(segment);
    struct node **at = &parent->child;

    for (; *at != NULL; at = &(*at)->next) {
        if ((*at)->literal == NULL) {
            if (capture)
                return *at;
            break; /* literals stand in front of the capture */
        }
        if (!capture && str_is(segment, (*at)->literal))
            return *at;
    }
    struct node *n = calloc(1, sizeof *n);
    if (n == NULL)
        return NULL;
    if (!capture && (n->literal = strndup(segment.p, segment.n)) == NULL) {
        free(n);
        return NULL;
    }
    n->next = *at;
    *at = n;
    return n;
}

/* Braces only around whole segments; no more captures than a match can hold. */
static bool pattern_is_good(struct str pattern)
{
    struct str rest = pattern, segment;
    size_t captures = 0;

    if (pattern.n == 0 || pattern.p[0] != '/')
        return false;
    while (str_split(&rest, '/', &segment)) {
        if (is_capture(segment))
            captures++;
        else if (segment.n > 0 &&
                 (memchr(segment.p, '{', segment.n) != NULL || memchr(segment.p, '}', segment.n) != NULL))
            return false;
    }
    return captures <= ROUTER_CAPTURES;
}

bool router_add(struct router *r, enum http_method method, const char *pattern, size_t route)
{
    struct str rest = str_of(pattern), segment;
    struct node *n = &r->root;

    if (!pattern_is_good(rest))
        return false;
    rest = str_range(rest.p + 1, rest.n - 1);
    while (str_split(&rest, '/', &segment)) {
        n = child_for(n, segment);
        if (n == NULL)
            return false;
    }
    if (n->methods & 1u << method)
        return false;
    n->methods |= 1u << method;
    n->route[method] = route;
    return true;
}

/* Walks the tree; the first end that knows the method wins, and `methods` gathers what all ends know. */
static bool find(const struct node *parent, enum http_method method, struct str rest, size_t captures,
                 struct router_match *ret)
{
    struct str segment;

    if (!str_split(&rest, '/', &segment)) {
        ret->methods |= parent->methods;
        if (!(parent->methods & 1u << method))
            return false;
        ret->route = parent->route[method];
        ret->captures = captures;
        return true;
    }
    for (const struct node *n = parent->child; n != NULL; n = n->next) {
        bool capture = n->literal == NULL;
        if (capture ? segment.n == 0 : !str_is(segment, n->literal))
            continue;
        if (capture)
            ret->capture[captures] = segment;
        if (find(n, method, rest, captures + capture, ret))
            return true;
    }
    return false;
}

bool router_find(const struct router *r, enum http_method method, struct str path, struct router_match *ret)
{
    *ret = (struct router_match){0};
    if (path.n == 0 || path.p[0] != '/')
        return false;
    return find(&r->root, method == HTTP_HEAD ? HTTP_GET : method, str_range(path.p + 1, path.n - 1), 0, ret);
}
