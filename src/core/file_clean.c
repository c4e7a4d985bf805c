/* The parent's side of the image child: hand it the bytes, take back JPEGs, believe nothing. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "core/file.h"
#include "core/image.h"

enum { MOST_SECONDS = 20, MOST_SECONDS_PDF = 40, READ_STEP = 64 * 1024 };

static int64_t now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A file in memory: the child can read at its own pace, and nobody waits on a full pipe. */
static int in_memory(struct str bytes)
{
    int fd = memfd_create("image", MFD_CLOEXEC);
    while (fd >= 0 && bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno != EINTR) {
            (void)close(fd);
            return -1;
        }
        bytes.p += n > 0 ? n : 0;
        bytes.n -= n > 0 ? (size_t)n : 0;
    }
    if (fd >= 0)
        (void)lseek(fd, 0, SEEK_SET);
    return fd;
}

/* This program once more, with two descriptors, no environment but one word, and no signal ignored. */
static bool start(int in, int out, bool scan, pid_t *ret)
{
    char name[] = "liuxiao", verb[] = "image", *const argv[] = {name, verb, NULL};
    char word[] = IMAGE_OF_SCAN "=1", *const env[] = {scan ? word : NULL, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, all;

    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    if (posix_spawn_file_actions_init(&files) != 0)
        return false;
    if (posix_spawnattr_init(&how) != 0) {
        (void)posix_spawn_file_actions_destroy(&files);
        return false;
    }
    bool ok = posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO) == 0 &&
              posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO) == 0 &&
              posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
              posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1) == 0 &&
              posix_spawnattr_setsigmask(&how, &none) == 0 && posix_spawnattr_setsigdefault(&how, &all) == 0 &&
              posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) == 0 &&
              posix_spawn(ret, "/proc/self/exe", &files, &how, argv, env) == 0;
    (void)posix_spawnattr_destroy(&how);
    (void)posix_spawn_file_actions_destroy(&files);
    return ok;
}

/* Everything the child says; false when it takes too long or says too much. */
static bool listen_to(int fd, int64_t seconds, struct buf *ret)
{
    int64_t until = now_ms() + seconds * 1000;

    for (;;) {
        int64_t left = until - now_ms();
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int ready = left > 0 ? poll(&p, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        char *room = ready > 0 ? buf_room(ret, READ_STEP) : NULL;
        if (room == NULL)
            return false;
        ssize_t n = read(fd, room, READ_STEP);
        if (n == 0)
            return true;
        if (n < 0 && errno != EINTR)
            return false;
        ret->n += n > 0 ? (size_t)n : 0;
    }
}

/* Width and height of a JPEG that holds pixels and tables and nothing else: no comment, and of the applications' segments only JFIF's
 * and Adobe's. */
static bool bare_jpeg(struct str s, int64_t *ret_width, int64_t *ret_height)
{
    const unsigned char *p = (const unsigned char *)s.p;
    bool sized = false;

    if (s.n < 4 || p[0] != 0xff || p[1] != 0xd8 || p[s.n - 2] != 0xff || p[s.n - 1] != 0xd9)
        return false;
    for (size_t i = 2; i + 4 <= s.n && p[i] == 0xff;) {
        unsigned marker = p[i + 1];
        size_t n = (size_t)p[i + 2] << 8 | p[i + 3];
        if (n < 2 || n > s.n - i - 2)
            return false;
        if (marker == 0xda) /* here the pixels begin */
            return sized;
        if ((marker > 0xe0 && marker <= 0xef && marker != 0xee) || marker == 0xfe)
            return false;
        if (marker >= 0xc0 && marker <= 0xc2 && n >= 8) {
            *ret_height = (int64_t)p[i + 5] << 8 | p[i + 6];
            *ret_width = (int64_t)p[i + 7] << 8 | p[i + 8];
            sized = *ret_width > 0 && *ret_height > 0;
        }
        i += 2 + n;
    }
    return false;
}

/* What the child's end says; false unless it went well. */
static bool ended_well(pid_t child, enum error_code bad, struct error *e)
{
    int status = 0;
    pid_t got;

    do
        got = waitpid(child, &status, 0);
    while (got < 0 && errno == EINTR);
    if (got == child && WIFSIGNALED(status))
        return error_cause(e, bad, "image child: signal %d", WTERMSIG(status));
    switch (got == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1) {
    case 0:
        return true;
    case IMAGE_CHILD_CANNOT:
        return error_cause(e, ERROR_INTERNAL, "image child: a library is missing, or it can't be confined");
    case IMAGE_CHILD_LOCKED:
        return error_set(e, ERROR_PDF_LOCKED, "file");
    case IMAGE_CHILD_PAGES:
        return error_setf(e, ERROR_PDF_PAGES, "file", "%d", FILE_PAGES);
    case IMAGE_CHILD_FONTS:
        return error_set(e, ERROR_PDF_FONTS, "file");
    default:
        return error_cause(e, bad, "image child: exit %d", got == child ? WEXITSTATUS(status) : -1);
    }
}

/* One child from its start to its end. */
static bool have_cleaned(struct str original, bool scan, struct buf *ret, struct error *e)
{
    enum error_code bad = scan ? ERROR_BAD_PDF : ERROR_BAD_IMAGE;
    int out[2] = {-1, -1};
    pid_t child;

    if (original.n > FILE_MAX)
        return error_setf(e, ERROR_TOO_LARGE, NULL, "%d", FILE_MAX);
    buf_clear(ret);
    int in = in_memory(original);
    bool started = in >= 0 && pipe2(out, O_CLOEXEC) == 0 && start(in, out[1], scan, &child);
    if (in >= 0)
        (void)close(in);
    if (out[1] >= 0)
        (void)close(out[1]);
    bool heard = started && listen_to(out[0], scan ? MOST_SECONDS_PDF : MOST_SECONDS, ret);
    if (out[0] >= 0)
        (void)close(out[0]);
    if (!started)
        return error_cause(e, ERROR_UNAVAILABLE, "image child: can't be started");
    if (!heard)
        (void)kill(child, SIGKILL);
    return ended_well(child, bad, e) && (heard || error_cause(e, bad, "image child: says too much"));
}

bool file_clean_image(struct str original, struct buf *ret, int64_t *ret_width, int64_t *ret_height,
                      struct error *e)
{
    const char *type = file_sniff(original);

    if (type == NULL || !str_starts(str_of(type), STR("image/")))
        return error_cause(e, ERROR_BAD_IMAGE, "not a kind of image that is taken");
    return have_cleaned(original, false, ret, e) &&
           (bare_jpeg(buf_str(ret), ret_width, ret_height) ||
            error_cause(e, ERROR_BAD_IMAGE, "image child: not a bare JPEG"));
}

/* The pages that the child's answer is made of; false when they are not what was agreed with it. */
static bool cut_pages(struct str all, struct file_page *pages, size_t *ret_n)
{
    const unsigned char *p = (const unsigned char *)all.p;
    size_t n = 0;

    for (size_t at = 0; at < all.n; n++) {
        if (n == FILE_PAGES || all.n - at < 4)
            return false;
        struct file_page one = {.at = at + 4,
                                .n = (size_t)p[at] << 24 | (size_t)p[at + 1] << 16 | (size_t)p[at + 2] << 8 |
                                     p[at + 3]};
        if (one.n > all.n - one.at || !bare_jpeg(str_range(all.p + one.at, one.n), &one.width, &one.height))
            return false;
        pages[n] = one;
        at = one.at + one.n;
    }
    *ret_n = n;
    return n > 0;
}

bool file_clean_pdf(struct str original, struct buf *ret, struct file_page *pages, size_t *ret_n, struct error *e)
{
    if (have_cleaned(original, true, ret, e) &&
        (cut_pages(buf_str(ret), pages, ret_n) ||
         error_cause(e, ERROR_BAD_PDF, "image child: not the pages of a PDF")))
        return true;
    if (e != NULL && e->code == ERROR_BAD_PDF)
        (void)snprintf(e->field, sizeof e->field, "file");
    return false;
}
