/* The answer bank (R2): what one committee has answered well stands ready for the next who asks. An answer is written by one, checked by another, and
 * valid until a day; then somebody looks at it again before it is given once more. */
#include "core/unit.h"
#include "six/answers.h"
#include "six/six.h"

enum { DRAFT = ANSWER_DRAFT, CHECKED = ANSWER_CHECKED, RETIRED = ANSWER_RETIRED };

#define WHAT                                                                                                 \
    {.name = "wording", .type = FIELD_TEXT, .required = true, .most = 100},                                  \
        {.name = "ready_answer", .type = FIELD_LONGTEXT, .required = true, .most = 2000},                    \
        {.name = "category", .type = FIELD_CHOICE, .from = "categories"},                                    \
        {.name = "source", .type = FIELD_TEXT, .most = 200},                                                 \
    {                                                                                                        \
        .name = "words", .type = FIELD_TEXT, .most = 200                                                     \
    }
#define UNTIL                                                                                                \
    {                                                                                                        \
        .name = "valid_until", .type = FIELD_DATE, .required = true                                          \
    }

static const struct field make_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15}, WHAT, FIELD_END};
static const struct field correct_fields[] = {WHAT, FIELD_END};
static const struct field check_fields[] = {UNTIL, FIELD_END};
static const struct field retire_fields[] = {
    {.name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 1000}, FIELD_END};

static bool by_another(const struct pack *p, const struct register_row *row, const struct actor *a);
static bool check_answer(struct work *w, struct error *e);
static bool correct_answer(struct work *w, struct error *e);

#define WRITERS (POSTS_DESK | AS(MEDIATOR) | AS(DISPATCHER) | AS(HANDLER))

const struct verb answer_verbs[] = {
    {"draft", SUBJECT_ANSWER, .from = IN_NOTHING, .to = DRAFT, .who = BY_POST, .posts = WRITERS,
     .fields = make_fields, .apply = register_make},
    {"check", SUBJECT_ANSWER, .from = 1u << DRAFT | 1u << CHECKED, .to = CHECKED, .who = BY_POST,
     .posts = WRITERS, .fields = check_fields, .primary = true, .row_open = by_another, .apply = check_answer},
    {"correct", SUBJECT_ANSWER, .from = 1u << DRAFT | 1u << CHECKED, .to = DRAFT, .who = BY_POST,
     .posts = WRITERS, .fields = correct_fields, .apply = correct_answer},
    {"retire", SUBJECT_ANSWER, .from = 1u << DRAFT | 1u << CHECKED, .to = RETIRED, .who = BY_POST,
     .posts = WRITERS, .fields = retire_fields, .apply = register_change},
    {0},
};

const struct register_def answers = {
    .subject = SUBJECT_ANSWER,
    .states = {[DRAFT] = "draft", [CHECKED] = "checked", [RETIRED] = "retired"},
    .open = 1u << DRAFT | 1u << CHECKED,
    .down = 1u << CHECKED,
    .readers = POSTS_WORK,
    .title = "wording",
    .columns = {{"category", REGISTER_CODE}, {"valid_until", REGISTER_DUE}},
};

/* Two pairs of eyes: whoever wrote the words now to be given doesn't check them. Who wrote them stands in `account`. */
static bool by_another(const struct pack *p, const struct register_row *row, const struct actor *a)
{
    (void)p;
    return row->state != DRAFT || a->account != (row->account != 0 ? row->account : row->created_by);
}

static bool check_answer(struct work *w, struct error *e)
{
    if (!register_change(w, e))
        return false;
    return w->row.due > w->at || error_set(e, ERROR_IN_PAST, "valid_until");
}

static bool correct_answer(struct work *w, struct error *e)
{
    w->row.account = w->actor->account;
    return register_change(w, e);
}

/* A ready answer that was given: it must be one that holds here and today. How often it served follows from the rows. */
static bool give_answer(struct work *w, struct error *e)
{
    struct db_rows r;
    struct unit_chain chain;
    struct id uuid;
    int64_t id = 0;
    bool stale = false;

    if (!work_has(w, "answer_id"))
        return true;
    if (!id_parse(work_text(w, "answer_id"), &uuid))
        return error_set(e, ERROR_NOT_FOUND, "answer_id");
    if (!unit_chain(w->db, w->c.unit, &chain, e) ||
        !db_rows(w->db, &r, e, "select id, due, unit, register, state from register_row where uuid = ?1",
                 ARGS(ID(uuid))))
        return false;
    if (db_next(&r) && db_int(&r, 3) == SUBJECT_ANSWER && db_int(&r, 4) == CHECKED &&
        unit_in_chain(&chain, db_int(&r, 2))) {
        id = db_int(&r, 0);
        stale = db_int(&r, 1) <= w->at;
    }
    if (!db_end(&r, e))
        return false;
    if (stale)
        return error_setf(e, ERROR_NOT_ALLOWED_HERE, "answer_id", "%s", "stale");
    if (id == 0)
        return error_set(e, ERROR_NOT_FOUND, "answer_id");
    return db_exec(w->db, e,
                   "insert into answer_use(case_id, answer, at) values(?1, ?2, ?3) on conflict do nothing",
                   ARGS(INT(w->c.id), INT(id), INT(w->at)));
}

const struct verb_rule answer_rules[] = {
    {KIND_NONE, "reply", NULL, give_answer},
    {KIND_NONE, "settle", NULL, give_answer},
    {KIND_NONE, "settle_on_spot", NULL, give_answer},
    {0},
};
