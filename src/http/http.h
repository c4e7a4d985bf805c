/* HTTP plumbing on libmicrohttpd: knows requests, replies, streams; no domain, no database. microhttpd.h stays inside this folder.
 *
 * Life of a request: headers are in -> `admit` (route, size) -> body is read -> `handle` -> reply at once (http_send), or http_later() and
 * http_send() from any other thread. Everything a request allocates comes from its arena and goes with it. */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/lang.h"
#include "base/str.h"

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS,
    HTTP_OTHER,
    HTTP_METHODS
};
const char *http_method_name(enum http_method m);

struct http_connection; /* private */

struct http_request {
    enum http_method method; /* HEAD arrives as GET with `head` set; the body is dropped when sent */
    bool head;
    struct str path; /* decoded, begins with "/", never holds "//", "/../" or NUL */
    struct str body; /* whole */
    struct str peer; /* textual address; X-Forwarded-For's last entry when trust_proxy and the peer is loopback */
    bool secure;     /* TLS here, or X-Forwarded-Proto: https from a trusted proxy */
    enum lang lang;  /* ?lang=, cookie "lang", Accept-Language */
    int64_t started; /* ms, real clock */
    struct arena *arena;
    void *app; /* what the floor above hangs on it */

    /* The reply. */
    int status;        /* 200 unless set */
    const char *type;  /* content type; application/json unless set */
    struct buf reply;  /* body that is built */
    const void *fixed; /* or a body that lives for ever (an embedded asset) … */
    size_t fixed_size;
    const char *file; /* … or a file to send (path; content-addressed, opened when sent) */
    int open_file;    /* … or one that is open already, from its beginning: the reply closes it. 0: none */

    struct http_connection *connection;
};

/* Values as the client sent them; empty when missing. Query and form values are percent-decoded, UTF-8 is checked (wrong encoding reads as missing and
 * sets http_bad_encoding). */
struct str http_header(struct http_request *r, const char *name);
struct str http_cookie(struct http_request *r, const char *name);
struct str http_query(struct http_request *r, const char *name);
struct str http_form(struct http_request *r, const char *name); /* application/x-www-form-urlencoded body */
bool http_bad_encoding(const struct http_request *r);
/* Walks the query parameters: for refusing unknown ones. Returns false at the end. */
bool http_query_at(struct http_request *r, size_t i, struct str *name, struct str *value);

/* Adds a header of the reply; name is static, value is copied. CR and LF are refused. */
void http_reply_header(struct http_request *r, const char *name, const char *value);

/* The reply will come from another thread: call in `handle`, before handing the request over. */
void http_later(struct http_request *r);
/* The reply is complete. After http_later: from any thread, exactly once; the request must not be touched afterwards. */
void http_send(struct http_request *r);

/* Fills the reply with an error: application/problem+json {type,title,status,code,field,detail}, or a plain page when the client is a browser
 * navigating (Accept prefers text/html). Clears what was built before. Adds Retry-After for 503 and 429. */
void http_problem(struct http_request *r, const struct error *e);

/* The same as JSON alone, for an answer that holds several. */
void problem_json(struct buf *out, struct arena *a, enum lang lang, const struct error *e);

/* Server-sent events (text/event-stream): the reply stays open. Call instead of http_send, after http_later or without.
 * `closed` is called exactly once, by a thread of this floor, whoever ended the stream: the client, the server's stop, or http_stream_close.
 * The stream may be used until `closed` returns, so keep it where `closed` takes it out under a lock, and hold that lock while opening it
 * too: the client may be gone before http_stream_open returns. Null when the server stopped in between; then `closed` is not called. */
struct http_stream;
struct http_stream *http_stream_open(struct http_request *r, void (*closed)(void *context), void *context);
/* From any thread; false when more than 256 KiB would wait unsent (the caller should close it) or it is closed. Copies. A client that left
 * is only noticed by writing. */
bool http_stream_write(struct http_stream *s, struct str bytes);
/* Ends it after what waits; from any thread. */
void http_stream_close(struct http_stream *s);

struct http_app {
    /* Headers are in. Sets the largest body (bytes, 0 = none). False: the reply is already in `r`. */
    bool (*admit)(void *context, struct http_request *r, size_t *body_max);
    /* The body is in. Must http_send, http_later or http_stream_open. */
    void (*handle)(void *context, struct http_request *r);
    /* The request is over (sent or broken off): frees what `app` holds beyond the arena. Once for each `admit`, on any thread; after http_stop
     * only for requests that somebody still works on. May be null. */
    void (*over)(void *context, struct http_request *r);
    void *context;
};

struct http_config {
    const char *listen;             /* "127.0.0.1:8080", "[::1]:8080", ":8080"; port 0 takes a free one */
    int threads;                    /* 0: one per core */
    const char *tls_cert, *tls_key; /* PEM files, both or none */
    bool trust_proxy;
    int connections; /* most at once; 0 = 10000 */
    struct http_app app;
};

struct http_server;
/* PORT_IN_USE, CONFIG_VALUE. */
bool http_start(struct http_server **ret, const struct http_config *config, struct error *e);
int http_port(const struct http_server *s);
/* Stops taking connections, closes streams, lets running requests finish (at most `grace_ms`), ends the threads. A request that was not
 * answered in time stays with its worker; its http_send then only frees it. */
void http_stop(struct http_server *s, int grace_ms);

#endif
