/* The verbs of persons, households and places: registered, put right. Registers are never demanded: they fill up with the work. */
#include "base/time.h"
#include "core/erasure.h"
#include "core/person_once.h"
#include "core/scope.h"
#include "core/subject.h"
#include "core/unit.h"
#include "core/vault.h"
#include "core/verb.h"

#define WHERE                                                                                                \
    {                                                                                                        \
        .name = "unit", .type = FIELD_UNIT, .required = true, .most = 15                                     \
    }
#define PERSON_WHAT                                                                                          \
    {.name = "name", .type = FIELD_TEXT, .most = 40}, {.name = "phone", .type = FIELD_TEXT, .most = 20},     \
        {.name = "id_no", .type = FIELD_TEXT, .most = 18},                                                   \
        {.name = "address", .type = FIELD_TEXT, .most = 100},                                                \
    {                                                                                                        \
        .name = "household", .type = FIELD_ID                                                                \
    }
#define PLACE_WHAT                                                                                           \
    {.name = "address", .type = FIELD_TEXT, .most = 100},                                                    \
        {.name = "industry", .type = FIELD_TEXT, .most = 60},                                                \
        {.name = "business", .type = FIELD_TEXT, .most = 60},                                                \
        {.name = "operator", .type = FIELD_TEXT, .most = 60},                                                \
        {.name = "lat", .type = FIELD_NUMBER, .least = -90, .most = 90},                                     \
    {                                                                                                        \
        .name = "lon", .type = FIELD_NUMBER, .least = -180, .most = 180                                      \
    }

static const struct field person_make[] = {
    WHERE, PERSON_WHAT, {.name = "even_so", .type = FIELD_BOOL, .hidden = true}, FIELD_END};
#define NOTE                                                                                                 \
    {                                                                                                        \
        .name = "note", .type = FIELD_LONGTEXT, .most = 1000                                                 \
    }
static const struct field person_merge[] = {
    {.name = "same_as", .type = FIELD_ID, .required = true}, NOTE, FIELD_END};
static const struct field person_unmerge[] = {NOTE, FIELD_END};
static const struct field person_move[] = {WHERE,
                                           {.name = "on", .type = FIELD_DATE},
                                           {.name = "household", .type = FIELD_ID, .hidden = true},
                                           NOTE,
                                           FIELD_END};
static const struct field person_died[] = {
    {.name = "died_on", .type = FIELD_DATE, .required = true}, NOTE, FIELD_END};
static const struct field person_other[] = {{.name = "other", .type = FIELD_ID, .required = true}, FIELD_END};
static const struct field person_correct[] = {PERSON_WHAT, FIELD_END};
static const struct field person_erase[] = {
    {.name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 1000}, FIELD_END};
static const struct field person_alive[] = {
    {.name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 1000}, FIELD_END};
static const struct field household_make[] = {
    WHERE, {.name = "address", .type = FIELD_TEXT, .required = true, .most = 100}, FIELD_END};
static const struct field place_make[] = {
    WHERE,
    {.name = "kind", .type = FIELD_CHOICE, .required = true, .from = "place_kinds"},
    {.name = "name", .type = FIELD_TEXT, .required = true, .most = 60},
    PLACE_WHAT,
    FIELD_END,
};
static const struct field place_correct[] = {
    {.name = "name", .type = FIELD_TEXT, .most = 60}, PLACE_WHAT, FIELD_END};

static bool apply_person(struct work *w, struct error *e);
static bool apply_person_correct(struct work *w, struct error *e);
static bool apply_household(struct work *w, struct error *e);
static bool apply_place(struct work *w, struct error *e);
static bool apply_place_correct(struct work *w, struct error *e);

/* Who answers for the committee, and who runs the installation: not whoever keeps the register day by day. */
#define ERASERS (AS(CHAIR) | AS(SECRETARY) | AS(ADMIN))
/* Two entries that are one: the desk says so, who sees both histories. */
#define UNITERS (POSTS_DESK | AS(CLERK))
#define KEEPERS (POSTS_DESK | AS(STEWARD) | AS(CLERK) | AS(GRID_LEAD))

const struct verb verb_people[] = {
    {"register", SUBJECT_PERSON, .from = IN_NOTHING, .who = BY_POST, .posts = KEEPERS, .fields = person_make,
     .apply = apply_person},
    {"correct", SUBJECT_PERSON, .from = ~0u, .who = BY_POST, .posts = KEEPERS, .fields = person_correct,
     .apply = apply_person_correct},
    {"move", SUBJECT_PERSON, .from = ~0u, .who = BY_POST, .posts = KEEPERS, .fields = person_move,
     .apply = apply_person_move},
    {"died", SUBJECT_PERSON, .from = ~0u, .who = BY_POST, .posts = KEEPERS, .fields = person_died,
     .apply = apply_person_died},
    {"alive", SUBJECT_PERSON, .from = ~0u, .who = BY_POST, .posts = UNITERS, .fields = person_alive,
     .apply = apply_person_alive},
    {"merge", SUBJECT_PERSON, .from = ~0u, .who = BY_POST, .posts = UNITERS, .fields = person_merge,
     .apply = apply_person_merge},
    {"unmerge", SUBJECT_PERSON, .from = ~0u, .who = BY_POST, .posts = UNITERS, .fields = person_unmerge,
     .apply = apply_person_unmerge},
    /* the other side of these two: follow from them, nobody may */
    {"absorb", SUBJECT_PERSON, .from = ~0u, .fields = person_other},
    {"release", SUBJECT_PERSON, .from = ~0u, .fields = person_other},
    {"erase", SUBJECT_PERSON, .from = ~0u, .who = BY_POST, .posts = ERASERS, .fields = person_erase,
     .apply = apply_person_erase},
    {"register", SUBJECT_HOUSEHOLD, .from = IN_NOTHING, .who = BY_POST, .posts = KEEPERS,
     .fields = household_make, .apply = apply_household},
    {"register", SUBJECT_PLACE, .from = IN_NOTHING, .who = BY_POST, .posts = KEEPERS, .fields = place_make,
     .apply = apply_place},
    {"correct", SUBJECT_PLACE, .from = ~0u, .who = BY_POST, .posts = KEEPERS, .fields = place_correct,
     .apply = apply_place_correct},
    {0},
};

static const unsigned char zeros[HASH_BYTES];

static bool find_unit(struct work *w, struct unit *u, struct error *e)
{
    if (!unit_by_code(w->db, w->arena, work_text(w, "unit"), u, e) || u->level < UNIT_COMMITTEE ||
        !scope_reaches(w->actor, u->ord, KEEPERS))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    w->scope = u->ord;
    return true;
}

static struct str hashed(struct work *w, const char *field, struct str value)
{
    if (value.n == 0)
        return (struct str){NULL, 0};
    unsigned char *out = arena_alloc(w->arena, HASH_BYTES);
    blind_index(w->core->keys, field, value, out);
    return str_range((const char *)out, HASH_BYTES);
}

/* What the journal keeps of a person is that it changed, not to what: the words lie in the row, under the person's key, and go with it. */
static void forget_fields(struct work *w)
{
    json_t *fields = json_object_get(w->record, "fields");
    static const char *const personal[] = {"name", "phone", "id_no", "address", "operator"};
    for (size_t i = 0; i < sizeof personal / sizeof personal[0]; i++)
        if (json_object_get(fields, personal[i]) != NULL)
            (void)json_object_set_new(fields, personal[i], json_true());
}

static bool identity_of(struct work *w, const struct identity *old, struct identity *ret, struct error *e)
{
    *ret = *old;
    if (work_has(w, "name"))
        ret->name = work_text(w, "name");
    if (work_has(w, "phone") && !phone_normal(w->arena, work_text(w, "phone"), &ret->phone, e))
        return false;
    if (work_text(w, "id_no").n > 0 && !id_no_normal(w->arena, work_text(w, "id_no"), &ret->id_no, e))
        return false;
    if (work_has(w, "address"))
        ret->address = work_text(w, "address");
    return ret->name.n > 0 || ret->phone.n > 0 || error_set(e, ERROR_MISSING, "name");
}

static struct str seal_identity(struct work *w, const struct key *key, const struct identity *who)
{
    json_t *plain = json_pack("{s:s%,s:s%,s:s%,s:s%}", "name", who->name.p, who->name.n, "phone",
                              who->phone.p, who->phone.n, "id_no", who->id_no.p, who->id_no.n, "address",
                              who->address.p, who->address.n);
    struct str sealed = vault_seal(w->arena, key, "person", plain);
    json_decref(plain);
    return sealed;
}

static bool find_household(struct work *w, int64_t *ret, struct error *e)
{
    struct id uuid;
    *ret = 0;
    if (work_text(w, "household").n == 0)
        return true;
    if (!id_parse(work_text(w, "household"), &uuid) || !subject_id(w->db, SUBJECT_HOUSEHOLD, uuid, ret, e))
        return error_set(e, ERROR_NOT_FOUND, "household");
    return true;
}

/* Whoever seems to be there already is looked at before they are written down a second time. */
static bool once(struct work *w, const struct unit *u, const struct identity *who, struct error *e)
{
    struct alike found[ALIKE_MOST];
    struct alike_query q;
    size_t n;

    if (json_flag(w->fields, "even_so"))
        return true;
    if (!person_alike_query(w->core, w->db, w->arena, u->id, who, &q, e) ||
        !person_alike(w->db, w->actor, &q, found, &n, e))
        return false;
    return n == 0 || error_setf(e, ERROR_LIKELY_SAME, alike_field(found[0].by), "%zu", n);
}

static bool apply_person(struct work *w, struct error *e)
{
    const struct identity nobody = {STR(""), STR(""), STR(""), STR("")};
    struct identity who;
    struct unit u;
    struct key key;
    int64_t household;

    if (!find_unit(w, &u, e) || !identity_of(w, &nobody, &who, e) || !find_household(w, &household, e) ||
        !once(w, &u, &who, e))
        return false;
    w->uuid = id_new();
    w->wrapped = vault_new(w->core, w->arena, &key);
    forget_fields(w);
    return db_one_int(
        w->db, &w->subject, 0, e,
        "insert into person(uuid, unit, scope, household, rev, head, key, sealed, name_ix, phone_ix, id_no_ix, created_at) "
        "values(?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, ?9, ?10, ?11) returning id",
        ARGS(ID(w->uuid), INT(u.id), INT(u.ord), OPT_INT(household), BYTES(zeros, HASH_BYTES),
             BLOB(w->wrapped), BLOB(seal_identity(w, &key, &who)), OPT_BLOB(hashed(w, "name", who.name)),
             OPT_BLOB(hashed(w, "phone", who.phone)), OPT_BLOB(hashed(w, "id_no", who.id_no)), INT(w->now)));
}

static bool apply_person_correct(struct work *w, struct error *e)
{
    struct identity old, who;
    struct key key;
    int64_t household;

    if (!person_stands(w, e) || !person_open(w->core, w->db, w->arena, w->subject, &old, NULL, e) ||
        !identity_of(w, &old, &who, e) || !find_household(w, &household, e) ||
        !vault_key(w->core, w->wrapped, &key, e))
        return false;
    forget_fields(w);
    return db_exec(
        w->db, e,
        "update person set sealed = ?2, name_ix = ?3, phone_ix = ?4, id_no_ix = ?5, household = coalesce(?6, household) where id = ?1",
        ARGS(INT(w->subject), BLOB(seal_identity(w, &key, &who)), OPT_BLOB(hashed(w, "name", who.name)),
             OPT_BLOB(hashed(w, "phone", who.phone)), OPT_BLOB(hashed(w, "id_no", who.id_no)),
             OPT_INT(household)));
}

static bool apply_household(struct work *w, struct error *e)
{
    struct unit u;
    struct key key;
    struct str address = work_text(w, "address");

    if (!find_unit(w, &u, e))
        return false;
    w->uuid = id_new();
    w->wrapped = vault_new(w->core, w->arena, &key);
    json_t *plain = json_pack("{s:s%}", "address", address.p, address.n);
    struct str sealed = vault_seal(w->arena, &key, "household", plain);
    json_decref(plain);
    forget_fields(w);
    return db_one_int(w->db, &w->subject, 0, e,
                      "insert into household(uuid, unit, scope, rev, head, key, sealed, address_ix, created_at) values(?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8) "
                      "returning id",
                      ARGS(ID(w->uuid), INT(u.id), INT(u.ord), BYTES(zeros, HASH_BYTES), BLOB(w->wrapped),
                           BLOB(sealed), BLOB(hashed(w, "address", address)), INT(w->now)));
}

/* The three responsible of a place (三管三必须), by default from its kind. */
static json_t *place_words(struct work *w, json_t *old, struct str kind)
{
    static const char *const names[] = {"name", "address", "industry", "business", "operator"};
    json_t *words = old != NULL ? json_copy(old) : json_object();
    const json_t *kinds = json_object_get(w->pack->doc, "place_kinds"), *row;
    size_t i;

    json_array_foreach(kinds, i, row)
        if (old == NULL && str_eq(json_text(row, "code"), kind))
            (void)json_object_update(words, json_object_get(row, "default_responsible"));
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct str s = work_text(w, names[i]);
        if (s.n > 0)
            (void)json_object_set_new(words, names[i], json_stringn(s.p, s.n));
    }
    return words;
}

static bool apply_place(struct work *w, struct error *e)
{
    struct unit u;
    struct key key;
    struct str kind = work_text(w, "kind");

    if (!pack_has(w->pack, "place_kinds", kind))
        return error_set(e, ERROR_NOT_A_CHOICE, "kind");
    if (!find_unit(w, &u, e))
        return false;
    w->uuid = id_new();
    w->wrapped = vault_new(w->core, w->arena, &key);
    json_t *words = place_words(w, NULL, kind);
    struct str sealed = vault_seal(w->arena, &key, "place", words);
    json_decref(words);
    return db_one_int(
        w->db, &w->subject, 0, e,
        "insert into place(uuid, unit, scope, rev, head, key, sealed, kind, lat, lon, name_ix, created_at) "
        "values(?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) returning id",
        ARGS(ID(w->uuid), INT(u.id), INT(u.ord), BYTES(zeros, HASH_BYTES), BLOB(w->wrapped), BLOB(sealed),
             TEXT(kind), OPT_INT((int64_t)(json_number_value(json_object_get(w->fields, "lat")) * 1e7)),
             OPT_INT((int64_t)(json_number_value(json_object_get(w->fields, "lon")) * 1e7)),
             BLOB(hashed(w, "place", work_text(w, "name"))), INT(w->now)));
}

static bool apply_place_correct(struct work *w, struct error *e)
{
    struct key key;
    struct db_rows r;
    struct str sealed = {NULL, 0};
    if (!db_rows(w->db, &r, e, "select sealed from place where id = ?1", ARGS(INT(w->subject))))
        return false;
    if (db_next(&r))
        sealed = arena_str(w->arena, db_blob(&r, 0));
    if (!db_end(&r, e) || !vault_key(w->core, w->wrapped, &key, e))
        return false;
    json_t *old = vault_open(w->arena, &key, "place", sealed, e);
    if (old == NULL)
        return false;
    json_t *words = place_words(w, old, STR(""));
    sealed = vault_seal(w->arena, &key, "place", words);
    (void)json_object_set_new(w->record, "was", old);
    json_decref(words);
    return db_exec(w->db, e, "update place set sealed = ?2 where id = ?1", ARGS(INT(w->subject), BLOB(sealed)));
}
