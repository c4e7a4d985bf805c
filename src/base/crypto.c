#include "base/crypto.h"

#include <assert.h>
#include <liboath/oath.h>
#include <sodium.h>

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    TOTP_DIGITS = 6,
    TOTP_SECONDS = 30,
    PASSWORD_OPS = 2,
    PASSWORD_MEMORY = 64 * 1024 * 1024,
};

static_assert(KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key");
static_assert(WRAPPED_BYTES == 1 + NONCE + KEY_BYTES + TAG, "wrapped key");
static_assert(sizeof(struct hasher) >= sizeof(crypto_generichash_state), "hasher");
static_assert(PASSWORD_TEXT == crypto_pwhash_STRBYTES, "password hash");
static_assert(SIGN_PUBLIC == crypto_sign_PUBLICKEYBYTES && SIGNATURE == crypto_sign_BYTES, "signature");

static const unsigned char *bytes_of(struct str s)
{
    return (const unsigned char *)s.p;
}

bool crypto_start(struct error *e)
{
    if (sodium_init() < 0)
        return error_cause(e, ERROR_INTERNAL, "libsodium does not start");
    if (oath_init() != OATH_OK)
        return error_cause(e, ERROR_INTERNAL, "liboath does not start");
    return true;
}

/* --- sealing --- */

void key_new(struct key *ret)
{
    crypto_aead_xchacha20poly1305_ietf_keygen(ret->b);
}

void seal_add(struct buf *out, const struct key *key, struct str about, struct str plain)
{
    unsigned char *at = (unsigned char *)buf_room(out, NONCE + plain.n + TAG);

    if (at == NULL)
        return;
    randombytes_buf(at, NONCE);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(at + NONCE, NULL, bytes_of(plain), plain.n,
                                                     bytes_of(about), about.n, NULL, at, key->b);
    out->n += NONCE + plain.n + TAG;
}

bool seal_open(struct buf *out, const struct key *key, struct str about, struct str sealed, struct error *e)
{
    if (sealed.n < NONCE + TAG)
        return error_cause(e, ERROR_BROKEN_SEAL, "%zu bytes are too few for a seal", sealed.n);
    size_t n = sealed.n - NONCE - TAG;
    unsigned char *at = (unsigned char *)buf_room(out, n);
    if (at == NULL)
        return error_cause(e, ERROR_TOO_LARGE, "%zu sealed bytes do not fit the buffer", n);
    const unsigned char *nonce = bytes_of(sealed);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(at, NULL, NULL, nonce + NONCE, n + TAG, bytes_of(about),
                                                   about.n, nonce, key->b) != 0)
        return error_cause(e, ERROR_BROKEN_SEAL, "wrong key, changed bytes or another place than %.*s",
                           (int)(about.n < 100 ? about.n : 100), about.n > 0 ? about.p : "");
    out->n += n;
    return true;
}

/* --- hashes and signatures --- */

void short_key_of(const struct keyring *k, const char *purpose, struct short_key *ret)
{
    unsigned char whole[HASH_BYTES];
    blind_index(k, "short key", str_of(purpose), whole);
    memcpy(ret->b, whole, sizeof ret->b);
    sodium_memzero(whole, sizeof whole);
}

uint64_t short_hash(const struct short_key *key, const void *p, size_t n)
{
    unsigned char out[crypto_shorthash_BYTES];
    uint64_t v;
    (void)crypto_shorthash(out, p, n, key->b);
    memcpy(&v, out, sizeof v);
    return v;
}

void hash_bytes(struct str bytes, unsigned char out[HASH_BYTES])
{
    (void)crypto_generichash(out, HASH_BYTES, bytes_of(bytes), bytes.n, NULL, 0);
}

void hash_sha256(struct str bytes, unsigned char out[HASH_BYTES])
{
    _Static_assert(HASH_BYTES == crypto_hash_sha256_BYTES, "both are 32 bytes");
    (void)crypto_hash_sha256(out, (const unsigned char *)bytes.p, bytes.n);
}

static crypto_generichash_state *state_of(struct hasher *h)
{
    return (crypto_generichash_state *)(void *)h->state;
}

void hash_start(struct hasher *h)
{
    (void)crypto_generichash_init(state_of(h), NULL, 0, HASH_BYTES);
}

void hash_add(struct hasher *h, const void *p, size_t n)
{
    (void)crypto_generichash_update(state_of(h), p, n);
}

void hash_end(struct hasher *h, unsigned char out[HASH_BYTES])
{
    (void)crypto_generichash_final(state_of(h), out, HASH_BYTES);
}

bool sign_check(const unsigned char public[SIGN_PUBLIC], struct str bytes,
                const unsigned char signature[SIGNATURE])
{
    return crypto_sign_verify_detached(signature, bytes_of(bytes), bytes.n, public) == 0;
}

/* --- passwords --- */

bool password_hash(struct str password, char out[PASSWORD_TEXT], struct error *e)
{
    if (crypto_pwhash_str_alg(out, password.p != NULL ? password.p : "", password.n, PASSWORD_OPS,
                              PASSWORD_MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return error_cause(e, ERROR_OVERLOADED, "no memory for argon2id");
    return true;
}

bool password_check(const char *hash, struct str password)
{
    const char *text = password.p != NULL ? password.p : "";

    if (hash != NULL)
        return crypto_pwhash_str_verify(hash, text, password.n) == 0;

    static const unsigned char salt[crypto_pwhash_SALTBYTES] = {0};
    unsigned char unused[32];
    if (crypto_pwhash(unused, sizeof unused, text, password.n, salt, PASSWORD_OPS, PASSWORD_MEMORY,
                      crypto_pwhash_ALG_ARGON2ID13) == 0)
        sodium_memzero(unused, sizeof unused);
    return false;
}

/* --- bytes and their texts --- */

void random_bytes(void *p, size_t n)
{
    randombytes_buf(p, n);
}

bool bytes_equal(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}

void base64_add(struct buf *out, const void *p, size_t n)
{
    size_t room = sodium_base64_encoded_len(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING); /* with a zero byte */
    char *at = buf_room(out, room);

    if (at == NULL)
        return;
    (void)sodium_bin2base64(at, room, p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out->n += room - 1;
}

bool base64_read(struct str text, unsigned char *out, size_t n)
{
    size_t got = 0;

    if (text.n != sodium_base64_encoded_len(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING) - 1)
        return false;
    return text.n == 0 || (sodium_base642bin(out, n, text.p, text.n, NULL, &got, NULL,
                                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
                           got == n);
}

void base64_padded_add(struct buf *out, const void *p, size_t n)
{
    size_t room = sodium_base64_encoded_len(n, sodium_base64_VARIANT_ORIGINAL); /* with a zero byte */
    char *at = buf_room(out, room);

    if (at == NULL)
        return;
    (void)sodium_bin2base64(at, room, p, n, sodium_base64_VARIANT_ORIGINAL);
    out->n += room - 1;
}

bool base64_padded_read(struct str text, struct buf *out)
{
    size_t got = 0, most = text.n / 4 * 3;
    char *at = buf_room(out, most + 1);

    if (at == NULL || text.n % 4 != 0 ||
        (text.n > 0 && sodium_base642bin((unsigned char *)at, most, text.p, text.n, NULL, &got, NULL,
                                         sodium_base64_VARIANT_ORIGINAL) != 0))
        return false;
    out->n += got;
    return true;
}

bool hex_read(struct str text, unsigned char *out, size_t n)
{
    size_t got = 0;

    if (text.n != 2 * n)
        return false;
    return n == 0 || (sodium_hex2bin(out, n, text.p, text.n, NULL, &got, NULL) == 0 && got == n);
}

/* --- one-time codes --- */

bool totp_check(struct str secret, struct str code, int64_t now_ms, int64_t *ret_step)
{
    static const int grace[] = {0, -1, 1};
    int64_t step = now_ms / 1000 / TOTP_SECONDS;
    bool matched = false;

    if (secret.n == 0 || code.n != TOTP_DIGITS || now_ms < 0)
        return false;
    for (size_t i = 0; i < sizeof grace / sizeof grace[0]; i++) {
        if (step + grace[i] < 0)
            continue;
        char right[TOTP_DIGITS + 1];
        time_t at = (time_t)((step + grace[i]) * TOTP_SECONDS);
        if (oath_totp_generate(secret.p, secret.n, at, TOTP_SECONDS, 0, TOTP_DIGITS, right) != OATH_OK)
            return false;
        if (!matched && bytes_equal(right, code.p, TOTP_DIGITS)) {
            matched = true;
            *ret_step = step + grace[i];
        }
        sodium_memzero(right, sizeof right);
    }
    return matched;
}
