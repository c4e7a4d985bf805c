/* Behind the journal: the terms of the checked answers, with what was asked when each was chosen. */
#include <pthread.h>
#include <stdlib.h>

#include "core/follow.h"
#include "core/search_doc.h"
#include "core/vault.h"
#include "six/answer_terms.h"
#include "six/answers.h"

enum { TERMS_MOST = 600, ASKED_MOST = 60, USES_LOOKED_AT = 50, PAGE = 200 };
/* What a term weighs by where it stands, in thousandths. What was asked counts once it was asked twice as much as a title's word at most. */
enum { OF_QUESTION = 3000, OF_ANSWER = 1000, OF_CASE = 1500, OF_CASES_MOST = 6000 };

/* Pairs that stand in every question. */
static const char *const plain[] = {"怎么", "么办", "什么", "么样", "哪里", "在哪", "哪儿", "如何", "请问",
                                    "多少", "可以", "我们", "我家", "你好", "您好", "是不", "不是", "有没",
                                    "没有", "一下", "问一", "想问", "咨询", "能不", "不能", "需要", "怎样"};

static uint32_t plain_pairs[sizeof plain / sizeof plain[0]][2];

static void fold_plain(void)
{
    struct arena *a = arena_open();
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        struct folded f;
        fold(a, str_of(plain[i]), &f);
        plain_pairs[i][0] = f.c[0];
        plain_pairs[i][1] = f.c[1];
    }
    arena_close(a);
}

static bool is_plain(const uint32_t *c)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, fold_plain);
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (plain_pairs[i][0] == c[0] && plain_pairs[i][1] == c[1])
            return true;
    return false;
}

static size_t add_asked(struct terms *t, const struct folded *f, size_t at, size_t n, struct asked_term *ret)
{
    t->n = 0;
    terms_add_wanted(t, f->c + at, n);
    if (t->n == 0)
        return 0;
    *ret = (struct asked_term){(int64_t)t->v[0], at, n};
    return 1;
}

size_t asked_terms(const struct core *core, struct arena *a, struct str text, struct folded *ret_folded,
                   struct asked_term *ret, size_t room)
{
    struct terms t;
    size_t n = 0;

    terms_open(&t, core, a);
    fold(a, text, ret_folded);
    for (size_t i = 0, end; i < ret_folded->n && n < room; i = end) {
        end = fold_run(ret_folded, i);
        enum fold_class class = fold_class(ret_folded->c[i]);
        if (class == FOLD_GAP)
            continue;
        if (class != FOLD_HAN)
            n += add_asked(&t, ret_folded, i, end - i, &ret[n]);
        for (size_t k = i; class == FOLD_HAN && k + 1 < end && n < room; k++)
            if (!is_plain(ret_folded->c + k))
                n += add_asked(&t, ret_folded, k, 2, &ret[n]);
    }
    return n;
}

/* ---- One answer ---------------------------------------------------------------------------------------- */

struct weighed {
    int64_t term;
    int weight, strong;
};

struct answer_doc {
    struct core *core;
    struct db *db;
    struct arena *a;
    int64_t id, unit, due, uses;
    struct weighed v[TERMS_MOST];
    size_t n;
};

static void add_term(struct answer_doc *d, int64_t term, int weight, bool strong, int most)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->v[i].term == term) {
            int sum = d->v[i].weight + weight;
            d->v[i].weight = sum < most ? sum : d->v[i].weight > most ? d->v[i].weight : most;
            d->v[i].strong |= strong;
            return;
        }
    if (d->n < TERMS_MOST)
        d->v[d->n++] = (struct weighed){term, weight, strong};
}

static void add_text(struct answer_doc *d, struct str text, size_t most, int weight, bool strong)
{
    struct asked_term *asked = ARENA_ARRAY(d->a, struct asked_term, most);
    struct folded f;
    size_t n = asked_terms(d->core, d->a, text, &f, asked, most);
    for (size_t i = 0; i < n; i++)
        add_term(d, asked[i].term, weight, strong, OF_CASES_MOST);
}

static bool add_words(struct answer_doc *d, struct str wrapped, struct str sealed, struct error *e)
{
    struct key key;
    struct error why = {0};
    json_t *words =
        vault_key(d->core, wrapped, &key, &why) ? vault_open(d->a, &key, "register", sealed, e) : NULL;

    if (words == NULL)
        return why.code == ERROR_KEY_DESTROYED;
    add_text(d, json_text(words, "wording"), ASKED_MOST, OF_QUESTION, true);
    add_text(d, json_text(words, "words"), ASKED_MOST, OF_QUESTION, true);
    add_text(d, json_text(words, "ready_answer"), TERMS_MOST / 3, OF_ANSWER, false);
    json_decref(words);
    return true;
}

/* What was asked by those it was given to: a pair that came up in several of these matters says more than one that came up once. */
static bool add_uses(struct answer_doc *d, struct error *e)
{
    struct db_rows r;

    if (!db_one_int(d->db, &d->uses, 0, e, "select count(*) from answer_use where answer = ?1", ARGS(INT(d->id))) ||
        !db_rows(d->db, &r, e,
                 "select c.key, c.sealed from answer_use u join cases c on c.id = u.case_id where u.answer = ?1 "
                 "order by u.at desc limit ?2",
                 ARGS(INT(d->id), INT(USES_LOOKED_AT))))
        return false;
    while (db_next(&r)) {
        struct key key;
        json_t *words = vault_key(d->core, db_blob(&r, 0), &key, NULL)
                            ? vault_open(d->a, &key, "case", db_blob(&r, 1), NULL)
                            : NULL;
        add_text(d, json_text(words, "text"), ASKED_MOST, OF_CASE, true);
        json_decref(words);
    }
    return db_end(&r, e);
}

static bool write_doc(struct answer_doc *d, struct error *e)
{
    int64_t length = 0;
    for (size_t i = 0; i < d->n; i++)
        length += d->v[i].weight;
    if (!db_exec(d->db, e,
                 "insert into derived.answer_doc(answer, unit, length, uses, due) values(?1, ?2, ?3, ?4, ?5)",
                 ARGS(INT(d->id), INT(d->unit), INT(length), INT(d->uses), INT(d->due))))
        return false;
    for (size_t i = 0; i < d->n; i++)
        if (!db_exec(
                d->db, e,
                "insert into derived.answer_term(unit, term, answer, weight, strong) values(?1, ?2, ?3, ?4, ?5)",
                ARGS(INT(d->unit), INT(d->v[i].term), INT(d->id), INT(d->v[i].weight), INT(d->v[i].strong))))
            return false;
    return true;
}

static bool refresh(struct core *core, struct db *db, int64_t id, struct error *e)
{
    struct arena *a = arena_open();
    struct answer_doc *d = ARENA_NEW(a, struct answer_doc);
    struct str wrapped = {NULL, 0}, sealed = {NULL, 0};
    struct db_rows r;
    bool ok = db_exec(db, e, "delete from derived.answer_doc where answer = ?1", ARGS(INT(id))) &&
              db_exec(db, e, "delete from derived.answer_term where answer = ?1", ARGS(INT(id)));

    *d = (struct answer_doc){.core = core, .db = db, .a = a};
    if (ok && db_rows(db, &r, e,
                      "select id, unit, due, key, sealed from register_row where id = ?1 and register = ?2 and state = ?3",
                      ARGS(INT(id), INT(SUBJECT_ANSWER), INT(ANSWER_CHECKED)))) {
        if (db_next(&r)) {
            d->id = db_int(&r, 0);
            d->unit = db_int(&r, 1);
            d->due = db_int(&r, 2);
            wrapped = arena_str(a, db_blob(&r, 3));
            sealed = arena_str(a, db_blob(&r, 4));
        }
        ok = db_end(&r, e);
    } else {
        ok = false;
    }
    if (ok && d->id != 0)
        ok = add_words(d, wrapped, sealed, e) && add_uses(d, e) && write_doc(d, e);
    arena_close(a);
    return ok;
}

/* ---- Following ----------------------------------------------------------------------------------------- */

static bool refresh_chosen(struct core *core, struct db *db, int64_t case_id, struct error *e)
{
    enum { OF_ONE_CASE = 20 };
    int64_t ids[OF_ONE_CASE];
    size_t n = 0;
    struct db_rows r;
    bool ok;

    if (!db_rows(db, &r, e, "select answer from answer_use where case_id = ?1 order by at desc limit ?2",
                 ARGS(INT(case_id), INT(OF_ONE_CASE))))
        return false;
    while (n < OF_ONE_CASE && db_next(&r))
        ids[n++] = db_int(&r, 0);
    ok = db_end(&r, e);
    for (size_t i = 0; ok && i < n; i++)
        ok = refresh(core, db, ids[i], e);
    return ok;
}

/* All answers there are: a few hundred in a committee, some ten thousand in a county. */
static bool build(struct core *core, struct db *db, struct error *e)
{
    int64_t ids[PAGE], after = 0;
    size_t n = PAGE;
    bool ok = db_exec(db, e, "delete from derived.answer_doc", NO_ARGS) &&
              db_exec(db, e, "delete from derived.answer_term", NO_ARGS);

    while (ok && n == PAGE) {
        struct db_rows r;
        n = 0;
        if (!db_rows(db, &r, e, "select id from register_row where register = ?1 and id > ?2 order by id limit ?3",
                     ARGS(INT(SUBJECT_ANSWER), INT(after), INT(PAGE))))
            return false;
        while (n < PAGE && db_next(&r))
            ids[n++] = db_int(&r, 0);
        ok = db_end(&r, e);
        for (size_t i = 0; ok && i < n; i++)
            ok = refresh(core, db, ids[i], e);
        after = n > 0 ? ids[n - 1] : after;
    }
    return ok;
}

bool answers_rebuild(struct db *db, struct error *e)
{
    return cursor_set(db, true, "answers", (struct journal_cursor){0, 0}, e);
}

bool answers_catch_up(struct core *core, struct db *db, int64_t most, int64_t *ret_done, struct error *e)
{
    const unsigned kinds = 1u << SUBJECT_CASE | 1u << SUBJECT_ANSWER;
    struct journal_cursor cursor, newest;
    struct touched *list;
    size_t n = 0;
    bool holds, ok;

    *ret_done = 0;
    if (!follow_lock(db, "answers", &cursor, e) || !follow_holds(db, &cursor, &holds, e))
        return false;
    if (!holds || cursor.seq == 0) {
        if (!follow_newest(db, &newest, e) || newest.seq == 0)
            return e->code == ERROR_NONE;
        *ret_done = 1;
        return build(core, db, e) && cursor_set(db, true, "answers", newest, e);
    }
    list = calloc((size_t)most, sizeof *list);
    ok = list != NULL || error_cause(e, ERROR_INTERNAL, "no memory for answers");
    ok = ok && follow_entries(db, &cursor, most, kinds, list, &n, ret_done, e);
    for (size_t i = 0; ok && i < n; i++)
        ok = list[i].kind == SUBJECT_ANSWER ? refresh(core, db, list[i].id, e)
                                            : refresh_chosen(core, db, list[i].id, e);
    free(list);
    return ok && (*ret_done == 0 || cursor_set(db, true, "answers", cursor, e));
}
