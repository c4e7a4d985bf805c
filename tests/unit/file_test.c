/* Photos and voice notes: which are taken, how they lie on the disk, and who may use them. */
#include <ftw.h>
#include <pthread.h>
#include <sys/stat.h>

#include "base/time.h"
#include "db/migrate.h"
#include "core/file.h"
#include "both.h"

#define TAKE(bytes)                                                                                          \
    {                                                                                                        \
        (bytes), sizeof(bytes) - 1                                                                           \
    }

static void kinds_are_known_by_their_bytes(void **state)
{
    static const struct {
        struct str bytes;
        const char *type;
    } rows[] = {
        {TAKE("\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm....A_OPUS"), "audio/webm"},
        {TAKE("\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm....V_VP9."), NULL},
        {TAKE("\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska"), NULL},
        {TAKE("OggS\0\x02\0\0\0\0\0\0\0\0\1\1\1\1\0\0\0\0\1\1\1\1\1\x13OpusHead\1"), "audio/ogg"},
        {TAKE("OggS\0\x02\0\0\0\0\0\0\0\0\1\1\1\1\0\0\0\0\1\1\1\1\1\x13\x80theora\1"), NULL},
        {TAKE("\0\0\0\x1c"
              "ftypM4A \0\0\0\0"),
         "audio/mp4"},
        {TAKE("\0\0\0\x1c"
              "ftypiso5\0\0\0\0hdlr\0\0\0\0\0\0\0\0soun"),
         "audio/mp4"},
        {TAKE("\0\0\0\x1c"
              "ftypmp42\0\0\0\0hdlr\0\0\0\0\0\0\0\0vide"),
         NULL},
        {TAKE("\0\0\0\x1c"
              "ftypheic\0\0\0\0"),
         NULL},
        {TAKE("RIFF\1\1\1\1WEBPVP8 "), "image/webp"},
        {TAKE("RIFF\1\1\1\1WAVEfmt "), NULL},
        {TAKE("GIF89a\1\1\1\1\1\1\1\1"), NULL},
        {TAKE("%PDF-1.7\n%\1\1\1\1"), "application/pdf"},
        {TAKE("\n%PDF-1.7\n%\1\1\1"), NULL},
        {TAKE("\xff\xd8\xff"), NULL},
        {TAKE(""), NULL},
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *type = file_sniff(rows[i].bytes);
        if (rows[i].type == NULL)
            assert_null(type);
        else
            assert_string_equal(type, rows[i].type);
    }
}

/* ---- Storing --------------------------------------------------------------------------------------------------- */

struct store {
    struct db *db;
    struct arena *a;
    struct core core;
    struct config config;
    char folder[64], files[96], keys[96];
};

static void open_store(struct store *s, void **state)
{
    int applied;
    *s = (struct store){
        .db = place_open(state, DB_WRITER), .a = arena_open(), .folder = "/tmp/liuxiao-files.XXXXXX"};
    must(crypto_start(e));
    must(migrate_up(s->db, &applied, e));
    assert_non_null(mkdtemp(s->folder));
    (void)snprintf(s->files, sizeof s->files, "%s/files", s->folder);
    (void)snprintf(s->keys, sizeof s->keys, "%s/keys", s->folder);
    must(keyring_create(s->keys, e));
    s->config.files = s->files;
    s->core.config = &s->config;
    must(keyring_open(&s->core.keys, s->keys, e));
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void close_store(struct store *s)
{
    keyring_close(s->core.keys);
    arena_close(s->a);
    db_close(s->db);
    assert_int_equal(nftw(s->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
    time_set(0);
}

static const struct actor wang = {.kind = ACTOR_ACCOUNT, .account = 7},
                          li = {.kind = ACTOR_ACCOUNT, .account = 8}, nobody = {.kind = ACTOR_NOBODY},
                          resident = {.kind = ACTOR_RESIDENT, .case_id = 3}, job = {.kind = ACTOR_SYSTEM};
static const char words[] = "OggS: the neighbour's dog barks all night, and on Sundays there are two of them.";
static const struct str note = {words, sizeof words - 1};

static struct file_info store(struct store *s, const struct actor *actor, struct str bytes)
{
    struct file_info f;
    must(db_begin(s->db, e));
    must(file_store(&s->core, s->db, s->a, actor, bytes, "audio/ogg", 0, 0, &f, e));
    must(db_commit(s->db, e));
    return f;
}

static const char *path_of(struct store *s, const struct file_info *f)
{
    struct buf hex = BUF_INIT(BUF_LINE);
    buf_add_hex(&hex, f->hash, HASH_BYTES);
    const char *path = arena_printf(s->a, "%s/%.2s/%.62s", s->files, hex.p, hex.p + 2);
    buf_free(&hex);
    return path;
}

static struct buf slurp(const char *path)
{
    struct buf b = BUF_INIT(FILE_MAX * 2);
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    b.n = fread(buf_room(&b, FILE_MAX), 1, FILE_MAX, f);
    (void)fclose(f);
    return b;
}

static void spill(const char *path, struct str bytes)
{
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
    assert_int_equal(fclose(f), 0);
}

static void assert_reads(struct store *s, const struct file_info *f, struct str wanted)
{
    struct buf got = BUF_INIT(FILE_MAX);
    must(file_read(&s->core, s->a, f, &got, e));
    assert_true(str_eq(buf_str(&got), wanted));
    buf_free(&got);
}

static bool contains(struct str s, struct str word)
{
    return memmem(s.p, s.n, word.p, word.n) != NULL;
}

static void what_is_stored_comes_back(void **state)
{
    struct store s;
    struct file_info f, found;
    struct stat st;

    open_store(&s, state);
    f = store(&s, &wang, note);
    must(file_find(s.db, s.a, f.hash, &found, e));
    assert_int_equal(found.id, f.id);
    assert_int_equal(found.bytes, note.n);
    assert_true(str_is(found.type, "audio/ogg"));
    assert_int_equal(found.width, 0);
    assert_reads(&s, &found, note);

    struct buf disk = slurp(path_of(&s, &f));
    for (size_t i = 0; i + 8 <= note.n; i += 4) /* not even a piece of it */
        assert_false(contains(buf_str(&disk), str_range(note.p + i, 8)));
    buf_free(&disk);
    assert_int_equal(stat(path_of(&s, &f), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);

    unsigned char unknown[HASH_BYTES] = {1};
    must_fail(NOT_FOUND, file_find(s.db, s.a, unknown, &found, e));
    must(db_begin(s.db, e));
    must_fail(MISSING, file_store(&s.core, s.db, s.a, &wang, STR(""), "audio/ogg", 0, 0, &f, e));
    must_fail(TOO_LARGE,
              file_store(&s.core, s.db, s.a, &wang, str_range(note.p, FILE_MAX + 1), "audio/ogg", 0, 0, &f, e));
    db_rollback(s.db);
    close_store(&s);
}

static void the_same_twice_is_one_file(void **state)
{
    struct store s;

    open_store(&s, state);
    struct file_info f = store(&s, &wang, note), g = store(&s, &li, note);
    assert_int_equal(f.id, g.id);
    assert_int_equal(number(s.db, "select count(*) from file"), 1);
    assert_int_equal(number(s.db, "select count(*) from file_upload"), 2);
    assert_reads(&s, &g, note);

    assert_int_equal(unlink(path_of(&s, &f)), 0); /* a restore without the files: the next upload makes it good */
    struct buf got = BUF_INIT(FILE_MAX);
    must_fail(NOT_FOUND, file_read(&s.core, s.a, &f, &got, e));
    g = store(&s, &li, note);
    assert_reads(&s, &f, note);

    must(db_exec(s.db, e, "update file set key = null", NO_ARGS)); /* an erasure */
    must(file_find(s.db, s.a, f.hash, &f, e));
    must_fail(KEY_DESTROYED, file_read(&s.core, s.a, &f, &got, e));
    g = store(&s, &li, note);
    must(file_find(s.db, s.a, f.hash, &f, e));
    assert_reads(&s, &f, note);
    buf_free(&got);
    close_store(&s);
}

static void what_was_touched_does_not_open(void **state)
{
    struct store s;
    struct buf got = BUF_INIT(FILE_MAX);

    open_store(&s, state);
    struct file_info f = store(&s, &wang, note), g = store(&s, &wang, STR("another note"));
    struct buf disk = slurp(path_of(&s, &f));
    spill(path_of(&s, &g), buf_str(&disk));
    must_fail(BROKEN_SEAL, file_read(&s.core, s.a, &g, &got, e));
    disk.p[disk.n / 2] ^= 1;
    spill(path_of(&s, &f), buf_str(&disk));
    must_fail(BROKEN_SEAL, file_read(&s.core, s.a, &f, &got, e));
    spill(path_of(&s, &f), str_range(disk.p, 20));
    must_fail(BROKEN_SEAL, file_read(&s.core, s.a, &f, &got, e));
    buf_free(&disk);
    buf_free(&got);
    close_store(&s);
}

static void a_store_that_was_taken_back_leaves_nothing(void **state)
{
    struct store s;
    struct file_info f;

    open_store(&s, state);
    must(db_begin(s.db, e));
    must(file_store(&s.core, s.db, s.a, &wang, note, "audio/ogg", 0, 0, &f, e));
    db_rollback(s.db);
    must_fail(NOT_FOUND, file_find(s.db, s.a, f.hash, &f, e));
    f = store(&s, &li, note);
    assert_reads(&s, &f, note);

    s.config.files = s.keys; /* a file where the folder should be */
    must(db_begin(s.db, e));
    must_fail(DATA_FOLDER, file_store(&s.core, s.db, s.a, &wang, STR("another note"), "audio/ogg", 0, 0, &f, e));
    db_rollback(s.db);
    assert_int_equal(number(s.db, "select count(*) from file"), 1);
    close_store(&s);
}

static int64_t attaches(struct store *s, const struct actor *actor, const struct file_info *f)
{
    int64_t id = -1;
    must(file_may_attach(s->db, actor, f->hash, &id, e));
    return id;
}

static void who_uploaded_may_attach(void **state)
{
    struct store s;
    struct file_info unknown = {.hash = {1}};

    open_store(&s, state);
    time_set(1721322093000);
    struct file_info f = store(&s, &wang, note), g = store(&s, &nobody, STR("a resident's note"));
    assert_int_equal(attaches(&s, &wang, &f), f.id);
    assert_int_equal(attaches(&s, &li, &f), 0);
    assert_int_equal(attaches(&s, &nobody, &f), 0);
    assert_int_equal(attaches(&s, &job, &f), f.id);
    assert_int_equal(attaches(&s, &wang, &g), 0);
    assert_int_equal(attaches(&s, &nobody, &g), g.id);
    assert_int_equal(attaches(&s, &resident, &g), g.id);
    assert_int_equal(attaches(&s, &wang, &unknown), 0);
    assert_int_equal(attaches(&s, &job, &unknown), 0);

    (void)store(&s, &li, note); /* who has the content too has uploaded it too */
    (void)store(&s, &resident, note);
    assert_int_equal(attaches(&s, &li, &f), f.id);
    assert_int_equal(attaches(&s, &nobody, &f), f.id);

    time_set(1721322093000 +
             7 * (int64_t)TIME_HOUR); /* a phone without signal may take its time, somebody without an account may not */
    assert_int_equal(attaches(&s, &wang, &f), f.id);
    assert_int_equal(attaches(&s, &nobody, &g), 0);
    (void)store(&s, &nobody, STR("a resident's note"));
    assert_int_equal(attaches(&s, &nobody, &g), g.id);
    close_store(&s);
}

static void files_hang_on_subjects(void **state)
{
    struct store s;
    bool on = true;

    open_store(&s, state);
    struct file_info f = store(&s, &wang, note);
    must(file_on_subject(s.db, f.hash, SUBJECT_CASE, 5, false, &on, e));
    assert_false(on);
    must(db_exec(s.db, e,
                 "insert into file_use(subject_kind, subject, file, journal, open) values(?1, 5, ?2, ?3, 0)",
                 ARGS(INT(SUBJECT_CASE), INT(f.id), BYTES("x", 1))));
    must(file_on_subject(s.db, f.hash, SUBJECT_CASE, 5, false, &on, e));
    assert_true(on);
    must(file_on_subject(s.db, f.hash, SUBJECT_CASE, 5, true, &on, e));
    assert_false(on);
    must(db_exec(s.db, e, "update file_use set open = 1", NO_ARGS));
    must(file_on_subject(s.db, f.hash, SUBJECT_CASE, 5, true, &on, e));
    assert_true(on);
    must(file_on_subject(s.db, f.hash, SUBJECT_CASE, 6, true, &on, e));
    assert_false(on);
    must(file_on_subject(s.db, f.hash, SUBJECT_ACTIVITY, 5, true, &on, e));
    assert_false(on);
    close_store(&s);
}

/* Two uploads of the same at once, on two connections: the second waits for the first, whichever way that ends. */
struct rival {
    struct store *s;
    struct db *db;
    struct arena *a;
    struct file_info f;
    struct error e;
    bool ok;
};

static void *store_too(void *context)
{
    struct rival *r = context;
    r->ok = db_begin(r->db, &r->e) &&
            file_store(&r->s->core, r->db, r->a, &li, note, "audio/ogg", 0, 0, &r->f, &r->e) &&
            db_commit(r->db, &r->e);
    return NULL;
}

static void rivals_do_not_mix_their_keys(void **state)
{
    struct store s;
    struct file_info f;
    pthread_t thread;

    for (int commits = 0; commits < 2; commits++) {
        open_store(&s, state);
        must(db_exec(s.db, e, "delete from file_upload", NO_ARGS));
        must(db_exec(s.db, e, "delete from file", NO_ARGS));
        struct rival r = {.s = &s, .db = place_open(state, DB_WRITER), .a = arena_open()};
        must(db_begin(s.db, e));
        must(file_store(&s.core, s.db, s.a, &wang, note, "audio/ogg", 0, 0, &f, e));
        assert_int_equal(pthread_create(&thread, NULL, store_too, &r), 0);
        (void)usleep(300 * 1000);
        if (commits)
            must(db_commit(s.db, e));
        else
            db_rollback(s.db);
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_true(r.ok);
        must(file_find(s.db, s.a, f.hash, &f, e));
        assert_reads(&s, &f, note);
        assert_int_equal(number(s.db, "select count(*) from file_upload"), 1 + commits);
        db_close(r.db);
        arena_close(r.a);
        close_store(&s);
    }
}

int main(void)
{
    static const struct both_test tests[] = {
        SQLITE_ONLY(kinds_are_known_by_their_bytes),
        BOTH(what_is_stored_comes_back),
        BOTH(the_same_twice_is_one_file),
        SQLITE_ONLY(what_was_touched_does_not_open),
        BOTH(a_store_that_was_taken_back_leaves_nothing),
        BOTH(who_uploaded_may_attach),
        BOTH(files_hang_on_subjects),
        POSTGRES_ONLY(rivals_do_not_mix_their_keys),
    };
    return both_run("file", tests, sizeof tests / sizeof tests[0]);
}
