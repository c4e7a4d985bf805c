/* 调处小纠纷. People's Mediation Law: an agreement comes about only through an appointed mediator (13–15, 28–29); mediation is voluntary (3, 17);
 * whoever ends it without agreement tells the parties where else to go (26). */
#include "base/time.h"
#include "core/repeats.h"
#include "core/unit.h"
#include "six/mediation.h"
#include "six/six.h"

/* A party has a name: nobody signs for "the other one". */
static bool check_parties(struct work *w, struct error *e)
{
    const json_t *rows = json_object_get(w->fields, "persons"), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        bool speaks = str_is(json_text(row, "role"), "party") || str_is(json_text(row, "role"), "agent");
        if (speaks && str_trim(json_text(row, "name")).n == 0 && json_text(row, "person").n == 0)
            return error_set(e, ERROR_MISSING, arena_printf(w->arena, "persons.%zu.name", i));
        if (str_is(json_text(row, "role"), "agent") && json_int(row, "side", 0) == 0)
            return error_set(e, ERROR_MISSING, arena_printf(w->arena, "persons.%zu.side", i));
    }
    return true;
}

static bool has_two_sides(struct work *w, struct error *e)
{
    const json_t *rows = json_object_get(w->fields, "persons"), *row;
    size_t i, parties = 0;
    json_array_foreach(rows, i, row)
        parties += str_is(json_text(row, "role"), "party");
    return (parties >= 2 || error_setf(e, ERROR_MISSING, "persons", "2")) && check_parties(w, e);
}

/* An oral agreement on the spot or later, and a written one, need a mediator; what anyone else brings about is a reconciliation (D3). */
static bool check_outcome(struct work *w, struct error *e)
{
    static const char *const by_mediator[] = {"SPOT_ORAL", "ORAL", "WRITTEN", "CONFIRMED"};
    struct str outcome = work_text(w, "outcome");
    if (w->actor->kind == ACTOR_SYSTEM || actor_is(w->actor, POSTS_MEDIATOR))
        return true;
    for (size_t i = 0; i < sizeof by_mediator / sizeof by_mediator[0]; i++)
        if (str_is(outcome, by_mediator[i]))
            return error_setf(e, ERROR_NOT_ALLOWED_HERE, "outcome", "SPOT_PEACE");
    return true;
}

static bool check_spot(struct work *w, struct error *e)
{
    return has_two_sides(w, e) && check_outcome(w, e);
}

/* Domestic violence is never mediated as a quarrel (D9, 反家庭暴力法): the danger flag alone does not stop mediation, but it alerts the officer. */
static bool alert(struct work *w, struct error *e)
{
    (void)e;
    if ((w->c.flags & FLAG_DANGER) != 0)
        (void)json_object_set_new(w->record, "alert", json_true());
    return true;
}

/* What the village calls the plot or the house, in the pack's own form. */
static bool keep_plot(struct work *w, struct error *e)
{
    return !work_has(w, "plot") || repeats_set_plot(w, work_text(w, "plot"), e);
}

static bool reported(struct work *w, struct error *e)
{
    return alert(w, e) && keep_plot(w, e);
}

static bool is_agreement(struct str outcome)
{
    return str_is(outcome, "SPOT_ORAL") || str_is(outcome, "ORAL") || str_is(outcome, "WRITTEN");
}

/* An agreement is kept: someone looks after seven days, the instalments are watched, and the parties are reminded of the court's thirty days. Who ends
 * without one is told where else to go. */
static bool settled(struct work *w, struct error *e)
{
    if (str_starts(w->c.outcome, STR("END_"))) {
        struct str where = mediation_guidance(w->pack, w->category);
        return json_object_set_new(mediation_own(w), "guidance", json_stringn(where.p, where.n)) == 0;
    }
    if (!is_agreement(w->c.outcome))
        return true;
    w->c.flags |= FLAG_AGREED;
    w->starts |= TICKS(VISIT) | TICKS(CONFIRM);
    return agreement_watch(w, e);
}

static bool spot_settled(struct work *w, struct error *e)
{
    return keep_plot(w, e) && settled(w, e);
}

static bool settled_by_refusal(struct work *w, struct error *e)
{
    return w->state_to != STATE_SETTLED || settled(w, e);
}

/* A new round: who agreed before is asked again. What was agreed stays readable, under "rounds". */
static bool back(struct work *w, struct error *e)
{
    json_t *before = json_object_get(w->words, "rounds"), *old = json_object_get(w->words, "mediation");
    (void)e;
    if (w->state_to != STATE_WORKING || old == NULL)
        return true;
    if (before == NULL) {
        before = json_array();
        (void)json_object_set_new(w->words, "rounds", before);
    }
    (void)json_array_append(before, old);
    return json_object_del(w->words, "mediation") == 0;
}

static bool visited(struct work *w, struct error *e)
{
    w->stops |= TICKS(VISIT);
    return back(w, e);
}

/* (年)人调字第N号: given when the file is put away, by committee and year. */
static bool archived(struct work *w, struct error *e)
{
    struct unit committee;
    int64_t n;
    int year = civil_of(w->at).year;

    if ((w->c.flags & FLAG_AGREED) == 0)
        return true;
    if (!unit_above(w->db, w->arena, w->c.unit, UNIT_COMMITTEE, &committee, e) ||
        !db_one_int(w->db, &n, 0, e,
                    "insert into counter(unit, name, last) values(?1, ?2, 1) on conflict(unit, name) do update set last = counter.last + 1 returning last",
                    ARGS(INT(committee.id), TEXTZ(arena_printf(w->arena, "mediation %d", year)))))
        return false;
    return json_object_set_new(mediation_own(w), "archive_no",
                               json_sprintf("（%d）年人调字第%lld号", year, (long long)n)) == 0;
}

const struct verb_rule dispute_rules[] = {
    {KIND_DISPUTE, "report", check_parties, reported},
    {KIND_DISPUTE, "correct", check_parties, NULL},
    {KIND_DISPUTE, "settle_on_spot", check_spot, spot_settled},
    {KIND_DISPUTE, "settle", check_outcome, settled},
    {KIND_DISPUTE, "consent", NULL, settled_by_refusal},
    {KIND_DISPUTE, "adopt", NULL, settled},
    {KIND_DISPUTE, "judge", NULL, back},
    {KIND_DISPUTE, "reopen", NULL, back},
    {KIND_DISPUTE, "revisit", NULL, visited},
    {KIND_DISPUTE, "close", NULL, archived},
    {0},
};
