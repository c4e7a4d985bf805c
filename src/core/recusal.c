#include "core/recusal.h"

#include "base/time.h"
#include "core/account.h"
#include "core/person.h"
#include "core/register.h"
#include "core/unit.h"
#include "core/vault.h"

enum { WORKERS_MOST = 200, SIDES_MOST = 32, KIN_MOST = 1000 };

/* ---- Whom the case is about ---------------------------------------------------------------------------- */

/* Those who are a side or the subject, as their persons say. */
struct sides {
    struct identity who[SIDES_MOST];
    int64_t households[SIDES_MOST];
    size_t n;
};

static bool add_side(struct work *w, int64_t person, struct sides *s, struct error *e)
{
    struct db_rows r;
    struct error why = {0};

    if (!db_rows(w->db, &r, e, "select key, sealed, coalesce(household, 0) from person where id = ?1",
                 ARGS(INT(person))))
        return false;
    if (s->n < SIDES_MOST && db_next(&r)) {
        s->households[s->n] = db_int(&r, 2);
        /* Who was erased is nobody's relative any more. */
        s->n += person_unseal(w->core, w->arena, db_blob(&r, 0), db_blob(&r, 1), &s->who[s->n], &why);
    }
    if (!db_end(&r, e))
        return false;
    if (why.code == ERROR_NONE || why.code == ERROR_KEY_DESTROYED)
        return true;
    if (e != NULL)
        *e = why;
    return false;
}

/* Of a new case they hang on the command still, else on the case. */
static bool sides_of(struct work *w, struct sides *ret, struct error *e)
{
    int64_t persons[SIDES_MOST];
    struct db_rows r;
    size_t n = 0;

    ret->n = 0;
    for (size_t i = 0; w->born && i < w->link_count && n < SIDES_MOST; i++)
        if (w->links[i].role == ROLE_PARTY || w->links[i].role == ROLE_SUBJECT)
            persons[n++] = w->links[i].person;
    if (!w->born) {
        if (!db_rows(w->db, &r, e,
                     "select distinct person from case_person where case_id = ?1 and role in (?2, ?3) order by person limit 32",
                     ARGS(INT(w->c.id), INT(ROLE_PARTY), INT(ROLE_SUBJECT))))
            return false;
        while (n < SIDES_MOST && db_next(&r))
            persons[n++] = db_int(&r, 0);
        if (!db_end(&r, e))
            return false;
    }
    for (size_t i = 0; i < n; i++)
        if (!add_side(w, persons[i], ret, e))
            return false;
    return true;
}

/* ---- Whether a worker has to keep out ------------------------------------------------------------------ */

/* By telephone: a name alone many have. */
static bool is_side(const struct sides *s, struct str phone)
{
    for (size_t i = 0; i < s->n && phone.n > 0; i++)
        if (str_eq(s->who[i].phone, phone))
            return true;
    return false;
}

/* The worker's own entry among the persons, found by their telephone, is of the household of one of them. */
static bool shares_household(struct work *w, const struct sides *s, struct str phone, bool *ret, struct error *e)
{
    unsigned char hash[HASH_BYTES];

    *ret = false;
    if (phone.n == 0)
        return true;
    blind_index(w->core->keys, "phone", phone, hash);
    for (size_t i = 0; i < s->n && !*ret; i++) {
        int64_t found;
        if (s->households[i] == 0)
            continue;
        if (!db_one_int(w->db, &found, 0, e, "select 1 from person where phone_ix = ?1 and household = ?2 limit 1",
                        ARGS(BYTES(hash, HASH_BYTES), INT(s->households[i]))))
            return false;
        *ret = found != 0;
    }
    return true;
}

/* Declared relatives, of one account or of several. */
struct kin {
    int64_t account, scope;
    struct str name, phone;
};

struct kin_list {
    struct kin *rows;
    size_t n, room;
};

static void add_kin(struct work *w, struct kin_list *list, struct kin one)
{
    if (list->n == list->room) {
        struct kin *more = ARENA_ARRAY(w->arena, struct kin, list->room * 2 + 16);
        if (list->n > 0)
            memcpy(more, list->rows, list->n * sizeof *more);
        list->rows = more;
        list->room = list->room * 2 + 16;
    }
    list->rows[list->n++] = one;
}

static bool read_kin(struct work *w, struct db_rows *r, struct kin_list *list, struct error *e)
{
    bool ok = true;
    while (ok && list->n < KIN_MOST && db_next(r)) {
        struct register_row row = {.key = arena_str(w->arena, db_blob(r, 2)),
                                   .sealed = arena_str(w->arena, db_blob(r, 3))};
        json_t *words = register_words(w->core, w->arena, &row, e);
        ok = words != NULL;
        if (ok)
            add_kin(w, list,
                    (struct kin){db_int(r, 0), db_int(r, 1), arena_str(w->arena, json_text(words, "kin_name")),
                                 arena_str(w->arena, json_text(words, "kin_phone"))});
        json_decref(words);
    }
    return db_end(r, ok ? e : NULL) && ok;
}

static bool kin_of(struct work *w, int64_t account, struct kin_list *list, struct error *e)
{
    struct db_rows r;
    list->n = 0;
    return db_rows(w->db, &r, e,
                   "select account, scope, key, sealed from register_row where account = ?1 and register = ?2 and open = 1",
                   ARGS(INT(account), INT(SUBJECT_KIN))) &&
           read_kin(w, &r, list, e);
}

/* Of all who have a post where the case lies or above it. */
static bool kin_over(struct work *w, struct kin_list *list, struct error *e)
{
    struct db_rows r;
    list->n = 0;
    return db_rows(w->db, &r, e,
                   UNITS_ABOVE(
                       "?1") "select k.account, k.scope, k.key, k.sealed from register_row k where k.register = ?3 and k.open = 1 and k.account in "
                             "(select p.account from post p join above b on b.id = p.unit where p.from_day <= ?2 and (p.to_day is null or p.to_day > ?2))",
                   ARGS(INT(w->c.unit), INT(day_of(w->now)), INT(SUBJECT_KIN))) &&
           read_kin(w, &r, list, e);
}

/* By telephone, or by the whole name where the worker declared it in the committee of the case. */
static bool is_kin(const struct kin_list *list, const struct sides *s, int64_t account,
                   const struct unit *committee)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct kin *k = &list->rows[i];
        bool here = k->scope >= committee->ord && k->scope < committee->ord_end;
        for (size_t j = 0; j < s->n && k->account == account; j++)
            if ((k->phone.n > 0 && str_eq(k->phone, s->who[j].phone)) ||
                (here && str_eq(k->name, s->who[j].name)))
                return true;
    }
    return false;
}

/* What is looked at for one worker after the other. */
struct looking {
    struct sides sides;
    struct kin_list kin;
    struct unit committee; /* nothing where the case lies above the committees */
};

static bool begin_looking(struct work *w, struct looking *l, struct error *e)
{
    if (!sides_of(w, &l->sides, e))
        return false;
    l->kin.n = 0;
    l->committee = (struct unit){0};
    (void)unit_above(w->db, w->arena, w->c.unit, UNIT_COMMITTEE, &l->committee, NULL);
    return true;
}

static bool keeps_out(struct work *w, const struct looking *l, const struct account *a, bool *ret,
                      struct error *e)
{
    *ret = is_side(&l->sides, a->phone) || is_kin(&l->kin, &l->sides, a->id, &l->committee);
    return *ret || shares_household(w, &l->sides, a->phone, ret, e);
}

bool recusal_free(struct work *w, int64_t account, const char *field, struct error *e)
{
    struct looking *l = ARENA_ARRAY(w->arena, struct looking, 1);
    struct account a;
    int64_t role;
    bool out = false;

    if (!case_worker_role(w->db, w->c.id, account, &role, e))
        return false;
    if (role == WORKER_RECUSED)
        return error_set(e, ERROR_RECUSED, field);
    if (!begin_looking(w, l, e))
        return false;
    if (l->sides.n > 0 &&
        (!kin_of(w, account, &l->kin, e) || !account_load(w->core, w->db, w->arena, account, &a, e) ||
         !keeps_out(w, l, &a, &out, e)))
        return false;
    return !out || error_set(e, ERROR_RECUSED, field);
}

/* ---- From the first moment, and when somebody is added or the case goes elsewhere ---------------------- */

/* The accounts with a post where the case lies or above it. */
static bool workers(struct work *w, int64_t *ret, size_t *ret_n, struct error *e)
{
    struct db_rows r;
    *ret_n = 0;
    if (!db_rows(w->db, &r, e,
                 UNITS_ABOVE("?1") "select distinct p.account from post p join above b on b.id = p.unit "
                                   "where p.from_day <= ?2 and (p.to_day is null or p.to_day > ?2)",
                 ARGS(INT(w->c.unit), INT(day_of(w->now)))))
        return false;
    while (*ret_n < WORKERS_MOST && db_next(&r))
        ret[(*ret_n)++] = db_int(&r, 0);
    return db_end(&r, e);
}

/* Named in the words of a matter about the village's own people. */
static bool is_named(struct work *w, const struct account *a)
{
    struct str text = json_text(w->words, "text");
    return (w->c.class & CLASS_BYPASS) != 0 && str_points(a->name) >= 2 && text.n > 0 &&
           memmem(text.p, text.n, a->name.p, a->name.n) != NULL;
}

/* Of those who read what goes past the village one must be left: nothing lies with nobody (R3). */
static bool left_over(struct work *w, int64_t account, bool *ret, struct error *e)
{
    struct db_rows r;
    *ret = (w->c.class & CLASS_BYPASS) == 0;
    if (*ret)
        return true;
    if (!db_rows(w->db, &r, e,
                 UNITS_ABOVE("?1") "select distinct p.account from post p join above b on b.id = p.unit where p.post = ?3 "
                                   "and p.from_day <= ?2 and (p.to_day is null or p.to_day > ?2)",
                 ARGS(INT(w->c.unit), INT(day_of(w->now)), INT(POST_DISPATCHER))))
        return false;
    while (db_next(&r)) {
        bool out = db_int(&r, 0) == account;
        for (size_t i = 0; i < w->recused_count; i++)
            out = out || db_int(&r, 0) == w->recused[i];
        *ret = *ret || !out;
    }
    return db_end(&r, e);
}

/* Those who have to keep out, put into w->recused. */
static bool find_recused(struct work *w, bool named, struct error *e)
{
    struct looking *l = ARENA_ARRAY(w->arena, struct looking, 1);
    int64_t found[WORKERS_MOST];
    size_t n;

    if (!begin_looking(w, l, e))
        return false;
    if (!named && l->sides.n == 0)
        return true;
    if (!workers(w, found, &n, e) || (l->sides.n > 0 && !kin_over(w, &l->kin, e)))
        return false;
    for (size_t i = 0; i < n && w->recused_count < WORK_RECUSED; i++) {
        struct account a;
        bool out, others;
        if (!account_load(w->core, w->db, w->arena, found[i], &a, e) || !keeps_out(w, l, &a, &out, e))
            return false;
        if (!out && !(named && is_named(w, &a)))
            continue;
        if (!left_over(w, found[i], &others, e))
            return false;
        if (others)
            w->recused[w->recused_count++] = found[i];
    }
    return true;
}

/* Of a new case. Whoever reports it has told of it and may go on; what one settles on the spot is somebody else's. */
static bool recuse_at_birth(struct work *w, struct error *e)
{
    size_t kept = 0;

    if (!find_recused(w, (w->c.class & CLASS_BYPASS) != 0, e))
        return false;
    for (size_t i = 0; i < w->recused_count; i++) {
        if (w->recused[i] == work_doer(w) && strcmp(w->verb->name, "settle_on_spot") == 0)
            return error_set(e, ERROR_RECUSED, "persons");
        if (w->recused[i] != w->actor->account || w->actor->kind != ACTOR_ACCOUNT)
            w->recused[kept++] = w->recused[i];
    }
    w->recused_count = kept;
    if (kept > 0)
        (void)json_object_set_new(w->record, "recused", json_integer((json_int_t)kept));
    return true;
}

/* Somebody was added, or it goes to others: whoever has to keep out now does, and what they were told of it goes too. */
static bool recuse_later(struct work *w, struct error *e)
{
    if (strcmp(w->verb->name, "correct") == 0 && !work_has(w, "persons"))
        return true;
    if (!find_recused(w, false, e))
        return false;
    for (size_t i = 0; i < w->recused_count; i++) {
        if (w->recused[i] == w->c.handler)
            w->c.handler = 0;
        if (!case_worker_set(w->db, w->c.id, w->recused[i], WORKER_RECUSED, w->at, e) ||
            !db_exec(w->db, e, "delete from notice where account = ?1 and case_id = ?2",
                     ARGS(INT(w->recused[i]), INT(w->c.id))))
            return false;
    }
    if (w->recused_count > 0)
        (void)json_object_set_new(w->record, "recused", json_integer((json_int_t)w->recused_count));
    return true;
}

/* Nobody brings it to an end, judges it or hands it about for their own; who reported it may add to it and step back. */
static bool acts_freely(struct work *w, struct error *e)
{
    return w->actor->kind != ACTOR_ACCOUNT || recusal_free(w, w->actor->account, "verb", e);
}

const struct verb_rule recusal_rules[] = {
    {KIND_NONE, "report", NULL, recuse_at_birth},
    {KIND_NONE, "settle_on_spot", NULL, recuse_at_birth},
    {KIND_NONE, "correct", NULL, recuse_later},
    {KIND_NONE, "refer", acts_freely, recuse_later},
    {KIND_NONE, "escalate", NULL, recuse_later},
    {KIND_NONE, "accept", acts_freely, NULL},
    {KIND_NONE, "take", acts_freely, NULL},
    {KIND_NONE, "assign", acts_freely, NULL},
    {KIND_NONE, "reply", acts_freely, NULL},
    {KIND_NONE, "decline", acts_freely, NULL},
    {KIND_NONE, "settle", acts_freely, NULL},
    {KIND_NONE, "judge", acts_freely, NULL},
    {KIND_NONE, "grant_extension", acts_freely, NULL},
    {KIND_NONE, "reopen", acts_freely, NULL},
    {KIND_NONE, "revisit", acts_freely, NULL},
    {KIND_NONE, "close", acts_freely, NULL},
    {0},
};
