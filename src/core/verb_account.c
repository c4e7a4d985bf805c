/* The verbs of accounts: opened, appointed to posts, relieved, closed. Passwords are set by their owner, or once by whoever opens the account. */
#include "base/time.h"
#include "core/account.h"
#include "core/office.h"
#include "core/person.h"
#include "core/scope.h"
#include "core/stand_in.h"
#include "core/subject.h"
#include "core/unit.h"
#include "core/vault.h"
#include "core/verb.h"

#define POST_FIELDS                                                                                          \
    {.name = "post", .type = FIELD_CHOICE, .required = true, .from = "posts"},                               \
        {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},                                  \
        {.name = "office", .type = FIELD_OFFICE}, {.name = "from", .type = FIELD_DATE},                      \
    {                                                                                                        \
        .name = "to", .type = FIELD_DATE                                                                     \
    }

static const struct field open_fields[] = {
    {.name = "login", .type = FIELD_TEXT, .required = true, .most = 40},
    {.name = "name", .type = FIELD_TEXT, .required = true, .most = 40},
    {.name = "phone", .type = FIELD_TEXT, .most = 20},
    {.name = "hide_phone", .type = FIELD_BOOL},
    POST_FIELDS,
    FIELD_END,
};
static const struct field card_fields[] = {
    {.name = "phone", .type = FIELD_TEXT, .most = 20}, {.name = "hide_phone", .type = FIELD_BOOL}, FIELD_END};
static const struct field appoint_fields[] = {
    POST_FIELDS, {.name = "stands_in_for", .type = FIELD_ACCOUNT}, FIELD_END};
static const struct field relieve_fields[] = {
    {.name = "post", .type = FIELD_CHOICE, .required = true, .from = "posts"},
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
    {.name = "to", .type = FIELD_DATE},
    FIELD_END,
};
static const struct field away_fields[] = {
    {.name = "with", .type = FIELD_ACCOUNT, .required = true},
    {.name = "from", .type = FIELD_DATE},
    {.name = "to", .type = FIELD_DATE, .required = true},
    FIELD_END,
};
static const struct field back_fields[] = {{.name = "with", .type = FIELD_ACCOUNT}, FIELD_END};
static const struct field close_fields[] = {
    {.name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 500}, FIELD_END};

static bool apply_open(struct work *w, struct error *e);
static bool apply_card(struct work *w, struct error *e);
static bool apply_appoint(struct work *w, struct error *e);
static bool apply_relieve(struct work *w, struct error *e);
static bool apply_close_account(struct work *w, struct error *e);

const struct verb verb_accounts[] = {
    {"open", SUBJECT_ACCOUNT, .from = IN_NOTHING, .who = BY_POST, .posts = AS(ADMIN), .fields = open_fields,
     .apply = apply_open},
    {"card", SUBJECT_ACCOUNT, .from = ~0u, .who = BY_POST, .posts = AS(ADMIN), .fields = card_fields,
     .apply = apply_card},
    {"appoint", SUBJECT_ACCOUNT, .from = ~0u, .who = BY_POST, .posts = AS(ADMIN), .fields = appoint_fields,
     .apply = apply_appoint},
    {"relieve", SUBJECT_ACCOUNT, .from = ~0u, .who = BY_POST, .posts = AS(ADMIN), .fields = relieve_fields,
     .apply = apply_relieve},
    {"away", SUBJECT_ACCOUNT, .from = ~0u, .who = BY_POST | BY_SELF, .posts = AS(ADMIN) | AS(CHAIR),
     .fields = away_fields, .apply = apply_away},
    {"back", SUBJECT_ACCOUNT, .from = ~0u, .who = BY_POST | BY_SELF, .posts = AS(ADMIN) | AS(CHAIR),
     .fields = back_fields, .apply = apply_back},
    {"close", SUBJECT_ACCOUNT, .from = ~0u, .who = BY_POST, .posts = AS(ADMIN), .fields = close_fields,
     .apply = apply_close_account},
    {0},
};

static bool day_field(const struct work *w, const char *name, int32_t *ret)
{
    return date_parse(work_text(w, name), ret);
}

static bool find_post_unit(struct work *w, struct unit *u, enum post *post, struct error *e)
{
    if (!unit_by_code(w->db, w->arena, work_text(w, "unit"), u, e) || !scope_reaches(w->actor, u->ord, AS(ADMIN)))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    return post_parse(work_text(w, "post"), post) || error_set(e, ERROR_NOT_A_CHOICE, "post");
}

static bool add_post(struct work *w, struct error *e)
{
    struct unit u;
    struct office o = {0};
    enum post post;
    struct id uuid;
    int32_t from = day_of(w->at), to = 0;
    int64_t stands_in = 0;

    if (!find_post_unit(w, &u, &post, e))
        return false;
    if (work_has(w, "office")) {
        if (!id_parse(work_text(w, "office"), &uuid) || !office_by_uuid(w->db, w->arena, uuid, &o, e) ||
            o.unit != u.id)
            return error_set(e, ERROR_NOT_FOUND, "office");
    }
    if (post == POST_HANDLER && o.id == 0)
        return error_set(e, ERROR_MISSING, "office");
    (void)day_field(w, "from", &from);
    if (day_field(w, "to", &to) && to <= from)
        return error_set(e, ERROR_OUT_OF_RANGE, "to");
    if (work_has(w, "stands_in_for") && (!id_parse(work_text(w, "stands_in_for"), &uuid) ||
                                         !subject_id(w->db, SUBJECT_ACCOUNT, uuid, &stands_in, e)))
        return error_set(e, ERROR_NOT_FOUND, "stands_in_for");
    return db_exec(
        w->db, e,
        "insert into post(account, post, unit, office, from_day, to_day, stands_in_for) values(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        ARGS(INT(w->subject), INT(post), INT(u.id), OPT_INT(o.id), INT(from), OPT_INT(to), OPT_INT(stands_in)));
}

static bool apply_open(struct work *w, struct error *e)
{
    static const unsigned char zeros[HASH_BYTES];
    struct str login = work_text(w, "login"), name = work_text(w, "name"), phone;
    struct unit u;
    enum post post;
    struct key key;
    int64_t taken;

    if (!find_post_unit(w, &u, &post, e) || !phone_normal(w->arena, work_text(w, "phone"), &phone, e))
        return false;
    if (!db_one_int(w->db, &taken, 0, e, "select id from account where login = ?1", ARGS(TEXT(login))))
        return false;
    if (taken != 0)
        return error_set(e, ERROR_CONFLICT, "login");
    w->uuid = id_new();
    w->scope = u.ord;
    w->wrapped = vault_new(w->core, w->arena, &key);
    json_t *plain = json_pack("{s:s%,s:s%,s:b}", "name", name.p, name.n, "phone", phone.p, phone.n,
                              "hide_phone", json_flag(w->fields, "hide_phone"));
    struct str sealed = vault_seal(w->arena, &key, "account", plain);
    json_decref(plain);
    (void)json_object_del(json_object_get(w->record, "fields"), "phone");
    return db_one_int(w->db, &w->subject, 0, e,
                      "insert into account(uuid, login, key, sealed, created_at, rev, head, scope, unit) values(?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?8) returning id",
                      ARGS(ID(w->uuid), TEXT(login), BLOB(w->wrapped), BLOB(sealed), INT(w->now),
                           BYTES(zeros, HASH_BYTES), INT(u.ord), INT(u.id))) &&
           add_post(w, e);
}

/* What residents see of a steward ("my steward", G2): their number as far as they agreed to it. */
static bool apply_card(struct work *w, struct error *e)
{
    struct account old;
    struct str phone;
    struct key key;

    if (!account_load(w->core, w->db, w->arena, w->subject, &old, e) || !vault_key(w->core, w->wrapped, &key, e))
        return false;
    phone = old.phone;
    if (work_has(w, "phone") && !phone_normal(w->arena, work_text(w, "phone"), &phone, e))
        return false;
    bool hide = work_has(w, "hide_phone") ? json_flag(w->fields, "hide_phone") : old.hide_phone;
    json_t *plain = json_pack("{s:s%,s:s%,s:b}", "name", old.name.p, old.name.n, "phone",
                              phone.p != NULL ? phone.p : "", phone.n, "hide_phone", hide);
    struct str sealed = vault_seal(w->arena, &key, "account", plain);
    json_decref(plain);
    if (work_has(w, "phone"))
        (void)json_object_set_new(json_object_get(w->record, "fields"), "phone", json_true());
    return db_exec(w->db, e, "update account set sealed = ?2 where id = ?1", ARGS(INT(w->subject), BLOB(sealed)));
}

static bool apply_appoint(struct work *w, struct error *e)
{
    return add_post(w, e);
}

static bool apply_relieve(struct work *w, struct error *e)
{
    struct unit u;
    enum post post;
    int32_t to = day_of(w->at);
    if (!find_post_unit(w, &u, &post, e))
        return false;
    (void)day_field(w, "to", &to);
    if (!db_exec(w->db, e,
                 "update post set to_day = ?4 where account = ?1 and post = ?2 and unit = ?3 and (to_day is null or to_day > ?4)",
                 ARGS(INT(w->subject), INT(post), INT(u.id), INT(to))))
        return false;
    if (db_changes(w->db) == 0)
        return error_set(e, ERROR_NOT_FOUND, "post");
    /* Nobody stands in for what is no longer theirs. */
    return db_exec(
        w->db, e,
        "update post set to_day = ?4 where stands_in_for = ?1 and post = ?2 and unit = ?3 and (to_day is null or to_day > ?4)",
        ARGS(INT(w->subject), INT(post), INT(u.id), INT(to)));
}

/* What they did stays; they can't come in any more. */
static bool apply_close_account(struct work *w, struct error *e)
{
    if (w->subject == w->actor->account)
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "verb");
    return db_exec(w->db, e, "update account set closed_at = ?2 where id = ?1",
                   ARGS(INT(w->subject), INT(w->now))) &&
           db_exec(w->db, e, "update post set to_day = ?2 where account = ?1 and (to_day is null or to_day > ?2)",
                   ARGS(INT(w->subject), INT(day_of(w->at)))) &&
           stand_in_end(w->db, w->subject, 0, day_of(w->at), e) &&
           db_exec(w->db, e, "delete from token where account = ?1", ARGS(INT(w->subject))) &&
           session_end_all(w->db, w->subject, e);
}
