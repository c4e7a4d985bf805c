/* JSON (RFC 8259). In: jansson, made strict. Out: a small writer over a buffer that escapes, and checks
 * nesting in debug builds. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

/* Parses an object or array. Refuses wrong UTF-8 (WRONG_ENCODING), duplicate keys (DUPLICATE_KEY), NUL in
 * text, nesting over 64 and anything after the value (MALFORMED, with line and column in `detail`); an
 * early end is TRUNCATED. The caller owns the result (json_decref). */
json_t *json_read(struct str text, struct error *e);

/* Sorted keys, no spaces: the form that is hashed and sealed. */
void json_write(struct buf *b, const json_t *value);

/* The text of a string member; an empty slice when it is missing or not text. Lives as long as the object. */
struct str json_text(const json_t *object, const char *key);
int64_t json_int(const json_t *object, const char *key, int64_t otherwise);
bool json_flag(const json_t *object, const char *key);

/* The text of one member of an object that json_write made, without reading the rest into memory; empty when it is missing or not text. For our own
 * sealed texts: nothing is checked. */
struct str json_pick(struct arena *a, struct str json, const char *key);

/* json_decref for cleanup attributes. */
void json_release(json_t **value);
#define JSON_OWNED __attribute__((cleanup(json_release)))

/* The writer. Text that is not UTF-8 comes out as U+FFFD. A call that doesn't fit the nesting
 * marks the buffer full, so that nothing half-right is sent. */
enum { JW_DEPTH = 32 };

struct jw {
    struct buf *out;
    unsigned depth;
    bool keyed;            /* a key was written and waits for its value */
    bool comma[JW_DEPTH];  /* does the next value at this depth need a comma? */
    char closes[JW_DEPTH]; /* '}' or ']' */
};

#define JW_INIT(buffer) ((struct jw){.out = (buffer)})

void jw_object(struct jw *w);
void jw_array(struct jw *w);
void jw_end_object(struct jw *w);
void jw_end_array(struct jw *w);
void jw_key(struct jw *w, const char *key);
void jw_text(struct jw *w, struct str value);
void jw_int(struct jw *w, int64_t value);
void jw_bool(struct jw *w, bool value);
void jw_null(struct jw *w);
void jw_double(struct jw *w, double value); /* at most 7 decimals */
void jw_json(struct jw *w, const json_t *value);
/* An already encoded value. */
void jw_raw(struct jw *w, struct str json);
/* Already encoded members, such as `"a":1,"b":2`, into an open object. */
void jw_raw_members(struct jw *w, struct str json);

/* key and value in one; empty text and zero ids are still written. */
void jw_ktext(struct jw *w, const char *key, struct str value);
void jw_kz(struct jw *w, const char *key, const char *value); /* null writes null */
void jw_kint(struct jw *w, const char *key, int64_t value);
void jw_kbool(struct jw *w, const char *key, bool value);
void jw_kjson(struct jw *w, const char *key, const json_t *value);
void jw_kobject(struct jw *w, const char *key);
void jw_karray(struct jw *w, const char *key);
/* RFC 3339 at +08:00; 0 writes null. */
void jw_ktime(struct jw *w, const char *key, int64_t ms);

#endif
