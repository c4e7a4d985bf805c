/* Errands (L3): what a helper fetches or does for somebody who can't. Every paper that changes hands is written down on a slip, and given back on a
 * receipt; where money or cards are among them two people are present and it is signed. No password is ever kept. */
#include "base/time.h"
#include "core/subject.h"
#include "six/six.h"

enum { ASKED = 1, HANDED_OVER, DONE, RECEIVED, CALLED_OFF };

static const struct field ask_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
    {.name = "person", .type = FIELD_PERSON, .required = true},
    {.name = "errand", .type = FIELD_TEXT, .required = true, .most = 100},
    {.name = "case", .type = FIELD_CASE},
    {.name = "runner", .type = FIELD_ACCOUNT},
    {.name = "needed_by", .type = FIELD_DATE},
    FIELD_END,
};
static const struct field hand_over_fields[] = {
    {.name = "things", .type = FIELD_LONGTEXT, .required = true, .most = 1000},
    {.name = "money", .type = FIELD_MONEY, .most = 100000},
    {.name = "cards", .type = FIELD_TEXT, .most = 200},
    {.name = "second", .type = FIELD_ACCOUNT},
    {.name = "second_name", .type = FIELD_TEXT, .most = 40},
    {.name = "signed_over", .type = FIELD_BOOL},
    {.name = "files", .type = FIELD_FILES, .most = 9},
    FIELD_END,
};
static const struct field done_fields[] = {
    {.name = "result", .type = FIELD_LONGTEXT, .required = true, .most = 1000},
    {.name = "spent", .type = FIELD_MONEY, .most = 100000},
    {.name = "files", .type = FIELD_FILES, .most = 9},
    FIELD_END,
};
static const struct field receive_fields[] = {
    {.name = "given_back", .type = FIELD_LONGTEXT, .required = true, .most = 1000},
    {.name = "returned", .type = FIELD_MONEY, .most = 100000},
    {.name = "second_back", .type = FIELD_TEXT, .most = 40},
    {.name = "signed_back", .type = FIELD_BOOL, .required = true},
    {.name = "files", .type = FIELD_FILES, .most = 9},
    FIELD_END,
};
static const struct field cancel_fields[] = {
    {.name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 1000}, FIELD_END};

static bool ask(struct work *w, struct error *e);
static bool hand_over(struct work *w, struct error *e);
static bool finish(struct work *w, struct error *e);
static bool receive(struct work *w, struct error *e);
static bool cancel(struct work *w, struct error *e);

#define RUNNERS (POSTS_FIELD | POSTS_DESK)

const struct verb errand_verbs[] = {
    {"ask", SUBJECT_ERRAND, .from = IN_NOTHING, .to = ASKED, .who = BY_POST, .posts = RUNNERS,
     .fields = ask_fields, .apply = ask},
    {"hand_over", SUBJECT_ERRAND, .from = 1u << ASKED, .to = HANDED_OVER, .who = BY_POST | BY_HANDLER,
     .posts = POSTS_DESK, .fields = hand_over_fields, .primary = true, .apply = hand_over},
    {"finish", SUBJECT_ERRAND, .from = 1u << ASKED | 1u << HANDED_OVER, .to = DONE,
     .who = BY_POST | BY_HANDLER, .posts = POSTS_DESK, .fields = done_fields, .primary = true, .apply = finish},
    {"receive", SUBJECT_ERRAND, .from = 1u << DONE, .to = RECEIVED, .who = BY_POST | BY_HANDLER,
     .posts = POSTS_DESK, .fields = receive_fields, .primary = true, .apply = receive},
    {"cancel", SUBJECT_ERRAND, .from = 1u << ASKED, .to = CALLED_OFF, .who = BY_POST | BY_HANDLER,
     .posts = POSTS_DESK, .fields = cancel_fields, .apply = cancel},
    {0},
};

const struct register_def errands = {
    .subject = SUBJECT_ERRAND,
    .states = {[ASKED] = "asked", [HANDED_OVER] = "handed_over", [DONE] = "done", [RECEIVED] = "received", [CALLED_OFF] = "cancelled"},
    .open = 1u << ASKED | 1u << HANDED_OVER | 1u << DONE,
    .readers = POSTS_DESK | AS(STEWARD) | AS(GRID_LEAD) | AS(GROUP_HEAD),
    .title = "errand",
    .columns = {{"person", REGISTER_PERSON},
                {"case", REGISTER_CASE},
                {"runner", REGISTER_ACCOUNT},
                {"money", REGISTER_AMOUNT},
                {"needed_by", REGISTER_DUE}},
};

/* ---- No passwords -------------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A number of exactly six digits: what a bank card asks for. Longer ones are telephones, dates and card numbers, shorter ones amounts. */
static bool has_six_digits(struct str s)
{
    size_t run = 0;
    for (size_t i = 0; i <= s.n; i++) {
        if (i < s.n && is_digit(s.p[i])) {
            run++;
            continue;
        }
        if (run == 6)
            return true;
        run = 0;
    }
    return false;
}

static bool looks_secret(struct arena *a, struct str s)
{
    static const char *const words[] = {"密码",   "密碼",     "口令",     "验证码",
                                        "驗證碼", "password", "Password", "PIN"};
    const char *z = arena_z(a, s);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *at = strstr(z, words[i]);
        for (; at != NULL && *at != '\0'; at++)
            if (is_digit(*at))
                return true;
    }
    return has_six_digits(s);
}

static bool refuse_secrets(struct work *w, struct error *e)
{
    for (const struct field *f = w->verb->fields; f->name != NULL; f++)
        if ((f->type == FIELD_TEXT || f->type == FIELD_LONGTEXT) && looks_secret(w->arena, work_text(w, f->name)))
            return error_set(e, ERROR_SECRET, f->name);
    return true;
}

/* ---- Steps --------------------------------------------------------------------------------------------- */

static bool ask(struct work *w, struct error *e)
{
    if (!refuse_secrets(w, e) || !register_make(w, e))
        return false;
    if (w->row.account == 0)
        w->row.account = w->actor->account;
    if (w->row.due == 0)
        w->row.due = term_due(w->core->calendar, w->at, (struct term){5000, TERM_WORK_DAYS}, NULL);
    return true;
}

/* Cash, a card, a bankbook: a second person is there, and the resident signs. */
static bool by_two(struct work *w, const char *account, const char *name, const char *sign, struct error *e)
{
    char me[ID_TEXT];
    struct id uuid = {{0}};
    bool second = (account != NULL && work_has(w, account)) || work_text(w, name).n > 0;

    if (!second)
        return error_set(e, ERROR_MISSING, name);
    if (w->actor->kind == ACTOR_ACCOUNT && !subject_uuid(w->db, SUBJECT_ACCOUNT, w->actor->account, &uuid, e))
        return false;
    id_format(uuid, me);
    if (account != NULL && str_is(work_text(w, account), me))
        return error_setf(e, ERROR_NOT_ALLOWED_HERE, account, "%s", "self");
    return json_flag(w->fields, sign) || error_set(e, ERROR_MISSING, sign);
}

static bool hand_over(struct work *w, struct error *e)
{
    bool valuable = json_number_value(json_object_get(w->fields, "money")) > 0 || work_text(w, "cards").n > 0;
    if (!refuse_secrets(w, e) || (valuable && !by_two(w, "second", "second_name", "signed_over", e)) ||
        !register_change(w, e))
        return false;
    return json_object_set_new(w->words, "valuable", json_boolean(valuable)) == 0;
}

static int64_t fen(const json_t *value)
{
    return (int64_t)(json_number_value(value) * 100 + 0.5);
}

static bool finish(struct work *w, struct error *e)
{
    int64_t spent = fen(json_object_get(w->fields, "spent"));
    if (!refuse_secrets(w, e))
        return false;
    if (spent > w->row.amount)
        return error_setf(e, ERROR_OUT_OF_RANGE, "spent", "0…%lld.%02lld", (long long)(w->row.amount / 100),
                          (long long)(w->row.amount % 100));
    return register_change(w, e);
}

/* What was handed over is what was spent and what comes back, to the fen. */
static bool receive(struct work *w, struct error *e)
{
    int64_t rest = w->row.amount - fen(json_object_get(w->words, "spent"));
    if (!refuse_secrets(w, e))
        return false;
    if (!json_flag(w->fields, "signed_back"))
        return error_set(e, ERROR_MISSING, "signed_back");
    if (fen(json_object_get(w->fields, "returned")) != rest)
        return error_setf(e, ERROR_OUT_OF_RANGE, "returned", "%lld.%02lld", (long long)(rest / 100),
                          (long long)(rest % 100));
    if (json_is_true(json_object_get(w->words, "valuable")) && !by_two(w, NULL, "second_back", "signed_back", e))
        return false;
    w->row.due = 0;
    return register_change(w, e);
}

static bool cancel(struct work *w, struct error *e)
{
    w->row.due = 0;
    return refuse_secrets(w, e) && register_change(w, e);
}
