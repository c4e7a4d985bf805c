/* How a case comes into the world: reported, or settled on the spot in one step. */
#include "base/time.h"
#include "core/case_parts.h"
#include "core/case_verbs.h"
#include "core/person.h"
#include "core/place.h"
#include "core/scope.h"
#include "core/unit.h"
#include "core/vault.h"
#include "core/verb.h"

enum { TITLE_POINTS = 24 };

/* Who is signed in reports for what their posts reach; a resident for any committee or group. */
static bool find_unit(struct work *w, struct unit *ret, struct error *e)
{
    if (!unit_by_code(w->db, w->arena, work_text(w, "unit"), ret, e))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    if (ret->level < UNIT_COMMITTEE)
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "unit");
    if (w->actor->kind == ACTOR_ACCOUNT && !scope_reaches(w->actor, ret->ord, POSTS_ALL))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    return true;
}

static struct str first_line(struct str text)
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
        return true;
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
        title = text.n > 0 ? first_line(text) : w->category->label;
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

/* Everything but state, outcome and clocks. The row is written so that persons and files can hang on it. */
static bool make_case(struct work *w, struct error *e)
{
    struct case_row *c = &w->c;
    struct unit unit, committee, county;
    struct key key;

    if (!find_unit(w, &unit, e) || !unit_above(w->db, w->arena, unit.id, UNIT_COMMITTEE, &committee, e) ||
        !unit_above(w->db, w->arena, unit.id, UNIT_COUNTY, &county, e))
        return false;
    c->uuid = w->uuid = id_new();
    c->shard = county.id;
    c->category = w->category->code;
    c->unit = unit.id;
    c->scope = w->scope = unit.ord;
    c->pack = w->pack->id;
    c->state = STATE_REPORTED;
    c->reported_at = w->at;
    c->recorded_at = w->now;
    set_flags(w);
    c->level = (c->class & CLASS_BYPASS) != 0 ? LEVEL_TOWN : unit_case_level(unit.level);
    set_people(w);
    c->key = w->wrapped = vault_new(w->core, w->arena, &key);
    c->track = fresh_track(w);
    if (!set_channel(w, e) || !set_words(w, e) || !set_place(w, &committee, e))
        return false;
    c->sealed = vault_seal(w->arena, &key, "case", w->words);
    if (!case_number(w->core, w->db, w->arena, committee.id, c->kind, civil_of(w->at).year, &c->number, e) ||
        !case_insert(w->db, c, e))
        return false;
    w->subject = c->id;
    return work_add_persons(w, e) && work_add_files(w, SUBJECT_CASE, c->id, w->actor->kind != ACTOR_ACCOUNT, e);
}

bool apply_report(struct work *w, struct error *e)
{
    if (str_trim(json_text(w->fields, "text")).n == 0)
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
    c->settled_by = c->handler = w->actor->account;
    c->outcome = o->code;
    (void)json_object_set_new(w->words, "result", json_stringn(result.p != NULL ? result.p : "", result.n));
    (void)json_object_set_new(w->words, "told_how", json_string("当面"));
    return case_worker_set(w->db, c->id, w->actor->account, WORKER_HANDLER, w->at, e);
}
