/* An archive that is being read. Private to archive_read.c and archive_load.c. */
#ifndef CORE_ARCHIVE_READER_H
#define CORE_ARCHIVE_READER_H

#include "core/archive_parts.h"

struct archive {
    zip_t *zip;
    struct arena *arena;
    const char *path;
    json_t *manifest;
    const json_t *entries; /* of the manifest */
    struct archive_facts facts;
    char piece[64 * 1024];
};

/* Calls `piece` with the content of an entry, part by part. ARCHIVE_DAMAGED when it is not there, cut or its check sum is wrong. */
bool archive_each_piece(struct archive *a, const char *name,
                        bool (*piece)(void *context, struct str bytes, struct error *e), void *context,
                        struct error *e);
bool archive_read_whole(struct archive *a, const char *name, struct buf *ret, struct error *e);

#endif
