#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "http/inner.h"

/* A form or query with more fields than this is not from one of our pages. */
enum { PAIRS_MAX = 1024 };

const char *http_method_name(enum http_method m)
{
    static const char *const names[HTTP_METHODS] = {
        [HTTP_GET] = "GET",     [HTTP_HEAD] = "HEAD",     [HTTP_POST] = "POST",       [HTTP_PUT] = "PUT",
        [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE", [HTTP_OPTIONS] = "OPTIONS", [HTTP_OTHER] = "OTHER",
    };
    return names[m];
}

static bool same_name(struct str a, const char *z)
{
    return a.n == strlen(z) && strncasecmp(a.p, z, a.n) == 0;
}

static const struct pair *header_from(const struct http_connection *c, const char *name, size_t from)
{
    for (size_t i = from; i < c->headers.n; i++)
        if (same_name(c->headers.at[i].name, name))
            return &c->headers.at[i];
    return NULL;
}

struct str http_header(struct http_request *r, const char *name)
{
    const struct pair *h = header_from(r->connection, name, 0);
    return h != NULL ? h->value : STR("");
}

static size_t header_count(const struct http_connection *c, const char *name, const struct pair **last)
{
    size_t count = 0;
    for (size_t i = 0; i < c->headers.n; i++)
        if (same_name(c->headers.at[i].name, name)) {
            *last = &c->headers.at[i];
            count++;
        }
    return count;
}

struct str http_cookie(struct http_request *r, const char *name)
{
    struct str rest = http_header(r, "Cookie"), part;

    while (str_split(&rest, ';', &part)) {
        part = str_trim(part);
        const char *equals = part.n > 0 ? memchr(part.p, '=', part.n) : NULL;
        if (equals == NULL || !str_is(str_range(part.p, (size_t)(equals - part.p)), name))
            continue;
        return str_range(equals + 1, part.n - (size_t)(equals - part.p) - 1);
    }
    return STR("");
}

/* Decodes "a=b&c=d". A pair that is not well-formed is left out and remembered. */
static void pairs_read(struct http_connection *c, struct str raw, struct pairs *ret)
{
    struct str rest = raw, part;
    size_t most = 1;

    for (size_t i = 0; i < raw.n; i++)
        most += raw.p[i] == '&';
    if (most > PAIRS_MAX)
        most = PAIRS_MAX;
    ret->at = ARENA_ARRAY(c->request.arena, struct pair, most);
    ret->n = 0;
    while (str_split(&rest, '&', &part)) {
        if (part.n == 0)
            continue;
        const char *equals = memchr(part.p, '=', part.n);
        size_t n = equals != NULL ? (size_t)(equals - part.p) : part.n;
        struct str value = equals != NULL ? str_range(equals + 1, part.n - n - 1) : STR("");
        struct pair p;
        if (ret->n == most || !percent_decode(c->request.arena, str_range(part.p, n), true, &p.name) ||
            !percent_decode(c->request.arena, value, true, &p.value) || !str_utf8(p.name) || !str_utf8(p.value)) {
            c->bad_encoding = true;
            continue;
        }
        ret->at[ret->n++] = p;
    }
}

static struct str pair_value(const struct pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->n; i++)
        if (str_is(pairs->at[i].name, name))
            return pairs->at[i].value;
    return STR("");
}

struct str http_query(struct http_request *r, const char *name)
{
    return pair_value(&r->connection->query, name);
}

bool http_query_at(struct http_request *r, size_t i, struct str *name, struct str *value)
{
    const struct pairs *query = &r->connection->query;

    if (i >= query->n)
        return false;
    *name = query->at[i].name;
    *value = query->at[i].value;
    return true;
}

static bool is_form(struct http_request *r)
{
    struct str rest = http_header(r, "Content-Type"), type;
    return str_split(&rest, ';', &type) && same_name(str_trim(type), "application/x-www-form-urlencoded");
}

struct str http_form(struct http_request *r, const char *name)
{
    struct http_connection *c = r->connection;

    if (!c->form_read) {
        c->form_read = true;
        if (is_form(r))
            pairs_read(c, r->body, &c->form);
    }
    return pair_value(&c->form, name);
}

bool http_bad_encoding(const struct http_request *r)
{
    return r->connection->bad_encoding;
}

/* "0.85" and the like as thousandths; what is wrong counts as 0. */
static int weight_of(struct str q)
{
    int weight = 0, place = 1000;

    for (size_t i = 0; i < q.n; i++) {
        if (q.p[i] == '.' && i == 1)
            continue;
        if (q.p[i] < '0' || q.p[i] > '9')
            return 0;
        weight += (q.p[i] - '0') * place;
        place /= 10;
    }
    return weight > 1000 ? 1000 : weight;
}

int accept_weight(struct str list, const char *name)
{
    struct str item, part;

    while (str_split(&list, ',', &item)) {
        if (!str_split(&item, ';', &part) || !same_name(str_trim(part), name))
            continue;
        int weight = 1000;
        while (str_split(&item, ';', &part)) {
            part = str_trim(part);
            if (part.n >= 2 && (part.p[0] | 0x20) == 'q' && part.p[1] == '=')
                weight = weight_of(str_range(part.p + 2, part.n - 2));
        }
        return weight;
    }
    return -1;
}

static enum MHD_Result keep_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                   const char *value, size_t value_size)
{
    struct http_connection *c = context;
    struct arena *a = c->request.arena;

    (void)kind;
    c->headers.at[c->headers.n++] = (struct pair){
        arena_str(a, str_range(name, name_size)),
        arena_str(a, str_range(value, value != NULL ? value_size : 0)),
    };
    return MHD_YES;
}

/* Copies: whoever answers later may outlive the connection. */
static void read_headers(struct http_connection *c)
{
    int n = MHD_get_connection_values_n(c->mhd, MHD_HEADER_KIND, NULL, NULL);

    if (n <= 0)
        return;
    c->headers.at = ARENA_ARRAY(c->request.arena, struct pair, n);
    (void)MHD_get_connection_values_n(c->mhd, MHD_HEADER_KIND, keep_header, c);
}

static const struct sockaddr *peer_address(struct http_connection *c)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(c->mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info != NULL ? info->client_addr : NULL;
}

static bool is_loopback(struct str address)
{
    return str_is(address, "::1") || str_starts(address, STR("127."));
}

static struct str address_text(struct arena *a, const struct sockaddr *address)
{
    char text[INET6_ADDRSTRLEN] = "";

    if (address == NULL)
        return STR("");
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)address;
        (void)inet_ntop(AF_INET, &in->sin_addr, text, sizeof text);
    } else if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const void *)address;
        if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr))
            (void)inet_ntop(AF_INET, in6->sin6_addr.s6_addr + 12, text, sizeof text);
        else
            (void)inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof text);
    }
    return arena_str(a, str_of(text));
}

static struct str last_item(struct str list)
{
    struct str item = STR("");
    while (str_split(&list, ',', &item))
        ;
    return str_trim(item);
}

static bool is_address(struct arena *a, struct str s)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    const char *z = arena_z(a, s);
    return s.n < INET6_ADDRSTRLEN && (inet_pton(AF_INET, z, bytes) == 1 || inet_pton(AF_INET6, z, bytes) == 1);
}

/* A proxy appends what it saw, so only the last entry is its word; what stands before was written by the client. */
static void read_peer(struct http_connection *c)
{
    struct http_request *r = &c->request;
    const struct pair *h = NULL;

    r->peer = address_text(r->arena, peer_address(c));
    r->secure = c->server->tls;
    if (!c->server->trust_proxy || !is_loopback(r->peer))
        return;
    if (header_count(c, "X-Forwarded-For", &h) > 0) {
        struct str last = last_item(h->value);
        if (is_address(r->arena, last))
            r->peer = last;
    }
    if (header_count(c, "X-Forwarded-Proto", &h) > 0 && same_name(last_item(h->value), "https"))
        r->secure = true;
}

static void read_lang(struct http_request *r)
{
    struct str said = http_query(r, "lang");
    if (said.n == 0)
        said = http_cookie(r, "lang");
    if (said.n == 0)
        said = http_header(r, "Accept-Language");
    r->lang = lang_choose(said);
}

bool request_read(struct http_connection *c, struct error *e)
{
    struct http_request *r = &c->request;
    const struct pair *h = NULL;
    struct str query = STR("");

    read_headers(c);
    read_peer(c);
    bool good = path_read(r->arena, c->target, &r->path, &query, e);
    if (!good)
        r->path = STR("/");
    pairs_read(c, query, &c->query);
    read_lang(r);
    if (good && header_count(c, "Host", &h) > 1)
        return error_set(e, ERROR_MALFORMED, "Host");
    return good;
}

bool request_framing(struct http_connection *c, int64_t *length, struct error *e)
{
    const struct pair *coding = NULL, *size = NULL;
    size_t codings = header_count(c, "Transfer-Encoding", &coding);
    size_t sizes = header_count(c, "Content-Length", &size);

    /* Two readers could see two different ends of the body: the stuff of request smuggling (RFC 9112 §6.1). */
    if (codings > 1 || (codings == 1 && (sizes > 0 || !same_name(coding->value, "chunked"))))
        return error_set(e, ERROR_MALFORMED, "Transfer-Encoding");
    if (sizes > 1 || (sizes == 1 && (!str_int(size->value, length) || size->value.p[0] == '-')))
        return error_set(e, ERROR_MALFORMED, "Content-Length");
    if (sizes == 0)
        *length = codings == 1 ? -1 : 0;
    return true;
}
