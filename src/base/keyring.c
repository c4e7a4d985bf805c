/* The keys of an installation: their file, and everything that is done with the master and signing keys
 * themselves. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"

enum { RING_FILE_MAX = 64 * 1024, MASTERS = 256 };

struct keyring {
    bool present[MASTERS];
    unsigned char master[MASTERS][KEY_BYTES];
    int newest;      /* master key for new wraps */
    int sign_number; /* the highest one signs; 0 while none was read */
    unsigned char sign_secret[SIGN_SECRET];
    unsigned char sign_public[SIGN_PUBLIC];
    unsigned char index_key[KEY_BYTES];
};

/* --- writing the file --- */

static bool write_failed(struct error *e, const char *path, int why)
{
    enum error_code code = why == EEXIST   ? ERROR_CONFLICT
                           : why == ENOSPC ? ERROR_DISK_FULL
                                           : ERROR_DATA_FOLDER;

    (void)error_cause(e, code, "%s: %s", path, strerror(why));
    if (e != NULL)
        (void)snprintf(e->detail, sizeof e->detail, "%s", path);
    return false;
}

static bool write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t written = write(fd, p, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        p += written;
        n -= (size_t)written;
    }
    return fsync(fd) == 0;
}

/* A new file's name survives a power cut only when its folder was synced too. */
static void sync_folder(const char *path)
{
    char copy[PATH_MAX];

    (void)snprintf(copy, sizeof copy, "%s", path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
}

bool keyring_create(const char *path, struct error *e)
{
    unsigned char keys[2][KEY_BYTES];
    char hex[2][2 * KEY_BYTES + 1], text[256];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0)
        return write_failed(e, path, errno);
    randombytes_buf(keys, sizeof keys);
    (void)sodium_bin2hex(hex[0], sizeof hex[0], keys[0], KEY_BYTES);
    (void)sodium_bin2hex(hex[1], sizeof hex[1], keys[1], KEY_BYTES);
    int n = snprintf(text, sizeof text, "1 master %s\n1 sign %s\n", hex[0], hex[1]);
    bool ok = write_all(fd, text, (size_t)n);
    int why = errno;
    sodium_memzero(keys, sizeof keys);
    sodium_memzero(hex, sizeof hex);
    sodium_memzero(text, sizeof text);
    if (close(fd) != 0 && ok) {
        ok = false;
        why = errno;
    }
    if (!ok) {
        (void)unlink(path); /* half a key file would stop the next try */
        return write_failed(e, path, why);
    }
    sync_folder(path);
    return true;
}

/* --- reading the file --- */

static bool open_failed(struct error *e, const char *path, const char *why)
{
    (void)error_cause(e, ERROR_NO_MASTER_KEY, "%s: %s", path, why);
    if (e != NULL)
        (void)snprintf(e->detail, sizeof e->detail, "%s", path);
    return false;
}

/* `text` has room for RING_FILE_MAX bytes. */
static bool read_file(const char *path, char *text, size_t *ret_n, struct error *e)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    const char *why = NULL;
    size_t n = 0;
    ssize_t got = 1;

    if (fd < 0)
        return open_failed(e, path, strerror(errno));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        why = "not a file";
    else if ((st.st_mode & 077) != 0)
        why = "others may read it; make it mode 0600";
    while (why == NULL && got > 0 && n < RING_FILE_MAX) {
        got = read(fd, text + n, RING_FILE_MAX - n);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got < 0)
            why = strerror(errno);
        else
            n += (size_t)got;
    }
    (void)close(fd);
    if (why != NULL)
        return open_failed(e, path, why);
    *ret_n = n;
    return true;
}

static bool read_sign(struct keyring *k, int number, struct str hex)
{
    unsigned char seed[crypto_sign_SEEDBYTES];

    if (!hex_read(hex, seed, sizeof seed))
        return false;
    if (number > k->sign_number) {
        k->sign_number = number;
        (void)crypto_sign_seed_keypair(k->sign_public, k->sign_secret, seed);
    }
    sodium_memzero(seed, sizeof seed);
    return true;
}

/* "N master HEX" or "N sign HEX". */
static bool read_line(struct keyring *k, struct str line)
{
    struct str number_text, kind;
    int64_t number;

    if (!str_split(&line, ' ', &number_text) || !str_split(&line, ' ', &kind) ||
        !str_int(number_text, &number) || number < 1 || number >= MASTERS)
        return false;
    if (str_is(kind, "sign"))
        return read_sign(k, (int)number, line);
    if (!str_is(kind, "master") || k->present[number] || !hex_read(line, k->master[number], KEY_BYTES))
        return false;
    k->present[number] = true;
    if (number > k->newest)
        k->newest = (int)number;
    return true;
}

static bool read_lines(struct keyring *k, struct str text, const char *path, struct error *e)
{
    struct str line;
    char why[64];

    for (int number = 1; str_split(&text, '\n', &line); number++) {
        line = str_trim(line);
        if (line.n == 0 || line.p[0] == '#' || read_line(k, line))
            continue;
        (void)snprintf(why, sizeof why, "line %d is not a key", number);
        return open_failed(e, path, why);
    }
    if (k->newest == 0)
        return open_failed(e, path, "no master key in it");
    if (k->sign_number == 0)
        return open_failed(e, path, "no signing key in it");
    return true;
}

/* From the lowest master key, not the newest: an index made years ago must still be found after the keys
 * were changed. */
static void make_index_key(struct keyring *k)
{
    int first = 1;

    while (!k->present[first])
        first++;
    (void)crypto_kdf_derive_from_key(k->index_key, KEY_BYTES, 1, "lx-index", k->master[first]);
}

bool keyring_open(struct keyring **ret, const char *path, struct error *e)
{
    struct keyring *k = sodium_malloc(sizeof *k);
    char *text = sodium_malloc(RING_FILE_MAX);
    size_t n = 0;
    bool ok = false;

    if (k == NULL || text == NULL) {
        (void)open_failed(e, path, "no memory");
        goto out;
    }
    memset(k, 0, sizeof *k);
    if (!read_file(path, text, &n, e) || !read_lines(k, str_range(text, n), path, e))
        goto out;
    make_index_key(k);
    (void)sodium_mprotect_readonly(k);
    *ret = k;
    k = NULL;
    ok = true;
out:
    sodium_free(text);
    sodium_free(k);
    return ok;
}

void keyring_close(struct keyring *k)
{
    sodium_free(k);
}

bool keyring_has(const struct keyring *k, int64_t master)
{
    return master > 0 && master < MASTERS && k->present[master];
}

/* --- what the keys do --- */

static const size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;

void key_wrap(const struct keyring *k, const struct key *key, unsigned char out[WRAPPED_BYTES])
{
    out[0] = (unsigned char)k->newest;
    randombytes_buf(out + 1, nonce_bytes);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(out + 1 + nonce_bytes, NULL, key->b, KEY_BYTES, out, 1,
                                                     NULL, out + 1, k->master[k->newest]);
}

bool key_unwrap(const struct keyring *k, struct str wrapped, struct key *ret, struct error *e)
{
    const unsigned char *p = (const unsigned char *)wrapped.p;
    struct key key;

    if (wrapped.n == 0)
        return error_set(e, ERROR_KEY_DESTROYED, NULL);
    if (wrapped.n != WRAPPED_BYTES)
        return error_cause(e, ERROR_BROKEN_SEAL, "a wrapped key of %zu bytes", wrapped.n);
    if (!k->present[p[0]])
        return error_cause(e, ERROR_NO_MASTER_KEY, "master key %d is not in the keyring", p[0]);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(key.b, NULL, NULL, p + 1 + nonce_bytes,
                                                   WRAPPED_BYTES - 1 - nonce_bytes, p, 1, p + 1,
                                                   k->master[p[0]]) != 0)
        return error_cause(e, ERROR_BROKEN_SEAL, "master key %d does not open a wrapped key", p[0]);
    *ret = key;
    sodium_memzero(&key, sizeof key);
    return true;
}

void blind_index(const struct keyring *k, const char *field, struct str value, unsigned char out[HASH_BYTES])
{
    crypto_generichash_state state;

    (void)crypto_generichash_init(&state, k->index_key, KEY_BYTES, HASH_BYTES);
    /* with its zero byte, so that field and value cannot run into each other */
    (void)crypto_generichash_update(&state, (const unsigned char *)field, strlen(field) + 1);
    (void)crypto_generichash_update(&state, (const unsigned char *)value.p, value.n);
    (void)crypto_generichash_final(&state, out, HASH_BYTES);
    sodium_memzero(&state, sizeof state);
}

void sign(const struct keyring *k, struct str bytes, unsigned char out[SIGNATURE])
{
    (void)crypto_sign_detached(out, NULL, (const unsigned char *)bytes.p, bytes.n, k->sign_secret);
}

const unsigned char *sign_public(const struct keyring *k)
{
    return k->sign_public;
}
