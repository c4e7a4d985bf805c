/* Embedded web assets: found by path, sent compressed as the client accepts (br, gzip), cached by hash. */
#ifndef HTTP_ASSETS_H
#define HTTP_ASSETS_H

#include "http/http.h"

/* Fills the reply for an embedded file; ETag and If-None-Match (304); names that carry a hash (assets/name-HASH.ext) are immutable for a year, others
 * no-cache. False when there is no such file. `path` without leading slash, e.g. "desk/index.html". */
bool assets_reply(struct http_request *r, struct str path);

#endif
