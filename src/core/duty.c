#include "core/duty.h"

#include "base/time.h"
#include "core/power.h"

static const json_t *duties(const struct pack *p)
{
    return json_object_get(p->doc, "duties_first");
}

static const json_t *find(const struct pack *p, struct str code)
{
    const json_t *row;
    size_t i;
    json_array_foreach(duties(p), i, row)
        if (str_eq(json_text(row, "code"), code))
            return row;
    return NULL;
}

/* What is known of it on this case: {"report":{…}}, {"cleared":"why"}, {}; null: nobody marked it. */
static json_t *known(const json_t *words, struct str code)
{
    return json_object_getn(json_object_get(words, "duties"), code.p, code.n);
}

static bool of_category(const json_t *row, const struct category *category)
{
    return category != NULL && json_text(category->row, "duty").n > 0 &&
           str_eq(json_text(category->row, "duty"), json_text(row, "code"));
}

bool duty_lies(const json_t *row, const struct category *category, const json_t *words)
{
    return of_category(row, category) || known(words, json_text(row, "code")) != NULL;
}

bool duty_waits(const json_t *row, const struct category *category, const json_t *words)
{
    const json_t *k = known(words, json_text(row, "code"));
    return json_flag(row, "must_report") && duty_lies(row, category, words) &&
           json_object_get(k, "report") == NULL && json_text(k, "cleared").n == 0;
}

/* ---- Shown --------------------------------------------------------------------------------------------- */

static void write_rule(struct jw *w, struct arena *a, const json_t *row)
{
    jw_ktext(w, "code", json_text(row, "code"));
    jw_ktext(w, "label", json_text(row, "label"));
    jw_ktext(w, "when", json_text(row, "when"));
    jw_ktext(w, "do_first", json_text(row, "do_first"));
    jw_ktext(w, "basis", power_basis(a, row));
    jw_karray(w, "call");
    const json_t *number;
    size_t i;
    json_array_foreach(json_object_get(row, "call"), i, number)
        jw_text(w, str_of(json_string_value(number)));
    jw_end_array(w);
}

static void write_report(struct jw *w, struct arena *a, const json_t *report, enum lang lang)
{
    struct str to = json_text(report, "to");
    jw_key(w, "report");
    if (report == NULL) {
        jw_null(w);
        return;
    }
    jw_object(w);
    jw_kz(w, "to", lang_word(lang, arena_printf(a, "choice.reported_to.%.*s", (int)to.n, to.p)));
    jw_ktext(w, "at", json_text(report, "at"));
    jw_ktext(w, "taken_by", json_text(report, "taken_by"));
    jw_ktext(w, "receipt", json_text(report, "receipt"));
    jw_end_object(w);
}

void duty_write(struct jw *w, struct arena *a, const struct pack *p, const struct category *category,
                const json_t *words, enum lang lang)
{
    const json_t *row;
    size_t i;

    jw_karray(w, "duties");
    json_array_foreach(duties(p), i, row) {
        const json_t *k = known(words, json_text(row, "code"));
        if (!duty_lies(row, category, words))
            continue;
        jw_object(w);
        write_rule(w, a, row);
        jw_ktext(w, "then", json_text(row, "then"));
        jw_kbool(w, "must", json_flag(row, "must_report"));
        jw_kbool(w, "may_decline", json_flag(row, "may_decline"));
        jw_kbool(w, "waits", duty_waits(row, category, words));
        jw_ktext(w, "cleared", json_text(k, "cleared"));
        write_report(w, a, json_object_get(k, "report"), lang);
        jw_end_object(w);
    }
    jw_end_array(w);
}

void duty_write_public(struct jw *w, struct arena *a, const struct pack *p)
{
    const json_t *row, *word;
    size_t i, k;

    jw_karray(w, "duties");
    json_array_foreach(duties(p), i, row) {
        jw_object(w);
        write_rule(w, a, row);
        jw_karray(w, "words");
        json_array_foreach(json_object_get(row, "words"), k, word)
            jw_text(w, str_of(json_string_value(word)));
        jw_end_array(w);
        jw_karray(w, "categories");
        for (int kind = KIND_DISPUTE; kind <= KIND_HAZARD; kind++)
            for (k = 0; k < p->kinds[kind].category_count; k++)
                if (of_category(row, &p->kinds[kind].categories[k]))
                    jw_text(w, p->kinds[kind].categories[k].code);
        jw_end_array(w);
        jw_end_object(w);
    }
    jw_end_array(w);
}

/* ---- Verbs --------------------------------------------------------------------------------------------- */

bool has_duty(const struct case_row *c, const struct actor *a)
{
    (void)a;
    return (c->flags & FLAG_DUTY) != 0;
}

static void alert(struct work *w, const json_t *row)
{
    w->c.flags |= FLAG_DUTY | FLAG_DANGER;
    if (str_is(json_text(row, "narrow"), "minor"))
        w->c.class |= CLASS_MINOR;
    (void)json_object_set_new(w->record, "alert", json_true());
}

static json_t *note_of(struct work *w, struct str code)
{
    json_t *all = json_object_get(w->words, "duties");
    if (all == NULL) {
        all = json_object();
        (void)json_object_set_new(w->words, "duties", all);
    }
    json_t *one = json_object_getn(all, code.p, code.n);
    if (one == NULL) {
        one = json_object();
        (void)json_object_setn_new(all, code.p, code.n, one);
    }
    return one;
}

static void say_which(struct work *w, const json_t *row)
{
    (void)json_object_set(w->record, "duty", json_object_get(row, "label"));
}

bool apply_mark_duty(struct work *w, struct error *e)
{
    const json_t *row = find(w->pack, work_text(w, "duty"));
    if (row == NULL)
        return error_set(e, ERROR_NOT_A_CHOICE, "duty");
    (void)json_object_del(note_of(w, json_text(row, "code")), "cleared");
    say_which(w, row);
    alert(w, row);
    return true;
}

/* The one that is named, or the only one that waits. */
static bool which(struct work *w, const json_t **ret, struct error *e)
{
    struct str code = work_text(w, "duty");
    const json_t *row;
    size_t i, n = 0;

    *ret = code.n > 0 ? find(w->pack, code) : NULL;
    if (code.n > 0)
        return (*ret != NULL && duty_lies(*ret, w->category, w->words)) ||
               error_set(e, ERROR_NOT_A_CHOICE, "duty");
    json_array_foreach(duties(w->pack), i, row)
        if (duty_lies(row, w->category, w->words) &&
            json_object_get(known(w->words, json_text(row, "code")), "report") == NULL) {
            *ret = row;
            n++;
        }
    return n == 1 || error_set(e, ERROR_MISSING, "duty");
}

bool apply_report_duty(struct work *w, struct error *e)
{
    static const char *const names[] = {"reported_to", "taken_by", "receipt", "note"};
    bool declined = str_is(work_text(w, "reported_to"), "declined");
    const json_t *row;
    char at[TIME_TEXT];
    int64_t when = w->at;

    if (!which(w, &row, e))
        return false;
    if (declined && !json_flag(row, "may_decline"))
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "reported_to");
    if (declined && work_text(w, "note").n == 0)
        return error_set(e, ERROR_MISSING, "note");
    if (!declined && work_text(w, "taken_by").n == 0)
        return error_set(e, ERROR_MISSING, "taken_by");
    if (work_text(w, "reported_at").n > 0 && !time_parse(work_text(w, "reported_at"), &when))
        return error_set(e, ERROR_MALFORMED, "reported_at");
    if (when > w->now)
        return error_set(e, ERROR_IN_FUTURE, "reported_at");
    json_t *report = json_object();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct str s = work_text(w, names[i]);
        (void)json_object_set_new(report, i == 0 ? "to" : names[i], json_stringn(s.p != NULL ? s.p : "", s.n));
    }
    time_format(when, at);
    (void)json_object_set_new(report, "at", json_string(at));
    (void)json_object_set_new(note_of(w, json_text(row, "code")), "report", report);
    say_which(w, row);
    return work_add_files(w, SUBJECT_CASE, w->c.id, false, e);
}

/* Looked into and found to be none. Who says so answers for it; what was narrowed stays narrow. */
bool apply_clear_duty(struct work *w, struct error *e)
{
    struct str reason = work_text(w, "reason");
    const json_t *row;

    if (!which(w, &row, e))
        return false;
    (void)json_object_set_new(note_of(w, json_text(row, "code")), "cleared", json_stringn(reason.p, reason.n));
    say_which(w, row);
    return true;
}

/* ---- Before everything --------------------------------------------------------------------------------- */

static bool look_report(const struct gate_view *v, struct gate_missing *m, struct error *e)
{
    const json_t *row;
    size_t i;
    (void)e;
    json_array_foreach(duties(v->pack), i, row)
        if (duty_waits(row, v->category, v->words))
            gate_lacks(m, "report_duty", NULL);
    return true;
}

/* No mediation of violence: neither a sitting nor an agreement, and no peace made on the way. */
static bool look_mediated(const struct gate_view *v, struct gate_missing *m, struct error *e)
{
    const json_t *row;
    size_t i;
    (void)e;
    json_array_foreach(duties(v->pack), i, row)
        if (json_flag(row, "never_mediated") && duty_lies(row, v->category, v->words) &&
            json_text(known(v->words, json_text(row, "code")), "cleared").n == 0)
            gate_lacks(m, "never_mediated",
                       strcmp(v->verb, "settle") == 0 ? "SPOT_PEACE|SPOT_ORAL|ORAL|WRITTEN|CONFIRMED" : NULL);
    return true;
}

const struct gate duty_gates[] = {
    {"duty", KIND_NONE, "settle|close|merge|decline|withdraw", look_report},
    {"duty", KIND_DISPUTE, "settle|session|draft_agreement|sign_agreement|adopt", look_mediated},
    {0},
};

/* A new case, or one that is put in order: what its category says lies on it. */
static bool from_category(struct work *w, struct error *e)
{
    const json_t *row;
    size_t i;
    (void)e;
    const struct category *category = pack_category(w->pack, w->c.kind, w->c.category);
    json_array_foreach(duties(w->pack), i, row)
        if (of_category(row, category))
            alert(w, row);
    return true;
}

/* What has to be reported first is not over with a word on the spot. */
static bool not_on_the_spot(struct work *w, struct error *e)
{
    const json_t *row;
    size_t i;
    json_array_foreach(duties(w->pack), i, row)
        if (duty_waits(row, w->category, NULL))
            return error_setf(e, ERROR_GATE_CLOSED, "gate.duty", "%s",
                              lang_word(w->actor->lang, "gate.report_duty"));
    return true;
}

const struct verb_rule duty_rules[] = {
    {KIND_NONE, "report", NULL, from_category},
    {KIND_NONE, "enter", NULL, from_category},
    {KIND_NONE, "correct", NULL, from_category},
    {KIND_NONE, "settle_on_spot", not_on_the_spot, NULL},
    {0},
};
