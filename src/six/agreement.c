/* The agreement of a mediation and what comes after it: its text and instalments, signatures, payments, the court's confirmation (28–33). */
#include "base/time.h"
#include "six/mediation.h"

enum { CONFIRM_DAYS = 30, INSTALMENTS_MOST = 60 };

const struct field draft_fields[] = {
    {.name = "facts", .type = FIELD_LONGTEXT, .required = true, .most = 4000},
    {.name = "disputed", .type = FIELD_LONGTEXT, .required = true, .most = 2000},
    {.name = "terms", .type = FIELD_LONGTEXT, .required = true, .most = 4000},
    {.name = "duties", .type = FIELD_LIST, .most = 40},
    {.name = "agreed_amount", .type = FIELD_MONEY, .least = 0, .most = INT64_C(100000000000)},
    {.name = "instalments", .type = FIELD_LIST, .most = INSTALMENTS_MOST},
    {.name = "copies", .type = FIELD_INT, .least = 2, .most = 30},
    FIELD_END,
};

const struct field sign_fields[] = {
    {.name = "sign_how", .type = FIELD_CHOICE, .required = true, .from = "scan|drawn"},
    {.name = "files", .type = FIELD_FILES, .required = true, .most = SCANS_AT_ONCE},
    {.name = "signed_on", .type = FIELD_DATE},
    {.name = "drawn_agreed", .type = FIELD_BOOL},
    FIELD_END,
};

const struct field perform_fields[] = {
    {.name = "instalment", .type = FIELD_INT, .required = true, .least = 1, .most = INSTALMENTS_MOST},
    {.name = "amount_paid", .type = FIELD_MONEY, .required = true, .least = 1, .most = INT64_C(100000000000)},
    {.name = "on", .type = FIELD_DATE},
    {.name = "paid_how", .type = FIELD_TEXT, .most = 60},
    {.name = "note", .type = FIELD_LONGTEXT, .most = 1000},
    {.name = "files", .type = FIELD_FILES, .most = SCANS_AT_ONCE},
    FIELD_END,
};

const struct field confirm_fields[] = {
    {.name = "confirm_step", .type = FIELD_CHOICE, .required = true, .from = "applied|confirmed|refused"},
    {.name = "jointly", .type = FIELD_BOOL},
    {.name = "court", .type = FIELD_TEXT, .most = 60},
    {.name = "on", .type = FIELD_DATE},
    {.name = "note", .type = FIELD_LONGTEXT, .most = 1000},
    {.name = "files", .type = FIELD_FILES, .most = SCANS_AT_ONCE},
    FIELD_END,
};

/* ---- Draft --------------------------------------------------------------------------------------------- */

static bool is_side(const struct sides *s, int64_t side)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->list[i] == side)
            return true;
    return false;
}

static bool check_duties(struct work *w, const struct sides *s, struct error *e)
{
    static const struct field fields[] = {
        {.name = "side", .type = FIELD_INT, .required = true, .least = 1, .most = SIDES_MOST},
        {.name = "text", .type = FIELD_LONGTEXT, .required = true, .most = 1000},
        FIELD_END,
    };
    const struct field *tables[] = {fields, NULL};
    size_t i;
    const json_t *row;

    json_array_foreach(json_object_get(w->fields, "duties"), i, row) {
        const char *at = arena_printf(w->arena, "duties.%zu", i);
        if (!json_is_object(row))
            return error_set(e, ERROR_WRONG_TYPE, at);
        if (!field_check(tables, row, e))
            return error_within(e, at);
        if (!is_side(s, json_int(row, "side", 0)))
            return error_set(e, ERROR_NOT_FOUND, arena_printf(w->arena, "%s.side", at));
    }
    return true;
}

static bool check_instalment(struct work *w, const struct sides *s, const json_t *row, struct error *e)
{
    static const struct field fields[] = {
        {.name = "from", .type = FIELD_INT, .required = true, .least = 1, .most = SIDES_MOST},
        {.name = "to", .type = FIELD_INT, .required = true, .least = 1, .most = SIDES_MOST},
        {.name = "amount", .type = FIELD_MONEY, .required = true, .least = 1, .most = INT64_C(100000000000)},
        {.name = "due", .type = FIELD_DATE, .required = true},
        {.name = "how", .type = FIELD_TEXT, .most = 60},
        FIELD_END,
    };
    const struct field *tables[] = {fields, NULL};
    int64_t from = json_int(row, "from", 0), to = json_int(row, "to", 0);
    int32_t due = 0;

    if (!json_is_object(row))
        return error_set(e, ERROR_WRONG_TYPE, NULL);
    if (!field_check(tables, row, e))
        return false;
    if (!is_side(s, from) || !is_side(s, to))
        return error_set(e, ERROR_NOT_FOUND, is_side(s, from) ? "to" : "from");
    if (from == to)
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "to");
    (void)date_parse(json_text(row, "due"), &due);
    return due >= day_of(w->c.reported_at) || error_set(e, ERROR_BEFORE_CASE, "due");
}

/* The parts make the whole: said at the last row, because there it shows. */
static bool check_instalments(struct work *w, const struct sides *s, struct error *e)
{
    const json_t *rows = json_object_get(w->fields, "instalments"), *row;
    int64_t sum = 0, whole = json_int(w->fields, "agreed_amount", 0);
    size_t i;

    json_array_foreach(rows, i, row) {
        if (!check_instalment(w, s, row, e))
            return error_within(e, arena_printf(w->arena, "instalments.%zu", i));
        sum += json_int(row, "amount", 0);
    }
    if (json_array_size(rows) == 0 && whole == 0)
        return true;
    if (json_array_size(rows) == 0)
        return error_set(e, ERROR_MISSING, "instalments");
    return sum == whole ||
           error_setf(e, ERROR_SUM_DIFFERS,
                      arena_printf(w->arena, "instalments.%zu.amount", json_array_size(rows) - 1), "%s ≠ %s",
                      fen_text(w->arena, sum), fen_text(w->arena, whole));
}

bool apply_draft_agreement(struct work *w, struct error *e)
{
    static const char *const names[] = {"facts",         "disputed",    "terms", "duties",
                                        "agreed_amount", "instalments", "copies"};
    struct sides s;
    json_t *m = mediation_own(w), *draft;

    if (!mediation_sides(w->db, w->c.id, &s, e) || !check_duties(w, &s, e) || !check_instalments(w, &s, e))
        return false;
    draft = json_object();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (work_has(w, names[i]))
            (void)json_object_set(draft, names[i], json_object_get(w->fields, names[i]));
    (void)json_object_set_new(draft, "at", json_integer(w->at));
    (void)json_object_set_new(m, "agreement", draft);
    /* Another text: what was signed before was not this one. */
    (void)json_object_del(m, "signed");
    return true;
}

/* ---- Signatures ---------------------------------------------------------------------------------------- */

/* Marriage, adoption, inheritance: paper and hand only (电子签名法 3). */
static bool may_be_drawn(const struct category *category)
{
    const json_t *own = json_object_get(category->row, "e_sign");
    if (own == NULL)
        own = json_object_get(category->parent_row, "e_sign");
    return !json_is_false(own);
}

bool apply_sign_agreement(struct work *w, struct error *e)
{
    struct str how = work_text(w, "sign_how");
    const json_t *files = json_object_get(w->fields, "files");
    json_t *m = mediation_own(w);
    struct sides s;
    char on[DATE_TEXT];
    int32_t day;

    if (!json_is_object(json_object_get(m, "agreement")))
        return error_setf(e, ERROR_GATE_CLOSED, "gate.draft", "%s", lang_word(w->actor->lang, "gate.draft"));
    if (!mediation_sides(w->db, w->c.id, &s, e) || !mediation_day(w, "signed_on", &day, e))
        return false;
    if (json_array_size(files) == 0)
        return error_set(e, ERROR_MISSING, "files");
    if (str_is(how, "drawn")) {
        if (!may_be_drawn(w->category))
            return error_setf(e, ERROR_NOT_ALLOWED_HERE, "sign_how", "scan");
        if (!json_flag(w->fields, "drawn_agreed"))
            return error_set(e, ERROR_MISSING, "drawn_agreed");
        if (json_array_size(files) < s.n)
            return error_set(e, ERROR_MISSING, arena_printf(w->arena, "files.%zu", json_array_size(files)));
    }
    if (!work_add_files(w, SUBJECT_CASE, w->c.id, false, e))
        return false;
    date_format(day, on);
    return json_object_set_new(m, "signed",
                               json_pack("{s:s%,s:s,s:O}", "how", how.p, how.n, "on", on, "files", files)) == 0;
}

/* ---- Performance --------------------------------------------------------------------------------------- */

bool agreement_watch(struct work *w, struct error *e)
{
    int32_t day;
    if (!mediation_next_due(mediation_of(w->words), &day)) {
        w->stops |= TICKS(PERFORM);
        return true;
    }
    /* All of the day is the payer's. */
    return clock_set(w->db, &w->c, CLOCK_PERFORM, w->at, day_start(day + 1) - 1, (struct term){0}, e);
}

bool apply_perform(struct work *w, struct error *e)
{
    json_t *m = mediation_own(w), *done = json_object_get(m, "performed");
    const json_t *rows = json_object_get(json_object_get(m, "agreement"), "instalments");
    int64_t n = json_int(w->fields, "instalment", 0), amount = json_int(w->fields, "amount_paid", 0);
    struct str how = work_text(w, "paid_how");
    char on[DATE_TEXT];
    int32_t day;

    if (n > (int64_t)json_array_size(rows))
        return error_setf(e, ERROR_OUT_OF_RANGE, "instalment", "1…%zu", json_array_size(rows));
    int64_t left = json_int(json_array_get(rows, (size_t)n - 1), "amount", 0) - instalment_paid(m, n);
    if (amount > left)
        return error_setf(e, ERROR_OUT_OF_RANGE, "amount_paid", "0…%s", fen_text(w->arena, left));
    if (!mediation_day(w, "on", &day, e) || !work_add_files(w, SUBJECT_CASE, w->c.id, false, e))
        return false;
    if (done == NULL) {
        done = json_array();
        (void)json_object_set_new(m, "performed", done);
    }
    date_format(day, on);
    return json_array_append_new(done, json_pack("{s:I,s:I,s:s,s:s%,s:O*}", "n", (json_int_t)n, "amount",
                                                 (json_int_t)amount, "on", on, "how", how.n > 0 ? how.p : "",
                                                 how.n, "files", json_object_get(w->fields, "files"))) == 0 &&
           agreement_watch(w, e);
}

/* ---- The court ----------------------------------------------------------------------------------------- */

bool apply_confirm(struct work *w, struct error *e)
{
    struct str step = work_text(w, "confirm_step"), court = work_text(w, "court");
    char on[DATE_TEXT];
    int32_t day;

    if (!mediation_day(w, "on", &day, e))
        return false;
    if (str_is(step, "applied")) {
        if (!json_flag(w->fields, "jointly")) /* both together, or not at all */
            return error_set(e, ERROR_MISSING, "jointly");
        if (!may_be_drawn(w->category)) /* no confirmation of personal status */
            return error_set(e, ERROR_NOT_ALLOWED_HERE, "confirm_step");
        if (day > day_of(w->c.settled_at) + CONFIRM_DAYS)
            return error_setf(e, ERROR_OUT_OF_RANGE, "on", "%d", CONFIRM_DAYS);
    }
    if (str_is(step, "confirmed")) {
        const struct outcome *o = pack_outcome(w->pack, w->c.kind, STR("CONFIRMED"));
        if (o != NULL)
            w->c.outcome = o->code;
    }
    w->stops |= TICKS(CONFIRM);
    date_format(day, on);
    return json_object_set_new(mediation_own(w), "confirmation",
                               json_pack("{s:s%,s:s,s:s%}", "step", step.p, step.n, "on", on, "court",
                                         court.n > 0 ? court.p : "", court.n)) == 0 &&
           work_add_files(w, SUBJECT_CASE, w->c.id, false, e);
}
