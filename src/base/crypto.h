/* Sealing of personal data, blind indexes, hashes, signatures, passwords. Everything is libsodium; the
 * scheme is in docs/security.md.
 *   master key  -> wraps a key for each person, case, account …  (subject key)
 *   subject key -> seals texts with XChaCha20-Poly1305
 *   master key  -> derives the index key for blind indexes */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/id.h"
#include "base/str.h"

enum {
    KEY_BYTES = 32,
    HASH_BYTES = 32,
    WRAPPED_BYTES = 1 + 24 + KEY_BYTES + 16, /* master key number, nonce, key, tag */
    SIGN_PUBLIC = 32,
    SIGN_SECRET = 64,
    SIGNATURE = 64,
    PASSWORD_TEXT = 128,
};

/* Must be called once before anything else here. */
bool crypto_start(struct error *e);

/* The keys of an installation. The file holds one line a key: "N master HEX" (N 1…255, the highest is used
 * for new wraps), "1 sign HEX". It lies outside the database. Old master keys stay in the file: the index
 * key is derived from the lowest. */
struct keyring;
bool keyring_create(const char *path, struct error *e); /* refuses to overwrite (CONFLICT); mode 0600 */
/* NO_MASTER_KEY with the path in `detail` when the file is missing, broken, or open to others than its
 * owner. */
bool keyring_open(struct keyring **ret, const char *path, struct error *e);
void keyring_close(struct keyring *k);
bool keyring_has(const struct keyring *k, int64_t master);

struct key {
    unsigned char b[KEY_BYTES];
};

void key_new(struct key *ret);
void key_wrap(const struct keyring *k, const struct key *key, unsigned char out[WRAPPED_BYTES]);
/* An empty `wrapped` is a key that was destroyed on purpose: KEY_DESTROYED. Otherwise NO_MASTER_KEY or
 * BROKEN_SEAL. */
bool key_unwrap(const struct keyring *k, struct str wrapped, struct key *ret, struct error *e);

/* Appends nonce and ciphertext. `about` binds the text to where it stands (table and column, say): moving
 * it elsewhere breaks it. */
void seal_add(struct buf *out, const struct key *key, struct str about, struct str plain);
bool seal_open(struct buf *out, const struct key *key, struct str about, struct str sealed, struct error *e);

/* Keyed hash for exact look-ups; `field` keeps equal values in different fields apart. The value must be
 * normalised by the caller. */
void blind_index(const struct keyring *k, const char *field, struct str value, unsigned char out[HASH_BYTES]);

/* Short keyed hashes (SipHash-2-4) for indexes of many small values, where a blind index of each would be too slow and too long. The key
 * follows from the index key and `purpose`. */
struct short_key {
    unsigned char b[16];
};
void short_key_of(const struct keyring *k, const char *purpose, struct short_key *ret);
uint64_t short_hash(const struct short_key *key, const void *p, size_t n);

/* BLAKE2b-256. */
void hash_bytes(struct str bytes, unsigned char out[HASH_BYTES]);
/* SHA-256: what anybody's own tools compute of a file. */
void hash_sha256(struct str bytes, unsigned char out[HASH_BYTES]);
struct hasher {
    unsigned char state[384] __attribute__((aligned(64)));
};
void hash_start(struct hasher *h);
void hash_add(struct hasher *h, const void *p, size_t n);
void hash_end(struct hasher *h, unsigned char out[HASH_BYTES]);

/* Ed25519 with the installation's signing key. */
void sign(const struct keyring *k, struct str bytes, unsigned char out[SIGNATURE]);
bool sign_check(const unsigned char public[SIGN_PUBLIC], struct str bytes,
                const unsigned char signature[SIGNATURE]);
const unsigned char *sign_public(const struct keyring *k);

/* argon2id in the PHC string format. Slow on purpose (about 50 ms, 64 MiB): never in a writer. */
bool password_hash(struct str password, char out[PASSWORD_TEXT], struct error *e);
/* A null hash (no such account) takes as long as a wrong password. */
bool password_check(const char *hash, struct str password);

void random_bytes(void *p, size_t n);
bool bytes_equal(const void *a, const void *b, size_t n); /* constant time */
/* URL-safe base64 without padding. */
void base64_add(struct buf *out, const void *p, size_t n);
bool base64_read(struct str text, unsigned char *out, size_t n); /* exactly n bytes */
/* The other, as most programs outside want it: + and /, padded. */
void base64_padded_add(struct buf *out, const void *p, size_t n);
bool base64_padded_read(struct str text, struct buf *out);    /* appends */
bool hex_read(struct str text, unsigned char *out, size_t n); /* exactly n bytes */

/* Time-based one-time password (RFC 6238, SHA-1, 30 s, 6 digits), one step of grace each way. Secret is
 * raw bytes. `*ret_step` is the step that matched: the caller refuses a step that was used before. */
bool totp_check(struct str secret, struct str code, int64_t now_ms, int64_t *ret_step);

#endif
