/* The course of a mediation: consent, its term, an adopted reconciliation, the papers of the file, and what comes before what. People's Mediation Law:
 * nobody is mediated against their will (3, 17), the parties may stop at any time (23), who ends it without agreement says where else to go (26). */
#include "six/mediation.h"

#include <stdio.h>

#include "base/time.h"
#include "core/case_parts.h"
#include "six/six.h"

json_t *mediation_own(struct work *w)
{
    json_t *m = json_object_get(w->words, "mediation");
    if (m == NULL) {
        m = json_object();
        (void)json_object_set_new(w->words, "mediation", m);
    }
    return m;
}

static json_t *part_of(json_t *whole, const char *name)
{
    json_t *part = json_object_get(whole, name);
    if (part == NULL) {
        part = json_object();
        (void)json_object_set_new(whole, name, part);
    }
    return part;
}

static json_t *rows_of(json_t *whole, const char *name)
{
    json_t *rows = json_object_get(whole, name);
    if (rows == NULL) {
        rows = json_array();
        (void)json_object_set_new(whole, name, rows);
    }
    return rows;
}

bool mediation_day(struct work *w, const char *field, int32_t *ret, struct error *e)
{
    *ret = day_of(w->at);
    if (!work_has(w, field))
        return true;
    (void)date_parse(work_text(w, field), ret);
    if (*ret > day_of(w->now))
        return error_set(e, ERROR_IN_FUTURE, field);
    return *ret >= day_of(w->c.reported_at) || error_set(e, ERROR_BEFORE_CASE, field);
}

static const char *side_key(struct work *w, int64_t side)
{
    return arena_printf(w->arena, "%lld", (long long)side);
}

/* ---- Consent and term ---------------------------------------------------------------------------------- */

static const struct field consent_fields[] = {
    {.name = "side", .type = FIELD_INT, .required = true, .least = 1, .most = SIDES_MOST},
    {.name = "given", .type = FIELD_BOOL, .required = true},
    {.name = "consent_how", .type = FIELD_CHOICE, .required = true, .from = "in_person|phone|paper"},
    {.name = "identity_seen", .type = FIELD_BOOL},
    {.name = "term_days", .type = FIELD_INT, .least = 1, .most = 180},
    {.name = "extend_days", .type = FIELD_INT, .least = 1, .most = 180},
    {.name = "note", .type = FIELD_LONGTEXT, .most = 1000},
    {.name = "files", .type = FIELD_FILES, .most = SCANS_AT_ONCE},
    FIELD_END,
};

static bool set_term(struct work *w, int64_t from, int64_t days, struct error *e)
{
    const struct term t = {.milli = days * 1000, .unit = TERM_CALENDAR_DAYS};
    return clock_set(w->db, &w->c, CLOCK_MEDIATE, from, term_due(w->core->calendar, from, t, NULL), t, e);
}

static int64_t default_days(const struct work *w)
{
    int64_t milli = w->pack->common[CLOCK_MEDIATE].milli;
    return milli > 0 ? milli / 1000 : 30;
}

/* All sides have agreed: from the last word on, the term runs that they named, or the usual one. */
static bool begin(struct work *w, json_t *m, struct error *e)
{
    int64_t days = json_int(m, "term_days", 0);
    if (days == 0)
        days = default_days(w);
    (void)json_object_set_new(m, "term_days", json_integer(days));
    (void)json_object_set_new(m, "started_at", json_integer(w->at));
    return set_term(w, w->at, days, e);
}

/* Longer only when every side says so, and for the same number of days; nobody else can. */
static bool extend(struct work *w, json_t *m, const struct sides *s, int64_t side, int64_t days, struct error *e)
{
    json_t *wish = part_of(m, "extension");
    if (json_int(wish, "days", days) != days)
        (void)json_object_clear(wish);
    (void)json_object_set_new(wish, "days", json_integer(days));
    (void)json_object_set_new(part_of(wish, "sides"), side_key(w, side), json_integer(w->at));
    if (json_object_size(json_object_get(wish, "sides")) < s->n)
        return true;
    (void)json_object_del(m, "extension");
    int64_t all = json_int(m, "term_days", 0) + days;
    (void)json_object_set_new(m, "term_days", json_integer(all));
    (void)json_object_set_new(w->record, "extended", json_integer(days));
    return set_term(w, json_int(m, "started_at", w->at), all, e);
}

/* What a side that refuses is told: it is over, and where else to go. */
static bool refused(struct work *w, struct error *e)
{
    struct str where = mediation_guidance(w->pack, w->category);
    struct str note = work_text(w, "note");
    const char *result =
        arena_printf(w->arena, "%s%s%.*s\n%.*s", lang_word(LANG_ZH_CN, "mediation.refused"),
                     note.n > 0 ? "：" : "。", (int)note.n, note.n > 0 ? note.p : "", (int)where.n, where.p);
    return case_settled(w, STR("END_REFUSED"), str_of(result), e);
}

static bool keep_consent(struct work *w, json_t *m, int64_t side, bool given, struct error *e)
{
    struct str how = work_text(w, "consent_how");
    int64_t named = json_int(w->fields, "term_days", 0), before = json_int(m, "term_days", 0);

    if (given && named > 0 && before > 0 && named != before)
        return error_setf(e, ERROR_NOT_ALLOWED_HERE, "term_days", "%lld", (long long)before);
    if (given && named > 0)
        (void)json_object_set_new(m, "term_days", json_integer(named));
    return json_object_set_new(part_of(m, "consents"), side_key(w, side),
                               json_pack("{s:b,s:s%,s:I,s:b}", "given", given, "how", how.p, how.n, "at",
                                         (json_int_t)w->at, "identity_seen",
                                         json_flag(w->fields, "identity_seen"))) == 0;
}

static bool apply_consent(struct work *w, struct error *e)
{
    struct sides s;
    int64_t side = json_int(w->fields, "side", 0), days = json_int(w->fields, "extend_days", 0);
    bool given = json_flag(w->fields, "given"), there = false;
    json_t *m = mediation_own(w);

    if (!mediation_sides(w->db, w->c.id, &s, e))
        return false;
    for (size_t i = 0; i < s.n; i++)
        there = there || s.list[i] == side;
    if (!there)
        return error_set(e, ERROR_NOT_FOUND, "side");
    bool running = json_int(m, "started_at", 0) != 0;
    if (days > 0 && !running)
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "extend_days");
    if (running && given && json_int(w->fields, "term_days", 0) > 0)
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "term_days");
    if (!work_add_files(w, SUBJECT_CASE, w->c.id, false, e))
        return false;
    if (days > 0 && given)
        return extend(w, m, &s, side, days, e);
    if (!keep_consent(w, m, side, given, e))
        return false;
    if (!given)
        return refused(w, e);
    return running || !mediation_all_agreed(m, &s) || begin(w, m, e);
}

/* ---- A reconciliation becomes an oral agreement (D3) --------------------------------------------------- */

static const struct field adopt_fields[] = {
    {.name = "terms", .type = FIELD_LONGTEXT, .required = true, .most = 2000},
    {.name = "parties_confirm", .type = FIELD_BOOL, .required = true},
    {.name = "consent_how", .type = FIELD_CHOICE, .required = true, .from = "in_person|phone"},
    FIELD_END,
};

static bool is_spot_peace(const struct case_row *c, const struct actor *a)
{
    (void)a;
    return str_is(c->outcome, "SPOT_PEACE");
}

static bool apply_adopt(struct work *w, struct error *e)
{
    struct str terms = work_text(w, "terms"), how = work_text(w, "consent_how");
    if (day_of(w->at) != day_of(w->c.settled_at))
        return error_set(e, ERROR_NOT_OPEN, "verb"); /* the same day, while both still say so */
    if (!json_flag(w->fields, "parties_confirm"))
        return error_set(e, ERROR_MISSING, "parties_confirm");
    const struct outcome *o = pack_outcome(w->pack, w->c.kind, STR("SPOT_ORAL"));
    if (o == NULL)
        return error_set(e, ERROR_NOT_A_CHOICE, "outcome");
    w->c.outcome = o->code;
    return json_object_set_new(mediation_own(w), "adopted",
                               json_pack("{s:s%,s:s%,s:I}", "terms", terms.p, terms.n, "how", how.p, how.n,
                                         "at", (json_int_t)w->at)) == 0;
}

/* ---- Papers of the file -------------------------------------------------------------------------------- */

static const struct field paper_fields[] = {
    {.name = "paper", .type = FIELD_CHOICE, .required = true, .from = "mediation.papers"},
    {.name = "files", .type = FIELD_FILES, .most = SCANS_AT_ONCE},
    {.name = "on", .type = FIELD_DATE},
    {.name = "note", .type = FIELD_LONGTEXT, .most = 1000},
    FIELD_END,
};

static bool apply_add_paper(struct work *w, struct error *e)
{
    struct str paper = work_text(w, "paper"), note = work_text(w, "note");
    const json_t *files = json_object_get(w->fields, "files");
    char on[DATE_TEXT];
    int32_t day;

    if (!pack_has(w->pack, "mediation.papers", paper))
        return error_set(e, ERROR_NOT_A_CHOICE, "paper");
    if (json_array_size(files) == 0 && note.n == 0)
        return error_set(e, ERROR_MISSING, "files");
    if (!mediation_day(w, "on", &day, e) || !work_add_files(w, SUBJECT_CASE, w->c.id, false, e))
        return false;
    date_format(day, on);
    json_t *list = json_is_array(files) ? json_deep_copy(files) : json_array();
    json_t *row = json_pack("{s:s%,s:s,s:s%,s:o}", "paper", paper.p, paper.n, "on", on, "note",
                            note.n > 0 ? note.p : "", note.n, "files", list);
    return json_array_append_new(rows_of(mediation_own(w), "papers"), row) == 0;
}

/* ---- Gates --------------------------------------------------------------------------------------------- */

#define MEDIATED "ORAL|WRITTEN|CONFIRMED"

/* Who mediates has asked both sides first. A reconciliation on the spot is no mediation and needs nothing. */
static bool look_consent(const struct gate_view *v, struct gate_missing *m, struct error *e)
{
    struct sides s;
    const json_t *mediation = mediation_of(v->words);
    const char *only = strcmp(v->verb, "settle") == 0 ? MEDIATED : NULL;

    if (!mediation_sides(v->db, v->c->id, &s, e))
        return false;
    if (s.n < 2)
        gate_lacks(m, "two_sides", only);
    else if (!mediation_all_agreed(mediation, &s))
        gate_lacks(m, "consent", only);
    return true;
}

static bool look_signed(const struct gate_view *v, struct gate_missing *m, struct error *e)
{
    const json_t *mediation = mediation_of(v->words);
    (void)e;
    if (!json_is_object(json_object_get(mediation, "agreement")))
        gate_lacks(m, "draft", "WRITTEN");
    if (!json_is_object(json_object_get(mediation, "signed")))
        gate_lacks(m, "signed", "WRITTEN");
    return true;
}

static bool all_identified(const json_t *mediation, const struct sides *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (!json_flag(mediation_consent(mediation, s->list[i]), "identity_seen"))
            return false;
    return true;
}

/* Is this document of the list there? Some are papers, some follow from what was done. */
static bool look_document(const struct gate_view *v, const struct sides *s, struct str code, bool *ret,
                          struct error *e)
{
    const json_t *mediation = mediation_of(v->words);
    int64_t sessions;

    *ret = true;
    if (str_is(code, "rights"))
        *ret = mediation_all_agreed(mediation, s);
    else if (str_is(code, "identity"))
        *ret = all_identified(mediation, s) || mediation_has_paper(mediation, "identity");
    else if (str_is(code, "record")) {
        if (!mediation_sessions(v->db, v->c->id, &sessions, e))
            return false;
        *ret = sessions > 0 || mediation_has_paper(mediation, "record");
    } else if (str_is(code, "agreement"))
        *ret = !str_is(v->c->outcome, "WRITTEN") || json_is_object(json_object_get(mediation, "signed"));
    else if (str_is(code, "visit"))
        *ret = (v->c->flags & FLAG_REVISITED) != 0;
    else if (!str_is(code, "application") && !str_is(code, "back"))
        *ret = mediation_has_paper(mediation, arena_z(v->arena, code));
    return true;
}

static bool wanted_for(const json_t *row, struct str outcome)
{
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(row, "required_for"), i, one)
        if (str_is(outcome, json_string_value(one)))
            return true;
    return false;
}

/* Archived only when the documents that the pack's list calls obligatory for this outcome are there, and what was promised has been kept. */
static bool look_file(const struct gate_view *v, struct gate_missing *m, struct error *e)
{
    const json_t *row, *mediation = mediation_of(v->words);
    struct sides s;
    size_t i;
    int32_t day;

    if ((v->c->flags & FLAG_AGREED) == 0)
        return true;
    if (!mediation_sides(v->db, v->c->id, &s, e))
        return false;
    json_array_foreach(json_object_get(json_object_get(v->pack->doc, "mediation"), "casefile"), i, row) {
        bool there;
        struct str code = json_text(row, "code");
        if (!wanted_for(row, v->c->outcome))
            continue;
        if (!look_document(v, &s, code, &there, e))
            return false;
        if (!there)
            gate_lacks(m, arena_printf(v->arena, "file_%.*s", (int)code.n, code.p), NULL);
    }
    if (mediation_next_due(mediation, &day))
        gate_lacks(m, "performed", NULL);
    /* The police sent it and want to know how it ended. */
    if (str_is(v->c->channel, "POLICE") && !mediation_has_paper(mediation, "police_letter"))
        gate_lacks(m, "police_letter", NULL);
    return true;
}

const struct gate dispute_gates[] = {
    {"consent", KIND_DISPUTE, "settle|draft_agreement|sign_agreement|session", look_consent},
    {"signed", KIND_DISPUTE, "settle", look_signed},
    {"file", KIND_DISPUTE, "close", look_file},
    {0},
};

/* ---- The verbs ----------------------------------------------------------------------------------------- */

static bool has_agreement(const struct case_row *c, const struct actor *a)
{
    (void)a;
    return (c->flags & FLAG_AGREED) != 0;
}

#define DISPUTE .subject = SUBJECT_CASE, .kind = KIND_DISPUTE
#define MEDIATES .who = BY_HANDLER | BY_POST, .posts = POSTS_DESK | POSTS_MEDIATOR

const struct verb verb_mediations[] = {
    {"consent", DISPUTE, .from = IN_OPEN, MEDIATES, .fields = consent_fields, .open = true, .apply = apply_consent},
    {"draft_agreement", DISPUTE, .from = IN(ACCEPTED) | IN(WORKING), .to = STATE_WORKING, .who = BY_POST,
     .posts = POSTS_DESK | POSTS_MEDIATOR, .fields = draft_fields, .starts = TICKS(PROGRESS),
     .apply = apply_draft_agreement},
    {"sign_agreement", DISPUTE, .from = IN(ACCEPTED) | IN(WORKING), .who = BY_POST, .posts = POSTS_MEDIATOR,
     .fields = sign_fields, .apply = apply_sign_agreement},
    {"adopt", DISPUTE, .from = IN(SETTLED), .who = BY_POST, .posts = POSTS_MEDIATOR, .fields = adopt_fields,
     .open = true, .open_now = is_spot_peace, .apply = apply_adopt},
    {"perform", DISPUTE, .from = IN(SETTLED), MEDIATES, .fields = perform_fields, .open = true,
     .open_now = has_agreement, .apply = apply_perform},
    {"confirm", DISPUTE, .from = IN(SETTLED), MEDIATES, .fields = confirm_fields, .open = true,
     .open_now = has_agreement, .apply = apply_confirm},
    {"add_paper", DISPUTE, .from = IN_LIVE, MEDIATES, .fields = paper_fields, .apply = apply_add_paper},
    {0},
};
