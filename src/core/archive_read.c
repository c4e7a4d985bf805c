/* Reading an archive back: what it says of itself, whether our key made it, and whether every byte is as it was. */
#include "base/time.h"
#include "db/migrate.h"
#include "core/archive_reader.h"

enum { MANIFEST_MAX = 256 * 1024 * 1024 };

void archive_close(struct archive *a)
{
    if (a == NULL)
        return;
    if (a->zip != NULL)
        zip_discard(a->zip);
    json_decref(a->manifest);
    arena_close(a->arena);
    free(a);
}

const struct archive_facts *archive_facts(const struct archive *a)
{
    return &a->facts;
}

bool archive_each_piece(struct archive *a, const char *name,
                        bool (*piece)(void *context, struct str bytes, struct error *e), void *context,
                        struct error *e)
{
    char *bytes = a->piece;
    zip_file_t *f = zip_fopen(a->zip, name, 0);
    zip_int64_t n = -1;
    bool ok = f != NULL;

    if (f == NULL)
        return archive_damaged(e, name, zip_strerror(a->zip));
    while (ok && (n = zip_fread(f, bytes, sizeof a->piece)) > 0)
        ok = piece(context, str_range(bytes, (size_t)n), e);
    if (ok && n < 0) /* the check sum of the zip, or an early end */
        ok = archive_damaged(e, name, zip_file_strerror(f));
    (void)zip_fclose(f);
    return ok;
}

static bool append(void *context, struct str bytes, struct error *e)
{
    buf_add(context, bytes);
    return !((struct buf *)context)->full || error_cause(e, ERROR_TOO_LARGE, "an entry of the archive");
}

bool archive_read_whole(struct archive *a, const char *name, struct buf *ret, struct error *e)
{
    return archive_each_piece(a, name, append, ret, e);
}

/* ---- The manifest -------------------------------------------------------------------------------------- */

static bool read_seal(const json_t *manifest, struct seal *ret)
{
    const json_t *s = json_object_get(manifest, "last_seal");
    if (s == NULL)
        return true;
    ret->day = (int32_t)json_int(s, "day_number", 0);
    return hex_read(json_text(s, "digest"), ret->digest, sizeof ret->digest);
}

static void copy_text(char *out, size_t n, struct str s)
{
    (void)snprintf(out, n, "%.*s", (int)s.n, s.p != NULL ? s.p : "");
}

static bool read_facts(struct archive *a, struct error *e)
{
    struct archive_facts *f = &a->facts;
    const json_t *m = a->manifest, *entry;
    size_t i;

    f->format = json_int(m, "format", 0);
    f->schema = json_int(m, "schema", 0);
    f->made_at = json_int(m, "made_at_ms", 0);
    f->journal = json_int(m, "journal", 0);
    copy_text(f->epoch, sizeof f->epoch, json_text(m, "epoch"));
    copy_text(f->engine, sizeof f->engine, json_text(m, "engine"));
    copy_text(f->program, sizeof f->program, json_text(m, "program"));
    a->entries = json_object_get(m, "entries");
    json_array_foreach(a->entries, i, entry) {
        f->rows += json_int(entry, "rows", 0);
        f->missing += json_flag(entry, "missing");
        f->files += str_starts(json_text(entry, "name"), STR("files/")) && !json_flag(entry, "missing");
        f->bytes += json_int(entry, "bytes", 0);
    }
    if (f->format < 1 || f->schema < 1 || !read_seal(m, &f->last) || !json_is_array(a->entries))
        return archive_damaged(e, "manifest.json", "not ours");
    if (f->format > ARCHIVE_FORMAT || f->schema > migrate_newest())
        return error_setf(e, ERROR_SCHEMA_NEW, NULL, "%lld", (long long)f->schema);
    return true;
}

/* First whether the key is the right one, so that the sentence can say which of the two it is. */
static bool check_keys(struct archive *a, const struct keyring *keys, const char *key_file, struct str text,
                       struct error *e)
{
    unsigned char wanted[HASH_BYTES], got[HASH_BYTES];
    struct buf mac = BUF_INIT(BUF_LINE);
    const json_t *number;
    size_t i;

    archive_key_check(keys, json_text(a->manifest, "epoch"), wanted);
    if (!hex_read(json_text(a->manifest, "key_check"), got, sizeof got) || !bytes_equal(wanted, got, sizeof got))
        return error_setf(e, ERROR_BROKEN_SEAL, "key_file", "%s", key_file);
    json_array_foreach(json_object_get(a->manifest, "master_keys"), i, number)
        if (!keyring_has(keys, json_integer_value(number)))
            return error_setf(e, ERROR_NO_MASTER_KEY, "key_file", "%s: %lld", key_file,
                              (long long)json_integer_value(number));
    archive_mac(keys, text, wanted);
    bool ok = archive_read_whole(a, "manifest.mac", &mac, e);
    if (ok && (!hex_read(buf_str(&mac), got, sizeof got) || !bytes_equal(wanted, got, sizeof got)))
        ok = archive_damaged(e, "manifest.mac", "the manifest was changed");
    buf_free(&mac);
    return ok;
}

bool archive_open(struct archive **ret, const char *path, const struct keyring *keys, const char *key_file,
                  struct error *e)
{
    struct archive *a = calloc(1, sizeof *a);
    struct buf text = BUF_INIT(MANIFEST_MAX);
    struct error why;
    int code = 0;
    bool ok = false;

    if (a == NULL)
        return error_set(e, ERROR_INTERNAL, NULL);
    a->arena = arena_open();
    a->path = arena_z(a->arena, str_of(path));
    a->zip = zip_open(path, ZIP_RDONLY, &code);
    if (a->zip == NULL && code == ZIP_ER_NOENT) {
        (void)error_setf(e, ERROR_NOT_FOUND, NULL, "%s", path);
    } else if (a->zip == NULL) {
        zip_error_t z;
        zip_error_init_with_code(&z, code);
        (void)archive_damaged(e, path, zip_error_strerror(&z));
        zip_error_fini(&z);
    } else if (archive_read_whole(a, "manifest.json", &text, e)) {
        a->manifest = json_read(buf_str(&text), &why);
        ok = a->manifest != NULL ? read_facts(a, e) && check_keys(a, keys, key_file, buf_str(&text), e)
                                 : archive_damaged(e, "manifest.json", "no JSON");
    }
    buf_free(&text);
    if (ok)
        *ret = a;
    else
        archive_close(a);
    return ok;
}

/* ---- Proof --------------------------------------------------------------------------------------------- */

struct proving {
    struct hasher hash;
    int64_t bytes;
    bool table;
    struct archive_csv csv;
};

static bool prove_piece(void *context, struct str bytes, struct error *e)
{
    struct proving *p = context;
    hash_add(&p->hash, bytes.p, bytes.n);
    p->bytes += (int64_t)bytes.n;
    return !p->table || archive_csv_feed(&p->csv, bytes, e);
}

static bool prove_entry(struct archive *a, const json_t *entry, struct error *e)
{
    const char *name = json_string_value(json_object_get(entry, "name"));
    struct proving p = {.table = strncmp(name, "tables/", 7) == 0, .csv = {.text = BUF_INIT(BUF_DOCUMENT)}};
    unsigned char got[HASH_BYTES], wanted[HASH_BYTES];
    struct error why = {0};

    hash_start(&p.hash);
    bool ok = archive_each_piece(a, name, prove_piece, &p, &why);
    hash_end(&p.hash, got);
    bool whole = archive_csv_end(&p.csv, NULL);
    if (!ok)
        return archive_damaged(e, name, why.cause[0] != '\0' ? why.cause : error_name(why.code));
    if (p.bytes != json_int(entry, "bytes", -1))
        return archive_damaged(e, name, "another size than its manifest says");
    if (!hex_read(json_text(entry, "blake2b"), wanted, sizeof wanted) || memcmp(wanted, got, sizeof got) != 0)
        return archive_damaged(e, name, "another hash than its manifest says");
    if (p.table && (!whole || p.csv.rows != json_int(entry, "rows", -2) + 1))
        return archive_damaged(e, name, "another number of rows than its manifest says");
    return true;
}

static bool locked(const char *name)
{
    return strncmp(name, "open/", 5) == 0;
}

bool archive_prove(struct archive *a, const struct archive_how *how, struct error *e)
{
    const json_t *entry;
    size_t i;

    json_array_foreach(a->entries, i, entry) {
        const char *name = json_string_value(json_object_get(entry, "name"));
        if (name == NULL)
            return archive_damaged(e, "manifest.json", "an entry without a name");
        if (json_flag(entry, "missing") || (locked(name) && how->passphrase == NULL))
            continue; /* the readable part is not what is restored */
        if (!prove_entry(a, entry, e))
            return false;
        if (how->progress != NULL)
            how->progress(how->context, name, json_int(entry, "bytes", 0));
    }
    return true;
}
