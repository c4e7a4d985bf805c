/* How a case comes into the world: reported, or settled on the spot in one step. */
#include "base/time.h"
#include "core/case_parts.h"
#include "core/case_verbs.h"
#include "core/person.h"
#include "core/place.h"
#include "core/scope.h"
#include "core/spoken.h"
#include "core/unit.h"
#include "core/vault.h"
#include "core/verb.h"

enum { TITLE_POINTS = 24 };

/* Who is signed in reports for what their posts reach; a resident for any committee or group. */
static bool find_place(struct work *w, struct unit_place *ret, struct error *e)
{
    if (!unit_place(w->db, w->arena, work_text(w, "unit"), ret, e))
        return error_set(e, e->code, "unit");
    if (w->actor->kind == ACTOR_ACCOUNT && !scope_reaches(w->actor, ret->unit.ord, POSTS_ALL))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    return true;
}

struct str case_headline(struct str text)
{
    const char *end = text.n > 0 ? memchr(text.p, '\n', text.n) : NULL;
    return str_trim(str_head(end != NULL ? str_range(text.p, (size_t)(end - text.p)) : text, TITLE_POINTS));
}

static struct str default_channel(const struct work *w)
{
    if (w->actor->kind != ACTOR_ACCOUNT)
        return STR("QR");
    return actor_is(w->actor, POSTS_FIELD) ? STR("VISIT") : STR("WALKIN");
}

static bool set_channel(struct work *w, struct error *e)
{
    w->c.channel = work_text(w, "channel");
    if (w->c.channel.n == 0)
        w->c.channel = default_channel(w);
    return pack_has(w->pack, "channels", w->c.channel) || error_set(e, ERROR_NOT_A_CHOICE, "channel");
}

/* Typed in from a paper form (R1): once, and found by the form's number afterwards. */
static bool take_form(struct work *w, struct error *e)
{
    struct str number = work_text(w, "form_no");
    int64_t there = 0;
    if (number.n == 0)
        return true;
    if (!case_by_external(w->core, w->db, number, &there, e))
        return false;
    return there == 0
               ? json_object_set_new(w->words, "external", json_pack("{s:s%}", "number", number.p, number.n)) == 0
               : error_set(e, ERROR_CONFLICT, "form_no");
}

/* An order from outside (R9): their number and deadline beside ours. */
static bool set_external(struct work *w, struct error *e)
{
    static const struct field fields[] = {
        {.name = "number", .type = FIELD_TEXT, .required = true, .most = 60},
        {.name = "due", .type = FIELD_TIME},
        FIELD_END,
    };
    const struct field *tables[] = {fields, NULL};
    const json_t *external = json_object_get(w->fields, "external");

    if (external == NULL || json_is_null(external))
        return take_form(w, e);
    if (!field_check(tables, external, e))
        return error_within(e, "external");
    w->c.flags |= FLAG_OUTSIDE;
    (void)time_parse(json_text(external, "due"), &w->c.external_due);
    return json_object_set(w->words, "external", (json_t *)external) == 0;
}

void case_set_quantity(struct case_row *c, const json_t *quantity)
{
    if (!json_is_object(quantity))
        return;
    c->quantity = (int64_t)(json_number_value(json_object_get(quantity, "n")) * 1000 + 0.5);
    c->quantity_unit = json_text(quantity, "unit");
}

/* The texts that are sealed: title, story, place, and whatever the pack's form adds. */
static bool set_words(struct work *w, struct error *e)
{
    struct str text = work_text(w, "text"), title = work_text(w, "title");
    struct field *extra;
    size_t n = pack_fields(w->pack, w->arena, w->c.kind, w->category, "report", &extra);

    if (text.n == 0)
        text = work_text(w, "result");
    if (title.n == 0)
        title = text.n > 0 && !spoken_only(text) ? case_headline(text) : w->category->label;
    w->words =
        json_pack("{s:s%,s:s%,s:s%}", "title", title.p, title.n, "text", text.p ? text.p : "", text.n,
                  "place", work_text(w, "place").p ? work_text(w, "place").p : "", work_text(w, "place").n);
    json_t *own = json_object();
    for (size_t i = 0; i < n; i++)
        if (work_has(w, extra[i].name))
            (void)json_object_set(own, extra[i].name, json_object_get(w->fields, extra[i].name));
    (void)json_object_set_new(w->words, "fields", own);
    return set_external(w, e);
}

unsigned case_class(const struct category *category, bool bypass)
{
    return bypass || (category->class & CLASS_BYPASS) != 0 ? CLASS_BYPASS : category->class;
}

static void set_flags(struct work *w)
{
    struct case_row *c = &w->c;
    c->class = case_class(w->category, json_flag(w->fields, "bypass_village"));
    if (json_flag(w->fields, "danger"))
        c->flags |= FLAG_DANGER;
    if (json_flag(w->fields, "anonymous"))
        c->flags |= FLAG_ANONYMOUS;
    if (w->category->suspect_major)
        c->flags |= FLAG_SUSPECT_MAJOR;
    case_set_quantity(c, json_object_get(w->fields, "quantity"));
    c->lat = (int64_t)(json_number_value(json_object_get(w->fields, "lat")) * 1e7);
    c->lon = (int64_t)(json_number_value(json_object_get(w->fields, "lon")) * 1e7);
}

static struct str fresh_track(struct work *w)
{
    char normal[TRACK_TEXT];
    unsigned char *hash = arena_alloc(w->arena, HASH_BYTES);
    case_track(w->core, w->command->id, w->track);
    (void)track_normal(str_of(w->track), normal);
    blind_index(w->core->keys, "track", str_of(normal), hash);
    return str_range((const char *)hash, HASH_BYTES);
}

static void set_people(struct work *w)
{
    struct case_row *c = &w->c;
    const struct actor_post *post = actor_post_at(w->actor, c->scope, POSTS_ALL);
    c->finder = w->actor->kind == ACTOR_ACCOUNT ? w->actor->account : 0;
    c->finder_post = post != NULL ? (int64_t)post->post : -1;
}

/* A code on a door, or a register, says which place it is: its name stands for the place in words, its point for the point on the map. */
static bool set_place(struct work *w, const struct unit *committee, struct error *e)
{
    struct place p;
    if (!work_has(w, "place_id"))
        return true;
    if (!work_place(w, committee->ord, committee->ord_end, &p, e))
        return false;
    w->c.place = p.id;
    if (w->c.lat == 0 && w->c.lon == 0) {
        w->c.lat = p.lat;
        w->c.lon = p.lon;
    }
    if (json_text(w->words, "place").n > 0)
        return true;
    return json_object_set_new(w->words, "place",
                               json_sprintf("%.*s%s%.*s", (int)p.name.n, p.name.p,
                                            p.address.n > 0 ? "，" : "", (int)p.address.n, p.address.p)) == 0;
}

/* Everything but state, outcome and clocks. The row itself is written last, when all of it is known (subject.c). */
static bool make_case(struct work *w, struct error *e)
{
    struct case_row *c = &w->c;
    struct unit_place at;
    struct key key;

    if (!find_place(w, &at, e))
        return false;
    w->born = true;
    c->uuid = w->uuid = id_new();
    c->shard = at.county.id;
    c->category = w->category->code;
    c->unit = at.unit.id;
    c->scope = w->scope = at.unit.ord;
    c->pack = w->pack->id;
    c->state = STATE_REPORTED;
    c->reported_at = w->at;
    c->recorded_at = w->now;
    set_flags(w);
    c->level = (c->class & CLASS_BYPASS) != 0 ? LEVEL_TOWN : unit_case_level(at.unit.level);
    set_people(w);
    c->key = w->wrapped = vault_new(w->core, w->arena, &key);
    c->track = fresh_track(w);
    w->external = str_trim(json_text(json_object_get(w->fields, "external"), "number"));
    if (w->external.n == 0)
        w->external = work_text(w, "form_no");
    if (!set_channel(w, e) || !set_words(w, e) || !set_place(w, &at.committee, e) ||
        !case_next_id(w->db, &c->id, e) ||
        !case_number(w->db, w->arena, &at.committee, c->kind, civil_of(w->at).year, c, e))
        return false;
    w->subject = c->id;
    return work_add_persons(w, e) && work_add_files(w, SUBJECT_CASE, c->id, w->actor->kind != ACTOR_ACCOUNT, e);
}

bool apply_report(struct work *w, struct error *e)
{
    /* A voice note or a photo says it too; somebody writes it down later (G20). */
    if (work_text(w, "text").n == 0 && json_array_size(json_object_get(w->fields, "files")) == 0)
        return error_set(e, ERROR_MISSING, "text");
    return make_case(w, e);
}

bool apply_settle_on_spot(struct work *w, struct error *e)
{
    struct str result = work_text(w, "result"), outcome = work_text(w, "outcome");
    const struct outcome *o = pack_outcome(w->pack, w->c.kind, outcome);
    bool voice = json_array_size(json_object_get(w->fields, "files")) > 0;

    if (o == NULL)
        return error_set(e, ERROR_NOT_A_CHOICE, "outcome");
    /* Less work than paper: a line or a voice note, not both. */
    if (result.n == 0 && work_text(w, "text").n == 0 && !voice)
        return error_set(e, ERROR_MISSING, "result");
    if (!make_case(w, e))
        return false;
    struct case_row *c = &w->c;
    c->level = LEVEL_SPOT;
    c->settled_level = LEVEL_SPOT;
    c->accepted_at = c->replied_at = c->settled_at = w->at;
    c->settled_by = c->handler = work_doer(w);
    c->outcome = o->code;
    (void)json_object_set_new(w->words, "result", json_stringn(result.p != NULL ? result.p : "", result.n));
    (void)json_object_set_new(w->words, "told_how", json_string("当面"));
    return true;
}

/* ---- Taken over from a ledger -------------------------------------------------------------------------- */

/* A moment of the past, in order: not before the case, not later than now. 0 when it isn't named. */
static bool past_time(struct work *w, const char *field, int64_t not_before, int64_t *ret, struct error *e)
{
    *ret = 0;
    if (!work_has(w, field))
        return true;
    (void)time_parse(json_text(w->fields, field), ret);
    if (*ret > w->now)
        return error_set(e, ERROR_IN_FUTURE, field);
    return *ret >= not_before || error_set(e, ERROR_BEFORE_CASE, field);
}

/* It ended before it came here: nobody is asked to judge it now, and it says itself when and how. */
static bool enter_ended(struct work *w, int64_t settled, int64_t closed, struct error *e)
{
    struct case_row *c = &w->c;
    const struct kind_def *kind = &w->pack->kinds[c->kind];
    const struct outcome *o = NULL;
    struct str code = work_text(w, "outcome"), result = work_text(w, "result");

    for (size_t i = 0; i < kind->outcome_count && o == NULL; i++)
        if (code.n > 0 ? str_eq(kind->outcomes[i].code, code) : kind->outcomes[i].counts)
            o = &kind->outcomes[i];
    if (o == NULL)
        return error_set(e, ERROR_NOT_A_CHOICE, "outcome");
    w->state_to = STATE_CLOSED;
    w->starts = 0;
    c->outcome = o->code;
    c->accepted_at = c->reported_at;
    c->replied_at = c->settled_at = settled;
    c->closed_at = closed;
    c->settled_level = c->level;
    for (int i = 1; i <= 3; i++) {
        if (str_is(work_text(w, "resolved"), resolved_code((enum resolved)i)))
            c->resolved = i;
        if (str_is(work_text(w, "satisfied"), satisfied_code((enum satisfied)i)))
            c->satisfied = i;
    }
    return json_object_set_new(w->words, "result", json_stringn(result.p != NULL ? result.p : "", result.n)) == 0;
}

static bool check_new(struct work *w, struct error *e)
{
    struct str number = str_trim(json_text(json_object_get(w->fields, "external"), "number"));
    int64_t there = 0;

    if (number.n > 0 && !case_by_external(w->core, w->db, number, &there, e))
        return false;
    return there == 0 || error_set(e, ERROR_CONFLICT, "external.number");
}

bool apply_enter(struct work *w, struct error *e)
{
    int64_t settled, closed;
    enum level level = LEVEL_COUNT;

    if (!past_time(w, "settled_at", w->at, &settled, e) ||
        !past_time(w, "closed_at", settled != 0 ? settled : w->at, &closed, e) || !check_new(w, e) ||
        !make_case(w, e))
        return false;
    w->c.flags |= FLAG_ENTERED;
    for (int l = LEVEL_SPOT; l < LEVEL_COUNT; l++)
        if (str_is(work_text(w, "level"), level_code((enum level)l)))
            level = (enum level)l;
    if (level != LEVEL_COUNT)
        w->c.level = level;
    if (settled == 0 && closed == 0)
        return true;
    return enter_ended(w, settled != 0 ? settled : closed, closed != 0 ? closed : settled, e);
}

bool is_untouched(const struct case_row *c, const struct actor *a)
{
    (void)a;
    return (c->flags & FLAG_ENTERED) != 0 && c->rev == 1;
}

/* Its number elsewhere is free again, for the row that is put right. */
bool apply_undo_entry(struct work *w, struct error *e)
{
    w->c.closed_at = w->at;
    w->c.settled_at = 0;
    return db_exec(w->db, e, "delete from case_external where case_id = ?1", ARGS(INT(w->c.id)));
}
