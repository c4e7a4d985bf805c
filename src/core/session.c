/* Signing in and staying so: throttling, passwords, second factor, sessions, tokens, tracking codes. */
#include "base/time.h"
#include "core/account.h"
#include "core/throttle.h"
#include "core/vault.h"

static const int64_t session_idle = 12 * (int64_t)TIME_HOUR, session_most = 30 * (int64_t)TIME_DAY,
                     session_touch_after = 10 * TIME_MINUTE;

static void who_hash(const struct core *core, const char *what, struct str value, unsigned char out[HASH_BYTES])
{
    blind_index(core->keys, what, value, out);
}

bool sign_in_begin(const struct core *core, struct db *db, struct arena *a, struct sign_in *s, struct error *e)
{
    unsigned char login[HASH_BYTES], peer[HASH_BYTES];
    struct error missing;

    who_hash(core, "sign-in login", s->login, login);
    who_hash(core, "sign-in peer", s->peer, peer);
    error_clear(e);
    if (throttle_held(db, login, e) || throttle_held(db, peer, e))
        return false;
    if (!account_by_login(core, db, a, s->login, &s->account, &missing)) {
        if (missing.code != ERROR_NOT_FOUND) {
            *e = missing;
            return false;
        }
        s->account = (struct account){0};
    }
    return true;
}

/* A hash of nothing anybody knows: a wrong login takes as long as a wrong password. */
static const char decoy[] =
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$3mV5t8yq1vXkVQb3V3vJkq0bJ2r1uN3u9Zr3N9m3YbA";

void sign_in_check(struct sign_in *s)
{
    bool usable = s->account.password.n > 0 && !s->account.closed;
    bool match = password_check(usable ? s->account.password.p : decoy, s->password);
    s->password_ok = usable && match;
}

static bool make_session(struct db *db, struct sign_in *s, struct error *e)
{
    unsigned char secret[32], hash[HASH_BYTES];
    struct buf text = BUF_INIT(sizeof s->cookie);
    int64_t now = time_real();

    random_bytes(secret, sizeof secret);
    base64_add(&text, secret, sizeof secret);
    (void)snprintf(s->cookie, sizeof s->cookie, "%.*s", (int)text.n, text.p);
    buf_free(&text);
    hash_bytes(str_of(s->cookie), hash);
    s->expires_at = now + session_most;
    return db_exec(
        db, e,
        "insert into session(hash, account, created_at, seen_at, expires_at, peer) values(?1, ?2, ?3, ?3, ?4, ?5)",
        ARGS(BYTES(hash, HASH_BYTES), INT(s->account.id), INT(now), INT(s->expires_at), TEXT(s->peer)));
}

bool sign_in_end(struct core *core, struct db *db, struct arena *a, struct sign_in *s,
                 struct error *ret_refused, struct error *e)
{
    unsigned char login[HASH_BYTES], peer[HASH_BYTES];
    int64_t step = 0;
    bool second = true;

    (void)a;
    error_clear(ret_refused);
    if (s->password_ok && s->account.totp.n > 0) {
        if (s->code.n == 0) {
            (void)error_set(ret_refused, ERROR_SECOND_FACTOR, "code");
            return true;
        }
        second = totp_check(s->account.totp, s->code, time_real(), &step) && step > s->account.totp_step;
    }
    who_hash(core, "sign-in login", s->login, login);
    who_hash(core, "sign-in peer", s->peer, peer);
    if (!s->password_ok || !second) {
        (void)error_set(ret_refused, ERROR_BAD_SIGN_IN, NULL);
        return throttle_failed(db, login, time_real(), e) && throttle_failed(db, peer, time_real(), e);
    }
    if (step != 0 && !db_exec(db, e, "update account set totp_step = ?2 where id = ?1 and totp_step < ?2",
                              ARGS(INT(s->account.id), INT(step))))
        return false;
    if (step != 0 && db_changes(db) == 0) { /* two at once with the same code: one of them */
        (void)error_set(ret_refused, ERROR_BAD_SIGN_IN, NULL);
        return true;
    }
    return throttle_clear(db, login, e) &&
           db_exec(db, e, "delete from session where account = ?1 and expires_at < ?2",
                   ARGS(INT(s->account.id), INT(time_real()))) &&
           make_session(db, s, e);
}

/* Who it is and which posts they hold today, in one statement: every request asks. */
#define SIGNED_IN(seen) "select k.id, k.uuid, k.login, " seen ", " ACTOR_POST_COLUMNS " from "
#define THEIR_POSTS                                                                                          \
    " left join post p on p.account = k.id and p.from_day <= ?4 and (p.to_day is null or p.to_day > ?4) "    \
    "left join unit u on u.id = p.unit "

static bool load_actor(struct db *db, struct arena *a, const char *sql, const unsigned char hash[HASH_BYTES],
                       int64_t *ret_seen, struct actor *ret, struct error *e)
{
    struct db_rows r;

    ret->account = 0;
    ret->post_count = 0;
    ret->mask = 0;
    if (!db_rows(db, &r, e, sql,
                 ARGS(BYTES(hash, HASH_BYTES), INT(time_real()), INT(time_real() - session_idle),
                      INT(day_of(time_now())))))
        return false;
    while (db_next(&r)) {
        if (ret->account == 0) {
            ret->kind = ACTOR_ACCOUNT;
            ret->account = db_int(&r, 0);
            ret->uuid = db_id(&r, 1);
            ret->login = arena_str(a, db_text(&r, 2));
            *ret_seen = db_int(&r, 3);
        }
        actor_add_post(ret, a, &r, 4);
    }
    if (!db_end(&r, e))
        return false;
    memcpy(ret->session, hash, HASH_BYTES);
    return ret->account != 0 || error_set(e, ERROR_SIGN_IN, NULL);
}

bool session_actor(struct core *core, struct db *db, struct arena *a, struct str cookie, struct actor *ret,
                   struct error *e)
{
    unsigned char hash[HASH_BYTES];
    int64_t seen = 0;
    (void)core;
    hash_bytes(cookie, hash);
    if (!load_actor(db, a,
                    SIGNED_IN("s.seen_at") "session s join account k on k.id = s.account" THEIR_POSTS
                                           "where s.hash = ?1 and s.expires_at > ?2 and s.seen_at > ?3 and k.closed_at is null order by p.id",
                    hash, &seen, ret, e))
        return false;
    ret->session_stale = seen + session_touch_after < time_real();
    return true;
}

bool session_touch(struct db *db, const unsigned char hash[HASH_BYTES], struct error *e)
{
    return db_exec(db, e, "update session set seen_at = ?2 where hash = ?1",
                   ARGS(BYTES(hash, HASH_BYTES), INT(time_real())));
}

bool token_actor(struct core *core, struct db *db, struct arena *a, struct str token, struct actor *ret,
                 struct error *e)
{
    unsigned char hash[HASH_BYTES];
    int64_t seen;
    (void)core;
    hash_bytes(token, hash);
    ret->by_token = true;
    return load_actor(
        db, a,
        SIGNED_IN("0 * ?3") "token t join account k on k.id = t.account" THEIR_POSTS
                            "where t.hash = ?1 and (t.expires_at is null or t.expires_at > ?2) and k.closed_at is null order by p.id",
        hash, &seen, ret, e);
}

bool track_actor(struct core *core, struct db *db, struct arena *a, struct str code, struct actor *ret,
                 struct error *e)
{
    char normal[TRACK_TEXT];
    (void)a;
    if (!track_normal(code, normal))
        return error_set(e, ERROR_NOT_FOUND, "code");
    ret->kind = ACTOR_RESIDENT;
    return case_by_track(core, db, normal, &ret->case_id, e) || error_set(e, ERROR_NOT_FOUND, "code");
}

bool session_end(struct db *db, const unsigned char hash[HASH_BYTES], struct error *e)
{
    return db_exec(db, e, "delete from session where hash = ?1", ARGS(BYTES(hash, HASH_BYTES)));
}

bool session_end_all(struct db *db, int64_t account, struct error *e)
{
    return db_exec(db, e, "delete from session where account = ?1", ARGS(INT(account)));
}

bool token_make(struct core *core, struct db *db, struct arena *a, int64_t account, struct str label,
                int64_t days, struct str *ret, struct error *e)
{
    unsigned char secret[32], hash[HASH_BYTES];
    struct buf text = BUF_INIT(BUF_LINE);
    int64_t now = time_real();

    (void)core;
    random_bytes(secret, sizeof secret);
    buf_addz(&text, "lx_");
    base64_add(&text, secret, sizeof secret);
    *ret = arena_str(a, buf_str(&text));
    buf_free(&text);
    hash_bytes(*ret, hash);
    return db_exec(
        db, e,
        "insert into token(hash, id, account, label, created_at, expires_at) values(?1, ?2, ?3, ?4, ?5, ?6)",
        ARGS(BYTES(hash, HASH_BYTES), ID(id_new()), INT(account), TEXT(label), INT(now),
             OPT_INT(days > 0 ? now + days * TIME_DAY : 0)));
}

bool token_write_list(struct db *db, struct jw *w, int64_t account, struct error *e)
{
    struct db_rows r;
    char id[ID_TEXT];
    if (!db_rows(db, &r, e,
                 "select id, label, created_at, expires_at from token where account = ?1 order by created_at",
                 ARGS(INT(account))))
        return false;
    jw_object(w);
    jw_karray(w, "items");
    while (db_next(&r)) {
        id_format(db_id(&r, 0), id);
        jw_object(w);
        jw_kz(w, "id", id);
        jw_ktext(w, "label", db_text(&r, 1));
        jw_ktime(w, "created_at", db_int(&r, 2));
        jw_ktime(w, "expires_at", db_int(&r, 3));
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_end_object(w);
    return db_end(&r, e);
}

bool token_revoke(struct db *db, int64_t account, struct id id, struct error *e)
{
    if (!db_exec(db, e, "delete from token where account = ?1 and id = ?2", ARGS(INT(account), ID(id))))
        return false;
    return db_changes(db) > 0 || error_set(e, ERROR_NOT_FOUND, NULL);
}

bool password_allowed(struct str login, struct str password, struct error *e)
{
    size_t points = str_points(password);
    if (points < 8 || points > 200)
        return error_setf(e, ERROR_OUT_OF_RANGE, "password", "8…200");
    return !str_eq(login, password) || error_set(e, ERROR_NOT_ALLOWED_HERE, "password");
}

bool account_set_password(struct db *db, int64_t account, const char *hash, struct error *e)
{
    return db_exec(db, e, "update account set password = ?2 where id = ?1", ARGS(INT(account), TEXTZ(hash)));
}

static bool account_key(const struct core *core, struct db *db, struct arena *a, int64_t account,
                        struct key *ret, struct error *e)
{
    struct db_rows r;
    struct str wrapped = {NULL, 0};
    if (!db_rows(db, &r, e, "select key from account where id = ?1", ARGS(INT(account))))
        return false;
    if (db_next(&r))
        wrapped = arena_str(a, db_blob(&r, 0));
    return db_end(&r, e) && vault_key(core, wrapped, ret, e);
}

static void base32(struct buf *out, const unsigned char *p, size_t n)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned bits = 0, have = 0;
    for (size_t i = 0; i < n; i++) {
        bits = bits << 8 | p[i];
        have += 8;
        while (have >= 5) {
            have -= 5;
            buf_addc(out, alphabet[bits >> have & 31]);
        }
    }
}

/* The waiting secret lies in meta, sealed, until its first code proves that the telephone has it. */
bool account_totp_begin(struct core *core, struct db *db, struct arena *a, int64_t account,
                        struct str *ret_secret, struct error *e)
{
    unsigned char secret[20];
    struct key key;
    struct buf text = BUF_INIT(BUF_LINE), sealed = BUF_INIT(BUF_LINE);

    if (!account_key(core, db, a, account, &key, e))
        return false;
    random_bytes(secret, sizeof secret);
    base32(&text, secret, sizeof secret);
    *ret_secret = arena_str(a, buf_str(&text));
    struct str blob = vault_seal_text(a, &key, "totp", str_range((const char *)secret, sizeof secret));
    base64_add(&sealed, blob.p, blob.n);
    bool ok = meta_set(db, arena_printf(a, "totp waiting %lld", (long long)account), buf_str(&sealed), e);
    buf_free(&text);
    buf_free(&sealed);
    return ok;
}

bool account_totp_confirm(struct core *core, struct db *db, struct arena *a, int64_t account, struct str code,
                          struct error *e)
{
    enum { SEALED = 24 + 20 + 16 };
    unsigned char blob[SEALED];
    struct key key;
    struct str waiting, secret;
    int64_t step;
    const char *name = arena_printf(a, "totp waiting %lld", (long long)account);

    if (!meta_get(db, a, name, &waiting, e) || !account_key(core, db, a, account, &key, e))
        return false;
    if (!base64_read(waiting, blob, sizeof blob))
        return error_set(e, ERROR_NOT_OPEN, "code");
    struct str sealed = str_range((const char *)blob, sizeof blob);
    if (!vault_open_text(a, &key, "totp", sealed, &secret, e))
        return false;
    if (!totp_check(secret, code, time_real(), &step))
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "code");
    return db_exec(db, e, "update account set totp = ?2, totp_step = ?3 where id = ?1",
                   ARGS(INT(account), BLOB(sealed), INT(step))) &&
           db_exec(db, e, "delete from meta where key = ?1", ARGS(TEXTZ(name)));
}

bool account_totp_end(struct db *db, int64_t account, struct error *e)
{
    return db_exec(db, e, "update account set totp = null, totp_step = 0 where id = ?1", ARGS(INT(account)));
}
