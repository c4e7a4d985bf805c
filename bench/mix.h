/* What a load generator sends: request templates, drawn by weight and filled anew each time. The file is JSON:
 *   {"rows":  [{"token": "lx_…", "unit": "3412…"}, …],           one row is drawn for each request
 *    "lists": {"text": ["…", …]},                                  each place in a template draws its own
 *    "requests": [{"weight": 3, "method": "POST", "path": "/api/v1/cases", "token": "{{token}}", "key": true, "body": "…{{text}}…"}]}
 * {{name}} is a member of the row or of a list; {{#6}} is six random digits. `key` sends a fresh Idempotency-Key. Texts go in as they are:
 * inside a JSON body they must not need escaping. */
#ifndef BENCH_MIX_H
#define BENCH_MIX_H

#include "base/buf.h"

struct mix;

/* Null after a line on stderr. `host` goes into every request. */
struct mix *mix_open(const char *path, const char *host);
void mix_close(struct mix *m);
/* Appends one whole HTTP request. */
void mix_next(struct mix *m, struct buf *out);

#endif
