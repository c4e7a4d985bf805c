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
    /* whose the files are, in their order, and that each agreed to sign like that: {side, agreed}, side 0 the mediator's */
    {.name = "drawn_by", .type = FIELD_LIST, .most = SIDES_MOST + 1, .hidden = true},
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

static bool check_signer(struct work *w, const struct sides *s, size_t i, const json_t *row, struct error *e)
{
    static const struct field fields[] = {
        {.name = "side", .type = FIELD_INT, .required = true, .least = 0, .most = SIDES_MOST},
        {.name = "agreed", .type = FIELD_BOOL, .required = true},
        FIELD_END,
    };
    const struct field *tables[] = {fields, NULL};
    const json_t *rows = json_object_get(w->fields, "drawn_by");
    int64_t side = json_int(row, "side", -1);

    if (!json_is_object(row))
        return error_set(e, ERROR_WRONG_TYPE, NULL);
    if (!field_check(tables, row, e))
        return false;
    if (side != 0 && !is_side(s, side))
        return error_set(e, ERROR_NOT_FOUND, "side");
    for (size_t k = 0; k < i; k++)
        if (json_int(json_array_get(rows, k), "side", -1) == side)
            return error_set(e, ERROR_NOT_ALLOWED_HERE, "side");
    return json_flag(row, "agreed") || error_set(e, ERROR_MISSING, "agreed");
}

/* What is printed on a party's line must be a picture. */
static bool is_picture(struct work *w, const json_t *file, struct error *e)
{
    unsigned char hash[HASH_BYTES];
    struct file_info info;
    if (!hex_read(str_of(json_string_value(file)), hash, sizeof hash))
        return error_set(e, ERROR_MALFORMED, NULL);
    return file_find(w->db, w->arena, hash, &info, e) &&
           (str_starts(info.type, STR("image/")) || error_set(e, ERROR_NOT_ALLOWED_HERE, NULL));
}

/* Drawn on the screen: where the law lets it (电子签名法 3) and everybody said yes, a picture of each side and of the mediator. */
static bool check_drawn(struct work *w, const struct sides *s, struct error *e)
{
    const json_t *rows = json_object_get(w->fields, "drawn_by"), *files = json_object_get(w->fields, "files"),
                 *row;
    size_t i, n = json_array_size(rows);

    if (!mediation_may_draw(w->category))
        return error_setf(e, ERROR_NOT_ALLOWED_HERE, "sign_how", "scan");
    json_array_foreach(rows, i, row)
        if (!check_signer(w, s, i, row, e))
            return error_within(e, arena_printf(w->arena, "drawn_by.%zu", i));
    if (n < s->n + 1) /* each at most once, so that fewer rows are somebody's that is missing */
        return error_set(e, ERROR_MISSING, n == 0 ? "drawn_by" : arena_printf(w->arena, "drawn_by.%zu", n));
    if (json_array_size(files) < n)
        return error_set(e, ERROR_MISSING, arena_printf(w->arena, "files.%zu", json_array_size(files)));
    if (json_array_size(files) > n)
        return error_setf(e, ERROR_TOO_LONG, "files", "%zu", n);
    json_array_foreach(files, i, row)
        if (!is_picture(w, row, e))
            return error_within(e, arena_printf(w->arena, "files.%zu", i));
    return true;
}

bool apply_sign_agreement(struct work *w, struct error *e)
{
    struct str how = work_text(w, "sign_how");
    const json_t *files = json_object_get(w->fields, "files");
    json_t *m = mediation_own(w);
    bool drawn = str_is(how, "drawn");
    struct sides s;
    char on[DATE_TEXT];
    int32_t day;

    if (!json_is_object(json_object_get(m, "agreement")))
        return error_setf(e, ERROR_GATE_CLOSED, "gate.draft", "%s", lang_word(w->actor->lang, "gate.draft"));
    if (!mediation_sides(w->db, w->c.id, &s, e) || !mediation_day(w, "signed_on", &day, e))
        return false;
    if (json_array_size(files) == 0)
        return error_set(e, ERROR_MISSING, "files");
    if (!drawn && work_has(w, "drawn_by"))
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "drawn_by");
    if ((drawn && !check_drawn(w, &s, e)) || !work_add_files(w, SUBJECT_CASE, w->c.id, false, e))
        return false;
    date_format(day, on);
    return json_object_set_new(m, "signed",
                               json_pack("{s:s%,s:s,s:O,s:O*}", "how", how.p, how.n, "on", on, "files", files,
                                         "drawn_by", json_object_get(w->fields, "drawn_by"))) == 0;
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
        if (!mediation_may_draw(w->category)) /* no confirmation of personal status */
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
