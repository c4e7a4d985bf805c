/* Three commands in one group while the n-th write or sync of the database fails, for every n: is each answered truly?
 *     group_test PATH/iofail.so
 * For each n this program runs itself again under the shim (`child`), which answers on stdout; then the file is opened without the
 * shim and compared with the answers. Both ends are tried: the child closes the database, or dies as if by kill -9. */
#include <dlfcn.h>
#include <errno.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "db/exec.h"

enum { COMMANDS = 3, POINTS_MAX = 200 };

/* ---- The child ----------------------------------------------------------------------------------------- */

struct command {
    struct exec_task task;
    int64_t n;
    enum error_code code;
    sem_t done;
    sem_t *hold;
};

static bool insert(struct db *db, void *context, struct error *e)
{
    struct command *c = context;
    char text[9000]; /* more than two pages each */

    memset(text, 'a' + (int)c->n, sizeof text);
    return db_exec(db, e, "insert into thing(n, t) values (?1, ?2)",
                   ARGS(INT(c->n), TEXT(str_range(text, sizeof text))));
}

static void done(void *context, const struct error *e)
{
    struct command *c = context;
    sem_t *hold = c->hold;

    c->code = e != NULL ? e->code : ERROR_NONE;
    (void)sem_post(&c->done);
    if (hold != NULL)
        (void)sem_wait(hold);
}

static void hand_over(struct exec *x, struct command *c, int64_t n, sem_t *hold)
{
    *c = (struct command){.n = n, .hold = hold, .task = {.run = insert, .done = done, .context = c}};
    (void)sem_init(&c->done, 0, 0);
    if (!exec_write(x, &c->task, NULL))
        exit(3);
}

/* Answers one line a command: its number and code, then whether the shim has fired. */
static int child(const char *folder, bool dies)
{
    struct exec_config config = {.where = {.engine = DB_SQLITE, .folder = folder}, .readers = 1, .queue = 10};
    int (*iofail_fired)(void) = NULL;
    struct command gate, all[COMMANDS];
    struct exec *x = NULL;
    sem_t hold;

    log_set(LOG_ERROR);
    *(void **)&iofail_fired = dlsym(RTLD_DEFAULT, "iofail_fired");
    if (iofail_fired == NULL)
        return 2;
    (void)sem_init(&hold, 0, 0);
    if (exec_open(&x, &config, NULL)) {
        hand_over(x, &gate, 0, &hold); /* holds the writer while the others queue up */
        (void)sem_wait(&gate.done);
        for (int i = 0; i < COMMANDS; i++)
            hand_over(x, &all[i], i + 1, NULL);
        (void)sem_post(&hold);
        for (int i = 0; i < COMMANDS; i++)
            (void)sem_wait(&all[i].done);
        (void)printf("0 %d\n", (int)gate.code);
        for (int i = 0; i < COMMANDS; i++)
            (void)printf("%d %d\n", i + 1, (int)all[i].code);
    }
    (void)printf("fired %d\n", iofail_fired());
    (void)fflush(stdout);
    if (dies)
        _exit(0);
    exec_close(x);
    return 0;
}

/* ---- The parent ---------------------------------------------------------------------------------------- */

struct trial {
    const char *name, *kind, *howmany;
    int number; /* errno */
    bool dies;
    bool exact; /* "no" must mean that it isn't there; else 503 and 507 may mean "not known" */
    bool heals; /* the three must all be answered yes: each had its second run */
};

static struct db *open_or_die(const char *folder)
{
    struct db_where where = {.engine = DB_SQLITE, .folder = folder};
    struct error e = {0};
    struct db *db = NULL;

    if (!db_open(&db, &where, DB_WRITER, &e)) {
        (void)printf("Bail out! %s %s\n", error_name(e.code), e.cause);
        exit(1);
    }
    return db;
}

static void prepare(const char *folder)
{
    struct db *db = open_or_die(folder);

    if (!db_script(db, NULL, "create table thing (n {int} primary key, t {text}) {strict}"))
        exit(1);
    db_close(db);
}

static void clear(const char *folder)
{
    const char *files[] = {"liuxiao.db", "liuxiao.db-wal", "liuxiao.db-shm",
                           "derived.db", "derived.db-wal", "derived.db-shm"};
    char path[64];

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
}

static int start_child(char *self, char *folder, const char *shim, const struct trial *t, int n, FILE **ret)
{
    char at[16], number[16];
    int ends[2];

    if (pipe(ends) != 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        (void)snprintf(at, sizeof at, "%d", n);
        (void)snprintf(number, sizeof number, "%d", t->number);
        (void)setenv("LIUXIAO_FAIL_PATH", "/liuxiao.db", 1);
        (void)setenv("LIUXIAO_FAIL_AT", at, 1);
        (void)setenv("LIUXIAO_FAIL_FOR", t->howmany, 1);
        (void)setenv("LIUXIAO_FAIL_ERRNO", number, 1);
        if (t->kind != NULL)
            (void)setenv("LIUXIAO_FAIL_KIND", t->kind, 1);
        (void)setenv("LD_PRELOAD", shim, 1);
        (void)setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
        (void)dup2(ends[1], 1);
        (void)execl("/proc/self/exe", self, "child", folder, t->dies ? "dies" : "closes", (char *)NULL);
        _exit(127);
    }
    (void)close(ends[1]);
    *ret = fdopen(ends[0], "r");
    return pid;
}

static bool row_is_there(struct db *db, int n)
{
    int64_t count = 0;

    if (!db_one_int(db, &count, 0, NULL, "select count(*) from thing where n = ?1 and length(t) = 9000",
                    ARGS(INT(n))))
        exit(1);
    return count == 1;
}

/* Compares one answer with the file. */
static bool is_true(struct db *db, const struct trial *t, int at, int n, int code)
{
    bool there = row_is_there(db, n);
    bool unknown = code == ERROR_UNAVAILABLE || code == ERROR_DISK_FULL;
    bool truly = code == ERROR_NONE ? there : !there || (unknown && !t->exact);
    bool healed = code == ERROR_NONE || !t->heals || n == 0;

    if (!truly)
        (void)printf("# %s at %d: command %d was answered %s and is %s\n", t->name, at, n, error_name(code),
                     there ? "there" : "not there");
    if (!healed)
        (void)printf("# %s at %d: command %d had no second run\n", t->name, at, n);
    return truly && healed;
}

/* One point of failure. `*ret_fired` is false when there were fewer calls than that. */
static bool point(char *self, const char *shim, const struct trial *t, int at, bool *ret_fired, int *ret_refused)
{
    char folder[] = "/tmp/liuxiao-fault.XXXXXX", line[64], *rest;
    FILE *from = NULL;
    bool ok = mkdtemp(folder) != NULL;
    int status = 1, lines = 0;

    prepare(folder);
    pid_t pid = start_child(self, folder, shim, t, at, &from);
    struct db *db = NULL;
    int codes[COMMANDS + 1];
    while (fgets(line, sizeof line, from) != NULL) {
        if (strncmp(line, "fired ", 6) == 0)
            *ret_fired = line[6] == '1';
        else if (lines <= COMMANDS)
            codes[lines++] = (int)strtol(strchr(line, ' '), &rest, 10);
    }
    (void)fclose(from);
    ok = ok && waitpid(pid, &status, 0) == pid && status == 0;
    if (!ok)
        (void)printf("# %s at %d: the child ended with %d\n", t->name, at, status);
    db = open_or_die(folder);
    for (int n = 0; n < lines; n++) {
        ok = is_true(db, t, at, n, codes[n]) && ok;
        *ret_refused += codes[n] != ERROR_NONE;
    }
    db_close(db);
    clear(folder);
    return ok;
}

static bool run_trial(char *self, const char *shim, const struct trial *t)
{
    bool fired = true, ok = true;
    int at = 0, refused = 0;

    while (fired && at < POINTS_MAX) {
        fired = false;
        ok = point(self, shim, t, ++at, &fired, &refused) && ok;
    }
    (void)printf("# %s: %d points, %d commands refused\n", t->name, at - 1, refused);
    return ok && at > 10 && !fired;
}

int main(int argc, char **argv)
{
    static const struct trial trials[] = {
        {"one I/O error", NULL, "1", EIO, false, true, true},
        {"one I/O error, then killed", NULL, "1", EIO, true, true, true},
        {"disk full for three calls", NULL, "3", ENOSPC, false, true},
        {"disk full for three calls, then killed", NULL, "3", ENOSPC, true, true},
        {"disk full from then on", "write", "0", ENOSPC, false, true},
        {"disk full from then on, then killed", "write", "0", ENOSPC, true, true},
        {"no write works from then on", "write", "0", EIO, true, true},
        {"nothing works from then on", NULL, "0", EIO, false, false},
        {"nothing works from then on, then killed", NULL, "0", EIO, true, false},
    };
    const int count = sizeof trials / sizeof trials[0];
    int failed = 0;

    if (argc == 4 && strcmp(argv[1], "child") == 0)
        return child(argv[2], strcmp(argv[3], "dies") == 0);
    if (argc != 2) {
        (void)fprintf(stderr, "usage: %s PATH/iofail.so\n", argv[0]);
        return 2;
    }
    (void)printf("1..%d\n", count);
    for (int i = 0; i < count; i++) {
        bool ok = run_trial(argv[0], argv[1], &trials[i]);
        failed += !ok;
        (void)printf("%s %d - %s\n", ok ? "ok" : "not ok", i + 1, trials[i].name);
        (void)fflush(stdout);
    }
    return failed > 0;
}
