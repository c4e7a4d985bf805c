/* The API: one row per endpoint. Router, permission gate, input checks, OpenAPI, the typed client and the permission matrix come from these rows.
 * A handler reads the request, calls core and writes JSON: no SQL here. */
#ifndef API_API_H
#define API_API_H

#include "base/json.h"
#include "base/pool.h"
#include "db/exec.h"
#include "http/http.h"
#include "http/router.h"
#include "core/account.h"
#include "core/field.h"
#include "api/readings.h"

enum route_who {
    WHO_ANYONE = 1,    /* nobody need be signed in */
    WHO_SIGNED_IN = 2, /* an account, with one of `posts` when there are any */
    WHO_TRACKING = 4,  /* a resident with a tracking code */
};

enum route_how {
    HOW_DIRECT, /* answers from memory, on the HTTP thread */
    HOW_READ,   /* on a reader */
    HOW_WRITE,  /* on a writer; the answer goes out after the durable commit */
    HOW_SLOW,   /* begins in the pool (passwords, images, documents) and goes on from there */
};

enum route_body {
    BODY_NONE,
    BODY_JSON,  /* checked against `fields` */
    BODY_VERB,  /* JSON, checked by the verb's own form */
    BODY_BYTES, /* raw: an image or a voice note */
    BODY_FORM,  /* a page's plain form */
};

struct call;

struct route {
    enum http_method method;
    const char *path;
    const char *name; /* operationId, unique */
    enum route_how how;
    unsigned who;
    post_mask posts;
    enum route_body body;
    const struct field *fields; /* of the body */
    const struct field *query;
    bool (*run)(struct call *c, struct error *e);
    const char *summary;
    const char *reply; /* name of the reply's schema (openapi.c), null: none */
    bool created;      /* answers 201 */
};
extern const struct route routes[];

struct events;
struct guesses;
struct readings;

struct api {
    const struct config *config;
    struct core *core;
    struct exec *exec;
    struct pool *pool;
    struct router *router;
    struct events *events;
    struct guesses *guesses;
    struct readings *readings;
    struct buf openapi;
    struct str openapi_hash;
};

/* One request on its way. Made when the body is in, freed when the reply has been sent. */
struct call {
    struct api *api;
    struct http_request *r;
    const struct route *route;
    struct str capture[ROUTER_CAPTURES];
    json_t *body;
    struct str cookie, token, track; /* what it came with */
    struct actor actor;
    struct id key; /* Idempotency-Key, or made here */
    bool has_key;
    int64_t rev;           /* If-Match, -1 none */
    struct arena *scratch; /* reset before each try of the task */
    struct db *db;         /* while run() runs */
    struct jw w;           /* into r->reply */
    struct exec_task task;
    bool (*run)(struct call *c, struct error *e); /* this step; the route's unless a handler goes on elsewhere */
    struct error error;
    bool failed;
    bool begun; /* the first step was let in */
    bool admitted; /* the step before let this caller in, a moment ago; the actor stands, and with it what scratch holds */
    bool streams;                                  /* the answer is the event stream */
    bool (*next)(struct call *c, struct error *e); /* set by a step that is not the last one */
    enum route_how next_how;
    /* A step was refused: null ends the call with the error; a batch notes it and goes on with call_then. */
    void (*refused)(struct call *c, const struct error *e);
    struct reading reading; /* what the answer shows of children and illness: written down before it leaves */
    void *state;            /* a handler's own, between its steps */
    void (*state_free)(void *state);
};

bool api_open(struct api **ret, const struct config *config, struct core *core, struct exec *exec,
              struct error *e);
void api_close(struct api *api);
struct http_app api_app(struct api *api);

/* For handlers that work in steps: where the next one runs (HOW_READ, HOW_WRITE, HOW_SLOW), said within a step. What must outlive the step lies in
 * r->arena; scratch is emptied. */
void call_then(struct call *c, enum route_how how, bool (*run)(struct call *c, struct error *e));

/* Said by a step: the answer shows this subject, and that is to be written down before it leaves. 0: nothing. */
void call_read(struct call *c, enum subject_kind kind, int64_t subject);

/* Who comes with this tracking code: throttled by address. */
bool call_track(struct call *c, struct str code, struct error *e);

/* A body's field, trimmed; a query parameter; a whole number with a fallback. */
struct str call_text(const struct call *c, const char *field);
struct str call_query(struct call *c, const char *name);
int64_t call_query_int(struct call *c, const char *name, int64_t otherwise, int64_t least, int64_t most);

/* The route table as OpenAPI 3.1. */
void openapi_write(struct buf *out, const struct core *core);

#endif
