#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "core/vault.h"

enum {
    SEAL_EXTRA = 24 + 16, /* nonce and tag */
    RESIDENT_HOURS = 6,   /* how long somebody without an account may attach what he uploaded */
    SNIFF_HEAD = 4096,
};

/* ---- What it is ---------------------------------------------------------------------------------------- */

static bool holds(struct str s, size_t within, struct str word)
{
    return memmem(s.p, s.n < within ? s.n : within, word.p, word.n) != NULL;
}

/* Matroska's little sister; a voice note has no picture track. */
static const char *sniff_webm(struct str s)
{
    bool picture = holds(s, SNIFF_HEAD, STR("V_VP")) || holds(s, SNIFF_HEAD, STR("V_AV1")) ||
                   holds(s, SNIFF_HEAD, STR("V_MPEG"));
    return holds(s, 64, STR("webm")) && !picture ? "audio/webm" : NULL;
}

static const char *sniff_ogg(struct str s)
{
    static const struct str codecs[] = {{"OpusHead", 8},
                                        {"\x01vorbis", 7},
                                        {"Speex   ", 8},
                                        {"\x7f"
                                         "FLAC",
                                         5}};
    for (size_t i = 0; i < sizeof codecs / sizeof codecs[0]; i++)
        if (holds(s, 64, codecs[i]))
            return "audio/ogg";
    return NULL;
}

/* The brand tells it from HEIC and AVIF, the handlers of its tracks from a film. */
static const char *sniff_mp4(struct str s)
{
    static const char *const brands[] = {"M4A ", "M4B ", "isom", "iso2", "iso4",
                                         "iso5", "iso6", "mp41", "mp42", "dash"};
    for (size_t i = 0; i < sizeof brands / sizeof brands[0]; i++)
        if (str_is(str_range(s.p + 8, 4), brands[i]))
            return holds(s, s.n, STR("hdlr\0\0\0\0\0\0\0\0vide")) ? NULL : "audio/mp4";
    return NULL;
}

const char *file_sniff(struct str s)
{
    if (s.n < 12)
        return NULL;
    if (str_starts(s, STR("\xff\xd8\xff")))
        return "image/jpeg";
    if (str_starts(s, STR("\x89PNG\r\n\x1a\n")))
        return "image/png";
    if (str_starts(s, STR("RIFF")) && str_is(str_range(s.p + 8, 4), "WEBP"))
        return "image/webp";
    if (str_starts(s, STR("%PDF-")))
        return "application/pdf";
    if (str_starts(s, STR("\x1a\x45\xdf\xa3")))
        return sniff_webm(s);
    if (str_starts(s, STR("OggS")))
        return sniff_ogg(s);
    if (str_is(str_range(s.p + 4, 4), "ftyp"))
        return sniff_mp4(s);
    return NULL;
}

const char *file_extension(struct str type)
{
    static const char *const names[][2] = {
        {"image/jpeg", "jpg"}, {"image/png", "png"}, {"image/webp", "webp"},    {"audio/webm", "webm"},
        {"audio/ogg", "ogg"},  {"audio/mp4", "m4a"}, {"application/pdf", "pdf"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_is(type, names[i][0]))
            return names[i][1];
    return "bin";
}

/* ---- Where it lies ------------------------------------------------------------------------------------- */

static bool disk_error(struct error *e, const char *what)
{
    int code = errno;
    return error_cause(e,
                       code == ENOSPC || code == EDQUOT ? ERROR_DISK_FULL
                       : code == EIO ? ERROR_UNAVAILABLE /* as the database says it (db/sqlite.c) */
                                     : ERROR_DATA_FOLDER,
                       "files: %s: %s", what, strerrordesc_np(code));
}

struct file_place {
    const char *folder, *path, *temporary;
};

/* FILES/ab/cdef…: at most 256 folders. */
static struct file_place place_of(const char *files, struct arena *a, const unsigned char hash[HASH_BYTES])
{
    struct buf hex = BUF_INIT(BUF_LINE);
    unsigned char chance[8];
    struct file_place p;

    random_bytes(chance, sizeof chance);
    buf_add_hex(&hex, hash, HASH_BYTES);
    buf_add_hex(&hex, chance, sizeof chance);
    p.folder = arena_printf(a, "%s/%.2s", files, hex.p);
    p.path = arena_printf(a, "%s/%.*s", p.folder, 2 * HASH_BYTES - 2, hex.p + 2);
    p.temporary = arena_printf(a, "%s.%.16s", p.path, hex.p + 2 * (size_t)HASH_BYTES);
    buf_free(&hex);
    return p;
}

static bool sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return ok;
}

/* A new folder is as good as lost until the one above it is on the disk. */
static bool make_folder(struct arena *a, const char *path)
{
    if (mkdir(path, 0700) != 0)
        return errno == EEXIST;
    return sync_folder(arena_printf(a, "%s/..", path));
}

static bool write_all(int fd, struct str bytes)
{
    while (bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno != EINTR)
            return false;
        bytes.p += n > 0 ? n : 0;
        bytes.n -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

static bool write_durably(const char *files, struct arena *a, const struct file_place *p, struct str bytes,
                          struct error *e)
{
    if (!make_folder(a, files) || !make_folder(a, p->folder))
        return disk_error(e, "folder");
    int fd = open(p->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return disk_error(e, "open");
    bool ok = (write_all(fd, bytes) && fsync(fd) == 0) || disk_error(e, "write");
    if (close(fd) != 0 && ok)
        ok = disk_error(e, "close");
    ok = ok && (rename(p->temporary, p->path) == 0 || disk_error(e, "rename"));
    if (!ok) {
        (void)unlink(p->temporary);
        return false;
    }
    return sync_folder(p->folder) || disk_error(e, "sync");
}

/* Binds the bytes to their name: another file put in its place does not open. */
static struct str about(struct arena *a, const unsigned char hash[HASH_BYTES])
{
    struct buf b = BUF_INIT(BUF_LINE);
    buf_addz(&b, "file.");
    buf_add_hex(&b, hash, HASH_BYTES);
    struct str s = arena_str(a, buf_str(&b));
    buf_free(&b);
    return s;
}

static bool write_sealed(const struct core *core, struct arena *a, const struct file_info *f,
                         const struct key *key, struct str bytes, struct error *e)
{
    struct file_place p = place_of(core->config->files, a, f->hash);
    struct buf sealed = BUF_INIT(FILE_MAX + SEAL_EXTRA);
    seal_add(&sealed, key, about(a, f->hash), bytes);
    bool ok = sealed.full ? error_cause(e, ERROR_INTERNAL, "no memory for a file")
                          : write_durably(core->config->files, a, &p, buf_str(&sealed), e);
    buf_free(&sealed);
    return ok;
}

/* ---- Storing and reading ------------------------------------------------------------------------------- */

static bool find(struct db *db, struct arena *a, const char *where, struct db_arg arg, struct file_info *ret,
                 struct error *e)
{
    struct db_rows r;
    const char *sql =
        arena_printf(a, "select id, hash, key, type, bytes, width, height from file where %s = ?1", where);
    if (!db_rows(db, &r, e, sql, &arg, 1))
        return false;
    bool found = db_next(&r);
    if (found) {
        *ret = (struct file_info){
            .id = db_int(&r, 0),
            .key = arena_str(a, db_blob(&r, 2)),
            .type = arena_str(a, db_text(&r, 3)),
            .bytes = db_int(&r, 4),
            .width = db_int(&r, 5),
            .height = db_int(&r, 6),
        };
        struct str hash = db_blob(&r, 1);
        if (hash.n == HASH_BYTES)
            memcpy(ret->hash, hash.p, HASH_BYTES);
    }
    return db_end(&r, e) && (found || error_set(e, ERROR_NOT_FOUND, NULL));
}

bool file_find(struct db *db, struct arena *a, const unsigned char hash[HASH_BYTES], struct file_info *ret,
               struct error *e)
{
    unsigned char wanted[HASH_BYTES]; /* which may be the very one in *ret */
    memcpy(wanted, hash, HASH_BYTES);
    return find(db, a, "hash", BYTES(wanted, HASH_BYTES), ret, e);
}

bool file_find_id(struct db *db, struct arena *a, int64_t id, struct file_info *ret, struct error *e)
{
    return find(db, a, "id", INT(id), ret, e);
}

bool file_forget(struct core *core, struct db *db, struct arena *a, int64_t id, struct error *e)
{
    struct file_info f;
    if (!file_find_id(db, a, id, &f, e) ||
        !db_exec(db, e, "update file set key = null where id = ?1", ARGS(INT(id))))
        return false;
    /* Without its key it is noise: if these bytes outlive a crash, no harm is done. */
    (void)unlink(place_of(core->config->files, a, f.hash).path);
    return true;
}

/* Somebody had it before: only what is missing is made good, the bytes after a restore without files, or the key after an erasure. */
static bool store_again(struct core *core, struct db *db, struct arena *a, struct str bytes,
                        struct file_info *f, struct error *e)
{
    struct key key;
    struct stat there;

    if (f->key.n == 0) {
        f->key = vault_new(core, a, &key);
        if (!db_exec(db, e, "update file set key = ?2 where id = ?1", ARGS(INT(f->id), BLOB(f->key))))
            return false;
    } else if (stat(place_of(core->config->files, a, f->hash).path, &there) == 0 &&
               there.st_size == f->bytes + SEAL_EXTRA) {
        return true;
    } else if (!vault_key(core, f->key, &key, e)) {
        return false;
    }
    return write_sealed(core, a, f, &key, bytes, e);
}

/* The row comes first, though nobody sees it before the commit: whoever uploads the same at the same time waits for it, and two keys never meet
 * in one file. */
bool file_store(struct core *core, struct db *db, struct arena *a, const struct actor *actor, struct str bytes,
                const char *type, int64_t width, int64_t height, struct file_info *ret, struct error *e)
{
    struct key key;
    int64_t account = actor != NULL && actor->kind == ACTOR_ACCOUNT ? actor->account : 0, now = time_now();
    struct file_info f = {.type = str_of(type), .bytes = (int64_t)bytes.n, .width = width, .height = height};

    if (bytes.n == 0)
        return error_set(e, ERROR_MISSING, NULL);
    if (bytes.n > FILE_MAX)
        return error_setf(e, ERROR_TOO_LARGE, NULL, "%d", FILE_MAX);
    hash_bytes(bytes, f.hash);
    f.key = vault_new(core, a, &key);
    if (!db_one_int(db, &f.id, 0, e,
                    "insert into file(hash, key, type, bytes, width, height, created_at, created_by)"
                    " values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) on conflict(hash) do nothing returning id",
                    ARGS(BYTES(f.hash, HASH_BYTES), BLOB(f.key), TEXT(f.type), INT(f.bytes), OPT_INT(width),
                         OPT_INT(height), INT(now), OPT_INT(account))))
        return false;
    if (f.id != 0 ? !write_sealed(core, a, &f, &key, bytes, e)
                  : !file_find(db, a, f.hash, &f, e) || !store_again(core, db, a, bytes, &f, e))
        return false;
    if (actor != NULL &&
        !db_exec(db, e,
                 "insert into file_upload(file, account, at) values(?1, ?2, ?3) on conflict(file, account) do update set at = excluded.at",
                 ARGS(INT(f.id), INT(account), INT(now))))
        return false;
    *ret = f;
    return true;
}

bool file_read(struct core *core, struct arena *a, const struct file_info *f, struct buf *ret, struct error *e)
{
    struct buf sealed = BUF_INIT(FILE_MAX + SEAL_EXTRA);
    struct key key;
    ssize_t n = 1;

    if (!vault_key(core, f->key, &key, e))
        return false;
    int fd = open(place_of(core->config->files, a, f->hash).path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? error_cause(e, ERROR_NOT_FOUND, "files: a file is missing")
                               : disk_error(e, "open");
    size_t most = (size_t)f->bytes + SEAL_EXTRA;
    char *room = buf_room(&sealed, most);
    while (room != NULL && n != 0 && sealed.n < most) {
        n = read(fd, room + sealed.n, most - sealed.n);
        if (n < 0 && errno != EINTR)
            break;
        sealed.n += n > 0 ? (size_t)n : 0;
    }
    bool ok = room != NULL && n >= 0 ? seal_open(ret, &key, about(a, f->hash), buf_str(&sealed), e)
                                     : disk_error(e, "read");
    (void)close(fd);
    buf_free(&sealed);
    return ok;
}

const char *file_sealed_path(const char *files, struct arena *a, const unsigned char hash[HASH_BYTES])
{
    return place_of(files, a, hash).path;
}

bool file_store_sealed(const char *files, struct arena *a, const unsigned char hash[HASH_BYTES],
                       struct str sealed, struct error *e)
{
    struct file_place p = place_of(files, a, hash);
    return write_durably(files, a, &p, sealed, e);
}

/* ---- Whose it is --------------------------------------------------------------------------------------- */

bool file_on_subject(struct db *db, const unsigned char hash[HASH_BYTES], enum subject_kind kind,
                     int64_t subject, bool only_open, bool *ret, struct error *e)
{
    int64_t n;
    if (!db_one_int(db, &n, 0, e,
                    "select count(*) from file_use u join file f on f.id = u.file"
                    " where u.subject_kind = ?1 and u.subject = ?2 and f.hash = ?3 and u.open >= ?4",
                    ARGS(INT(kind), INT(subject), BYTES(hash, HASH_BYTES), INT(only_open))))
        return false;
    *ret = n > 0;
    return true;
}

bool file_write_hung(struct db *db, struct arena *a, struct jw *w, enum subject_kind kind, int64_t subject,
                     bool only_open, const char *under, struct error *e)
{
    struct db_rows r;
    if (!db_rows(db, &r, e,
                 "select f.hash, f.type, f.width, f.height from file_use u join file f on f.id = u.file where u.subject_kind = ?1 and u.subject = ?2 "
                 "and u.open >= ?3 and f.key is not null order by f.id",
                 ARGS(INT(kind), INT(subject), INT(only_open))))
        return false;
    jw_karray(w, "files");
    while (db_next(&r)) {
        struct buf hex = BUF_INIT(BUF_LINE);
        struct str hash = db_blob(&r, 0);
        buf_add_hex(&hex, hash.p, hash.n);
        jw_object(w);
        jw_ktext(w, "hash", buf_str(&hex));
        jw_ktext(w, "type", db_text(&r, 1));
        jw_kint(w, "width", db_int(&r, 2));
        jw_kint(w, "height", db_int(&r, 3));
        jw_kz(w, "url", arena_printf(a, "%s/files/%.*s", under, (int)hex.n, hex.p));
        jw_end_object(w);
        buf_free(&hex);
    }
    jw_end_array(w);
    return db_end(&r, e);
}

/* Somebody without an account shows by the hash that he has the content. */
bool file_may_attach(struct db *db, const struct actor *actor, const unsigned char hash[HASH_BYTES],
                     int64_t *ret, struct error *e)
{
    bool account = actor->kind == ACTOR_ACCOUNT;

    if (actor->kind == ACTOR_SYSTEM)
        return db_one_int(db, ret, 0, e, "select id from file where hash = ?1", ARGS(BYTES(hash, HASH_BYTES)));
    return db_one_int(
        db, ret, 0, e,
        "select f.id from file f join file_upload u on u.file = f.id where f.hash = ?1 and u.account = ?2 and u.at >= ?3",
        ARGS(BYTES(hash, HASH_BYTES), INT(account ? actor->account : 0),
             INT(account ? INT64_MIN : time_now() - RESIDENT_HOURS * (int64_t)TIME_HOUR)));
}
