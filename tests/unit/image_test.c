/* quality: S6 */
/* What is left of a photo, and the child that makes it so, which is this program again. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <vips/vips.h>
#include <zlib.h>

#include "base/time.h"
#include "core/file.h"
#include "core/image.h"
#include "both.h"

/* ---- Images made here -------------------------------------------------------------------------------------- */

static void be32(struct buf *b, uint32_t v)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_addc(b, (char)(v >> shift));
}

static void chunk(struct buf *png, const char *type, struct str data)
{
    uLong crc = crc32(crc32(0, (const Bytef *)type, 4), (const Bytef *)data.p, (uInt)data.n);
    be32(png, (uint32_t)data.n);
    buf_addz(png, type);
    buf_add(png, data);
    be32(png, (uint32_t)crc);
}

/* Grey, eight bits or one, with a comment. The left half is black, the right half white; in one bit all is black. */
static struct buf make_png(uint32_t width, uint32_t height, int bits)
{
    struct buf png = BUF_INIT(BUF_REPLY), head = BUF_INIT(64);
    size_t row = (size_t)width * (size_t)bits / 8 + 1, raw_n = row * height;
    Bytef *raw = calloc(1, raw_n), *packed = malloc(compressBound(raw_n));
    uLongf packed_n = compressBound(raw_n);

    assert_non_null(raw);
    assert_non_null(packed);
    for (uint32_t y = 0; bits == 8 && y < height; y++)
        memset(raw + y * row + 1 + width / 2, 0xff, width / 2);
    assert_int_equal(compress2(packed, &packed_n, raw, raw_n, 1), Z_OK);
    buf_add(&png, STR("\x89PNG\r\n\x1a\n"));
    be32(&head, width);
    be32(&head, height);
    buf_addc(&head, (char)bits);
    buf_add(&head, STR("\0\0\0\0"));
    chunk(&png, "IHDR", buf_str(&head));
    chunk(&png, "tEXt", STR("Comment\0SecretCam"));
    chunk(&png, "IDAT", str_range((const char *)packed, packed_n));
    chunk(&png, "IEND", STR(""));
    buf_free(&head);
    free(raw);
    free(packed);
    assert_false(png.full);
    return png;
}

/* A camera's: little-endian TIFF with make, orientation and a position. */
static const char exif[] = "Exif\0\0II*\0\x08\0\0\0"
                           "\x03\0"
                           "\x0f\x01\x02\0\x0a\0\0\0\x32\0\0\0" /* make, 10 letters at 50 */
                           "\x12\x01\x03\0\x01\0\0\0\x06\0\0\0" /* orientation 6: turn by 90 degrees */
                           "\x25\x88\x04\0\x01\0\0\0\x3c\0\0\0" /* GPS at 60 */
                           "\0\0\0\0"
                           "SecretCam\0"
                           "\x02\0"
                           "\x01\0\x02\0\x02\0\0\0N\0\0\0"
                           "\x02\0\x05\0\x03\0\0\0\x5a\0\0\0" /* latitude, three fractions at 90 */
                           "\0\0\0\0"
                           "\x20\0\0\0\x01\0\0\0\x35\0\0\0\x01\0\0\0\x07\0\0\0\x01\0\0\0";

static struct buf with_exif(struct str jpeg)
{
    struct buf b = BUF_INIT(BUF_REPLY);
    buf_add(&b, str_range(jpeg.p, 2));
    buf_add(&b, STR("\xff\xe1"));
    buf_addc(&b, 0);
    buf_addc(&b, (char)(sizeof exif - 1 + 2));
    buf_add(&b, str_range(exif, sizeof exif - 1));
    buf_add(&b, str_range(jpeg.p + 2, jpeg.n - 2));
    return b;
}

static struct buf clean(struct str original, int64_t width, int64_t height)
{
    struct buf out = BUF_INIT(FILE_MAX);
    int64_t w = 0, h = 0;
    must(file_clean_image(original, &out, &w, &h, e));
    assert_int_equal(w, width);
    assert_int_equal(h, height);
    assert_string_equal(file_sniff(buf_str(&out)), "image/jpeg");
    return out;
}

static bool contains(struct str s, struct str word)
{
    return memmem(s.p, s.n, word.p, word.n) != NULL;
}

static double pixel(struct str jpeg, int x, int y)
{
    VipsImage *image = vips_image_new_from_buffer(jpeg.p, jpeg.n, "", NULL);
    double *values = NULL, first;
    int n;
    assert_non_null(image);
    assert_int_equal(vips_getpoint(image, &values, &n, x, y, NULL), 0);
    first = values[0];
    g_free(values);
    g_object_unref(image);
    return first;
}

/* ---- Cleaning ------------------------------------------------------------------------------------------------ */

static void position_and_camera_are_gone(void **state)
{
    struct buf png = make_png(400, 200, 8);
    struct buf plain = clean(buf_str(&png), 400, 200);
    struct buf photo = with_exif(buf_str(&plain));
    (void)state;

    assert_false(contains(buf_str(&plain), STR("SecretCam")));
    assert_true(contains(buf_str(&photo), STR("SecretCam")));
    struct buf out = clean(buf_str(&photo), 200, 400); /* and it stands upright */
    assert_false(contains(buf_str(&out), STR("SecretCam")));
    assert_false(contains(buf_str(&out), STR("Exif")));
    assert_false(contains(buf_str(&out), STR("\xff\xe1")));
    assert_true(pixel(buf_str(&photo), 50, 100) < 20 && pixel(buf_str(&photo), 350, 100) >= 254); /* white stays white */
    assert_true(pixel(buf_str(&out), 100, 50) < 20 && pixel(buf_str(&out), 100, 350) >= 254); /* left is now above */
    buf_free(&png);
    buf_free(&plain);
    buf_free(&photo);
    buf_free(&out);
}

static void images_are_made_small_enough(void **state)
{
    struct buf wide = make_png(5000, 1000, 8), small = make_png(30, 20, 8);
    struct buf a = clean(buf_str(&wide), 2048, 410), b = clean(buf_str(&small), 30, 20);
    VipsImage *image = vips_image_new_from_buffer(a.p, a.n, "", NULL);
    void *webp = NULL;
    size_t n = 0;
    (void)state;

    assert_non_null(image);
    assert_int_equal(vips_webpsave_buffer(image, &webp, &n, NULL), 0);
    struct buf c = clean(str_range(webp, n), 2048, 410);
    g_free(webp);
    g_object_unref(image);
    buf_free(&wide);
    buf_free(&small);
    buf_free(&a);
    buf_free(&b);
    buf_free(&c);
}

static void assert_refused(struct str original)
{
    struct buf out = BUF_INIT(FILE_MAX);
    int64_t w, h, start = time_real();
    must_fail(BAD_IMAGE, file_clean_image(original, &out, &w, &h, e));
    assert_true(time_real() - start < 5 * TIME_SECOND);
    buf_free(&out);
}

/* 112 MB of pixels in 110 kB, a long thin one, half a photo, a text, a picture's head on a text's body. */
static void bombs_and_ruins_are_refused(void **state)
{
    struct buf bomb = make_png(30000, 30000, 1), thin = make_png(24000, 8, 8), png = make_png(400, 200, 8);
    struct buf photo = clean(buf_str(&png), 400, 200), out = BUF_INIT(FILE_MAX), huge = BUF_INIT(BUF_REPLY);
    int64_t w, h;
    (void)state;

    assert_true(bomb.n < 1000 * 1000);
    assert_refused(buf_str(&bomb));
    assert_refused(buf_str(&thin));
    assert_refused(str_range(photo.p, photo.n * 2 / 3));
    assert_refused(str_range(png.p, png.n / 2));
    assert_refused(STR("This is a text, whatever the sender calls it."));
    assert_refused(STR("\xff\xd8\xff\xe0 and then nothing of the kind"));
    assert_refused(STR("\x89PNG\r\n\x1a\n<svg xmlns='http://www.w3.org/2000/svg'/>"));
    assert_refused(STR(""));
    buf_add(&huge, str_range(photo.p, photo.n));
    memset(buf_room(&huge, FILE_MAX), 0, FILE_MAX);
    huge.n += FILE_MAX;
    must_fail(TOO_LARGE, file_clean_image(buf_str(&huge), &out, &w, &h, e));
    buf_free(&bomb);
    buf_free(&thin);
    buf_free(&png);
    buf_free(&photo);
    buf_free(&huge);
    buf_free(&out);
}

/* ---- The child's cage ------------------------------------------------------------------------------------------ */

static pid_t again(const char *how, int in)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char name[] = "file_test", verb[16], *const argv[] = {name, verb, NULL};
        (void)snprintf(verb, sizeof verb, "%s", how);
        if (in >= 0)
            (void)dup2(in, STDIN_FILENO);
        (void)execv("/proc/self/exe", argv);
        _exit(99);
    }
    return child;
}

static void *run_nothing(void *context)
{
    return context;
}

/* Runs in a process of its own; 0 when only the harmless is left. */
static int try_to_escape(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC), one = 1;
    char *const argv[] = {NULL};
    pthread_t thread;

    if (fd < 0 || !image_confine())
        return 1;
    if (open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0 || errno != EPERM)
        return 2;
    if (socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0)
        return 3;
    if (fork() >= 0)
        return 4;
    if (execve("/bin/true", argv, argv) == 0 || errno != EPERM)
        return 5;
    if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
        return 6;
    if (kill(getppid(), 0) == 0 || unlink("/tmp/none") == 0 || errno != EPERM || mkdir("/tmp/none", 0700) == 0)
        return 7;
    if (read(fd, &one, sizeof one) != 0 || malloc(1 << 24) == NULL)
        return 8;
    if (pthread_create(&thread, NULL, run_nothing, &one) != 0 || pthread_join(thread, NULL) != 0)
        return 9;
    return 0;
}

static void nothing_gets_out_of_the_child(void **state)
{
    int status = 0;
    (void)state;
    assert_int_equal(waitpid(again("escape", -1), &status, 0) > 0, 1);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static bool proc_says(pid_t pid, const char *file, const char *line)
{
    char path[64];
    struct buf text = BUF_INIT(BUF_LINE);
    (void)snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return false;
    text.n = fread(buf_room(&text, 8192), 1, 8192, f);
    (void)fclose(f);
    bool found = contains(buf_str(&text), str_of(line));
    buf_free(&text);
    return found;
}

/* While it waits for its picture the worker is already locked in. */
static void the_worker_is_confined_before_it_reads(void **state)
{
    int ends[2], status = 0;
    (void)state;

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t child = again("image", ends[0]);
    for (int i = 0; i < 1000 && !proc_says(child, "status", "Seccomp:\t2"); i++)
        (void)usleep(10 * 1000);
    assert_true(proc_says(child, "status", "Seccomp:\t2"));
    assert_true(proc_says(child, "status", "NoNewPrivs:\t1"));
    assert_true(proc_says(child, "limits", "Max cpu time              15 "));
    assert_true(proc_says(child, "limits", "Max file size             0 "));
    assert_true(proc_says(child, "limits", "Max open files            64 "));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    assert_true(proc_says(child, "limits", "Max address space         1610612736 "));
#endif
    (void)close(ends[1]); /* no picture */
    assert_true(waitpid(child, &status, 0) == child && WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    (void)close(ends[0]);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(position_and_camera_are_gone),
        cmocka_unit_test(images_are_made_small_enough),
        cmocka_unit_test(bombs_and_ruins_are_refused),
        cmocka_unit_test(nothing_gets_out_of_the_child),
        cmocka_unit_test(the_worker_is_confined_before_it_reads),
    };

    if (argc == 2 && strcmp(argv[1], "image") == 0)
        return file_image_worker();
    if (argc == 2 && strcmp(argv[1], "escape") == 0)
        _exit(try_to_escape());
    if (VIPS_INIT(argv[0]) != 0)
        return 1;
    int failed = cmocka_run_group_tests_name("image", tests, NULL, NULL);
    vips_shutdown();
    return failed;
}
