/* Relief visits and gifts (L7). A fund says what came in and from where; gifts are given from it, each before two witnesses; what came in is what was
 * given and what is left, to the fen. */
#include "base/time.h"
#include "core/scope.h"
#include "six/six.h"

enum { OPEN = 1, SETTLED };
enum { PLANNED_GIFT = 1, GIVEN, VOID };

/* A list of the party branch stays with it: from its own fund only its secretary and the chair see who was given what. */
#define FROM_BRANCH "party"
#define SOURCES "budget|donation|" FROM_BRANCH "|other"

static const struct field receive_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
    {.name = "fund", .type = FIELD_TEXT, .required = true, .most = 60},
    {.name = "fund_source", .type = FIELD_CHOICE, .required = true, .from = SOURCES},
    {.name = "amount_in", .type = FIELD_MONEY, .required = true, .least = 0, .most = INT64_C(10000000000)},
    {.name = "received_on", .type = FIELD_DATE, .required = true},
    {.name = "note", .type = FIELD_LONGTEXT, .most = 500},
    FIELD_END,
};
static const struct field settle_fields[] = {{.name = "rest_to", .type = FIELD_TEXT, .most = 100}, FIELD_END};
static const struct field plan_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
    {.name = "person", .type = FIELD_PERSON, .required = true},
    {.name = "gift", .type = FIELD_TEXT, .required = true, .most = 60},
    {.name = "worth", .type = FIELD_MONEY, .required = true, .least = 0, .most = 100000000},
    {.name = "from_fund", .type = FIELD_REGISTER, .required = true, .from = "funds"},
    {.name = "give_by", .type = FIELD_DATE},
    FIELD_END,
};
static const struct field give_fields[] = {
    {.name = "given_on", .type = FIELD_DATE, .required = true},
    {.name = "witness1", .type = FIELD_TEXT, .required = true, .most = 40},
    {.name = "witness2", .type = FIELD_TEXT, .required = true, .most = 40},
    {.name = "said", .type = FIELD_LONGTEXT, .most = 500},
    {.name = "files", .type = FIELD_FILES, .most = 9},
    FIELD_END,
};
static const struct field void_fields[] = {
    {.name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 1000}, FIELD_END};

static bool receive(struct work *w, struct error *e);
static bool settle(struct work *w, struct error *e);
static bool plan(struct work *w, struct error *e);
static bool give(struct work *w, struct error *e);
static bool undo(struct work *w, struct error *e);

const struct verb gift_verbs[] = {
    {"receive", SUBJECT_FUND, .from = IN_NOTHING, .to = OPEN, .who = BY_POST, .posts = POSTS_DESK,
     .fields = receive_fields, .apply = receive},
    {"settle", SUBJECT_FUND, .from = 1u << OPEN, .to = SETTLED, .who = BY_POST, .posts = POSTS_DESK,
     .fields = settle_fields, .apply = settle},
    {"plan", SUBJECT_GIFT, .from = IN_NOTHING, .to = PLANNED_GIFT, .who = BY_POST, .posts = POSTS_DESK,
     .fields = plan_fields, .apply = plan},
    {"give", SUBJECT_GIFT, .from = 1u << PLANNED_GIFT, .to = GIVEN, .who = BY_POST | BY_HANDLER,
     .posts = POSTS_DESK, .fields = give_fields, .primary = true, .apply = give},
    {"void", SUBJECT_GIFT, .from = 1u << PLANNED_GIFT | 1u << GIVEN, .to = VOID, .who = BY_POST,
     .posts = POSTS_DESK, .fields = void_fields, .apply = undo},
    {0},
};

static bool is_branch(const struct pack *p, const struct register_row *row)
{
    (void)p;
    return str_is(row->code, FROM_BRANCH);
}

static post_mask readers(const struct pack *p, const struct register_row *row)
{
    return is_branch(p, row) ? AS(SECRETARY) | AS(CHAIR) : POSTS_DESK | AS(SUPERVISOR);
}

const struct register_def funds = {
    .subject = SUBJECT_FUND,
    .states = {[OPEN] = "open", [SETTLED] = "settled"},
    .open = 1u << OPEN,
    .readers = POSTS_DESK | AS(SUPERVISOR),
    .narrow = readers,
    .spends = SUBJECT_GIFT,
    .title = "fund",
    .columns = {{"fund_source", REGISTER_CODE}, {"amount_in", REGISTER_AMOUNT}, {"received_on", REGISTER_DAY}},
};

const struct register_def gifts = {
    .subject = SUBJECT_GIFT,
    .states = {[PLANNED_GIFT] = "planned", [GIVEN] = "given", [VOID] = "void"},
    .open = 1u << PLANNED_GIFT,
    .spent = GIVEN,
    .readers = POSTS_DESK | AS(SUPERVISOR),
    .narrow = readers,
    .apart = is_branch,
    .title = "gift",
    .columns = {{"person", REGISTER_PERSON},
                {"worth", REGISTER_AMOUNT},
                {"from_fund", REGISTER_PARENT},
                {"given_on", REGISTER_DAY},
                {"give_by", REGISTER_DUE}},
};

static bool receive(struct work *w, struct error *e)
{
    if (!register_make(w, e))
        return false;
    if (!register_sees(w->pack, &funds, w->actor,
                       &(struct register_row){.scope = w->row.scope, .code = w->row.code}))
        return error_set(e, ERROR_FORBIDDEN, "fund_source");
    if (w->row.amount == 0)
        return error_set(e, ERROR_MISSING, "amount_in");
    return w->row.day <= day_of(w->now) || error_set(e, ERROR_IN_FUTURE, "received_on");
}

/* What was given from a fund. The fund's row is locked first, so that two gifts at once don't both find the last yuan. */
static bool given_from(struct work *w, int64_t fund, int64_t *ret, struct error *e)
{
    int64_t ignored;
    return db_one_int(w->db, &ignored, 0, e, "select id from register_row where id = ?1 {lock}",
                      ARGS(INT(fund))) &&
           db_one_int(w->db, ret, 0, e,
                      "select cast(coalesce(sum(amount), 0) as bigint) from register_row where parent = ?1 and register = ?2 and state = ?3",
                      ARGS(INT(fund), INT(SUBJECT_GIFT), INT(GIVEN)));
}

/* Nothing is left over without saying where it went. */
static bool settle(struct work *w, struct error *e)
{
    int64_t given, waiting;
    if (!given_from(w, w->row.id, &given, e) ||
        !db_one_int(w->db, &waiting, 0, e,
                    "select 1 from register_row where parent = ?1 and open = 1 limit 1", ARGS(INT(w->row.id))))
        return false;
    if (waiting != 0)
        return error_setf(e, ERROR_NOT_OPEN, "verb", "%s", w->verb->name);
    if (given < w->row.amount && work_text(w, "rest_to").n == 0)
        return error_set(e, ERROR_MISSING, "rest_to");
    return register_change(w, e);
}

static bool fund_of(struct work *w, struct register_row *ret, struct error *e)
{
    struct id uuid;
    (void)id_parse(work_text(w, "from_fund"), &uuid);
    if (!register_one(w->core, w->db, w->arena, w->actor, &funds, uuid, ret, e))
        return error_set(e, ERROR_NOT_FOUND, "from_fund");
    return ret->state == OPEN || error_set(e, ERROR_NOT_ALLOWED_HERE, "from_fund");
}

static bool plan(struct work *w, struct error *e)
{
    struct register_row fund;
    if (!register_make(w, e) || !fund_of(w, &fund, e))
        return false;
    w->row.code = fund.code; /* who sees the fund sees what was given from it */
    if (w->row.due == 0)
        w->row.due = day_start(day_of(w->at) + 15) - 1;
    return w->row.amount > 0 || error_set(e, ERROR_MISSING, "worth");
}

static bool give(struct work *w, struct error *e)
{
    int64_t in, given;
    if (str_eq(work_text(w, "witness1"), work_text(w, "witness2")))
        return error_setf(e, ERROR_NOT_ALLOWED_HERE, "witness2", "%s", "same");
    if (!register_change(w, e) || !given_from(w, w->row.parent, &given, e) ||
        !db_one_int(w->db, &in, 0, e, "select amount from register_row where id = ?1", ARGS(INT(w->row.parent))))
        return false;
    if (w->row.day > day_of(w->now))
        return error_set(e, ERROR_IN_FUTURE, "given_on");
    w->row.due = 0;
    return given + w->row.amount <= in ||
           error_setf(e, ERROR_OUT_OF_RANGE, "worth", "%lld.%02lld", (long long)((in - given) / 100),
                      (long long)((in - given) % 100));
}

static bool undo(struct work *w, struct error *e)
{
    w->row.due = 0;
    return register_change(w, e);
}
