/* Everything in: an archive into an empty installation, or in the place of the one that is there. All of it is built and proved beside the old data;
 * until the very end nothing of that is touched. */
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "core/archive.h"
#include "core/erasure.h"
#include "core/seals.h"
#include "core/tally.h"
#include "six/six.h"
#include "cli/cli.h"

struct restoring {
    const struct config *config;
    struct arena *arena;
    const char *stamp;
    bool replace, accept_faults, made_data;
    const char *work;  /* DATA/restore-STAMP: the new databases (SQLite) */
    const char *files; /* FILES.restore-STAMP */
    struct keyring *keys;
    struct archive *archive;
    struct archive_how how;
    struct verify_report report;
    const char *registers[2]; /* of erasures: of this installation, and beside the archive */
    int64_t erased;
};

static bool path_error(struct error *e, const char *path)
{
    int why = errno;
    return error_setf(e, why == ENOSPC ? ERROR_DISK_FULL : ERROR_DATA_FOLDER, "data", "%s: %s", path,
                      strerrordesc_np(why));
}

/* ---- What is there ------------------------------------------------------------------------------------- */

static bool there(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

static bool holds_anything(const char *folder)
{
    DIR *d = opendir(folder);
    const struct dirent *entry;
    bool any = false;
    while (d != NULL && !any && (entry = readdir(d)) != NULL)
        any = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    if (d != NULL)
        (void)closedir(d);
    return any;
}

static bool target_free(struct restoring *r, struct error *e)
{
    const char *db = arena_printf(r->arena, "%s/liuxiao.db", r->config->data);

    if (r->replace)
        return true;
    if (r->config->database == NULL && there(db))
        return error_setf(e, ERROR_CONFLICT, "data", "%s", r->config->data);
    if (holds_anything(r->config->files))
        return error_setf(e, ERROR_CONFLICT, "files", "%s", r->config->files);
    return true;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    (void)where;
    return remove(path);
}

static void remove_tree(const char *path)
{
    if (path != NULL && there(path))
        (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static bool make_folders(struct restoring *r, struct error *e)
{
    const struct config *c = r->config;

    r->made_data = mkdir(c->data, 0700) == 0;
    if (!r->made_data && errno != EEXIST)
        return path_error(e, c->data);
    if (!site_lock(c, true, e))
        return false;
    r->work = arena_printf(r->arena, "%s/restore-%s", c->data, r->stamp);
    r->files = arena_printf(r->arena, "%s.restore-%s", c->files, r->stamp);
    if (mkdir(r->work, 0700) != 0)
        return path_error(e, r->work);
    return mkdir(r->files, 0700) == 0 || path_error(e, r->files);
}

/* ---- Building ------------------------------------------------------------------------------------------ */

static void print_fault(void *context, const struct verify_finding *f)
{
    (void)context;
    (void)fprintf(stderr, "%s: %s %lld, entry %lld, seq %lld\n", verify_fault_code(f->fault),
                  f->subject_kind != SUBJECT_NONE ? subject_code(f->subject_kind) : "-",
                  (long long)f->subject, (long long)f->n, (long long)f->seq);
}

/* Files that were lost before the archive was made can't be there now. */
static bool prove(struct restoring *r, struct core *core, struct db *db, struct error *e)
{
    struct verify_how how = {.found = print_fault};
    const struct archive_facts *facts = archive_facts(r->archive);

    if (!verify_all(core, db, &how, &r->report, e))
        return false;
    int64_t others = r->report.fault_count - r->report.faults[VERIFY_FILE_MISSING];
    if (!r->accept_faults && (others > 0 || r->report.faults[VERIFY_FILE_MISSING] > facts->missing))
        return error_setf(e, ERROR_ARCHIVE_DAMAGED, NULL, "verify: %lld", (long long)r->report.fault_count);
    if (r->report.last.day != facts->last.day ||
        memcmp(r->report.last.digest, facts->last.digest, HASH_BYTES) != 0)
        return error_setf(e, ERROR_ARCHIVE_DAMAGED, NULL, "seal");
    return true;
}

static bool fill(struct restoring *r, struct db *db, const struct config *config, struct error *e)
{
    struct site s = {.db = db};

    if (!archive_load(r->archive, db, &r->how, e) || !core_open(&s.core, config, db, &six_tables, e))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < 2; i++)
        ok = erasure_repeat(s.core, db, r->registers[i], &r->erased, e);
    ok = ok && (r->erased == 0 || erasure_remove_files(s.core, db, e));
    ok = ok && derived_ready(db, e) && tally_rebuild(s.core, db, e) && prove(r, s.core, db, e);
    core_close(s.core);
    return ok;
}

static bool build(struct restoring *r, struct error *e)
{
    struct config config = *r->config; /* where it lies while it is built */
    struct db *db;

    config.files = r->files;
    if (config.database == NULL)
        config.data = r->work;
    struct db_where where = site_where(&config);
    if (!archive_load_files(r->archive, r->files, &r->how, e) || !db_open(&db, &where, DB_WRITER, e))
        return false;
    bool ok = db_begin(db, e) && fill(r, db, &config, e) && db_commit(db, e);
    if (!ok)
        db_rollback(db);
    db_close(db);
    return ok;
}

/* ---- Swapping ------------------------------------------------------------------------------------------ */

struct move {
    const char *from, *to;
};

struct moves {
    struct move list[32];
    size_t n;
};

static bool move(struct moves *m, const char *from, const char *to, struct error *e)
{
    if (!there(from))
        return true;
    if (m->n == sizeof m->list / sizeof m->list[0] || rename(from, to) != 0)
        return path_error(e, from);
    m->list[m->n++] = (struct move){from, to};
    return true;
}

static void undo(struct moves *m)
{
    while (m->n > 0) {
        m->n--;
        (void)rename(m->list[m->n].to, m->list[m->n].from);
    }
}

static const char *const databases[] = {"liuxiao.db", "liuxiao.db-wal", "liuxiao.db-shm",
                                        "derived.db", "derived.db-wal", "derived.db-shm"};
enum { DATABASES = sizeof databases / sizeof databases[0] };

/* DATA.before-STAMP; inside the folder where that can't be (a mount point, a folder above that isn't ours). */
static const char *old_folder(struct restoring *r, struct error *e)
{
    struct stat a, b;
    const char *beside = arena_printf(r->arena, "%s.before-%s", r->config->data, r->stamp);
    const char *inside = arena_printf(r->arena, "%s/before-%s", r->config->data, r->stamp);

    if (mkdir(beside, 0700) == 0) {
        if (stat(beside, &a) == 0 && stat(r->config->data, &b) == 0 && a.st_dev == b.st_dev)
            return beside;
        (void)rmdir(beside);
    }
    if (mkdir(inside, 0700) == 0)
        return inside;
    (void)path_error(e, inside);
    return NULL;
}

static bool swap_files(struct restoring *r, struct moves *m, const char *old, struct error *e)
{
    const char *files = r->config->files, *to = arena_printf(r->arena, "%s/files", old != NULL ? old : "");
    struct stat a, b;

    if (!holds_anything(files))
        (void)rmdir(files);
    if (old == NULL || stat(old, &a) != 0 || stat(files, &b) != 0 || a.st_dev != b.st_dev)
        to = arena_printf(r->arena, "%s.before-%s", files, r->stamp);
    return move(m, files, to, e) && move(m, r->files, files, e);
}

/* Renames alone, taken back when one of them fails. The old database goes first: whoever looks in between finds none, and not half of two. */
static bool swap(struct restoring *r, const char **ret_old, struct error *e)
{
    const struct config *c = r->config;
    struct moves m = {.n = 0};
    const char *old = NULL;
    bool ok = true;

    if (c->database == NULL && there(arena_printf(r->arena, "%s/liuxiao.db", c->data)) &&
        (old = old_folder(r, e)) == NULL)
        return false;
    for (size_t i = 0; ok && old != NULL && i < DATABASES; i++)
        ok = move(&m, arena_printf(r->arena, "%s/%s", c->data, databases[i]),
                  arena_printf(r->arena, "%s/%s", old, databases[i]), e);
    ok = ok && swap_files(r, &m, old, e);
    for (size_t i = DATABASES; ok && c->database == NULL && i-- > 0;)
        ok = move(&m, arena_printf(r->arena, "%s/%s", r->work, databases[i]),
                  arena_printf(r->arena, "%s/%s", c->data, databases[i]), e);
    if (!ok) {
        undo(&m);
        if (old != NULL)
            (void)rmdir(old);
    }
    *ret_old = old;
    return ok;
}

/* ---- The command --------------------------------------------------------------------------------------- */

static void tell(void *context, const char *entry, int64_t bytes)
{
    (void)context;
    (void)fprintf(stderr, "\r\x1b[K%s %lld", entry, (long long)bytes);
}

static bool restore(struct restoring *r, const char *file, const char **ret_old, struct error *e)
{
    const struct config *c = r->config;

    return keyring_open(&r->keys, c->key_file, e) &&
           archive_open(&r->archive, file, r->keys, c->key_file, e) && target_free(r, e) &&
           archive_prove(r->archive, &r->how, e) && make_folders(r, e) && build(r, e) && swap(r, ret_old, e);
}

static void clean_up(struct restoring *r, bool ok)
{
    if (r->archive != NULL)
        archive_close(r->archive);
    if (r->keys != NULL)
        keyring_close(r->keys);
    remove_tree(r->work);
    remove_tree(r->files);
    if (!ok && r->made_data)
        remove_tree(r->config->data);
    arena_close(r->arena);
}

int cli_restore(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {{.name = "accept-faults",
                            .meaning = "take an archive of data in which verify finds faults",
                            .alone = true},
                           {0}};
    bool replace = strcmp(argv[0], "restore") == 0, help;
    struct civil c = civil_of(time_real());
    const char *rest[2] = {NULL}, *old = NULL;
    struct error e = {0};

    if (!cli_flags(argv[0], argc, argv, flags, rest, 2, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    const char *file = rest[replace ? 0 : 1];
    if (file == NULL || (replace && rest[1] != NULL)) {
        (void)fprintf(stderr, "liuxiao %s: say `%s FILE.zip`\n", argv[0], replace ? "restore" : "import archive");
        return EXIT_USAGE;
    }
    struct restoring r = {
        .config = config, .arena = arena_open(), .replace = replace, .accept_faults = flags[0].value != NULL};
    r.stamp =
        arena_printf(r.arena, "%04d%02d%02d-%02d%02d%02d", c.year, c.month, c.day, c.hour, c.minute, c.second);
    const char *slash = strrchr(file, '/');
    r.registers[0] = erasure_register_path(config, r.arena);
    r.registers[1] = arena_printf(r.arena, "%.*serased.txt", slash != NULL ? (int)(slash - file) + 1 : 0, file);
    r.how.progress = isatty(STDERR_FILENO) ? tell : NULL;
    bool ok = restore(&r, file, &old, &e);
    if (r.how.progress != NULL)
        (void)fputs("\r\x1b[K", stderr);
    if (ok)
        (void)printf("%lld rows, %lld files; %lld entries, %lld faults%s%s\n",
                     (long long)archive_facts(r.archive)->rows, (long long)archive_facts(r.archive)->files,
                     (long long)r.report.entries, (long long)r.report.fault_count,
                     old != NULL ? "; what was there before: " : "", old != NULL ? old : "");
    if (ok && r.erased > 0)
        (void)printf("%lld people who had been erased since were erased again\n", (long long)r.erased);
    clean_up(&r, ok);
    return ok ? EXIT_DONE : cli_fail(&e);
}
