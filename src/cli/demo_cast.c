#include "cli/demo_cast.h"

#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "base/time.h"
#include "core/command.h"
#include "core/office.h"
#include "core/subject.h"
#include "core/unit.h"
#include "cli/people.h"

bool cast_read(struct cast *c, struct error *e)
{
    const struct embed_file *f = embed_find("demo/cast.json");
    if (f == NULL)
        return error_cause(e, ERROR_INTERNAL, "the program was built without its demo");
    c->doc = json_read(str_range((const char *)f->data, f->size), e);
    return c->doc != NULL;
}

void cast_close(struct cast *c)
{
    json_decref(c->doc);
}

const struct player *cast_player(const struct cast *c, struct str key)
{
    for (size_t i = 0; key.n > 0 && i < c->player_count; i++)
        if (str_eq(c->players[i].key, key))
            return &c->players[i];
    return NULL;
}

static const struct named *find(const struct named *list, size_t n, struct str name)
{
    for (size_t i = 0; name.n > 0 && i < n; i++)
        if (str_eq(list[i].name, name))
            return &list[i];
    return NULL;
}

const char *cast_group(const struct cast *c, struct str name)
{
    const struct named *n = find(c->groups, c->group_count, name);
    return n != NULL ? n->code : NULL;
}

const char *cast_office(const struct cast *c, struct str code)
{
    const struct named *n = find(c->offices, c->office_count, code);
    return n != NULL ? n->code : NULL;
}

static bool open_groups(struct cast *c, struct site *s, struct arena *a, int64_t committee, struct error *e)
{
    size_t i;
    const json_t *name;
    json_array_foreach(json_object_get(c->doc, "villages"), i, name) {
        struct named *n = &c->groups[c->group_count++];
        struct unit u;
        n->name = str_of(json_string_value(name));
        if (!unit_add_group(s->db, a, committee, n->name, &n->id, e) || !unit_load(s->db, a, n->id, &u, e))
            return false;
        (void)snprintf(n->code, sizeof n->code, "%.*s", (int)u.code.n, u.code.p);
    }
    return true;
}

static bool open_offices(struct cast *c, struct site *s, struct arena *a, int64_t committee, struct error *e)
{
    size_t i;
    const json_t *row;
    json_array_foreach(json_object_get(c->doc, "offices"), i, row) {
        struct named *n = &c->offices[c->office_count++];
        struct unit u;
        struct office o;
        int level = str_is(json_text(row, "level"), "county") ? UNIT_COUNTY : UNIT_TOWN;
        n->name = json_text(row, "code");
        if (!unit_above(s->db, a, committee, level, &u, e) ||
            !office_make(s->db, u.id, n->name, json_text(row, "name"), &n->id, e) ||
            !office_load(s->db, a, n->id, &o, e))
            return false;
        n->unit = u.id;
        id_format(o.uuid, n->code);
    }
    return true;
}

/* Where a post reaches: a steward's village, the committee, or for offices, leaders, administrators and auditors the town. */
static bool post_unit(const struct cast *c, struct site *s, struct arena *a, int64_t committee,
                      const json_t *row, const char *post, struct str *ret_code, struct error *e)
{
    static const char *const above[] = {"handler", "dispatcher", "leader", "auditor"};
    const struct named *group = find(c->groups, c->group_count, json_text(row, "group"));
    struct unit u;
    int level = UNIT_COMMITTEE;

    for (size_t i = 0; i < sizeof above / sizeof above[0]; i++)
        if (strcmp(above[i], post) == 0)
            level = UNIT_TOWN;
    if (group != NULL && level == UNIT_COMMITTEE) {
        *ret_code = str_of(group->code);
        return true;
    }
    if (!unit_above(s->db, a, committee, level, &u, e))
        return false;
    *ret_code = u.code;
    return true;
}

static bool appoint(struct site *s, struct arena *a, const struct player *p, const char *post,
                    struct str unit, const char *office, struct error *e)
{
    struct actor system = actor_system();
    struct answer answer;
    json_t *fields = json_pack("{s:s,s:s%,s:s*,s:s}", "post", post, "unit", unit.p, unit.n, "office", office,
                               "from", "2023-01-01");
    struct command c = {
        .id = id_new(), .verb = STR("appoint"), .subject_kind = SUBJECT_ACCOUNT, .fields = fields, .rev = -1};
    (void)id_parse(str_of(p->uuid), &c.subject);
    bool ok = command_run(s->core, s->db, a, &system, &c, &answer, e);
    json_decref(fields);
    return ok;
}

static bool open_account(struct cast *c, struct site *s, struct arena *a, int64_t committee,
                         const json_t *row, const char *hash, struct error *e)
{
    struct player *p = &c->players[c->player_count++];
    const json_t *posts = json_object_get(row, "posts"), *more;
    const char *post =
        json_string_value(json_array_size(posts) > 0 ? json_array_get(posts, 0) : json_object_get(row, "post"));
    const char *office = cast_office(c, json_text(row, "office"));
    struct str unit;
    size_t i;

    p->key = json_text(row, "key");
    if (post == NULL || !post_unit(c, s, a, committee, row, post, &unit, e))
        return post != NULL || error_setf(e, ERROR_MISSING, "post", "%.*s", (int)p->key.n, p->key.p);
    struct newcomer n = {
        .login = json_string_value(json_object_get(row, "login")),
        .name = json_string_value(json_object_get(row, "name")),
        .phone = json_string_value(json_object_get(row, "phone")),
        .post = post,
        .unit = arena_z(a, unit),
        .office = office,
    };
    if (!people_open_in(s, &n, hash, e) || !subject_id(s->db, SUBJECT_ACCOUNT, n.uuid, &p->account, e))
        return false;
    id_format(n.uuid, p->uuid);
    json_array_foreach(posts, i, more)
        if (i > 0 && !appoint(s, a, p, json_string_value(more), unit, office, e))
            return false;
    return true;
}

bool cast_open(struct cast *c, struct site *s, int64_t committee, const char *password_hash, struct error *e)
{
    struct arena *a = arena_open();
    const json_t *row;
    size_t i;
    int32_t start = day_from_date(2023, 1, 1);
    bool ok = open_groups(c, s, a, committee, e) && open_offices(c, s, a, committee, e);

    time_set(day_start(start) + 9 * TIME_HOUR);
    json_array_foreach(json_object_get(c->doc, "accounts"), i, row) {
        ok = ok && open_account(c, s, a, committee, row, password_hash, e);
        if (!ok) {
            (void)fprintf(stderr, "demo: cast %zu\n", i);
            break;
        }
    }
    time_set(0);
    arena_close(a);
    return ok;
}
