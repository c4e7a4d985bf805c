/* What neighbours offer, beside what others need (L6): whom to ring up, and the hours that come of it, confirmed by somebody else, for a certificate. */
#include "base/time.h"
#include "six/six.h"

enum { OPEN = 1, RESTING, ENDED };
enum { NOTED = 1, CONFIRMED, STRUCK };

#define WHAT                                                                                                 \
    {.name = "offer", .type = FIELD_TEXT, .required = true, .most = 60},                                     \
        {.name = "offer_kind",                                                                               \
         .type = FIELD_CHOICE,                                                                               \
         .required = true,                                                                                   \
         .from = "ride|company|repair|teach|meals|other"},                                                   \
        {.name = "free_when", .type = FIELD_TEXT, .most = 60},                                               \
    {                                                                                                        \
        .name = "valid_until", .type = FIELD_DATE                                                            \
    }

static const struct field offer_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
    {.name = "person", .type = FIELD_PERSON, .required = true},
    WHAT,
    FIELD_END,
};
static const struct field change_fields[] = {WHAT, FIELD_END};
static const struct field reason_fields[] = {{.name = "reason", .type = FIELD_LONGTEXT, .most = 500}, FIELD_END};
static const struct field note_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
    {.name = "of_offer", .type = FIELD_REGISTER, .required = true, .from = "offers"},
    {.name = "done", .type = FIELD_TEXT, .required = true, .most = 100},
    {.name = "done_on", .type = FIELD_DATE, .required = true},
    {.name = "time_spent", .type = FIELD_INT, .required = true, .least = 5, .most = 1440},
    {.name = "case", .type = FIELD_CASE},
    FIELD_END,
};
static const struct field nothing[] = {FIELD_END};
static const struct field strike_fields[] = {
    {.name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 500}, FIELD_END};

static bool note(struct work *w, struct error *e);
static bool done(struct work *w, struct error *e);
static bool by_another(const struct pack *p, const struct register_row *row, const struct actor *a);

#define KEEPERS (POSTS_DESK | AS(STEWARD) | AS(GRID_LEAD) | AS(VOLUNTEER))

const struct verb offer_verbs[] = {
    {"offer", SUBJECT_OFFER, .from = IN_NOTHING, .to = OPEN, .who = BY_POST, .posts = KEEPERS,
     .fields = offer_fields, .apply = register_make},
    {"correct", SUBJECT_OFFER, .from = 1u << OPEN | 1u << RESTING, .to = OPEN, .who = BY_POST | BY_HANDLER,
     .posts = POSTS_DESK, .fields = change_fields, .apply = register_change},
    {"rest", SUBJECT_OFFER, .from = 1u << OPEN, .to = RESTING, .who = BY_POST | BY_HANDLER,
     .posts = POSTS_DESK, .fields = reason_fields, .apply = register_change},
    {"end", SUBJECT_OFFER, .from = 1u << OPEN | 1u << RESTING, .to = ENDED, .who = BY_POST | BY_HANDLER,
     .posts = POSTS_DESK, .fields = reason_fields, .apply = register_change},
    {"note", SUBJECT_HOURS, .from = IN_NOTHING, .to = NOTED, .who = BY_POST, .posts = KEEPERS,
     .fields = note_fields, .apply = note},
    {"confirm", SUBJECT_HOURS, .from = 1u << NOTED, .to = CONFIRMED, .who = BY_POST, .posts = POSTS_DESK,
     .fields = nothing, .primary = true, .row_open = by_another, .apply = done},
    {"strike", SUBJECT_HOURS, .from = 1u << NOTED | 1u << CONFIRMED, .to = STRUCK, .who = BY_POST,
     .posts = POSTS_DESK, .fields = strike_fields, .apply = done},
    {0},
};

const struct register_def offers = {
    .subject = SUBJECT_OFFER,
    .states = {[OPEN] = "open", [RESTING] = "resting", [ENDED] = "ended"},
    .open = 1u << OPEN | 1u << RESTING,
    .readers = POSTS_FIELD | POSTS_DESK,
    .spends = SUBJECT_HOURS,
    .sums = REGISTER_MINUTES,
    .title = "offer",
    .columns = {{"person", REGISTER_PERSON}, {"offer_kind", REGISTER_CODE}, {"valid_until", REGISTER_DUE}},
};

const struct register_def hours = {
    .subject = SUBJECT_HOURS,
    .states = {[NOTED] = "noted", [CONFIRMED] = "confirmed", [STRUCK] = "struck"},
    .open = 1u << NOTED,
    .spent = CONFIRMED,
    .readers = POSTS_FIELD | POSTS_DESK,
    .title = "done",
    .columns = {{"of_offer", REGISTER_PARENT},
                {"time_spent", REGISTER_AMOUNT},
                {"done_on", REGISTER_DAY},
                {"case", REGISTER_CASE}},
};

/* Hours aren't confirmed by whoever noted them. */
static bool by_another(const struct pack *p, const struct register_row *row, const struct actor *a)
{
    (void)p;
    return a->account != row->created_by;
}

static bool note(struct work *w, struct error *e)
{
    struct register_row offer;
    struct id uuid;

    (void)id_parse(work_text(w, "of_offer"), &uuid);
    if (!register_one(w->core, w->db, w->arena, w->actor, &offers, uuid, &offer, NULL))
        return error_set(e, ERROR_NOT_FOUND, "of_offer");
    if (!register_make(w, e))
        return false;
    w->row.person = offer.person;
    w->row.due = term_due(w->core->calendar, w->at, (struct term){10000, TERM_WORK_DAYS}, NULL);
    return w->row.day <= day_of(w->now) || error_set(e, ERROR_IN_FUTURE, "done_on");
}

static bool done(struct work *w, struct error *e)
{
    w->row.due = 0;
    return register_change(w, e);
}
