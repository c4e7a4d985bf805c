#include "core/bundle.h"

#include <zip.h>

#include "core/file.h"

static bool failed(zip_t *z, struct error *e)
{
    return error_cause(e, ERROR_OVERLOADED, "zip: %s", zip_strerror(z));
}

/* The bytes lie in the arena till the zip is closed. */
static bool add(struct arena *a, zip_t *z, const char *name, struct str bytes, bool packed, struct error *e)
{
    struct str copy = arena_str(a, bytes);
    zip_source_t *s = zip_source_buffer(z, copy.p, copy.n, 0);
    if (s == NULL)
        return failed(z, e);
    zip_int64_t at = zip_file_add(z, name, s, ZIP_FL_ENC_UTF_8);
    if (at < 0) {
        zip_source_free(s);
        return failed(z, e);
    }
    return zip_set_file_compression(z, (zip_uint64_t)at, packed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0) == 0 ||
           failed(z, e);
}

static bool add_files(struct core *core, struct arena *a, zip_t *z, const struct person_file *files, size_t n,
                      struct error *e)
{
    bool ok = true;

    for (size_t i = 0; i < n && ok; i++) {
        struct buf plain = BUF_INIT(FILE_MAX * 2);
        struct error why;
        if (zip_name_locate(z, files[i].name, 0) < 0 && file_read(core, a, files[i].info, &plain, &why))
            ok = add(a, z, files[i].name, buf_str(&plain), false, e);
        buf_free(&plain);
    }
    return ok;
}

static bool take(zip_source_t *memory, struct buf *ret, struct error *e)
{
    zip_stat_t st;
    bool ok = zip_source_stat(memory, &st) == 0 && zip_source_open(memory) == 0;
    if (ok) {
        char *room = buf_room(ret, st.size);
        zip_int64_t n = room != NULL ? zip_source_read(memory, room, st.size) : -1;
        ok = n == (zip_int64_t)st.size;
        ret->n += ok ? st.size : 0;
        (void)zip_source_close(memory);
    }
    return ok || error_set(e, ERROR_TOO_LARGE, NULL);
}

bool bundle_write(struct core *core, const char *name, struct str json, const struct person_file *files,
                  size_t n, struct buf *ret, struct error *e)
{
    zip_error_t why;
    zip_source_t *memory = zip_source_buffer_create(NULL, 0, 0, &why);
    zip_t *z = memory != NULL ? zip_open_from_source(memory, ZIP_TRUNCATE, &why) : NULL;

    if (z == NULL) {
        if (memory != NULL)
            zip_source_free(memory);
        return error_cause(e, ERROR_OVERLOADED, "zip: %s", zip_error_strerror(&why));
    }
    zip_source_keep(memory); /* outlives the zip that writes into it */
    struct arena *a = arena_open();
    bool ok = add(a, z, name, json, true, e) && add_files(core, a, z, files, n, e);
    if (ok && zip_close(z) == 0) {
        ok = take(memory, ret, e);
    } else {
        if (ok)
            (void)failed(z, e);
        ok = false;
        zip_discard(z);
    }
    zip_source_free(memory);
    arena_close(a);
    return ok;
}
