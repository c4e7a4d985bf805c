#include "six/subsidy.h"

#include "base/time.h"
#include "core/access.h"
#include "core/search_fold.h"
#include "core/throttle.h"
#include "core/vault.h"
#include "six/six.h"

enum { IN = 1, WITHDRAWN };
enum { ID_TAIL = 6, PROOF = 4, LINES_MOST = 200 };

static const struct field import_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
    {.name = "title", .type = FIELD_TEXT, .required = true, .most = 60},
    {.name = "year", .type = FIELD_INT, .least = 2000, .most = 2100},
    {.name = "rows", .type = FIELD_INT},
    FIELD_END,
};
static const struct field withdraw_fields[] = {
    {.name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 1000}, FIELD_END};

static bool withdraw(struct work *w, struct error *e);

const struct verb subsidy_verbs[] = {
    {"import", SUBJECT_SUBSIDY, .from = IN_NOTHING, .to = IN, .who = BY_POST, .posts = POSTS_DESK,
     .fields = import_fields, .apply = register_make},
    {"withdraw", SUBJECT_SUBSIDY, .from = 1u << IN, .to = WITHDRAWN, .who = BY_POST, .posts = POSTS_DESK,
     .fields = withdraw_fields, .apply = withdraw},
    {0},
};

const struct register_def subsidies = {
    .subject = SUBJECT_SUBSIDY,
    .states = {[IN] = "in", [WITHDRAWN] = "withdrawn"},
    .open = 1u << IN,
    .by_file = true,
    .readers = POSTS_DESK | AS(STEWARD),
    .title = "title",
    .columns = {{"rows", REGISTER_AMOUNT}},
};

static bool withdraw(struct work *w, struct error *e)
{
    return register_change(w, e) &&
           db_exec(w->db, e, "delete from subsidy_line where payment = ?1", ARGS(INT(w->row.id)));
}

/* ---- Keys ---------------------------------------------------------------------------------------------- */

static struct str tail(struct str s, size_t n)
{
    return s.n >= n ? str_range(s.p + s.n - n, n) : s;
}

/* Names as they are typed: full width, traditional and spaces make no difference. */
static void who_of(const struct core *core, struct arena *a, struct str name, struct str id_tail,
                   unsigned char out[HASH_BYTES])
{
    struct folded f;
    struct buf b = BUF_INIT(BUF_LINE);
    fold(a, name, &f);
    for (size_t i = 0; i < f.n; i++)
        if (fold_class(f.c[i]) != FOLD_GAP)
            buf_add(&b, str_range((const char *)&f.c[i], sizeof f.c[i]));
    buf_addc(&b, '|');
    for (size_t i = 0; i < id_tail.n; i++)
        buf_addc(&b, (char)(id_tail.p[i] == 'x' ? 'X' : id_tail.p[i]));
    blind_index(core->keys, "subsidy who", buf_str(&b), out);
    buf_free(&b);
}

static const char *proof_of(const struct core *core, struct arena *a, const unsigned char who[HASH_BYTES],
                            struct str last)
{
    struct buf b = BUF_INIT(BUF_LINE), hex = BUF_INIT(BUF_LINE);
    unsigned char hash[HASH_BYTES];
    buf_add_hex(&b, who, HASH_BYTES);
    buf_add(&b, last);
    blind_index(core->keys, "subsidy proof", buf_str(&b), hash);
    buf_add_hex(&hex, hash, HASH_BYTES);
    const char *ret = arena_z(a, buf_str(&hex));
    buf_free(&b);
    buf_free(&hex);
    return ret;
}

/* ---- In ------------------------------------------------------------------------------------------------ */

static void put(json_t *o, const char *name, struct str s)
{
    if (s.n > 0)
        (void)json_object_set_new(o, name, json_stringn(s.p, s.n));
}

bool subsidy_add(struct core *core, struct db *db, struct arena *a, int64_t payment, int64_t scope,
                 const struct subsidy_line *line, struct error *e)
{
    const struct str numbers[] = {line->card, line->phone};
    unsigned char who[HASH_BYTES];
    struct key key;
    struct str wrapped = vault_new(core, a, &key);
    json_t *words = json_pack("{s:I,s:[]}", "fen", (json_int_t)line->fen, "proofs");

    who_of(core, a, line->name, tail(line->id_no, ID_TAIL), who);
    for (size_t i = 0; i < 2; i++)
        if (numbers[i].n >= PROOF)
            (void)json_array_append_new(json_object_get(words, "proofs"),
                                        json_string(proof_of(core, a, who, tail(numbers[i], PROOF))));
    put(words, "item", line->item);
    put(words, "paid_on", line->paid_on);
    put(words, "group", line->group);
    put(words, "area", line->area);
    put(words, "note", line->note);
    bool ok = db_exec(db, e,
                      "insert into subsidy_line(payment, scope, who, key, sealed) values(?1, ?2, ?3, ?4, ?5)",
                      ARGS(INT(payment), INT(scope), BYTES(who, HASH_BYTES), BLOB(wrapped),
                           BLOB(vault_seal(a, &key, "subsidy", words))));
    json_decref(words);
    return ok;
}

bool subsidy_count(struct core *core, struct db *db, struct arena *a, struct str name, struct str id_no,
                   int64_t lo, int64_t hi, int64_t *ret, struct error *e)
{
    unsigned char who[HASH_BYTES];
    *ret = 0;
    if (id_no.n < ID_TAIL)
        return true;
    who_of(core, a, name, tail(id_no, ID_TAIL), who);
    return db_one_int(db, ret, 0, e,
                      "select count(*) from subsidy_line where who = ?1 and scope >= ?2 and scope < ?3",
                      ARGS(BYTES(who, HASH_BYTES), INT(lo), INT(hi)));
}

/* ---- Out ----------------------------------------------------------------------------------------------- */

static bool proves(const json_t *words, const char *proof)
{
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(words, "proofs"), i, one)
        if (strcmp(json_string_value(one), proof) == 0)
            return true;
    return false;
}

static void write_line(struct jw *w, struct arena *a, const json_t *words, const json_t *payment)
{
    int64_t fen = json_int(words, "fen", 0);
    static const char *const texts[] = {"item", "paid_on", "area", "note"};
    jw_object(w);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        jw_ktext(w, texts[i], json_text(words, texts[i]));
    jw_kz(w, "amount", arena_printf(a, "%lld.%02lld", (long long)(fen / 100), (long long)(fen % 100)));
    jw_ktext(w, "table", json_text(payment, "title"));
    jw_end_object(w);
}

/* The lines of a person here; with a proof only those that it opens. *ret_n: how many. */
static bool write_lines(struct core *core, struct db *db, struct arena *a, struct jw *w,
                        const struct subsidy_question *q, bool prove, size_t *ret_n, struct error *e)
{
    unsigned char who[HASH_BYTES];
    struct db_rows r;

    who_of(core, a, q->name, q->id_tail, who);
    const char *proof = proof_of(core, a, who, q->proof);
    *ret_n = 0;
    if (!db_rows(db, &r, e,
                 "select l.key, l.sealed, p.key, p.sealed from subsidy_line l join register_row p on p.id = l.payment "
                 "where l.who = ?1 and l.scope >= ?2 and l.scope < ?3 order by l.payment desc, l.id limit ?4",
                 ARGS(BYTES(who, HASH_BYTES), INT(q->lo), INT(q->hi), INT(LINES_MOST))))
        return false;
    jw_object(w);
    jw_karray(w, "items");
    while (db_next(&r)) {
        struct key key, other;
        json_t *words = vault_key(core, db_blob(&r, 0), &key, NULL)
                            ? vault_open(a, &key, "subsidy", db_blob(&r, 1), NULL)
                            : NULL;
        json_t *payment = vault_key(core, db_blob(&r, 2), &other, NULL)
                              ? vault_open(a, &other, "register", db_blob(&r, 3), NULL)
                              : NULL;
        if (words != NULL && (!prove || proves(words, proof))) {
            write_line(w, a, words, payment);
            ++*ret_n;
        }
        json_decref(words);
        json_decref(payment);
    }
    jw_end_array(w);
    jw_end_object(w);
    return db_end(&r, e);
}

bool subsidy_own(struct core *core, struct db *db, struct arena *a, struct jw *w,
                 const struct subsidy_question *q, struct error *ret_refused, struct error *e)
{
    unsigned char name[HASH_BYTES], peer[HASH_BYTES];
    size_t n;

    error_clear(ret_refused);
    who_of(core, a, q->name, STR("any"), name);
    blind_index(core->keys, "subsidy peer", q->peer, peer);
    if (q->id_tail.n != ID_TAIL)
        return error_set(e, ERROR_MALFORMED, "id_tail");
    if (q->proof.n != PROOF)
        return error_set(e, ERROR_MALFORMED, "proof");
    if (throttle_held(db, name, ret_refused) || throttle_held(db, peer, ret_refused))
        return true;
    if (!write_lines(core, db, a, w, q, true, &n, e))
        return false;
    if (n > 0)
        return throttle_clear(db, name, e);
    (void)error_set(ret_refused, ERROR_NOT_FOUND, NULL); /* never which of the three was wrong */
    return throttle_failed(db, name, time_real(), e) && throttle_failed(db, peer, time_real(), e);
}

bool subsidy_for(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                 int64_t unit, const struct subsidy_question *q, struct str purpose, struct error *e)
{
    size_t n;
    if (purpose.n == 0)
        return error_set(e, ERROR_MISSING, "purpose");
    if (q->id_tail.n != ID_TAIL)
        return error_set(e, ERROR_MALFORMED, "id_tail");
    return access_write(core, db, a, actor, SUBJECT_UNIT, unit,
                        str_of(arena_printf(a, "补贴代查 %.*s：%.*s", (int)q->name.n, q->name.p,
                                            (int)purpose.n, purpose.p)),
                        e) &&
           write_lines(core, db, a, w, q, false, &n, e);
}
