#include <stdlib.h>

#include "base/time.h"
#include "core/office.h"
#include "core/stand_in.h"
#include "core/unit.h"
#include "api/handlers.h"

static void free_state(void *state)
{
    free(state);
}

/* 3. On a writer: the failure is counted, or the session made. */
static bool sign_in_finish(struct call *c, struct error *e)
{
    struct sign_in *s = c->state;
    struct error refused;
    if (!sign_in_end(c->api->core, c->db, c->scratch, s, &refused, e))
        return false;
    if (refused.code != ERROR_NONE) {
        http_problem(c->r, &refused);
        return true;
    }
    http_reply_header(c->r, "Set-Cookie",
                      arena_printf(c->r->arena, "lx_session=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d%s",
                                   s->cookie, 30 * 24 * 3600, c->r->secure ? "; Secure" : ""));
    c->actor = (struct actor){.lang = c->r->lang, .uuid = s->account.uuid, .login = s->account.login};
    return actor_load(c->db, c->scratch, s->account.id, day_of(time_now()), &c->actor, e) && session_show(c, e);
}

/* 2. In the pool: argon2id takes its time. */
static bool sign_in_password(struct call *c, struct error *e)
{
    (void)e;
    sign_in_check(c->state);
    call_then(c, HOW_WRITE, sign_in_finish);
    return true;
}

/* 1. On a reader: throttle, and the account. The texts must outlive the step. */
bool session_make(struct call *c, struct error *e)
{
    struct sign_in *s = c->state != NULL ? c->state : calloc(1, sizeof *s);
    if (s == NULL)
        return error_set(e, ERROR_OVERLOADED, NULL);
    c->state = s;
    c->state_free = free_state;
    *s = (struct sign_in){.login = call_text(c, "login"),
                          .password = json_text(c->body, "password"),
                          .code = call_text(c, "code"),
                          .peer = c->r->peer};
    if (!sign_in_begin(c->api->core, c->db, c->r->arena, s, e))
        return false;
    call_then(c, HOW_SLOW, sign_in_password);
    return true;
}

static bool write_posts(struct call *c, const struct pack *pack, struct error *e)
{
    struct jw *w = &c->w;
    jw_karray(w, "posts");
    for (size_t i = 0; i < c->actor.post_count; i++) {
        const struct actor_post *p = &c->actor.posts[i];
        struct unit u;
        struct office o;
        if (!unit_load(c->db, c->scratch, p->unit, &u, e))
            return false;
        jw_object(w);
        jw_kbool(w, "stand_in", p->stands_in_for != 0);
        jw_kz(w, "post", post_code(p->post));
        jw_ktext(w, "label", pack_label(pack, "posts", str_of(post_code(p->post))));
        jw_kobject(w, "unit");
        jw_ktext(w, "code", u.code);
        jw_ktext(w, "name", u.name);
        jw_kint(w, "level", u.level);
        jw_end_object(w);
        jw_key(w, "office");
        if (p->office != 0) {
            if (!office_load(c->db, c->scratch, p->office, &o, e))
                return false;
            jw_object(w);
            jw_ktext(w, "code", o.code);
            jw_ktext(w, "name", o.name);
            jw_end_object(w);
        } else {
            jw_null(w);
        }
        jw_end_object(w);
    }
    jw_end_array(w);
    return true;
}

/* The calls that not everybody may make and this one may, by their names in the API: which pages a screen offers follows from it. */
static void write_may(struct call *c)
{
    jw_karray(&c->w, "may");
    for (const struct route *r = routes; r->path != NULL; r++)
        if (r->posts != 0 && actor_is(&c->actor, r->posts))
            jw_text(&c->w, str_of(r->name));
    jw_end_array(&c->w);
}

/* What the widest post stands for: where the desk begins. */
static bool write_home(struct call *c, struct error *e)
{
    struct unit u = {0};
    for (size_t i = 0; i < c->actor.post_count; i++) {
        const struct actor_post *p = &c->actor.posts[i];
        if (u.id == 0 || p->level < u.level) {
            if (!unit_load(c->db, c->scratch, p->unit, &u, e))
                return false;
        }
    }
    if (u.id == 0)
        return true;
    jw_kz(&c->w, "level", level_code(unit_case_level(u.level)));
    jw_kobject(&c->w, "unit");
    jw_ktext(&c->w, "code", u.code);
    jw_ktext(&c->w, "name", u.name);
    jw_end_object(&c->w);
    return true;
}

bool session_show(struct call *c, struct error *e)
{
    const struct pack *pack = core_pack(c->api->core, c->db, 0, e);
    struct account account;
    char id[ID_TEXT];

    if (pack == NULL || !account_load(c->api->core, c->db, c->scratch, c->actor.account, &account, e))
        return false;
    id_format(account.uuid, id);
    jw_object(&c->w);
    jw_kobject(&c->w, "account");
    jw_kz(&c->w, "id", id);
    jw_ktext(&c->w, "login", account.login);
    jw_ktext(&c->w, "name", account.name);
    jw_kbool(&c->w, "second_factor", account.totp.n > 0);
    jw_end_object(&c->w);
    write_may(c);
    bool ok = write_posts(c, pack, e) && write_home(c, e) &&
              stand_in_write_own(c->api->core, c->db, c->scratch, &c->w, &c->actor, e);
    jw_end_object(&c->w);
    return ok;
}

static void forget_cookie(struct call *c)
{
    http_reply_header(c->r, "Set-Cookie", "lx_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    c->r->status = 204;
}

bool session_drop(struct call *c, struct error *e)
{
    forget_cookie(c);
    return c->actor.by_token || session_end(c->db, c->actor.session, e);
}

bool session_drop_all(struct call *c, struct error *e)
{
    forget_cookie(c);
    return session_end_all(c->db, c->actor.account, e);
}

/* Changing a password: old one checked and new one hashed in the pool, between two looks at the database. */
struct changing {
    struct sign_in old;
    char hash[PASSWORD_TEXT];
};

static bool password_store(struct call *c, struct error *e)
{
    struct changing *ch = c->state;
    c->r->status = 204;
    return account_set_password(c->db, c->actor.account, ch->hash, e) &&
           session_end_all(c->db, c->actor.account, e);
}

/* A wrong old password counts like a failed sign-in: a session left open is no place to guess from. */
static bool password_refused(struct call *c, struct error *e)
{
    struct changing *ch = c->state;
    struct error refused;
    if (!sign_in_end(c->api->core, c->db, c->scratch, &ch->old, &refused, e))
        return false;
    (void)error_set(&refused, ERROR_BAD_SIGN_IN, "old");
    http_problem(c->r, &refused);
    return true;
}

static bool password_work(struct call *c, struct error *e)
{
    struct changing *ch = c->state;
    sign_in_check(&ch->old);
    if (!ch->old.password_ok) {
        call_then(c, HOW_WRITE, password_refused);
        return true;
    }
    if (!password_hash(json_text(c->body, "password"), ch->hash, e))
        return false;
    call_then(c, HOW_WRITE, password_store);
    return true;
}

bool password_change(struct call *c, struct error *e)
{
    struct changing *ch = c->state != NULL ? c->state : calloc(1, sizeof *ch);
    if (ch == NULL)
        return error_set(e, ERROR_OVERLOADED, NULL);
    c->state = ch;
    c->state_free = free_state;
    ch->old = (struct sign_in){.login = arena_str(c->r->arena, c->actor.login),
                               .password = json_text(c->body, "old"),
                               .peer = c->r->peer};
    if (!password_allowed(ch->old.login, json_text(c->body, "password"), e) ||
        !sign_in_begin(c->api->core, c->db, c->r->arena, &ch->old, e))
        return false;
    call_then(c, HOW_SLOW, password_work);
    return true;
}

bool totp_begin(struct call *c, struct error *e)
{
    struct str secret;
    if (!account_totp_begin(c->api->core, c->db, c->scratch, c->actor.account, &secret, e))
        return false;
    jw_object(&c->w);
    jw_ktext(&c->w, "secret", secret);
    jw_kz(&c->w, "uri",
          arena_printf(c->scratch, "otpauth://totp/liuxiao:%.*s?secret=%.*s&issuer=liuxiao",
                       (int)c->actor.login.n, c->actor.login.p, (int)secret.n, secret.p));
    jw_end_object(&c->w);
    return true;
}

bool totp_confirm(struct call *c, struct error *e)
{
    c->r->status = 204;
    return account_totp_confirm(c->api->core, c->db, c->scratch, c->actor.account, call_text(c, "code"), e);
}

bool totp_drop(struct call *c, struct error *e)
{
    c->r->status = 204;
    return account_totp_end(c->db, c->actor.account, e);
}

bool token_list(struct call *c, struct error *e)
{
    return token_write_list(c->db, &c->w, c->actor.account, e);
}

bool token_create(struct call *c, struct error *e)
{
    struct str token;
    if (!token_make(c->api->core, c->db, c->scratch, c->actor.account, call_text(c, "label"),
                    json_int(c->body, "days", 365), &token, e))
        return false;
    jw_object(&c->w);
    jw_ktext(&c->w, "token", token);
    jw_end_object(&c->w);
    return true;
}

bool token_drop(struct call *c, struct error *e)
{
    struct id id;
    c->r->status = 204;
    return (id_parse(c->capture[0], &id) || error_set(e, ERROR_NOT_FOUND, NULL)) &&
           token_revoke(c->db, c->actor.account, id, e);
}
