/* An upload while the n-th write or sync of its file or folder fails, for every n: what was refused left nothing behind and succeeds when it is
 * tried again; what was taken can be read.
 *     upload_test PATH/iofail.so
 * For each n this program runs itself again under the shim (`child`). */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <ftw.h>
#include <sys/wait.h>

#include "base/log.h"
#include "core/file.h"
#include "unit/world.h"

enum { POINTS_MAX = 50, BYTES = 20000 };

struct trial {
    const char *name, *kind, *howmany;
    int number; /* errno */
    enum error_code code;
};

/* ---- The child ----------------------------------------------------------------------------------------- */

static bool store(struct world *w, struct str bytes, struct file_info *f, struct error *e)
{
    bool ok = db_begin(w->db, e);

    if (ok) {
        ok = file_store(w->core, w->db, w->arena, &w->officer, bytes, "audio/ogg", 0, 0, f, e) &&
             db_commit(w->db, e);
        if (!ok)
            db_rollback(w->db);
    }
    return ok;
}

static bool reads_back(struct world *w, struct file_info *f, struct str bytes)
{
    struct buf out = BUF_INIT(FILE_MAX);
    struct error e = {0};
    bool ok = file_find(w->db, w->arena, f->hash, f, &e) && file_read(w->core, w->arena, f, &out, &e) &&
              str_eq(buf_str(&out), bytes);
    buf_free(&out);
    return ok;
}

/* Files below the folder; `*ret_half` of them have names that only files in the making have. */
static int files_below(const char *folder, int *ret_half)
{
    DIR *d = opendir(folder);
    int count = 0;
    char path[512];

    for (struct dirent *i; d != NULL && (i = readdir(d)) != NULL;) {
        if (i->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, i->d_name);
        if (strlen(i->d_name) == 2) {
            count += files_below(path, ret_half);
            continue;
        }
        count++;
        *ret_half += strchr(i->d_name, '.') != NULL;
    }
    if (d != NULL)
        (void)closedir(d);
    return count;
}

/* Prints whether the shim has fired, the first answer, whether a second try is well, and what is half there. */
static int child(const char *folder)
{
    struct place p = {.folder = ""}, *state = &p;
    static char content[BYTES] = "OggS";
    struct str bytes = str_range(content, sizeof content);
    int (*iofail_fired)(void) = NULL;
    struct file_info f = {0};
    struct error e = {0};
    struct world w;
    int half = 0;

    log_set(LOG_ERROR);
    *(void **)&iofail_fired = dlsym(RTLD_DEFAULT, "iofail_fired");
    if (iofail_fired == NULL)
        return 2;
    place_sqlite(&p);
    world_open(&w, (void **)&state);
    w.config.files = folder;
    bool taken = store(&w, bytes, &f, &e);
    int fired = iofail_fired();
    bool whole = taken ? reads_back(&w, &f, bytes) : number(w.db, "select count(*) from file") == 0;
    bool again = store(&w, bytes, &f, &e) && reads_back(&w, &f, bytes);
    (void)files_below(folder, &half);
    (void)printf("%d %d %d %d %d\n", fired, taken ? 0 : (int)e.code, whole, again, half);
    (void)fflush(stdout);
    world_close(&w);
    place_remove(&p);
    return 0;
}

/* ---- The parent ---------------------------------------------------------------------------------------- */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path);
}

static void remove_all(const char *folder)
{
    if (nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
        exit(1);
}

static pid_t start_child(char *self, const char *folder, const char *shim, const struct trial *t, int n,
                         FILE **ret)
{
    char at[16], number[16];
    int ends[2];

    if (pipe(ends) != 0)
        exit(1);
    pid_t pid = fork();
    if (pid == 0) {
        (void)snprintf(at, sizeof at, "%d", n);
        (void)snprintf(number, sizeof number, "%d", t->number);
        (void)setenv("LIUXIAO_FAIL_PATH", folder, 1);
        (void)setenv("LIUXIAO_FAIL_AT", at, 1);
        (void)setenv("LIUXIAO_FAIL_FOR", t->howmany, 1);
        (void)setenv("LIUXIAO_FAIL_ERRNO", number, 1);
        if (t->kind != NULL)
            (void)setenv("LIUXIAO_FAIL_KIND", t->kind, 1);
        (void)setenv("LD_PRELOAD", shim, 1);
        (void)setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
        (void)dup2(ends[1], 1);
        (void)execl("/proc/self/exe", self, "child", folder, (char *)NULL);
        _exit(127);
    }
    (void)close(ends[1]);
    *ret = fdopen(ends[0], "r");
    return pid;
}

static bool point(char *self, const char *shim, const struct trial *t, int at, bool *ret_fired, int *ret_refused)
{
    char folder[] = "/tmp/liuxiao-upload.XXXXXX", line[80] = "";
    int fired = 0, code = -1, whole = 0, again = 0, half = -1, status = 1;
    FILE *from;

    if (mkdtemp(folder) == NULL)
        exit(1);
    pid_t pid = start_child(self, folder, shim, t, at, &from);
    int *const told[] = {&fired, &code, &whole, &again, &half};
    bool said = fgets(line, sizeof line, from) != NULL;
    char *rest = line;
    for (size_t i = 0; said && i < sizeof told / sizeof told[0]; i++)
        *told[i] = (int)strtol(rest, &rest, 10);
    (void)fclose(from);
    bool ok = waitpid(pid, &status, 0) == pid && status == 0 && said;
    bool heals = strcmp(t->howmany, "0") != 0;
    ok = ok && whole && (again || !heals || !fired) && half == 0 && (code == 0 || code == (int)t->code);
    if (!ok)
        (void)printf("# %s at %d: ended with %d, code %d, whole %d, again %d, half %d\n", t->name, at, status,
                     code, whole, again, half);
    *ret_fired = fired != 0;
    *ret_refused += code != 0;
    remove_all(folder);
    return ok;
}

static bool run_trial(char *self, const char *shim, const struct trial *t)
{
    bool fired = true, ok = true;
    int at = 0, refused = 0;

    while (fired && at < POINTS_MAX)
        ok = point(self, shim, t, ++at, &fired, &refused) && ok;
    (void)printf("# %s: %d points, %d uploads refused\n", t->name, at - 1, refused);
    return ok && !fired && at > 1 && refused > 0;
}

int main(int argc, char **argv)
{
    static const struct trial trials[] = {
        {"one I/O error", NULL, "1", EIO, ERROR_UNAVAILABLE},
        {"one failing sync", "sync", "1", EIO, ERROR_UNAVAILABLE},
        {"disk full for a moment", "write", "1", ENOSPC, ERROR_DISK_FULL},
        {"disk full from then on", "write", "0", ENOSPC, ERROR_DISK_FULL},
        {"no sync works from then on", "sync", "0", EIO, ERROR_UNAVAILABLE},
    };
    const int count = sizeof trials / sizeof trials[0];
    int failed = 0;

    if (argc == 3 && strcmp(argv[1], "child") == 0)
        return child(argv[2]);
    if (argc != 2) {
        (void)fprintf(stderr, "usage: %s PATH/iofail.so\n", argv[0]);
        return 2;
    }
    (void)printf("1..%d\n", count);
    for (int i = 0; i < count; i++) {
        bool ok = run_trial(argv[0], argv[1], &trials[i]);
        failed += !ok;
        (void)printf("%s %d - %s\n", ok ? "ok" : "not ok", i + 1, trials[i].name);
    }
    return failed > 0;
}
