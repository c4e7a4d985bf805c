/* A preloaded shim that makes writing fail: LD_PRELOAD=iofail.so and
 *   LIUXIAO_FAIL_PATH   only files whose path contains this text (needed)
 *   LIUXIAO_FAIL_AT     the n-th call fails, counted from 1 (needed)
 *   LIUXIAO_FAIL_FOR    how many calls fail from there on; 0 = all; without it one
 *   LIUXIAO_FAIL_KIND   "write" or "sync"; without it both are counted
 *   LIUXIAO_FAIL_ERRNO  errno's number; without it EIO
 * A failing write writes nothing. iofail_fired() tells a test whether it has come to that. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int iofail_fired(void);

/* Under names of our own in C, because libc's headers rename some of these depending on the size of off_t. */
ssize_t fail_write(int fd, const void *p, size_t n) __asm__("write");
ssize_t fail_pwrite(int fd, const void *p, size_t n, int64_t at) __asm__("pwrite");
ssize_t fail_pwrite64(int fd, const void *p, size_t n, int64_t at) __asm__("pwrite64");
int fail_fsync(int fd) __asm__("fsync");
int fail_fdatasync(int fd) __asm__("fdatasync");

static struct {
    const char *path, *kind;
    long first, last, number;
} want;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Atomic long calls;
static _Atomic int fired;

static long number_of(const char *name, long otherwise)
{
    const char *text = getenv(name);
    return text != NULL ? strtol(text, NULL, 10) : otherwise;
}

static void read_environment(void)
{
    want.path = getenv("LIUXIAO_FAIL_PATH");
    want.kind = getenv("LIUXIAO_FAIL_KIND");
    want.first = number_of("LIUXIAO_FAIL_AT", 0);
    want.last = number_of("LIUXIAO_FAIL_FOR", 1);
    want.last = want.last == 0 ? LONG_MAX : want.first + want.last - 1;
    want.number = number_of("LIUXIAO_FAIL_ERRNO", EIO);
}

int iofail_fired(void)
{
    return fired;
}

static bool is_ours(int fd)
{
    char link[64], path[PATH_MAX];

    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0)
        return false;
    path[n] = '\0';
    return strstr(path, want.path) != NULL;
}

/* Counts the call; true, with errno set, when it has to fail. */
static bool fails(int fd, const char *kind)
{
    (void)pthread_once(&once, read_environment);
    if (want.path == NULL || want.first == 0 || (want.kind != NULL && strcmp(want.kind, kind) != 0) ||
        !is_ours(fd))
        return false;
    long call = atomic_fetch_add(&calls, 1) + 1;
    if (call < want.first || call > want.last)
        return false;
    fired = 1;
    errno = (int)want.number;
    return true;
}

ssize_t fail_write(int fd, const void *p, size_t n)
{
    return fails(fd, "write") ? -1 : syscall(SYS_write, fd, p, n);
}

ssize_t fail_pwrite(int fd, const void *p, size_t n, int64_t at)
{
    return fails(fd, "write") ? -1 : syscall(SYS_pwrite64, fd, p, n, at);
}

ssize_t fail_pwrite64(int fd, const void *p, size_t n, int64_t at)
{
    return fail_pwrite(fd, p, n, at);
}

int fail_fsync(int fd)
{
    return fails(fd, "sync") ? -1 : (int)syscall(SYS_fsync, fd);
}

int fail_fdatasync(int fd)
{
    return fails(fd, "sync") ? -1 : (int)syscall(SYS_fdatasync, fd);
}
