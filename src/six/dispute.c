/* 调处小纠纷. People's Mediation Law: an agreement comes about only through an appointed mediator (13–15, 28–29); mediation is voluntary (3, 17);
 * whoever ends it without agreement tells the parties where else to go (26). */
#include "six/six.h"

static bool has_two_sides(struct work *w, struct error *e)
{
    const json_t *rows = json_object_get(w->fields, "persons"), *row;
    size_t i, parties = 0;
    json_array_foreach(rows, i, row)
        parties += str_is(json_text(row, "role"), "party");
    return parties >= 2 || error_setf(e, ERROR_MISSING, "persons", "2");
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

const struct verb_rule dispute_rules[] = {
    {KIND_DISPUTE, "report", NULL, alert},
    {KIND_DISPUTE, "settle_on_spot", check_spot, NULL},
    {KIND_DISPUTE, "settle", check_outcome, NULL},
    {0},
};
