#include "core/account.h"

#include "base/time.h"
#include "core/unit.h"
#include "core/vault.h"

#define ACCOUNT_COLUMNS                                                                                      \
    "id, uuid, login, key, sealed, coalesce(password, ''), totp, totp_step, coalesce(closed_at, 0)"

static bool read_one(const struct core *core, struct db *db, struct arena *a, const char *sql,
                     struct db_arg arg, struct account *ret, struct error *e)
{
    struct db_rows r;
    struct key key;
    json_t *plain = NULL;

    if (!db_rows(db, &r, e, sql, &arg, 1))
        return false;
    bool found = db_next(&r);
    if (found) {
        *ret = (struct account){
            .id = db_int(&r, 0),
            .uuid = db_id(&r, 1),
            .login = arena_str(a, db_text(&r, 2)),
            .password = arena_str(a, db_text(&r, 5)),
            .totp_step = db_int(&r, 7),
            .closed = db_int(&r, 8) != 0,
        };
        if (vault_key(core, db_blob(&r, 3), &key, e))
            plain = vault_open(a, &key, "account", db_blob(&r, 4), e);
        if (plain != NULL && !db_null(&r, 6) && !vault_open_text(a, &key, "totp", db_blob(&r, 6), &ret->totp, e)) {
            json_decref(plain);
            plain = NULL;
        }
    }
    if (!db_end(&r, e))
        return false;
    if (!found)
        return error_set(e, ERROR_NOT_FOUND, NULL);
    if (plain == NULL)
        return false;
    ret->name = arena_str(a, json_text(plain, "name"));
    ret->phone = arena_str(a, json_text(plain, "phone"));
    ret->hide_phone = json_flag(plain, "hide_phone");
    json_decref(plain);
    return true;
}

bool account_load(const struct core *core, struct db *db, struct arena *a, int64_t id, struct account *ret,
                  struct error *e)
{
    return read_one(core, db, a, "select " ACCOUNT_COLUMNS " from account where id = ?1", INT(id), ret, e);
}

bool account_by_login(const struct core *core, struct db *db, struct arena *a, struct str login,
                      struct account *ret, struct error *e)
{
    return read_one(core, db, a, "select " ACCOUNT_COLUMNS " from account where login = ?1", TEXT(login), ret, e);
}

bool account_name(const struct core *core, struct db *db, struct arena *a, int64_t id, struct str *ret,
                  struct error *e)
{
    struct db_rows r;
    struct key key;
    struct error why = {0};
    json_t *plain = NULL;

    *ret = STR("");
    if (id == 0)
        return true;
    if (!db_rows(db, &r, e, "select key, sealed from account where id = ?1", ARGS(INT(id))))
        return false;
    if (db_next(&r) && vault_key(core, db_blob(&r, 0), &key, &why))
        plain = vault_open(a, &key, "account", db_blob(&r, 1), &why);
    *ret = arena_str(a, json_text(plain, "name"));
    json_decref(plain);
    if (!db_end(&r, e))
        return false;
    if (why.code == ERROR_NONE || why.code == ERROR_KEY_DESTROYED)
        return true;
    if (e != NULL)
        *e = why;
    return false;
}

struct listed {
    int64_t account;
    post_mask posts;
    struct str unit;
};

static size_t collect(struct db *db, struct arena *a, const struct unit *u, struct listed *list, size_t room,
                      struct error *e)
{
    struct db_rows r;
    size_t n = 0;
    if (!db_rows(
            db, &r, e,
            "select p.account, p.post, v.name from post p join unit v on v.id = p.unit join account k on k.id = p.account "
            "where ((v.ord <= ?1 and v.ord_end > ?1) or (v.ord >= ?1 and v.ord < ?2)) and p.office is null and k.closed_at is null "
            "and p.from_day <= ?3 and (p.to_day is null or p.to_day > ?3) order by p.account, p.id limit 1000",
            ARGS(INT(u->ord), INT(u->ord_end), INT(day_of(time_now())))))
        return 0;
    while (db_next(&r)) {
        int64_t account = db_int(&r, 0);
        if (n > 0 && list[n - 1].account == account)
            list[n - 1].posts |= (post_mask)1 << db_int(&r, 1);
        else if (n < room)
            list[n++] = (struct listed){account, (post_mask)1 << db_int(&r, 1), arena_str(a, db_text(&r, 2))};
    }
    return db_end(&r, e) ? n : 0;
}

bool account_write_list(struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t unit,
                        struct error *e)
{
    enum { ROOM = 400 };
    struct listed *list = ARENA_ARRAY(a, struct listed, ROOM);
    struct unit u;
    const struct pack *pack = core_pack(core, db, 0, e);

    if (pack == NULL || !unit_load(db, a, unit, &u, e))
        return false;
    size_t n = collect(db, a, &u, list, ROOM, e);
    jw_karray(w, "items");
    for (size_t i = 0; i < n; i++) {
        struct account account;
        char id[ID_TEXT];
        if (!account_load(core, db, a, list[i].account, &account, e))
            return false;
        if ((list[i].posts & POSTS_WORK) == 0)
            continue;
        id_format(account.uuid, id);
        jw_object(w);
        jw_kz(w, "id", id);
        jw_ktext(w, "name", account.name);
        jw_karray(w, "posts");
        for (int p = 0; p < POST_COUNT; p++)
            if ((list[i].posts >> p & 1) != 0)
                jw_text(w, pack_label(pack, "posts", str_of(post_code((enum post)p))));
        jw_end_array(w);
        jw_ktext(w, "unit", list[i].unit);
        jw_end_object(w);
    }
    jw_end_array(w);
    return true;
}

bool account_steward(struct core *core, struct db *db, struct arena *a, int64_t ord, struct str *ret_name,
                     struct str *ret_phone, struct error *e)
{
    int64_t id;
    struct account account;

    *ret_name = *ret_phone = STR("");
    if (!db_one_int(
            db, &id, 0, e,
            "select p.account from unit v join post p on p.unit = v.id and p.post = ?2 where v.ord = ?1 and v.level = 6 "
            "and p.from_day <= ?3 and (p.to_day is null or p.to_day > ?3) order by p.stands_in_for is null, p.id limit 1",
            ARGS(INT(ord), INT(POST_STEWARD), INT(day_of(time_now())))))
        return false;
    if (id == 0)
        return true;
    if (!account_load(core, db, a, id, &account, e))
        return false;
    *ret_name = account.name;
    *ret_phone = account.hide_phone ? STR("") : account.phone;
    return true;
}

bool account_write_steward(struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t ord,
                           struct error *e)
{
    struct str name, phone;

    if (!account_steward(core, db, a, ord, &name, &phone, e))
        return false;
    jw_key(w, "steward");
    if (name.n == 0) {
        jw_null(w);
        return true;
    }
    jw_object(w);
    jw_ktext(w, "name", name);
    jw_ktext(w, "phone", phone);
    jw_end_object(w);
    return true;
}
