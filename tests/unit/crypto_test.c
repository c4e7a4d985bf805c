#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/crypto.h"

static char folder[] = "/tmp/liuxiao-crypto-XXXXXX";
static char path[64];

static int start(void **state)
{
    (void)state;
    if (!crypto_start(NULL) || mkdtemp(folder) == NULL)
        return -1;
    (void)snprintf(path, sizeof path, "%s/test.key", folder);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static void write_ring(const char *text, mode_t mode)
{
    (void)unlink(path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

#define KEY_A "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_B "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
/* RFC 8032 §7.1, test 1: the secret key; its public key */
#define SEED "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
#define PUBLIC "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"

static struct keyring *ring_of(const char *text)
{
    struct keyring *k = NULL;

    write_ring(text, 0600);
    assert_true(keyring_open(&k, path, NULL));
    return k;
}

static struct str bytes(const void *p, size_t n)
{
    return str_range(p, n);
}

/* --- keyring --- */

static void a_new_keyring_opens_and_is_private(void **state)
{
    struct keyring *k = NULL;
    struct stat st;
    struct error e;

    (void)state;
    (void)unlink(path);
    assert_true(keyring_create(path, &e));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_true(keyring_open(&k, path, &e));
    keyring_close(k);
    assert_false(keyring_create(path, &e)); /* never overwritten */
    assert_int_equal(e.code, ERROR_CONFLICT);
    assert_string_equal(e.detail, path);
    assert_true(keyring_open(&k, path, &e));
    keyring_close(k);
    keyring_close(NULL);
    assert_false(keyring_create("/nowhere/at/all.key", &e));
    assert_int_equal(e.code, ERROR_DATA_FOLDER);
}

static void assert_ring_refused(const char *text, mode_t mode)
{
    struct keyring *k = NULL;
    struct error e = {0};

    write_ring(text, mode);
    assert_false(keyring_open(&k, path, &e));
    assert_null(k);
    assert_int_equal(e.code, ERROR_NO_MASTER_KEY);
    assert_string_equal(e.detail, path);
    assert_true(e.cause[0] != '\0');
    assert_null(strstr(e.cause, "0001020304")); /* a key never reaches the log */
}

static void a_wrong_keyring_is_refused(void **state)
{
    struct keyring *k = NULL;
    struct error e = {0};
    const char *right = "1 master " KEY_A "\n1 sign " SEED "\n";

    (void)state;
    (void)unlink(path);
    assert_false(keyring_open(&k, path, &e));
    assert_int_equal(e.code, ERROR_NO_MASTER_KEY);
    assert_string_equal(e.detail, path);
    assert_false(keyring_open(&k, folder, &e)); /* a folder is no file */
    assert_ring_refused(right, 0640);
    assert_ring_refused(right, 0604);
    assert_ring_refused("", 0600);
    assert_ring_refused("1 master " KEY_A "\n", 0600);
    assert_ring_refused("1 sign " SEED "\n", 0600);
    assert_ring_refused("0 master " KEY_A "\n1 sign " SEED "\n", 0600);
    assert_ring_refused("256 master " KEY_A "\n1 sign " SEED "\n", 0600);
    assert_ring_refused("1 master " KEY_A "00\n1 sign " SEED "\n", 0600);
    assert_ring_refused("1 master " KEY_A "\n1 master " KEY_B "\n1 sign " SEED "\n", 0600);
    assert_ring_refused("1 monster " KEY_A "\n1 sign " SEED "\n", 0600);
    assert_ring_refused("1 master 000102030405060708zz\n1 sign " SEED "\n", 0600);
}

static void comments_and_blank_lines_are_allowed(void **state)
{
    struct keyring *k = ring_of("# escrow sheet 3\r\n\n1 master " KEY_A "\r\n 2 master " KEY_B "\n1 sign " SEED);

    (void)state;
    keyring_close(k);
}

static void wraps_and_rotates(void **state)
{
    struct keyring *old = ring_of("1 master " KEY_A "\n1 sign " SEED "\n");
    struct keyring *both = ring_of("1 master " KEY_A "\n2 master " KEY_B "\n1 sign " SEED "\n");
    unsigned char wrapped[WRAPPED_BYTES], again[WRAPPED_BYTES];
    struct key key, back = {{0}};
    struct error e = {0};

    (void)state;
    key_new(&key);
    key_wrap(old, &key, wrapped);
    assert_int_equal(wrapped[0], 1);
    assert_true(key_unwrap(both, bytes(wrapped, sizeof wrapped), &back, &e)); /* old wraps stay readable */
    assert_memory_equal(key.b, back.b, KEY_BYTES);
    key_wrap(both, &key, again);
    assert_int_equal(again[0], 2);
    assert_false(key_unwrap(old, bytes(again, sizeof again), &back, &e));
    assert_int_equal(e.code, ERROR_NO_MASTER_KEY);

    for (size_t i = 1; i < sizeof wrapped; i += 7) {
        wrapped[i] ^= 1;
        assert_false(key_unwrap(both, bytes(wrapped, sizeof wrapped), &back, &e));
        assert_int_equal(e.code, ERROR_BROKEN_SEAL);
        wrapped[i] ^= 1;
    }
    wrapped[0] = 2; /* claims another master key */
    assert_false(key_unwrap(both, bytes(wrapped, sizeof wrapped), &back, &e));
    assert_int_equal(e.code, ERROR_BROKEN_SEAL);
    assert_false(key_unwrap(both, bytes(wrapped, sizeof wrapped - 1), &back, &e));
    assert_int_equal(e.code, ERROR_BROKEN_SEAL);
    assert_false(key_unwrap(both, (struct str){NULL, 0}, &back, &e));
    assert_int_equal(e.code, ERROR_KEY_DESTROYED);
    keyring_close(old);
    keyring_close(both);
}

static void blind_indexes_keep_apart_and_survive_rotation(void **state)
{
    struct keyring *old = ring_of("1 master " KEY_A "\n1 sign " SEED "\n");
    struct keyring *both = ring_of("2 master " KEY_B "\n1 master " KEY_A "\n1 sign " SEED "\n");
    struct keyring *other = ring_of("1 master " KEY_B "\n1 sign " SEED "\n");
    unsigned char a[HASH_BYTES], b[HASH_BYTES];

    (void)state;
    blind_index(old, "phone", STR("13800000000"), a);
    blind_index(both, "phone", STR("13800000000"), b);
    assert_memory_equal(a, b, HASH_BYTES);
    blind_index(old, "idcard", STR("13800000000"), b);
    assert_memory_not_equal(a, b, HASH_BYTES);
    blind_index(old, "phone", STR("13800000001"), b);
    assert_memory_not_equal(a, b, HASH_BYTES);
    blind_index(other, "phone", STR("13800000000"), b);
    assert_memory_not_equal(a, b, HASH_BYTES);
    blind_index(old, "ab", STR("c"), a);
    blind_index(old, "a", STR("bc"), b);
    assert_memory_not_equal(a, b, HASH_BYTES);
    keyring_close(old);
    keyring_close(both);
    keyring_close(other);
}

/* --- seals --- */

static void seals_open_where_they_were_made(void **state)
{
    struct buf sealed = BUF_INIT(BUF_SEALED), again = BUF_INIT(BUF_SEALED), plain = BUF_INIT(BUF_SEALED);
    struct key key, other;
    struct error e = {0};

    (void)state;
    key_new(&key);
    key_new(&other);
    seal_add(&sealed, &key, STR("case.title"), STR("水沟堵了"));
    seal_add(&again, &key, STR("case.title"), STR("水沟堵了"));
    assert_int_equal(sealed.n, 24 + strlen("水沟堵了") + 16);
    assert_memory_not_equal(sealed.p, again.p, sealed.n); /* equal texts do not look equal */
    assert_true(seal_open(&plain, &key, STR("case.title"), buf_str(&sealed), &e));
    assert_true(str_is(buf_str(&plain), "水沟堵了"));
    assert_false(seal_open(&plain, &key, STR("case.words"), buf_str(&sealed), &e));
    assert_int_equal(e.code, ERROR_BROKEN_SEAL);
    assert_false(seal_open(&plain, &other, STR("case.title"), buf_str(&sealed), &e));
    assert_int_equal(e.code, ERROR_BROKEN_SEAL);
    for (size_t i = 0; i < sealed.n; i++) {
        sealed.p[i] ^= 0x10;
        assert_false(seal_open(&plain, &key, STR("case.title"), buf_str(&sealed), NULL));
        sealed.p[i] ^= 0x10;
        assert_false(seal_open(&plain, &key, STR("case.title"), str_range(sealed.p, i), NULL));
    }
    assert_true(str_is(buf_str(&plain), "水沟堵了")); /* failures add nothing */
    buf_free(&sealed);
    buf_free(&again);
    buf_free(&plain);
}

static void seals_hold_nothing_and_everything(void **state)
{
    struct buf sealed = BUF_INIT(BUF_SEALED), plain = BUF_INIT(BUF_SEALED), small = BUF_INIT(3);
    struct key key;
    struct error e = {0};

    (void)state;
    key_new(&key);
    seal_add(&sealed, &key, STR(""), (struct str){NULL, 0});
    assert_true(seal_open(&plain, &key, (struct str){NULL, 0}, buf_str(&sealed), &e));
    assert_int_equal(plain.n, 0);
    buf_clear(&sealed);
    seal_add(&sealed, &key, STR("x"), bytes("a\0b\xff", 4));
    assert_true(seal_open(&plain, &key, STR("x"), buf_str(&sealed), &e));
    assert_true(str_eq(buf_str(&plain), bytes("a\0b\xff", 4)));
    assert_false(seal_open(&small, &key, STR("x"), buf_str(&sealed), &e));
    assert_int_equal(e.code, ERROR_TOO_LARGE);
    seal_add(&small, &key, STR("x"), STR("y"));
    assert_true(small.full);
    buf_free(&sealed);
    buf_free(&plain);
    buf_free(&small);
}

/* --- hashes and signatures --- */

static void assert_hex(const unsigned char *found, const char *expected)
{
    unsigned char right[HASH_BYTES];

    assert_true(hex_read(str_of(expected), right, sizeof right));
    assert_memory_equal(found, right, sizeof right);
}

static void hashes_blake2b_256(void **state)
{
    unsigned char out[HASH_BYTES];
    struct hasher h;

    (void)state;
    hash_bytes((struct str){NULL, 0}, out);
    assert_hex(out, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    hash_bytes(STR("abc"), out);
    assert_hex(out, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    hash_start(&h);
    hash_add(&h, "a", 1);
    hash_add(&h, NULL, 0);
    hash_add(&h, "bc", 2);
    hash_end(&h, out);
    assert_hex(out, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

static void signs_ed25519(void **state)
{
    struct keyring *k = ring_of("1 master " KEY_A "\n1 sign " SEED "\n");
    unsigned char signature[SIGNATURE], expected[SIGNATURE];

    (void)state;
    assert_hex(sign_public(k), PUBLIC);
    sign(k, (struct str){NULL, 0}, signature);
    assert_true(hex_read(STR("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                             "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
                         expected, sizeof expected));
    assert_memory_equal(signature, expected, SIGNATURE);
    sign(k, STR("seal 7"), signature);
    assert_true(sign_check(sign_public(k), STR("seal 7"), signature));
    assert_false(sign_check(sign_public(k), STR("seal 8"), signature));
    signature[3] ^= 1;
    assert_false(sign_check(sign_public(k), STR("seal 7"), signature));
    keyring_close(k);
    k = ring_of("1 master " KEY_A "\n1 sign " SEED "\n2 sign " KEY_A "\n"); /* the highest number signs */
    assert_memory_not_equal(sign_public(k), "\xd7\x5a\x98\x01", 4);
    keyring_close(k);
}

/* --- passwords and one-time codes --- */

static void passwords_are_argon2id(void **state)
{
    char hash[PASSWORD_TEXT], again[PASSWORD_TEXT];
    struct error e;

    (void)state;
    assert_true(password_hash(STR("六尺巷 2024"), hash, &e));
    assert_true(password_hash(STR("六尺巷 2024"), again, &e));
    assert_int_equal(strncmp(hash, "$argon2id$v=19$m=65536,t=2,p=1$", 31), 0);
    assert_string_not_equal(hash, again);
    assert_true(password_check(hash, STR("六尺巷 2024")));
    assert_false(password_check(hash, STR("六尺巷 2025")));
    assert_false(password_check(hash, (struct str){NULL, 0}));
    assert_false(password_check("", STR("x")) || password_check("nonsense", STR("x")));
    assert_false(password_check(NULL, STR("x"))); /* no such account */
}

/* RFC 6238, appendix B (SHA-1), the last six of eight digits. */
static void one_time_codes_follow_rfc6238(void **state)
{
    const struct str secret = STR("12345678901234567890");
    static const struct {
        int64_t seconds;
        const char *code;
    } rows[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t step = 0, now = rows[i].seconds * 1000, own = rows[i].seconds / 30;
        struct str code = str_of(rows[i].code);
        assert_true(totp_check(secret, code, now, &step) && step == own);
        assert_true(totp_check(secret, code, now + 30000, &step) && step == own); /* one step of grace */
        assert_true(totp_check(secret, code, now - 30000, &step) && step == own);
        assert_false(totp_check(secret, code, now + 60000, &step));
        assert_false(totp_check(secret, code, now - 60000, &step));
    }
}

static void one_time_codes_refuse_nonsense(void **state)
{
    const struct str secret = STR("12345678901234567890");
    int64_t step = -5;

    (void)state;
    assert_false(totp_check(secret, STR(""), 59000, &step));
    assert_false(totp_check(secret, STR("28708"), 59000, &step));
    assert_false(totp_check(secret, STR("2870820"), 59000, &step));
    assert_false(totp_check(secret, STR("94287082"), 59000, &step));
    assert_false(totp_check(secret, STR("28708x"), 59000, &step));
    assert_false(totp_check(STR(""), STR("287082"), 59000, &step));
    assert_false(totp_check(secret, STR("287082"), -1, &step));
    assert_int_equal(step, -5);
}

/* --- texts of bytes --- */

static void base64_is_url_safe_and_exact(void **state)
{
    struct buf b = BUF_INIT(BUF_LINE);
    unsigned char out[4] = {0};

    (void)state;
    base64_add(&b, "\xfb\xff\xfe", 3);
    base64_add(&b, "\xff", 1);
    base64_add(&b, "", 0);
    assert_true(str_is(buf_str(&b), "-__-_w"));
    assert_true(base64_read(STR("-__-"), out, 3));
    assert_memory_equal(out, "\xfb\xff\xfe", 3);
    assert_true(base64_read(STR("_w"), out, 1) && out[0] == 0xff);
    assert_true(base64_read(STR(""), out, 0));
    assert_false(base64_read(STR("+//+"), out, 3));
    assert_false(base64_read(STR("_w=="), out, 1));
    assert_false(base64_read(STR("_x"), out, 1)); /* bits left over: a second spelling */
    assert_false(base64_read(STR("-__-"), out, 2) || base64_read(STR("-__-"), out, 4) ||
                 base64_read(STR(""), out, 1));
    buf_free(&b);
}

static void hex_is_exact(void **state)
{
    unsigned char out[2] = {0};

    (void)state;
    assert_true(hex_read(STR("0aFf"), out, 2));
    assert_memory_equal(out, "\x0a\xff", 2);
    assert_false(hex_read(STR("0aF"), out, 2) || hex_read(STR("0aFf0"), out, 2) ||
                 hex_read(STR("0a f"), out, 2) || hex_read(STR("0x0a"), out, 2));
    assert_true(hex_read(STR(""), out, 0));
    assert_true(bytes_equal("ab", "ab", 2) && !bytes_equal("ab", "ac", 2) && bytes_equal("a", "b", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_keyring_opens_and_is_private),
        cmocka_unit_test(a_wrong_keyring_is_refused),
        cmocka_unit_test(comments_and_blank_lines_are_allowed),
        cmocka_unit_test(wraps_and_rotates),
        cmocka_unit_test(blind_indexes_keep_apart_and_survive_rotation),
        cmocka_unit_test(seals_open_where_they_were_made),
        cmocka_unit_test(seals_hold_nothing_and_everything),
        cmocka_unit_test(hashes_blake2b_256),
        cmocka_unit_test(signs_ed25519),
        cmocka_unit_test(passwords_are_argon2id),
        cmocka_unit_test(one_time_codes_follow_rfc6238),
        cmocka_unit_test(one_time_codes_refuse_nonsense),
        cmocka_unit_test(base64_is_url_safe_and_exact),
        cmocka_unit_test(hex_is_exact),
    };
    return cmocka_run_group_tests_name("crypto", tests, start, finish);
}
