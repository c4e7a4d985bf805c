/* The child that decodes what strangers send: it has no files, no network, little memory and little time, so a hole in a decoder leads
 * nowhere. The only place that knows libvips, which the child alone loads: with it come forty libraries that the server has no use for. */
#include "core/image.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <vips/vips.h>

#include "core/file.h"

enum {
    SIDE = 2048,
    SIDE_MOST = 20000,
    PIXELS_MOST = 100 * 1000 * 1000,
    QUALITY = 82,
    CPU_SECONDS = 15,
    CPU_SECONDS_PDF = 30, /* thirty pages */
    READ_STEP = 64 * 1024,
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SHADOWED true /* the sanitizer's shadow memory alone passes any limit */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SHADOWED true
#endif
#endif
#ifndef SHADOWED
#define SHADOWED false
#endif

#define USED(F)                                                                                              \
    F(init)                                                                                                  \
    F(cache_set_max)                                                                                         \
    F(concurrency_set)                                                                                       \
    F(block_untrusted_set)                                                                                   \
    F(operation_block_set)                                                                                   \
    F(image_new_from_buffer)                                                                                 \
    F(image_new_from_memory)                                                                                 \
    F(image_get_width)                                                                                       \
    F(image_get_height)                                                                                      \
    F(image_get_typeof)                                                                                      \
    F(image_get_interpretation)                                                                              \
    F(thumbnail_buffer)                                                                                      \
    F(array_double_newv)                                                                                     \
    F(jpegsave_buffer)                                                                                       \
    F(area_unref)

#define POINTER(name) __typeof__(&vips_##name) name; /* NOLINT(bugprone-macro-parentheses): a declaration */
static struct {
    USED(POINTER)
} vips;

static bool find(void *library, const char *name, void *ret)
{
    void *found = dlsym(library, name);
    memcpy(ret, &found, sizeof found); /* POSIX lets a pointer to data be one to a function, C does not */
    return found != NULL;
}

static bool load_vips(void)
{
    char name[32];
    (void)snprintf(name, sizeof name, "libvips.so.%d", VIPS_LIBRARY_CURRENT - VIPS_LIBRARY_AGE);
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    bool ok = library != NULL;
#define FIND(name) ok = ok && find(library, "vips_" #name, &vips.name);
    USED(FIND)
    return ok;
}

static bool limit(int resource, rlim_t most)
{
    return setrlimit((__rlimit_resource_t)resource, &(struct rlimit){.rlim_cur = most, .rlim_max = most}) == 0;
}

static bool limit_all(rlim_t seconds)
{
    return limit(RLIMIT_CPU, seconds) && limit(RLIMIT_NOFILE, 64) && limit(RLIMIT_FSIZE, 0) &&
           limit(RLIMIT_CORE, 0) && (SHADOWED || limit(RLIMIT_AS, (rlim_t)1536 << 20)) &&
           prctl(PR_SET_DUMPABLE, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
}

/* What reading, computing in threads and writing need. Anything else answers EPERM. */
static const int harmless[] = {
    SCMP_SYS(read),          SCMP_SYS(write),
    SCMP_SYS(close),         SCMP_SYS(lseek),
    SCMP_SYS(fstat),         SCMP_SYS(brk),
    SCMP_SYS(munmap),        SCMP_SYS(mremap),
    SCMP_SYS(madvise),       SCMP_SYS(futex),
    SCMP_SYS(rseq),          SCMP_SYS(set_robust_list),
    SCMP_SYS(sigaltstack),   SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),  SCMP_SYS(rt_sigaction),
    SCMP_SYS(getpid),        SCMP_SYS(gettid),
    SCMP_SYS(tgkill),        SCMP_SYS(sched_yield),
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),     SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getrandom),     SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),          SCMP_SYS(exit_group),
    SCMP_SYS(gettimeofday),
};

bool image_confine(void)
{
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    bool ok = f != NULL && seccomp_attr_set(f, SCMP_FLTATR_CTL_TSYNC, 1) == 0;

    for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++)
        ok = ok && seccomp_rule_add(f, SCMP_ACT_ALLOW, harmless[i], 0) == 0;
    /* memory, but none to run code from */
    ok = ok &&
         seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
    ok = ok && seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
    /* threads, but no processes; the flags of clone3 can't be seen, and without it the C library takes clone */
    ok = ok && seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                                SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0;
    ok = ok && seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
    /* a thread's name */
    ok = ok && seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME)) == 0;
    ok = ok && seccomp_load(f) == 0;
    if (f != NULL)
        seccomp_release(f);
    return ok;
}

static void say_nothing(const char *domain, GLogLevelFlags level, const char *message, void *context)
{
    (void)domain;
    (void)level;
    (void)message;
    (void)context;
}

/* Plug-ins are not loaded and no code is made at run time; of all the loaders only three stay. */
static bool start_vips(void)
{
    (void)mallopt(M_ARENA_MAX, 1);
    (void)g_log_set_default_handler(say_nothing, NULL);
    if (setenv("VIPSHOME", "/nonexistent", 1) != 0 || setenv("VIPS_NOVECTOR", "1", 1) != 0 ||
        setenv("VIPS_DISC_THRESHOLD", "4g", 1) != 0 || vips.init("liuxiao") != 0)
        return false;
    vips.cache_set_max(0);
    vips.concurrency_set(1);
    vips.block_untrusted_set(TRUE);
    vips.operation_block_set("VipsForeignLoad", TRUE);
    vips.operation_block_set("VipsForeignLoadJpegBuffer", FALSE);
    vips.operation_block_set("VipsForeignLoadPngBuffer", FALSE);
    vips.operation_block_set("VipsForeignLoadWebpBuffer", FALSE);
    return true;
}

static bool read_all(struct buf *ret)
{
    for (;;) {
        char *room = buf_room(ret, READ_STEP);
        ssize_t n = room != NULL ? read(STDIN_FILENO, room, READ_STEP) : -1;
        if (n == 0)
            return true;
        if (n < 0 && (room == NULL || errno != EINTR))
            return false;
        ret->n += n > 0 ? (size_t)n : 0;
    }
}

static bool write_all(const char *p, size_t n)
{
    while (n > 0) {
        ssize_t done = write(STDOUT_FILENO, p, n);
        if (done < 0 && errno != EINTR)
            return false;
        p += done > 0 ? done : 0;
        n -= done > 0 ? (size_t)done : 0;
    }
    return true;
}

/* Looks at the header alone. *ret_tagged: its colours are meant by a profile of its own, or are no colours of a screen. */
static bool small_enough(const struct buf *in, bool *ret_tagged)
{
    VipsImage *image = vips.image_new_from_buffer(in->p, in->n, "", "access", VIPS_ACCESS_SEQUENTIAL, NULL);
    if (image == NULL)
        return false;
    int64_t width = vips.image_get_width(image), height = vips.image_get_height(image);
    *ret_tagged = vips.image_get_typeof(image, VIPS_META_ICC_NAME) != 0 ||
                  vips.image_get_interpretation(image) == VIPS_INTERPRETATION_CMYK;
    g_object_unref(image);
    return width <= SIDE_MOST && height <= SIDE_MOST && width * height <= PIXELS_MOST;
}

static bool save(VipsImage *image, void **ret, size_t *ret_n)
{
    VipsArrayDouble *white = vips.array_double_newv(1, 255.0);
    bool ok = vips.jpegsave_buffer(image, ret, ret_n, "Q", QUALITY, "strip", TRUE, "optimize_coding", TRUE,
                                   "background", white, NULL) == 0;
    vips.area_unref((VipsArea *)(void *)white);
    return ok;
}

/* Upright, in sRGB, on white, and nothing but pixels. What has no profile is sRGB already: led through one it would lose its white. What ends early is refused; the argument fail_on would not do: for a buffer the
 * library takes it and forgets it (libvips issue 5195). */
static bool clean(const struct buf *in, bool tagged, void **ret, size_t *ret_n)
{
    VipsImage *image = NULL;
    const char *profile = tagged ? "export_profile" : NULL; /* null ends the list of options */
    if (vips.thumbnail_buffer(in->p, in->n, &image, SIDE, "height", SIDE, "size", VIPS_SIZE_DOWN, "no_rotate",
                              FALSE, "option_string", "[fail_on=truncated]", profile, "srgb", NULL) != 0)
        return false;
    bool ok = save(image, ret, ret_n);
    g_object_unref(image);
    return ok;
}

static int photo(const struct buf *in)
{
    void *jpeg = NULL;
    size_t n = 0;
    bool tagged;
    return small_enough(in, &tagged) && clean(in, tagged, &jpeg, &n) && write_all(jpeg, n) ? 0 : IMAGE_CHILD_BAD;
}

/* Page by page: how long it is, four bytes, the highest first, and the JPEG. */
static int page(int index)
{
    unsigned char *pixels = NULL;
    int width, height, code = image_pdf_draw(index, SIDE, &pixels, &width, &height);
    void *jpeg = NULL;
    size_t n = 0;

    if (code == 0) {
        VipsImage *image = vips.image_new_from_memory(pixels, (size_t)width * (size_t)height * 3, width,
                                                      height, 3, VIPS_FORMAT_UCHAR);
        bool ok = image != NULL && save(image, &jpeg, &n) && n <= FILE_MAX;
        const unsigned char head[] = {(unsigned char)(n >> 24), (unsigned char)(n >> 16),
                                      (unsigned char)(n >> 8), (unsigned char)n};
        ok = ok && write_all((const char *)head, sizeof head) && write_all(jpeg, n);
        code = ok ? 0 : IMAGE_CHILD_BAD;
        if (image != NULL)
            g_object_unref(image);
        g_free(jpeg);
    }
    free(pixels);
    return code;
}

static int pages(const struct buf *in)
{
    int n = 0, code = image_pdf_open(buf_str(in), &n);
    for (int i = 0; i < n && code == 0; i++)
        code = page(i);
    return code;
}

/* Straight to the kernel: what else runs at a process's end (a sanitizer's report, say) may need what is forbidden now. */
static _Noreturn void end(int code)
{
    for (;;)
        (void)syscall(SYS_exit_group, code);
}

/* Which libraries are wanted is told by the environment: none can be loaded once it is confined, and it is confined before it reads. */
int file_image_worker(void)
{
    struct buf in = BUF_INIT(FILE_MAX + READ_STEP);
    bool scan = getenv(IMAGE_OF_SCAN) != NULL;

    if (!load_vips() || (scan && !image_pdf_load()) || !limit_all(scan ? CPU_SECONDS_PDF : CPU_SECONDS) ||
        !start_vips() || !image_confine())
        end(IMAGE_CHILD_CANNOT);
    if (!read_all(&in) || in.n > FILE_MAX)
        end(IMAGE_CHILD_BAD);
    end(scan ? pages(&in) : photo(&in));
}
