/* The demo: Wuzhai's 2024 and live work, played through real commands at the times at which they happened (demo/README.md). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/time.h"
#include "core/command.h"
#include "core/file.h"
#include "core/register.h"
#include "core/seals.h"
#include "core/subject.h"
#include "core/tally.h"
#include "core/unit.h"
#include "core/verb.h"
#include "six/subsidy.h"
#include "cli/demo_cast.h"
#include "cli/people.h"

static const char wuzhai[] = "341203105006";
static const char *const provinces[] = {"34", NULL};
static const char password[] = "liuxiao-demo";

/* One thing that happened: a story's beginning (step -1), one of its steps, or an activity. */
struct event {
    int64_t at;
    size_t order; /* of equal times, the one written first */
    const json_t *story;
    int step;
    bool activity;
    struct told *told;
};

/* What became of a story. */
struct told {
    struct id uuid;
    int64_t id;
};

struct play {
    struct cast cast;
    struct event *events;
    size_t count, room;
    char room_id[ID_TEXT];
    json_t *files[16];
    size_t file_count;
    json_t *refs; /* ref -> uuid text */
    int64_t today;
};

static bool story_error(struct error *e, const json_t *story, const char *what)
{
    struct str title = json_text(story, "title");
    (void)fprintf(stderr, "demo: %s: %.*s (%s)\n", what, (int)title.n, title.p != NULL ? title.p : "", e->field);
    return false;
}

/* "2024-03-05 08:40", or "-3d 09:20" before today. */
static bool moment(const struct play *p, struct str s, int64_t *ret)
{
    struct str rest = s, day, clock;
    int32_t date;
    int64_t days, h, m;

    if (!str_split(&rest, ' ', &day) || !str_split(&rest, ' ', &clock) || clock.n != 5 ||
        !str_int(str_range(clock.p, 2), &h) || !str_int(str_range(clock.p + 3, 2), &m))
        return false;
    if (day.n > 0 && day.p[0] == '+')
        day = str_range(day.p + 1, day.n - 1);
    if (str_ends(day, STR("d")) && str_int(str_range(day.p, day.n - 1), &days))
        date = (int32_t)(day_of(p->today) + days);
    else if (!date_parse(day, &date))
        return false;
    *ret = day_start(date) + h * TIME_HOUR + m * TIME_MINUTE;
    return true;
}

static bool add_event(struct play *p, const json_t *story, int step, bool activity, struct told *told,
                      const json_t *timed, struct error *e)
{
    if (p->count == p->room) {
        p->room = p->room == 0 ? 1024 : p->room * 2;
        p->events = realloc(p->events, p->room * sizeof *p->events);
        if (p->events == NULL)
            abort();
    }
    struct event *event = &p->events[p->count];
    *event = (struct event){.order = p->count, .story = story, .step = step, .activity = activity, .told = told};
    if (!moment(p, json_text(timed, "at"), &event->at)) {
        (void)error_set(e, ERROR_MALFORMED, "at");
        return story_error(e, story, "bad time");
    }
    p->count++;
    return true;
}

static bool read_stories(struct play *p, const struct embed_file *f, struct arena *a, struct error *e)
{
    json_t *stories = json_read(str_range((const char *)f->data, f->size), e);
    const json_t *story;
    size_t i, s;
    bool activity = strstr(f->path, "talks") != NULL || strstr(f->path, "activities") != NULL;

    if (stories == NULL)
        return false;
    p->files[p->file_count++] = stories;
    json_array_foreach(stories, i, story) {
        struct told *told = ARENA_NEW(a, struct told);
        const json_t *step;
        if (!add_event(p, story, -1, activity, told, story, e))
            return false;
        json_array_foreach(json_object_get(story, "steps"), s, step)
            if (!add_event(p, story, (int)s, false, told, step, e))
                return false;
    }
    return true;
}

static int by_time(const void *x, const void *y)
{
    const struct event *a = x, *b = y;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void put_time(json_t *o, const char *key, int64_t ms)
{
    char text[TIME_TEXT];
    time_format(ms, text);
    (void)json_object_set_new(o, key, json_string(text));
}

static bool put_unit(const struct play *p, json_t *fields, const json_t *story, struct error *e)
{
    struct str group = json_text(story, "group");
    const char *code = group.n == 0 ? wuzhai : cast_group(&p->cast, group);
    if (code == NULL)
        return error_setf(e, ERROR_NOT_FOUND, "group", "%.*s", (int)group.n, group.p);
    return json_object_set_new(fields, "unit", json_string(code)) == 0;
}

/* The day of a story's time without a clock: "2026-03-05", or "-3d" before today. */
static void put_days(const struct play *p, json_t *rows)
{
    json_t *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *noon = json_string_value(json_object_get(row, "due"));
        char text[48], day[DATE_TEXT];
        int64_t ms;
        (void)snprintf(text, sizeof text, "%s 12:00", noon != NULL ? noon : "");
        if (!moment(p, str_of(text), &ms))
            continue;
        date_format(day_of(ms), day);
        (void)json_object_set_new(row, "due", json_string(day));
    }
}

/* "@name" is what an earlier story calls by this ref. */
static void put_ref(const struct play *p, json_t *fields, const char *field)
{
    struct str s = json_text(fields, field);
    json_t *uuid = s.n > 1 && s.p[0] == '@' ? json_object_get(p->refs, s.p + 1) : NULL;
    if (uuid != NULL)
        (void)json_object_set(fields, field, uuid);
}

/* The story's own members are the fields of `report`, under the same names. */
static json_t *birth_fields(const struct play *p, const json_t *story, struct error *e)
{
    static const char *const same[] = {"kind",    "category", "text",      "title",    "place",
                                       "channel", "persons",  "anonymous", "quantity", "danger"};
    json_t *fields = json_object();
    const json_t *spot = json_object_get(story, "spot"), *external = json_object_get(story, "external");
    int64_t due;

    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (json_object_get(story, same[i]) != NULL)
            (void)json_object_set_new(fields, same[i], json_deep_copy(json_object_get(story, same[i])));
    if (external != NULL) {
        json_t *copy = json_deep_copy(external);
        if (moment(p, json_text(external, "due"), &due))
            put_time(copy, "due", due);
        (void)json_object_set_new(fields, "external", copy);
    }
    if (spot != NULL)
        (void)json_object_update(fields, (json_t *)spot);
    put_ref(p, fields, "answer_id");
    if (put_unit(p, fields, story, e))
        return fields;
    json_decref(fields);
    return NULL;
}

/* Photos and scans of the stories lie beside them; they come in as an upload of whoever acts. */
static bool bring_files(struct site *s, struct arena *a, const struct actor *actor, json_t *fields,
                        struct error *e)
{
    json_t *list = json_object_get(fields, "files"), *name;
    size_t i;

    json_array_foreach(list, i, name) {
        const struct embed_file *f = embed_find(json_string_value(name));
        struct file_info info;
        struct buf hex = BUF_INIT(BUF_LINE);
        if (f == NULL)
            return error_setf(e, ERROR_NOT_FOUND, "files", "%s", json_string_value(name));
        if (!file_store(s->core, s->db, a, actor, str_range((const char *)f->data, f->size), "image/jpeg",
                        1240, 1754, &info, e))
            return false;
        buf_add_hex(&hex, info.hash, sizeof info.hash);
        (void)json_array_set_new(list, i, json_stringn(hex.p, hex.n));
        buf_free(&hex);
    }
    return true;
}

static json_t *step_fields(const struct play *p, const json_t *step)
{
    json_t *fields = json_deep_copy(step);
    static const char *const people[] = {"to", "with", "account"};
    struct str verb = json_text(step, "verb"), by = json_text(step, "by");
    int64_t at;

    (void)json_object_del(fields, "at");
    (void)json_object_del(fields, "by");
    (void)json_object_del(fields, "verb");
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        const struct player *who = cast_player(&p->cast, json_text(step, people[i]));
        if (who != NULL)
            (void)json_object_set_new(fields, people[i], json_string(who->uuid));
    }
    const char *office = cast_office(&p->cast, json_text(step, "office"));
    if (office != NULL)
        (void)json_object_set_new(fields, "office", json_string(office));
    if (json_text(step, "into").n > 0)
        (void)json_object_set(fields, "into",
                              json_object_get(p->refs, json_string_value(json_object_get(step, "into"))));
    put_days(p, json_object_get(fields, "instalments"));
    if (moment(p, json_text(step, "until"), &at))
        put_time(fields, "until", at);
    /* What a resident said was taken down by whoever stands there. */
    if ((str_is(verb, "judge") || str_is(verb, "withdraw")) && !str_is(by, "resident") &&
        json_object_get(fields, "for") == NULL)
        (void)json_object_set_new(fields, "for", json_pack("{s:s,s:s}", "name", "本人", "how", "电话"));
    return fields;
}

static json_t *activity_fields(const struct play *p, const json_t *story, int64_t at, struct error *e)
{
    static const char *const same[] = {"type",  "form",  "topic", "minutes", "place",
                                       "count", "title", "text",  "came",    "session_result"};
    json_t *fields = json_object(), *cases = json_array();
    const json_t *ref;
    size_t n;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (json_object_get(story, same[i]) != NULL)
            (void)json_object_set_new(fields, same[i], json_deep_copy(json_object_get(story, same[i])));
    if (json_object_get(story, "ticks") != NULL) /* "steps" are a story's own */
        (void)json_object_set(fields, "steps", json_object_get(story, "ticks"));
    json_array_foreach(json_object_get(story, "cases"), n, ref)
        (void)json_array_append(cases, json_object_get(p->refs, json_string_value(ref)));
    if (json_array_size(cases) > 0)
        (void)json_object_set(fields, "cases", cases);
    json_decref(cases);
    if (json_flag(story, "room"))
        (void)json_object_set_new(fields, "room", json_string(p->room_id));
    put_time(fields, "at", at);
    const struct player *leader = cast_player(&p->cast, json_text(story, "by"));
    if (leader != NULL)
        (void)json_object_set_new(fields, "leader", json_string(leader->uuid));
    if (leader != NULL && json_flag(story, "room"))
        (void)json_object_set_new(fields, "mediators", json_pack("[s]", leader->uuid));
    if (put_unit(p, fields, story, e))
        return fields;
    json_decref(fields);
    return NULL;
}

/* "+7d" in a field is that day from today, "@name" what an earlier story calls by this ref, "steward1" in a field of people its account. */
static json_t *register_value(const struct play *p, const char *name, json_t *value)
{
    static const char *const people[] = {"visitor", "helper", "second", "runner", "to"};
    struct str s = str_of(json_string_value(value));
    int64_t days;

    if (!json_is_string(value))
        return json_incref(value);
    if (s.n > 1 && s.p[0] == '@' && json_object_get(p->refs, s.p + 1) != NULL)
        return json_incref(json_object_get(p->refs, s.p + 1));
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        const struct player *who = strcmp(name, people[i]) == 0 ? cast_player(&p->cast, s) : NULL;
        if (who != NULL)
            return json_string(who->uuid);
    }
    struct str number = s.n > 0 && s.p[0] == '+' ? str_range(s.p + 1, s.n - 1) : s;
    if (str_ends(number, STR("d")) && str_int(str_range(number.p, number.n - 1), &days)) {
        char text[DATE_TEXT];
        date_format((int32_t)(day_of(p->today) + days), text);
        return json_string(text);
    }
    return json_incref(value);
}

static json_t *register_fields(const struct play *p, const json_t *row, struct error *e)
{
    static const char *const own[] = {"register", "at",    "by",    "verb", "group",
                                      "ref",      "steps", "opens", "of",   "lines"};
    json_t *fields = json_object(), *value;
    const char *name;

    json_object_foreach((json_t *)row, name, value) {
        bool skip = false;
        for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
            skip = skip || strcmp(name, own[i]) == 0;
        if (!skip)
            (void)json_object_set_new(fields, name, register_value(p, name, value));
    }
    if (json_object_get(row, "lines") != NULL)
        (void)json_object_set_new(fields, "rows",
                                  json_integer((json_int_t)json_array_size(json_object_get(row, "lines"))));
    if (json_object_get(row, "verb") != NULL || put_unit(p, fields, row, e))
        return fields;
    json_decref(fields);
    return NULL;
}

static bool who_acts(struct site *s, const struct play *p, struct arena *a, const struct event *event,
                     const json_t *row, struct actor *ret, struct error *e)
{
    struct str by = json_text(row, "by");
    *ret = (struct actor){.kind = event->step < 0 ? ACTOR_NOBODY : ACTOR_RESIDENT, .case_id = event->told->id};
    if (str_is(by, "resident"))
        return true;
    const struct player *who = cast_player(&p->cast, by);
    if (who == NULL)
        return error_setf(e, ERROR_NOT_FOUND, "by", "%.*s", (int)by.n, by.p);
    return actor_load(s->db, a, who->account, day_of(event->at), ret, e);
}

/* Who joins an earlier story names it by its number. */
static bool name_joined(struct site *s, struct play *p, struct arena *a, const json_t *story, json_t *fields,
                        struct error *e)
{
    struct str ref = json_text(story, "me_too");
    struct case_row c;
    struct id uuid;

    if (fields == NULL || ref.n == 0)
        return fields != NULL;
    if (!id_parse(str_of(json_string_value(json_object_get(p->refs, ref.p + 1))), &uuid))
        return error_set(e, ERROR_NOT_FOUND, "me_too");
    return case_load(s->db, a, uuid, false, &c, e) &&
           json_object_set_new(fields, "me_too", json_stringn(c.number.p, c.number.n)) == 0;
}

/* The lines of a payment table, as the file brings them that a committee imports. */
static bool add_lines(struct site *s, struct arena *a, const json_t *story, int64_t payment, struct error *e)
{
    const json_t *lines = json_object_get(story, "lines"), *one;
    struct unit u;
    size_t i;

    if (lines != NULL && !unit_by_code(s->db, a, str_of(wuzhai), &u, e))
        return false;
    json_array_foreach(lines, i, one) {
        const struct subsidy_line line = {.name = json_text(one, "name"),
                                          .id_no = json_text(one, "id_no"),
                                          .card = json_text(one, "card"),
                                          .phone = json_text(one, "phone"),
                                          .item = json_text(one, "item"),
                                          .paid_on = json_text(one, "paid_on"),
                                          .group = json_text(one, "group"),
                                          .area = json_text(one, "area"),
                                          .note = json_text(one, "note"),
                                          .fen = json_int(one, "fen", 0)};
        if (!subsidy_add(s->core, s->db, a, payment, u.ord, &line, e))
            return false;
    }
    return true;
}

/* A visit opened a case: later steps call it by this name. */
static bool name_newest(struct site *s, struct play *p, struct str ref, struct error *e)
{
    char text[ID_TEXT];
    struct id uuid;
    int64_t id;
    if (!db_one_int(s->db, &id, 0, e, "select max(id) from cases", NO_ARGS) ||
        !subject_uuid(s->db, SUBJECT_CASE, id, &uuid, e))
        return false;
    id_format(uuid, text);
    return json_object_set_new(p->refs, ref.p, json_string(text)) == 0;
}

/* A step on a case that another story brought into being. */
static void name_subject(const struct play *p, const json_t *row, struct command *c)
{
    struct str of = json_text(row, "of");
    if (of.n > 0 && id_parse(str_of(json_string_value(json_object_get(p->refs, of.p))), &c->subject))
        c->subject_kind = SUBJECT_CASE;
}

static bool play_event(struct site *s, struct play *p, struct arena *a, const struct event *event,
                       struct error *e)
{
    const json_t *story = event->story,
                 *row = event->step < 0 ? story
                                        : json_array_get(json_object_get(story, "steps"), (size_t)event->step);
    bool planned = event->activity && str_is(json_text(story, "state"), "planned");
    struct command c = {
        .id = id_new(), .rev = -1, .subject_kind = event->activity ? SUBJECT_ACTIVITY : SUBJECT_CASE};
    struct actor actor;
    struct answer answer;
    char text[ID_TEXT];

    const struct register_def *def = register_named(s->core, json_text(story, "register"));

    time_set(planned ? p->today : event->at);
    if (!who_acts(s, p, a, event, row, &actor, e))
        return false;
    json_t *fields;
    if (def != NULL) {
        c.subject_kind = def->subject;
        c.verb = event->step < 0 ? str_of(register_maker(s->core, def)->name) : json_text(row, "verb");
        c.subject = event->told->uuid; /* zero before it is made */
        name_subject(p, row, &c);
        fields = register_fields(p, row, e);
    } else if (event->activity) {
        c.verb = planned ? STR("plan") : STR("record");
        fields = activity_fields(p, story, event->at, e);
    } else if (event->step < 0) {
        c.verb = json_object_get(story, "spot") != NULL ? STR("settle_on_spot") : STR("report");
        fields = birth_fields(p, story, e);
        if (!name_joined(s, p, a, story, fields, e)) {
            json_decref(fields);
            return false;
        }
    } else {
        c.verb = json_text(row, "verb");
        c.subject = event->told->uuid;
        fields = step_fields(p, row);
    }
    if (fields == NULL)
        return false;
    c.fields = fields;
    bool ok = bring_files(s, a, &actor, fields, e) && command_run(s->core, s->db, a, &actor, &c, &answer, e);
    json_decref(fields);
    if (ok && json_text(row, "opens").n > 0)
        ok = name_newest(s, p, json_text(row, "opens"), e);
    if (ok && event->step < 0 && def != NULL)
        ok = add_lines(s, a, story, answer.subject, e);
    if (ok && event->step < 0) {
        event->told->uuid = answer.uuid;
        event->told->id = answer.subject;
        if (json_text(story, "ref").n > 0) {
            id_format(answer.uuid, text);
            (void)json_object_set_new(p->refs, json_string_value(json_object_get(story, "ref")),
                                      json_string(text));
        }
    }
    return ok;
}

/* The committee's mediation room, which sittings book. */
static bool found_room(struct site *s, struct play *p, struct arena *a, struct error *e)
{
    const struct player *officer = cast_player(&p->cast, STR("officer1"));
    json_t *fields = json_pack("{s:s,s:s,s:s,s:s}", "kind", "mediation_room", "name", "居委会调解室",
                               "address", "居委会一楼东头", "unit", wuzhai);
    struct command c = {
        .id = id_new(), .verb = STR("register"), .subject_kind = SUBJECT_PLACE, .fields = fields, .rev = -1};
    struct answer answer;
    struct actor actor;
    int64_t at = day_start(day_from_date(2023, 6, 1)) + 9 * (int64_t)TIME_HOUR;

    time_set(at);
    bool ok = officer != NULL && actor_load(s->db, a, officer->account, day_of(at), &actor, e) &&
              command_run(s->core, s->db, a, &actor, &c, &answer, e);
    json_decref(fields);
    if (ok)
        id_format(answer.uuid, p->room_id);
    return ok;
}

static bool play_all(struct site *s, void *context, struct error *e)
{
    struct play *p = context;
    struct arena *a = arena_open();
    bool ok = found_room(s, p, a, e);

    for (size_t i = 0; i < p->count && ok; i++) {
        const struct event *event = &p->events[i];
        arena_reset(a);
        ok = play_event(s, p, a, event, e);
        if (!ok) {
            const json_t *step =
                event->step < 0 ? NULL
                                : json_array_get(json_object_get(event->story, "steps"), (size_t)event->step);
            (void)story_error(e, event->story,
                              step != NULL ? json_string_value(json_object_get(step, "verb")) : "beginning");
            (void)fprintf(stderr, "  at %s by %s\n",
                          json_string_value(json_object_get(step != NULL ? step : event->story, "at")),
                          json_string_value(json_object_get(step != NULL ? step : event->story, "by")));
        }
    }
    time_set(0);
    arena_close(a);
    return ok;
}

static bool count_up(struct site *s, void *context, struct error *e)
{
    int64_t done = 1;
    (void)context;
    if (!derived_ready(s->db, e))
        return false;
    while (done > 0)
        if (!tally_catch_up(s->core, s->db, 10000, &done, e))
            return false;
    return seals_make(s->core, s->db, day_of(time_now()), e);
}

static bool settle_in(struct site *s, void *context, struct error *e)
{
    struct play *p = context;
    struct arena *a = arena_open();
    struct unit u;
    char hash[PASSWORD_TEXT];
    bool ok = unit_by_code(s->db, a, str_of(wuzhai), &u, e) && meta_set(s->db, "host", u.code, e) &&
              meta_set(s->db, "demo", STR("yes"), e) && meta_set(s->db, "name", STR("吴寨居“六小行动”"), e) &&
              password_hash(str_of(password), hash, e) && cast_open(&p->cast, s, u.id, hash, e);
    arena_close(a);
    return ok;
}

static void print_sign_ins(const char *data)
{
    (void)printf(
        "the demo is ready in %s\n\n"
        "  portal (residents)    /        no sign-in\n"
        "  phone  (stewards)     /m/      steward1 … steward17, elder1 …, head1 …\n"
        "  desk   (committee)    /desk/   officer1, mediator1, chair1, admin1\n"
        "  desk   (departments)  /desk/   natres, civil, power … and center for the town's dispatcher\n"
        "  the password of all of them is %s\n\n"
        "  a resident looks up subsidies (查补贴) as 李桂枝, last six 040021, last four of the telephone 7701\n\n",
        data, password);
}

static bool make(struct site *s, struct play *p, struct arena *a, struct error *e)
{
    if (!cast_read(&p->cast, e) || !site_write(s, settle_in, p, e))
        return false;
    for (size_t i = 0; i < embed_count; i++) {
        const char *path = embed_files[i].path;
        if (strncmp(path, "demo/", 5) == 0 && strcmp(path, "demo/cast.json") != 0 &&
            strstr(path, ".json") != NULL && !read_stories(p, &embed_files[i], a, e))
            return false;
    }
    qsort(p->events, p->count, sizeof *p->events, by_time);
    return site_write(s, play_all, p, e) && site_write(s, count_up, NULL, e) && site_fill_search(s, e) &&
           site_fill_suggestions(s, e);
}

int cli_demo(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {{0}};
    const char *rest[1];
    struct play p = {.today = time_real()};
    struct arena *a;
    struct site s;
    struct error e;
    bool help;

    if (!cli_flags("demo", argc, argv, flags, rest, 0, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    if (!site_create(&s, config, provinces, true, &e))
        return cli_fail(&e);
    a = arena_open();
    p.refs = json_object();
    bool ok = make(&s, &p, a, &e);
    if (ok)
        print_sign_ins(config->data);
    for (size_t i = 0; i < p.file_count; i++)
        json_decref(p.files[i]);
    json_decref(p.refs);
    cast_close(&p.cast);
    free(p.events);
    arena_close(a);
    site_close(&s);
    return ok ? EXIT_DONE : cli_fail(&e);
}
