#include "core/person.h"

#include "base/time.h"
#include "core/access.h"
#include "core/scope.h"
#include "core/unit.h"
#include "core/vault.h"

bool phone_normal(struct arena *a, struct str typed, struct str *ret, struct error *e)
{
    struct buf digits = BUF_INIT(BUF_LINE);
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c >= '0' && c <= '9')
            buf_addc(&digits, c);
        else if (strchr(" -+()", c) == NULL)
            break;
        if (i + 1 == typed.n) {
            struct str s = buf_str(&digits);
            if (s.n > 11 && str_starts(s, STR("86")))
                s = str_range(s.p + 2, s.n - 2);
            *ret = arena_str(a, s);
        }
    }
    if (typed.n == 0)
        *ret = STR("");
    bool ok = typed.n == 0 || (digits.n >= 5 && digits.n <= 15 && ret->n >= 5);
    buf_free(&digits);
    return ok || error_set(e, ERROR_MALFORMED, "phone");
}

static bool id_no_check(struct str id_no, struct error *e)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    if (id_no.n != 18)
        return error_set(e, ERROR_MALFORMED, "id_no");
    for (int i = 0; i < 17; i++) {
        if (id_no.p[i] < '0' || id_no.p[i] > '9')
            return error_set(e, ERROR_MALFORMED, "id_no");
        sum += (id_no.p[i] - '0') * weights[i];
    }
    return id_no.p[17] == "10X98765432"[sum % 11] || error_set(e, ERROR_BAD_CHECK_DIGIT, "id_no");
}

bool id_no_normal(struct arena *a, struct str typed, struct str *ret, struct error *e)
{
    char *text = (char *)arena_alloc(a, typed.n + 1);
    memcpy(text, typed.n > 0 ? typed.p : "", typed.n);
    if (typed.n > 0 && text[typed.n - 1] == 'x')
        text[typed.n - 1] = 'X';
    *ret = str_range(text, typed.n);
    return typed.n == 0 || id_no_check(*ret, e);
}

static struct str index_of(const struct work *w, const char *field, struct str value)
{
    if (value.n == 0)
        return (struct str){NULL, 0};
    unsigned char *hash = arena_alloc(w->arena, HASH_BYTES);
    blind_index(w->core->keys, field, value, hash);
    return str_range((const char *)hash, HASH_BYTES);
}

static json_t *identity_json(const struct identity *who)
{
    return json_pack("{s:s%,s:s%,s:s%,s:s%}", "name", who->name.p ? who->name.p : "", who->name.n, "phone",
                     who->phone.p ? who->phone.p : "", who->phone.n, "id_no", who->id_no.p ? who->id_no.p : "",
                     who->id_no.n, "address", who->address.p ? who->address.p : "", who->address.n);
}

static bool make(struct work *w, int64_t unit, int64_t scope, const struct identity *who, struct str name_ix,
                 struct str phone_ix, struct str id_no_ix, int64_t *ret, struct error *e)
{
    static const unsigned char zeros[HASH_BYTES];
    struct key key;
    struct str wrapped = vault_new(w->core, w->arena, &key);
    json_t *plain = identity_json(who);
    struct str sealed = vault_seal(w->arena, &key, "person", plain);
    json_decref(plain);
    return db_one_int(
        w->db, ret, 0, e,
        "insert into person(uuid, unit, scope, rev, head, key, sealed, name_ix, phone_ix, id_no_ix, created_at) "
        "values(?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8, ?9, ?10) returning id",
        ARGS(ID(id_new()), INT(unit), INT(scope), BYTES(zeros, HASH_BYTES), BLOB(wrapped), BLOB(sealed),
             OPT_BLOB(name_ix), OPT_BLOB(phone_ix), OPT_BLOB(id_no_ix), INT(w->now)));
}

bool person_find_or_make(struct work *w, int64_t unit, int64_t scope, const struct identity *who,
                         int64_t *ret, struct error *e)
{
    struct str name_ix = index_of(w, "name", who->name), phone_ix = index_of(w, "phone", who->phone),
               id_no_ix = index_of(w, "id_no", who->id_no);
    struct unit committee;

    if (!unit_above(w->db, w->arena, unit, UNIT_COMMITTEE, &committee, e))
        return false;
    *ret = 0;
    if (id_no_ix.n > 0 &&
        !db_one_int(w->db, ret, 0, e, "select id from person where id_no_ix = ?1 order by id limit 1",
                    ARGS(BLOB(id_no_ix))))
        return false;
    if (*ret == 0 && phone_ix.n > 0 && name_ix.n > 0 &&
        !db_one_int(w->db, ret, 0, e,
                    "select id from person where name_ix = ?1 and phone_ix = ?2 and scope >= ?3 and scope < ?4 order by id limit 1",
                    ARGS(BLOB(name_ix), BLOB(phone_ix), INT(committee.ord), INT(committee.ord_end))))
        return false;
    return *ret != 0 ? person_standing(w->db, *ret, ret, e)
                     : make(w, unit, scope, who, name_ix, phone_ix, id_no_ix, ret, e);
}

/* Each was merged into one that stood then, so the way is short and has no circle. */
bool person_standing(struct db *db, int64_t person, int64_t *ret, struct error *e)
{
    return db_one_int(
        db, ret, person, e,
        "with recursive way(id, next) as (select id, merged_into from person where id = ?1 "
        "union all select p.id, p.merged_into from person p join way on p.id = way.next) select id from way where next is null",
        ARGS(INT(person)));
}

bool person_unseal(const struct core *core, struct arena *a, struct str wrapped, struct str sealed,
                   struct identity *ret, struct error *e)
{
    struct key key;
    json_t *plain = vault_key(core, wrapped, &key, e) ? vault_open(a, &key, "person", sealed, e) : NULL;

    if (plain == NULL)
        return false;
    *ret = (struct identity){arena_str(a, json_text(plain, "name")), arena_str(a, json_text(plain, "phone")),
                             arena_str(a, json_text(plain, "id_no")), arena_str(a, json_text(plain, "address"))};
    json_decref(plain);
    return true;
}

bool person_open(const struct core *core, struct db *db, struct arena *a, int64_t person,
                 struct identity *ret, bool *ret_erased, struct error *e)
{
    struct db_rows r;
    bool ok = true, erased = false;

    *ret = (struct identity){STR(""), STR(""), STR(""), STR("")};
    if (!db_rows(db, &r, e, "select key, sealed from person where id = ?1", ARGS(INT(person))))
        return false;
    if (db_next(&r) && !(erased = db_null(&r, 0)))
        ok = person_unseal(core, a, db_blob(&r, 0), db_blob(&r, 1), ret, e);
    if (ret_erased != NULL)
        *ret_erased = erased;
    return db_end(&r, ok ? e : NULL) && ok;
}

bool person_write_row(const struct core *core, struct arena *a, struct jw *w, struct id uuid,
                      struct str wrapped, struct str sealed, enum lang lang, struct error *e)
{
    struct identity who = {STR(""), STR(""), STR(""), STR("")};
    char text[ID_TEXT];

    if (wrapped.n > 0 && !person_unseal(core, a, wrapped, sealed, &who, e))
        return false;
    id_format(uuid, text);
    jw_kz(w, "id", text);
    jw_ktext(w, "name", wrapped.n == 0 ? str_of(lang_word(lang, "erased.done")) : mask_name(a, who.name));
    jw_ktext(w, "phone", mask_phone(a, who.phone));
    return true;
}

bool person_write(const struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t person,
                  enum lang lang, struct error *e)
{
    struct db_rows r;
    bool ok = true;

    if (!db_rows(db, &r, e, "select uuid, key, sealed from person where id = ?1", ARGS(INT(person))))
        return false;
    if (db_next(&r))
        ok = person_write_row(core, a, w, db_id(&r, 0), db_blob(&r, 1), db_blob(&r, 2), lang, e);
    return db_end(&r, ok ? e : NULL) && ok;
}

/* Children's matters, and those that go past the village, keep whom they are about to themselves: no search and no desk finds these people (L9). */
#define ABOUT_HIDDEN                                                                                         \
    "((person.class & ?2) <> 0 or exists (select 1 from case_person q join cases k on k.id = q.case_id where q.person = person.id and q.role in (2, 3) and (k.class & ?2) <> 0))"

static int64_t hidden_people(const struct actor *actor)
{
    return scope_hidden(actor) & (CLASS_MINOR | CLASS_BYPASS);
}

bool person_hidden(struct db *db, const struct actor *actor, int64_t person, bool *ret, struct error *e)
{
    int64_t found;
    if (!db_one_int(db, &found, 0, e, "select 1 from person where id = ?1 and " ABOUT_HIDDEN,
                    ARGS(INT(person), INT(hidden_people(actor)))))
        return false;
    *ret = found != 0;
    return true;
}

bool person_may_see(struct db *db, const struct actor *actor, int64_t person, int64_t scope, bool *ret,
                    struct error *e)
{
    int64_t found = 0;
    *ret = false;
    if (scope_reaches(actor, scope, PERSON_READERS)) {
        bool hidden;
        if (!person_hidden(db, actor, person, &hidden, e))
            return false;
        *ret = !hidden;
    }
    if (*ret)
        return true;
    if (!db_one_int(db, &found, 0, e,
                    "select 1 from case_person p join case_worker k on k.case_id = p.case_id where p.person = ?1 and k.account = ?2 and k.role <= 2 limit 1",
                    ARGS(INT(person), INT(actor->account))))
        return false;
    for (size_t i = 0; i < actor->post_count && found == 0; i++)
        if (actor->posts[i].office != 0 &&
            !db_one_int(db, &found, 0, e,
                        "select 1 from case_person p join cases c on c.id = p.case_id where p.person = ?1 and c.office = ?2 limit 1",
                        ARGS(INT(person), INT(actor->posts[i].office))))
            return false;
    *ret = found != 0;
    return true;
}

bool person_reveal(struct core *core, struct db *db, struct arena *a, const struct actor *actor,
                   struct id uuid, struct str purpose, struct jw *w, struct error *e)
{
    struct db_rows r;
    struct identity who;
    int64_t person = 0, scope = 0;
    bool may, erased;
    char text[ID_TEXT];

    if (!db_rows(db, &r, e, "select id, scope from person where uuid = ?1", ARGS(ID(uuid))))
        return false;
    if (db_next(&r)) {
        person = db_int(&r, 0);
        scope = db_int(&r, 1);
    }
    if (!db_end(&r, e))
        return false;
    if (person == 0)
        return error_set(e, ERROR_NOT_FOUND, NULL);
    if (!person_may_see(db, actor, person, scope, &may, e))
        return false;
    if (!may)
        return error_set(e, ERROR_NOT_FOUND, NULL);
    if (!access_write(core, db, a, actor, SUBJECT_PERSON, person, purpose, e) ||
        !person_open(core, db, a, person, &who, &erased, e))
        return false;
    if (erased)
        return error_set(e, ERROR_KEY_DESTROYED, NULL);
    id_format(uuid, text);
    jw_object(w);
    jw_kz(w, "id", text);
    jw_ktext(w, "name", who.name);
    jw_ktext(w, "phone", who.phone);
    jw_ktext(w, "id_no", mask_id_no(a, who.id_no));
    jw_ktext(w, "address", who.address);
    jw_end_object(w);
    return true;
}

/* In place of each, who stands for them now, each once and as far as the actor sees them. */
static bool only_standing(struct db *db, const struct actor *actor, int64_t *ids, size_t *n, struct error *e)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        int64_t person, scope;
        bool sees, twice = false;
        if (!person_standing(db, ids[i], &person, e) ||
            !db_one_int(db, &scope, -1, e, "select scope from person where id = ?1", ARGS(INT(person))) ||
            !person_may_see(db, actor, person, scope, &sees, e))
            return false;
        for (size_t k = 0; k < kept; k++)
            twice = twice || ids[k] == person;
        if (sees && !twice)
            ids[kept++] = person;
    }
    *n = kept;
    return true;
}

bool person_search(const struct core *core, struct db *db, struct arena *a, const struct actor *actor,
                   struct str q, struct jw *w, struct error *e)
{
    unsigned char name_ix[HASH_BYTES], phone_ix[HASH_BYTES];
    struct interval *reach;
    struct str phone = STR("");
    int64_t found[20];
    size_t n = 0, count = scope_intervals(actor, a, PERSON_READERS, &reach);

    (void)phone_normal(a, q, &phone, NULL);
    blind_index(core->keys, "name", q, name_ix);
    blind_index(core->keys, "phone", phone, phone_ix);
    for (size_t i = 0; i < count; i++) {
        struct db_rows r;
        if (!db_rows(db, &r, e,
                     "select id from person where (name_ix = ?1 or phone_ix = ?3) and scope >= ?4 and scope < ?5 "
                     "and not " ABOUT_HIDDEN " limit 20",
                     ARGS(BYTES(name_ix, HASH_BYTES), INT(hidden_people(actor)), BYTES(phone_ix, HASH_BYTES),
                          INT(reach[i].lo), INT(reach[i].hi))))
            return false;
        while (n < 20 && db_next(&r))
            found[n++] = db_int(&r, 0);
        if (!db_end(&r, e))
            return false;
    }
    if (!only_standing(db, actor, found, &n, e))
        return false;
    jw_object(w);
    jw_karray(w, "items");
    for (size_t i = 0; i < n; i++) {
        jw_object(w);
        if (!person_write(core, db, a, w, found[i], actor->lang, e))
            return false;
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_end_object(w);
    return true;
}

bool person_walk(const struct core *core, struct db *db, struct arena *a, const struct actor *actor, int64_t lo,
                 int64_t hi, int64_t after, struct person_row *ret, size_t room, size_t *ret_n, struct error *e)
{
    struct db_rows r;
    bool ok = true;

    *ret_n = 0;
    if (!db_rows(db, &r, e,
                 "select id, scope, unit, created_at, key, sealed from person where id > ?1 and scope >= ?3 and scope < ?4 and merged_into is null "
                 "and key is not null and not " ABOUT_HIDDEN " order by id limit ?5",
                 ARGS(INT(after), INT(hidden_people(actor)), INT(lo), INT(hi), INT((int64_t)room))))
        return false;
    while (ok && db_next(&r)) {
        struct person_row *row = &ret[*ret_n];
        *row = (struct person_row){
            db_int(&r, 0), db_int(&r, 2), db_int(&r, 3), {STR(""), STR(""), STR(""), STR("")}};
        ok = person_unseal(core, a, db_blob(&r, 4), db_blob(&r, 5), &row->who, e) && ++*ret_n > 0;
    }
    return db_end(&r, ok ? e : NULL) && ok;
}
