/* Accounts, sign-in, sessions, tokens. */
#ifndef CORE_ACCOUNT_H
#define CORE_ACCOUNT_H

#include "core/actor.h"
#include "core/command.h"

struct account {
    int64_t id;
    struct id uuid;
    struct str login, name, phone;
    struct str password; /* PHC string, empty: none */
    struct str totp;     /* raw secret, empty: none */
    int64_t totp_step;
    bool closed;
    bool hide_phone; /* does not want residents to see it */
};

/* NOT_FOUND. Name and telephone are unsealed. */
bool account_load(const struct core *core, struct db *db, struct arena *a, int64_t id, struct account *ret,
                  struct error *e);
bool account_by_login(const struct core *core, struct db *db, struct arena *a, struct str login,
                      struct account *ret, struct error *e);
/* What colleagues see: the name. */
bool account_name(const struct core *core, struct db *db, struct arena *a, int64_t id, struct str *ret,
                  struct error *e);

/* {"id","name","posts":[label],"unit"} of those with a post that reaches the unit (its own, above it or in its groups), handlers of offices left out. */
bool account_write_list(struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t unit,
                        struct error *e);
/* The steward of a place, empty when none is appointed; and as {"name","phone"} or null ("my steward", G2). */
bool account_steward(struct core *core, struct db *db, struct arena *a, int64_t ord, struct str *ret_name,
                     struct str *ret_phone, struct error *e);
bool account_write_steward(struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t ord,
                           struct error *e);

/* Sign-in, in three steps because checking a password takes long and belongs on no database thread:
 *   read: throttle and load · password_check · write: count the failure, or make the session. */
struct sign_in {
    struct str login, password, code, peer;
    struct account account; /* found, or a decoy with a hash that never matches, so that a wrong name takes as long */
    bool password_ok;
    char cookie[64]; /* of the new session */
    int64_t expires_at;
};
/* THROTTLED when this login or address failed too often. */
bool sign_in_begin(const struct core *core, struct db *db, struct arena *a, struct sign_in *s, struct error *e);
void sign_in_check(struct sign_in *s);
/* BAD_SIGN_IN, SECOND_FACTOR. A failure is written down and so this returns true with `*ret_refused` filled. */
bool sign_in_end(struct core *core, struct db *db, struct arena *a, struct sign_in *s,
                 struct error *ret_refused, struct error *e);

/* Who comes with this cookie or token? SIGN_IN when nobody. A session that has not been prolonged for ten minutes comes back `session_stale`: the
 * caller sends a write with session_touch, because readers can't. */
bool session_actor(struct core *core, struct db *db, struct arena *a, struct str cookie, struct actor *ret,
                   struct error *e);
bool token_actor(struct core *core, struct db *db, struct arena *a, struct str token, struct actor *ret,
                 struct error *e);
/* A resident with a tracking code. NOT_FOUND; the caller slows down who guesses (S8). */
bool track_actor(struct core *core, struct db *db, struct arena *a, struct str code, struct actor *ret,
                 struct error *e);

bool session_touch(struct db *db, const unsigned char hash[HASH_BYTES], struct error *e);
bool session_end(struct db *db, const unsigned char hash[HASH_BYTES], struct error *e);
bool session_end_all(struct db *db, int64_t account, struct error *e);
/* `ret` is shown once. Lasts `days`, 0: for ever. */
bool token_make(struct core *core, struct db *db, struct arena *a, int64_t account, struct str label,
                int64_t days, struct str *ret, struct error *e);
bool token_write_list(struct db *db, struct jw *w, int64_t account, struct error *e);
bool token_revoke(struct db *db, int64_t account, struct id id, struct error *e);

bool account_set_password(struct db *db, int64_t account, const char *hash, struct error *e);
/* A secret that waits for its first code; then it holds. `ret_secret` is base32 for the app. */
bool account_totp_begin(struct core *core, struct db *db, struct arena *a, int64_t account,
                        struct str *ret_secret, struct error *e);
bool account_totp_confirm(struct core *core, struct db *db, struct arena *a, int64_t account, struct str code,
                          struct error *e);
bool account_totp_end(struct db *db, int64_t account, struct error *e);

/* Rules for passwords: 8 to 200 characters, not the login. */
bool password_allowed(struct str login, struct str password, struct error *e);

#endif
