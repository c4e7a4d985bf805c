/* Finds the row of a route table: literal segments and {captures}. Literal beats capture. */
#ifndef HTTP_ROUTER_H
#define HTTP_ROUTER_H

#include "http/http.h"

enum { ROUTER_CAPTURES = 6 };

struct router;

struct router_match {
    size_t route;                        /* index of the row, valid when found */
    struct str capture[ROUTER_CAPTURES]; /* slices of the path, in order */
    size_t captures;
    unsigned methods; /* bit per http_method that this path knows: for 405 and Allow */
};

/* Rows are added once, at start; a pattern such as "/api/v1/cases/{id}/{verb}". Adding the same method and pattern twice fails (returns false). */
struct router *router_open(void);
void router_close(struct router *r);
bool router_add(struct router *r, enum http_method method, const char *pattern, size_t route);

/* True when path and method are known. False with methods != 0: the path exists for other methods. */
bool router_find(const struct router *r, enum http_method method, struct str path, struct router_match *ret);

#endif
