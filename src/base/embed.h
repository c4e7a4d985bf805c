/* The files inside the program: the web apps, migrations, the policy pack, languages, the demo. scripts/embed makes the table at
 * build time from what lies in the source tree:
 *     web/dist/desk/index.html  →  "web/desk/index.html"
 *     schema/0001_case.sql      →  "schema/0001_case.sql"      (likewise pack/, lang/ and demo/)
 * Everything is static and read-only; nothing is ever freed. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

struct embed_file {
    const char *path;
    const unsigned char *data; /* a zero byte that is not counted follows the last one */
    size_t size;
    const unsigned char *br; /* brotli, or null where it would not be smaller; only under web/ */
    size_t br_size;
    const unsigned char *gz; /* gzip, likewise */
    size_t gz_size;
    const char *type; /* "text/html; charset=utf-8" */
    const char *hash; /* SHA-256 of data, 64 lower-case hexadecimal digits */
};

/* Sorted by path, bytewise, so the files of one folder stand together. */
extern const struct embed_file embed_files[];
extern const size_t embed_count;

/* The file of exactly this path, or null. */
const struct embed_file *embed_find(const char *path);

#endif
