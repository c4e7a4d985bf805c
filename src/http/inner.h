/* What the files of this folder share and nobody else sees.
 *
 * A request has up to two holders: libmicrohttpd, from the request line until on_completed, and after http_later the thread that will
 * answer. It is freed when both have let go; the one is not told when the other does. What both look at (`stage`, `suspended`, `gone`, the
 * stream) is guarded by the server's lock; everything else belongs to whoever works on the request at the time. */
#ifndef HTTP_INNER_H
#define HTTP_INNER_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "http/http.h"

enum { WORKERS_MAX = 64 };

struct http_worker {
    struct http_server *server;
    struct MHD_Daemon *daemon;
    pthread_t thread;
    int epoll; /* libmicrohttpd's */
    int bell;  /* an eventfd that ends its sleep */
    atomic_bool asleep, called;
};

struct http_server {
    struct http_worker worker[WORKERS_MAX];
    int workers;
    atomic_bool stopping; /* no new connections; answers say "Connection: close" */
    atomic_bool ending;   /* workers leave when the bell rings */
    struct http_app app;
    bool trust_proxy, tls;
    int port;
    char *cert, *key; /* PEM texts; libmicrohttpd keeps pointing at them */
    atomic_int refs;  /* one for http_start…http_stop, one a request: an answer may come after the stop */
    _Atomic int64_t last_complaint; /* when libmicrohttpd's last message was logged */

    pthread_mutex_t lock;
    pthread_cond_t emptied;       /* `live` became empty while stopping */
    struct http_connection *live; /* requests that libmicrohttpd holds */
    bool halting;                 /* nothing may be suspended any more */
};

enum stage {
    STAGE_HEADERS, /* the request line was read */
    STAGE_BODY,    /* admitted; bytes are gathered */
    STAGE_WORK,    /* the app has it */
    STAGE_READY,   /* the reply is complete, libmicrohttpd does not have it yet */
    STAGE_SENT,    /* libmicrohttpd has it */
};

struct pair {
    struct str name, value;
};

struct pairs {
    struct pair *at;
    size_t n;
};

struct reply_header {
    const char *name, *value;
    struct reply_header *next;
};

struct http_connection {
    struct http_request request;
    struct http_server *server;
    struct http_worker *worker; /* as `mhd`, there until `gone` */
    struct MHD_Connection *mhd;
    atomic_int refs;

    /* Guarded by server->lock. */
    struct http_connection *previous, *next; /* in server->live */
    _Atomic(enum stage) stage; /* libmicrohttpd's thread also looks without the lock, while the server halts */
    bool suspended;
    bool gone; /* libmicrohttpd has let go */

    /* Belong to the thread that works on the request. */
    bool admitted;
    bool later, parked; /* http_later was called; and it could suspend */
    bool too_large;     /* a chunked body passed its limit: what still comes is dropped */
    bool bad_encoding, form_read;
    struct str target; /* as the client sent it */
    struct pairs headers, query, form;
    struct reply_header *reply_first, *reply_last;
    size_t body_max, dropped;
    struct buf body;
    struct http_stream *stream;

    /* Belong to the thread of libmicrohttpd. */
    int sent_status;
    uint64_t sent_bytes;
};

/* server.c */
void server_release(struct http_server *s);
/* Makes a worker look at its connections again: it would not notice by itself that one was resumed. */
void worker_call(struct http_worker *w);

/* listen.c: a listening socket for "host:port", "[v6]:port" or ":port", or -1. */
int listen_open(const char *listen, struct error *e);
int listen_port(int fd);

/* connection.c: the callbacks that server.c gives to libmicrohttpd: at the request line, for headers, body and reply, and at the end. */
void *connection_begin(void *worker, const char *uri, struct MHD_Connection *mhd);
enum MHD_Result connection_access(void *worker, struct MHD_Connection *mhd, const char *url, const char *method,
                                  const char *version, const char *upload, size_t *upload_size, void **context);
void connection_completed(void *worker, struct MHD_Connection *mhd, void **context,
                          enum MHD_RequestTerminationCode why);
/* The app is done: libmicrohttpd is woken to send. False when it has let go already. Gives up the app's hold on `c`, which the caller must
 * not touch any more. */
bool connection_ready(struct http_connection *c, struct http_stream *stream);
/* Wakes a suspended connection. The lock is held. */
void connection_wake(struct http_connection *c);

/* path.c: cuts the request target into a decoded path and a raw query. Refuses what could be read in two ways. */
bool path_read(struct arena *a, struct str target, struct str *path, struct str *query, struct error *e);
/* Decodes %XX, and "+" as a space when `form`. False when an escape is broken. */
bool percent_decode(struct arena *a, struct str raw, bool form, struct str *ret);

/* request.c */
/* Headers, path, query, language, peer. False: it must be refused, `e` says why. */
bool request_read(struct http_connection *c, struct error *e);
/* Is there a body, and how long? `*length` is -1 when it comes in chunks. False: its framing is ambiguous. */
bool request_framing(struct http_connection *c, int64_t *length, struct error *e);
/* Is `name` in the comma-separated list of an Accept-like header? Its weight in thousandths, -1 when it is not named. */
int accept_weight(struct str list, const char *name);

/* reply.c */
/* Hands the reply to libmicrohttpd, on its thread. */
bool reply_queue(struct http_connection *c);
/* Drops everything that was built. */
void reply_clear(struct http_request *r);
/* The open file that was to be sent and will not be. */
void reply_close_file(struct http_request *r);

/* stream.c */
struct MHD_Response *stream_response(struct http_stream *s);
/* The server stops: the stream ends after what waits. The lock is held. */
void stream_end(struct http_stream *s);
/* libmicrohttpd has let go. The lock is not held. */
void stream_over(struct http_stream *s);
void stream_free(struct http_stream *s);

#endif
