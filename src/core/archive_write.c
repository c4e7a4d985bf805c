/* Writing an archive. libzip asks for the content of the entries only while it closes the zip, one entry after the other: every entry is a source that
 * fetches its next piece when it is asked, so memory grows with the number of files (some hundred bytes each) and not with their sizes. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/time.h"
#include "core/archive_parts.h"
#include "core/file.h"
#include "core/journal.h"

enum { PAGE_ROWS = 500, PIECE = 256 * 1024 };

bool archive_damaged(struct error *e, const char *entry, const char *why)
{
    (void)error_cause(e, ERROR_ARCHIVE_DAMAGED, "%s: %s", entry, why);
    if (e != NULL)
        (void)snprintf(e->detail, sizeof e->detail, "%s", entry);
    return false;
}

void archive_key_check(const struct keyring *keys, struct str epoch, unsigned char out[HASH_BYTES])
{
    blind_index(keys, "archive key", epoch, out);
}

void archive_mac(const struct keyring *keys, struct str manifest, unsigned char out[HASH_BYTES])
{
    blind_index(keys, "archive manifest", manifest, out);
}

/* ---- Sources ------------------------------------------------------------------------------------------- */

static zip_int64_t entry_read(struct archive_entry *s, void *data, size_t room)
{
    struct archive_writer *w = s->writer;
    while (s->at == s->page.n && !s->done) {
        s->at = 0;
        buf_clear(&s->page);
        if (!s->fill(s, &w->error))
            return -1;
        if (s->page.full) {
            (void)error_cause(&w->error, ERROR_INTERNAL, "no memory for a piece of %s", s->name);
            return -1;
        }
    }
    size_t n = s->page.n - s->at < room ? s->page.n - s->at : room;
    if (n > 0) {
        memcpy(data, s->page.p + s->at, n);
        hash_add(&w->hash, data, n);
    }
    s->at += n;
    s->bytes += (int64_t)n;
    return (zip_int64_t)n;
}

static void entry_close(struct archive_entry *s)
{
    struct archive_writer *w = s->writer;
    hash_end(&w->hash, s->digest);
    buf_free(&s->page);
    s->page = BUF_INIT(BUF_DOCUMENT);
    s->at = 0;
    w->facts->rows += s->rows;
    if (w->how->progress != NULL)
        w->how->progress(w->how->context, s->name, s->bytes);
}

static zip_int64_t source(void *context, void *data, zip_uint64_t n, zip_source_cmd_t command)
{
    struct archive_entry *s = context;
    zip_stat_t *st = data;
    int codes[2] = {ZIP_ER_READ, EIO};

    switch (command) {
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                              ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
    case ZIP_SOURCE_OPEN:
        hash_start(&s->writer->hash);
        return 0;
    case ZIP_SOURCE_READ:
        return entry_read(s, data, (size_t)n);
    case ZIP_SOURCE_CLOSE:
        entry_close(s);
        return 0;
    case ZIP_SOURCE_STAT:
        zip_stat_init(st);
        st->valid = ZIP_STAT_MTIME;
        st->mtime = (time_t)(s->writer->facts->made_at / TIME_SECOND);
        return sizeof *st;
    case ZIP_SOURCE_ERROR:
        memcpy(data, codes, sizeof codes);
        return sizeof codes;
    case ZIP_SOURCE_FREE:
        return 0;
    default:
        return -1;
    }
}

static bool zip_failed(struct archive_writer *w, struct error *e)
{
    zip_error_t *why = zip_get_error(w->zip);
    int system = zip_error_system_type(why) == ZIP_ET_SYS ? zip_error_code_system(why) : 0;

    if (w->error.code != ERROR_NONE) {
        *e = w->error;
        return false;
    }
    return error_cause(e, system == ENOSPC || system == EDQUOT ? ERROR_DISK_FULL : ERROR_DATA_FOLDER,
                       "archive: %s", zip_error_strerror(why));
}

bool archive_add(struct archive_writer *w, const char *name, enum archive_store store,
                 bool (*fill)(struct archive_entry *, struct error *), void *subject, struct error *e)
{
    struct archive_entry *s = ARENA_NEW(w->arena, struct archive_entry);
    *s = (struct archive_entry){.writer = w, .name = name, .fill = fill, .subject = subject};
    s->page = BUF_INIT(BUF_DOCUMENT);
    zip_source_t *z = zip_source_function(w->zip, source, s);
    if (z == NULL)
        return zip_failed(w, e);
    zip_int64_t at = zip_file_add(w->zip, name, z, ZIP_FL_ENC_UTF_8);
    if (at < 0) {
        zip_source_free(z);
        return zip_failed(w, e);
    }
    if (zip_set_file_compression(w->zip, (zip_uint64_t)at,
                                 store == ARCHIVE_STORED ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0) != 0 ||
        (store == ARCHIVE_LOCKED &&
         zip_file_set_encryption(w->zip, (zip_uint64_t)at, ZIP_EM_AES_256, w->how->passphrase) != 0))
        return zip_failed(w, e);
    *w->last = s;
    w->last = &s->next;
    return true;
}

/* ---- Tables -------------------------------------------------------------------------------------------- */

struct table_walk {
    const struct archive_table *table;
    const char *first, *next; /* statements */
    bool begun;
    struct db_arg key[ARCHIVE_KEYS]; /* of the page's last row */
};

static void add_keys(struct buf *b, const struct archive_table *t)
{
    for (size_t k = 1; k <= t->keys; k++)
        for (size_t i = 0; i < t->n; i++)
            if (t->columns[i].key == (int)k)
                buf_addf(b, "%s\"%s\"", k > 1 ? ", " : "", t->columns[i].name);
}

static const char *page_sql(struct arena *a, const struct archive_table *t, bool next)
{
    struct buf b = BUF_INIT(BUF_LINE);
    buf_addz(&b, "select ");
    for (size_t i = 0; i < t->n; i++)
        buf_addf(&b, "%s\"%s\"", i > 0 ? ", " : "", t->columns[i].name);
    buf_addf(&b, " from \"%s\"", t->name);
    if (t->where != NULL || next)
        buf_addf(&b, " where %s%s", t->where != NULL ? t->where : "", t->where != NULL && next ? " and " : "");
    if (next) {
        buf_addc(&b, '(');
        add_keys(&b, t);
        buf_addz(&b, ") > (");
        for (size_t k = 1; k <= t->keys; k++)
            buf_addf(&b, "%s?%zu", k > 1 ? ", " : "", k);
        buf_addc(&b, ')');
    }
    buf_addz(&b, " order by ");
    add_keys(&b, t);
    buf_addf(&b, " limit %d", PAGE_ROWS);
    const char *sql = arena_z(a, buf_str(&b));
    buf_free(&b);
    return sql;
}

static void keep_key(struct arena *a, struct table_walk *t, const struct db_rows *r)
{
    for (size_t i = 0; i < t->table->n; i++) {
        const struct archive_column *c = &t->table->columns[i];
        if (c->key == 0)
            continue;
        struct db_arg *k = &t->key[c->key - 1];
        *k = (struct db_arg){.type = c->type};
        if (c->type == DB_T_INT)
            k->i = db_int(r, (int)i);
        else
            k->s = arena_str(a, c->type == DB_T_TEXT ? db_text(r, (int)i) : db_blob(r, (int)i));
    }
}

static void note_master(struct archive_writer *w, const struct archive_column *c, const struct db_rows *r, int i)
{
    if (c->type != DB_T_BLOB || strcmp(c->name, "key") != 0)
        return;
    struct str wrapped = db_blob(r, i);
    if (wrapped.n == WRAPPED_BYTES)
        w->keys[(unsigned char)wrapped.p[0]] = true;
}

static bool fill_table(struct archive_entry *s, struct error *e)
{
    struct table_walk *walk = s->subject;
    const struct archive_table *t = walk->table;
    struct db_rows r;
    int64_t n = 0;

    if (!walk->begun)
        for (size_t i = 0; i < t->n; i++)
            buf_addf(&s->page, "%s%c", t->columns[i].name, i + 1 < t->n ? ',' : '\n');
    if (!db_rows(s->writer->db, &r, e, walk->begun ? walk->next : walk->first, walk->begun ? walk->key : NULL,
                 walk->begun ? t->keys : 0))
        return false;
    for (; db_next(&r); n++) {
        for (size_t i = 0; i < t->n; i++) {
            archive_csv_cell(&s->page, &r, (int)i, t->columns[i].type);
            buf_addc(&s->page, i + 1 < t->n ? ',' : '\n');
            note_master(s->writer, &t->columns[i], &r, (int)i);
        }
        if (n + 1 == PAGE_ROWS)
            keep_key(s->writer->arena, walk, &r);
    }
    if (!db_end(&r, e))
        return false;
    walk->begun = true;
    s->rows += n;
    s->done = n < PAGE_ROWS;
    return true;
}

static bool add_table(struct archive_writer *w, const struct archive_table *t, struct error *e)
{
    struct table_walk *walk = ARENA_NEW(w->arena, struct table_walk);
    *walk = (struct table_walk){
        .table = t, .first = page_sql(w->arena, t, false), .next = page_sql(w->arena, t, true)};
    return archive_add(w, arena_printf(w->arena, "tables/%s.csv", t->name), ARCHIVE_PACKED, fill_table, walk, e);
}

/* ---- Files --------------------------------------------------------------------------------------------- */

/* The tables have been read when the first file is: the snapshot is given back, files may take long. */
static void end_snapshot(struct archive_writer *w)
{
    if (db_in_transaction(w->db))
        db_rollback(w->db);
}

static bool fill_file(struct archive_entry *s, struct error *e)
{
    struct archive_writer *w = s->writer;
    int fd = open(s->subject, O_RDONLY | O_CLOEXEC);
    ssize_t n = 1;

    end_snapshot(w);
    s->done = true;
    if (fd < 0 && errno == ENOENT) { /* erased since, or lost before: the manifest says which are not here */
        s->missing = true;
        w->facts->missing++;
        return true;
    }
    while (fd >= 0 && n != 0) {
        char *room = buf_room(&s->page, PIECE);
        n = room != NULL ? read(fd, room, PIECE) : -1;
        if (n < 0 && (room == NULL || errno != EINTR))
            break;
        s->page.n += n > 0 ? (size_t)n : 0;
    }
    if (fd < 0 || n < 0)
        (void)error_cause(e, ERROR_DATA_FOLDER, "%s: %s", (const char *)s->subject, strerrordesc_np(errno));
    if (fd >= 0)
        (void)close(fd);
    w->facts->files++;
    return fd >= 0 && n >= 0;
}

static bool add_files(struct archive_writer *w, struct error *e)
{
    struct db_rows r;
    int64_t after = 0, n = PAGE_ROWS;
    bool ok = true;

    while (ok && n == PAGE_ROWS) {
        n = 0;
        if (!db_rows(w->db, &r, e,
                     "select id, hash from file where id > ?1 and key is not null order by id limit ?2",
                     ARGS(INT(after), INT(PAGE_ROWS))))
            return false;
        while (ok && db_next(&r)) {
            struct str hash = db_blob(&r, 1);
            struct buf hex = BUF_INIT(BUF_LINE);
            buf_add_hex(&hex, hash.p, hash.n);
            const char *name = arena_printf(w->arena, "files/%.*s", (int)hex.n, hex.p);
            const char *path = file_sealed_path(w->core->config->files, w->arena, (const unsigned char *)hash.p);
            ok = archive_add(w, name, ARCHIVE_STORED, fill_file, (void *)path, e);
            after = db_int(&r, 0);
            n++;
            buf_free(&hex);
        }
        if (!db_end(&r, ok ? e : NULL))
            return false;
    }
    return ok;
}

/* ---- Manifest ------------------------------------------------------------------------------------------ */

static void write_seal(struct jw *w, const struct seal *s)
{
    char date[DATE_TEXT];
    struct buf hex = BUF_INIT(BUF_LINE);
    if (s->day == 0)
        return;
    date_format(s->day, date);
    buf_add_hex(&hex, s->digest, sizeof s->digest);
    jw_kobject(w, "last_seal");
    jw_kz(w, "day", date);
    jw_kint(w, "day_number", s->day);
    jw_ktext(w, "digest", buf_str(&hex));
    jw_end_object(w);
    buf_free(&hex);
}

static void write_hash(struct jw *w, const char *key, const unsigned char hash[HASH_BYTES])
{
    struct buf hex = BUF_INIT(BUF_LINE);
    buf_add_hex(&hex, hash, HASH_BYTES);
    jw_ktext(w, key, buf_str(&hex));
    buf_free(&hex);
}

static void write_entries(struct jw *w, const struct archive_entry *s, const struct archive_entry *end)
{
    jw_karray(w, "entries");
    for (; s != NULL && s != end; s = s->next) {
        jw_object(w);
        jw_kz(w, "name", s->name);
        if (s->missing)
            jw_kbool(w, "missing", true);
        jw_kint(w, "bytes", s->bytes);
        if (strncmp(s->name, "tables/", 7) == 0)
            jw_kint(w, "rows", s->rows);
        write_hash(w, "blake2b", s->digest);
        jw_end_object(w);
    }
    jw_end_array(w);
}

static bool fill_manifest(struct archive_entry *s, struct error *e)
{
    struct archive_writer *w = s->writer;
    struct archive_facts *f = w->facts;
    struct jw j = JW_INIT(&s->page);
    unsigned char check[HASH_BYTES];

    (void)e;
    end_snapshot(w);
    archive_key_check(w->core->keys, str_of(f->epoch), check);
    jw_object(&j);
    jw_kint(&j, "format", ARCHIVE_FORMAT);
    jw_kz(&j, "program", f->program);
    jw_kz(&j, "engine", f->engine);
    jw_ktime(&j, "made_at", f->made_at);
    jw_kint(&j, "made_at_ms", f->made_at);
    jw_kz(&j, "epoch", f->epoch);
    jw_kint(&j, "schema", f->schema);
    jw_key(&j, "migrations");
    jw_raw(&j, w->migrations);
    jw_kint(&j, "journal", f->journal);
    jw_key(&j, "cursors");
    jw_raw(&j, w->cursors);
    write_seal(&j, &f->last);
    write_hash(&j, "key_check", check);
    jw_karray(&j, "master_keys");
    for (int i = 0; i < 256; i++)
        if (w->keys[i])
            jw_int(&j, i);
    jw_end_array(&j);
    jw_key(&j, "left_out");
    archive_write_left_out(&j);
    write_entries(&j, w->first, s);
    jw_end_object(&j);
    s->done = true;
    /* the next entry's content */
    unsigned char mac[HASH_BYTES];
    archive_mac(w->core->keys, buf_str(&s->page), mac);
    buf_add_hex(s->subject, mac, sizeof mac);
    return true;
}

static bool fill_text(struct archive_entry *s, struct error *e)
{
    (void)e;
    buf_add(&s->page, buf_str(s->subject));
    s->done = true;
    return true;
}

static bool add_manifest(struct archive_writer *w, struct buf *mac, struct error *e)
{
    return archive_add(w, "manifest.json", ARCHIVE_PACKED, fill_manifest, mac, e) &&
           archive_add(w, "manifest.mac", ARCHIVE_STORED, fill_text, mac, e);
}

/* ---- All together -------------------------------------------------------------------------------------- */

static bool read_migrations(struct archive_writer *w, struct error *e)
{
    struct buf out = BUF_INIT(BUF_LINE);
    struct jw j = JW_INIT(&out);
    struct db_rows r;

    if (!db_rows(w->db, &r, e, "select n, name, hash from schema_version order by n", NO_ARGS))
        return false;
    jw_array(&j);
    while (db_next(&r)) {
        w->facts->schema = db_int(&r, 0);
        jw_object(&j);
        jw_kint(&j, "n", db_int(&r, 0));
        jw_ktext(&j, "name", db_text(&r, 1));
        if (db_blob(&r, 2).n == HASH_BYTES)
            write_hash(&j, "hash", (const unsigned char *)db_blob(&r, 2).p);
        jw_end_object(&j);
    }
    jw_end_array(&j);
    w->migrations = arena_str(w->arena, buf_str(&out));
    buf_free(&out);
    return db_end(&r, e);
}

static bool read_facts(struct archive_writer *w, struct error *e)
{
    struct archive_facts *f = w->facts;
    struct str epoch;
    bool found;

    *f = (struct archive_facts){.format = ARCHIVE_FORMAT, .made_at = time_real()};
    (void)snprintf(f->program, sizeof f->program, "%s", LIUXIAO_VERSION);
    (void)snprintf(f->engine, sizeof f->engine, "%s", db_engine(w->db) == DB_SQLITE ? "sqlite" : "postgresql");
    if (!read_migrations(w, e) || !meta_get(w->db, w->arena, "epoch", &epoch, e) ||
        !seals_last(w->db, &f->last, &found, e) || !cursor_places(w->db, w->arena, &w->cursors, e) ||
        !db_one_int(w->db, &f->journal, 0, e, "select max(seq) from journal", NO_ARGS))
        return false;
    (void)snprintf(f->epoch, sizeof f->epoch, "%.*s", (int)epoch.n, epoch.p);
    return true;
}

static bool add_all(struct archive_writer *w, struct buf *mac, struct error *e)
{
    struct archive_table *tables;
    size_t n;

    if (!db_begin(w->db, e) || !read_facts(w, e) || !archive_tables(w->db, w->arena, &tables, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!add_table(w, &tables[i], e))
            return false;
    return (w->how->passphrase == NULL || archive_add_readable(w, tables, n, e)) &&
           archive_add_dictionary(w, tables, n, e) && add_files(w, e) && add_manifest(w, mac, e);
}

/* On the disk before anybody is told. */
static bool settle(const char *path, int64_t *ret_bytes, struct error *e)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fchmod(fd, 0600) == 0 && fsync(fd) == 0 && fstat(fd, &st) == 0;
    if (!ok)
        (void)error_cause(e, ERROR_DATA_FOLDER, "%s: %s", path, strerrordesc_np(errno));
    else
        *ret_bytes = st.st_size;
    if (fd >= 0)
        (void)close(fd);
    return ok;
}

bool archive_write(struct core *core, struct db *db, const char *path, const struct archive_how *how,
                   struct archive_facts *ret, struct error *e)
{
    struct archive_writer w = {.core = core, .db = db, .arena = arena_open(), .how = how, .facts = ret};
    struct buf mac = BUF_INIT(BUF_LINE);
    int why = 0;
    bool ok = false;

    w.last = &w.first;
    w.zip = zip_open(path, ZIP_CREATE | ZIP_EXCL, &why);
    if (w.zip == NULL) {
        const char *said = strerrordesc_np(errno);
        ok = error_setf(e, why == ZIP_ER_EXISTS ? ERROR_CONFLICT : ERROR_DATA_FOLDER, "out", "%s%s%s", path,
                        why == ZIP_ER_EXISTS ? "" : ": ", why == ZIP_ER_EXISTS ? "" : said);
    } else {
        ok = add_all(&w, &mac, e);
        if (ok && zip_close(w.zip) != 0)
            ok = zip_failed(&w, e);
        else if (ok)
            w.zip = NULL;
        if (w.zip != NULL)
            zip_discard(w.zip);
    }
    end_snapshot(&w);
    for (struct archive_entry *s = w.first; s != NULL; s = s->next)
        buf_free(&s->page);
    ok = ok && settle(path, &ret->bytes, e);
    buf_free(&mac);
    arena_close(w.arena);
    return ok;
}
