/* Preloaded into a server (LD_PRELOAD): how long each thread spends in SQL statements, in writing and syncing files, sealing, hashing, JSON, on the
 * net and waiting for work. The program itself stays as it is. Times are wall clock; what runs inside something else counts for the inner one. When
 * the server ends, the sums go to the file that BENCH_TIMING names: one line a thread and thing: thread, name, count, µs. */
#include <dlfcn.h>
#include <jansson.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { THINGS = 512, DEPTH = 16, THREADS = 64 };

struct thing {
    const void *key;
    const char *name; /* a copy for statements */
    uint64_t count, ns;
};

struct own {
    char thread[16];
    struct thing things[THINGS];
    uint64_t inner[DEPTH];
    int depth;
};

static struct own *all[THREADS];
static _Atomic int threads;
static __thread struct own *own;

static uint64_t now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static struct own *mine(void)
{
    if (own == NULL) {
        int i = threads++;
        own = calloc(1, sizeof *own);
        if (own == NULL || i >= THREADS)
            abort();
        all[i] = own;
    }
    return own;
}

static uint64_t enter(void)
{
    struct own *o = mine();
    if (o->depth < DEPTH)
        o->inner[o->depth] = 0;
    o->depth++;
    return now();
}

static void add(uint64_t began, const void *key, const char *name, unsigned times)
{
    struct own *o = own;
    uint64_t all_of_it = now() - began;
    int at = --o->depth;
    uint64_t self = all_of_it - (at < DEPTH ? o->inner[at] : 0);

    if (at > 0 && at <= DEPTH)
        o->inner[at - 1] += all_of_it;
    size_t i = ((uintptr_t)key >> 4) % THINGS;
    /* the address of a statement may have been another one's before */
    while (o->things[i].key != NULL && (o->things[i].key != key || strncmp(o->things[i].name, name, 48) != 0))
        i = (i + 1) % THINGS;
    struct thing *t = &o->things[i];
    if (t->key == NULL) {
        t->key = key;
        t->name = strdup(name);
        (void)prctl(PR_GET_NAME, o->thread);
    }
    t->count += times;
    t->ns += self;
}

static void leave(uint64_t began, const void *key, const char *name)
{
    add(began, key, name, 1);
}

__attribute__((destructor)) static void write_sums(void)
{
    const char *path = getenv("BENCH_TIMING");
    FILE *f = path != NULL ? fopen(path, "w") : NULL;
    if (f == NULL)
        return;
    for (int i = 0; i < threads; i++)
        for (int n = 0; n < THINGS; n++)
            if (all[i]->things[n].key != NULL) {
                char *name = (char *)(uintptr_t)all[i]->things[n].name;
                for (char *p = name; *p != '\0'; p++)
                    if (*p == '\n' || *p == '\t')
                        *p = ' ';
                (void)fprintf(f, "%s\t%s\t%llu\t%.1f\n", all[i]->thread, name,
                              (unsigned long long)all[i]->things[n].count, (double)all[i]->things[n].ns / 1e3);
            }
    (void)fclose(f);
}

/* The function that ours stands before. */
#define REAL(name)                                                                                           \
    static __typeof__(name) *real;                                                                           \
    if (real == NULL)                                                                                        \
    *(void **)&real = dlsym(RTLD_NEXT, #name)

#define WRAP(type, name, label, params, args)                                                                \
    type name params                                                                                         \
    {                                                                                                        \
        static const char here;                                                                              \
        REAL(name);                                                                                          \
        uint64_t began = enter();                                                                            \
        type ret = real args;                                                                                \
        leave(began, &here, label);                                                                          \
        return ret;                                                                                          \
    }

/* The libraries' own headers name their parameters in other words. */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

int sqlite3_step(sqlite3_stmt *s)
{
    REAL(sqlite3_step);
    uint64_t began = enter();
    int ret = real(s);
    const char *sql = sqlite3_sql(s);
    add(began, s, sql != NULL ? sql : "(within SQLite)", 0);
    return ret;
}

int sqlite3_reset(sqlite3_stmt *s)
{
    static const char here;
    REAL(sqlite3_reset);
    uint64_t began = enter();
    int ret = real(s);
    leave(began, &here, "sqlite3_reset");
    /* It has many steps, one a row: how often it was run is told by the end of each run. */
    const char *sql = s != NULL ? sqlite3_sql(s) : NULL;
    if (sql != NULL)
        add(enter(), s, sql, 1);
    return ret;
}

WRAP(int, sqlite3_prepare_v3, "sqlite3_prepare",
     (sqlite3 * h, const char *sql, int n, unsigned flags, sqlite3_stmt **s, const char **tail),
     (h, sql, n, flags, s, tail))
WRAP(int, sqlite3_bind_blob64, "sqlite3_bind",
     (sqlite3_stmt * s, int i, const void *p, sqlite3_uint64 n, void (*d)(void *)), (s, i, p, n, d))
WRAP(int, fdatasync, "fdatasync", (int fd), (fd))
WRAP(int, fsync, "fsync", (int fd), (fd))
WRAP(ssize_t, pwrite64, "pwrite", (int fd, const void *p, size_t n, off64_t at), (fd, p, n, at))
WRAP(ssize_t, pread64, "pread", (int fd, void *p, size_t n, off64_t at), (fd, p, n, at))
WRAP(ssize_t, write, "write (log)", (int fd, const void *p, size_t n), (fd, p, n))
WRAP(ssize_t, recv, "recv", (int fd, void *p, size_t n, int flags), (fd, p, n, flags))
WRAP(ssize_t, send, "send", (int fd, const void *p, size_t n, int flags), (fd, p, n, flags))
WRAP(ssize_t, sendmsg, "sendmsg", (int fd, const struct msghdr *m, int flags), (fd, m, flags))
WRAP(int, crypto_aead_xchacha20poly1305_ietf_encrypt, "seal (encrypt)",
     (unsigned char *c, unsigned long long *cn, const unsigned char *m, unsigned long long mn,
      const unsigned char *ad, unsigned long long adn, const unsigned char *nsec, const unsigned char *npub,
      const unsigned char *k),
     (c, cn, m, mn, ad, adn, nsec, npub, k))
WRAP(int, crypto_aead_xchacha20poly1305_ietf_decrypt, "seal (decrypt)",
     (unsigned char *m, unsigned long long *mn, unsigned char *nsec, const unsigned char *c, unsigned long long cn,
      const unsigned char *ad, unsigned long long adn, const unsigned char *npub, const unsigned char *k),
     (m, mn, nsec, c, cn, ad, adn, npub, k))
WRAP(int, crypto_generichash, "hash",
     (unsigned char *out, size_t on, const unsigned char *in, unsigned long long n, const unsigned char *k,
      size_t kn),
     (out, on, in, n, k, kn))
WRAP(int, crypto_generichash_update, "hash",
     (crypto_generichash_state * st, const unsigned char *in, unsigned long long n), (st, in, n))
WRAP(int, crypto_generichash_init, "hash",
     (crypto_generichash_state * st, const unsigned char *k, size_t kn, size_t on), (st, k, kn, on))
WRAP(int, crypto_generichash_final, "hash", (crypto_generichash_state * st, unsigned char *out, size_t on),
     (st, out, on))
WRAP(json_t *, json_loadb, "JSON read", (const char *p, size_t n, size_t flags, json_error_t *e),
     (p, n, flags, e))
WRAP(int, json_dump_callback, "JSON write (jansson)",
     (const json_t *j, json_dump_callback_t f, void *d, size_t flags), (j, f, d, flags))
WRAP(json_t *, json_deep_copy, "JSON copy", (const json_t *j), (j))
WRAP(int, poll, "wait for events", (struct pollfd * fds, nfds_t n, int ms), (fds, n, ms))
WRAP(enum MHD_Result, MHD_run, "libmicrohttpd, and ours on its thread", (struct MHD_Daemon * d), (d))

/* dlsym would find its forefather. */
int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
    static const char here;
    static int (*real)(pthread_cond_t *, pthread_mutex_t *);
    if (real == NULL)
        *(void **)&real = dlvsym(RTLD_NEXT, "pthread_cond_wait", "GLIBC_2.3.2");
    uint64_t began = enter();
    int ret = real(c, m);
    leave(began, &here, "wait for work");
    return ret;
}

void randombytes_buf(void *const p, const size_t n)
{
    static const char here;
    REAL(randombytes_buf);
    uint64_t began = enter();
    real(p, n);
    leave(began, &here, "random bytes");
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
