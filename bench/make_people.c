/* Who works there: groups, offices, accounts with their posts, tokens for those who will be measured. */
#include "base/time.h"
#include "core/account.h"
#include "core/office.h"
#include "core/unit.h"
#include "data.h"

struct making {
    struct site *s;
    struct arena *a; /* of one person */
    struct cast *cast;
    FILE *actors;
    bool some; /* actors have been written */
    int made;
};

static bool find_committees(struct making *m, const struct unit *county, struct error *e)
{
    struct cast *cast = m->cast;
    struct db_rows r;
    if (!db_rows(m->s->db, &r, e,
                 "select id, ord, code from unit where level = 5 and ord >= ?1 and ord < ?2 order by ord limit 250",
                 ARGS(INT(county->ord), INT(county->ord_end))))
        return false;
    while (cast->count < COMMITTEES && db_next(&r))
        cast->committees[cast->count++].at =
            (struct place){db_int(&r, 0), db_int(&r, 1), arena_z(cast->arena, db_text(&r, 2))};
    return db_end(&r, e) &&
           (cast->count == COMMITTEES ||
            error_cause(e, ERROR_INTERNAL, "%zu committees in that county, not 250", cast->count));
}

static bool make_groups(struct making *m, struct committee *c, struct error *e)
{
    static const char *const names[GROUPS] = {"东庄组", "西庄组", "前庄组", "后庄组",
                                              "新村组", "南园组", "北湾组", "桥头组"};
    for (int g = 0; g < GROUPS; g++) {
        struct unit u;
        int64_t id;
        if (!unit_add_group(m->s->db, m->a, c->at.unit, str_of(names[g]), &id, e) ||
            !unit_load(m->s->db, m->a, id, &u, e))
            return false;
        c->groups[g] = (struct place){id, u.ord, arena_z(m->cast->arena, u.code)};
    }
    return true;
}

static bool command(struct making *m, const char *verb, struct id subject, json_t *fields, struct answer *ret,
                    struct error *e)
{
    struct actor system = actor_system();
    struct command c = {.id = id_new(),
                        .verb = str_of(verb),
                        .subject_kind = SUBJECT_ACCOUNT,
                        .subject = subject,
                        .fields = fields,
                        .rev = -1};
    bool ok = command_run(m->s->core, m->s->db, m->a, &system, &c, ret, e);
    json_decref(fields);
    return ok;
}

/* An account with one post and a token; `units` are where it reports from, the first is the post's own. */
static bool person(struct making *m, const char *post, const char *unit, const char *office, int level,
                   const struct place *units, size_t n, int64_t *ret, struct error *e)
{
    struct answer answer;
    struct str token, name = invent_name(m->a);
    struct id none = {{0}};
    const char *login = arena_printf(m->a, "%s%d", post, ++m->made);

    if (!command(m, "open", none,
                 json_pack("{s:s,s:s%,s:s,s:s,s:s*}", "login", login, "name", name.p, name.n, "post", post,
                           "unit", unit, "office", office),
                 &answer, e) ||
        !token_make(m->s->core, m->s->db, m->a, answer.subject, STR("bench"), 3650, &token, e))
        return false;
    (void)fprintf(
        m->actors,
        "%s\n{\"login\": \"%s\", \"post\": \"%s\", \"level\": %d, \"unit\": \"%s\", \"token\": \"%.*s\", \"units\": [",
        m->some ? "," : "", login, post, level, unit, (int)token.n, token.p);
    for (size_t i = 0; i < n; i++)
        (void)fprintf(m->actors, "%s\"%s\"", i > 0 ? ", " : "", units[i].code);
    (void)fputs("]}", m->actors);
    m->some = true;
    if (ret != NULL)
        *ret = answer.subject;
    for (size_t i = 1; strcmp(post, "steward") == 0 && i < n; i++)
        if (!command(m, "appoint", answer.uuid, json_pack("{s:s,s:s}", "post", post, "unit", units[i].code),
                     &answer, e))
            return false;
    return true;
}

static bool staff_committee(struct making *m, struct committee *c, struct error *e)
{
    const size_t share = GROUPS / STEWARDS;
    if (!make_groups(m, c, e) || !person(m, "officer", c->at.code, NULL, 5, c->groups, GROUPS, &c->officer, e) ||
        !person(m, "mediator", c->at.code, NULL, 5, NULL, 0, &c->mediator, e))
        return false;
    for (size_t i = 0; i < STEWARDS; i++)
        if (!person(m, "steward", c->groups[i * share].code, NULL, 6, &c->groups[i * share], share,
                    &c->steward[i], e))
            return false;
    return true;
}

static bool staff_town(struct making *m, int64_t id, struct error *e)
{
    static const struct {
        const char *code, *name;
    } offices[] = {{"center", "综治中心"},
                   {"justice", "司法所"},
                   {"policestation", "派出所"},
                   {"townworks", "镇建设环卫站"}};
    struct unit town;
    char uuid[ID_TEXT];
    if (!unit_load(m->s->db, m->a, id, &town, e) ||
        !person(m, "dispatcher", arena_z(m->a, town.code), NULL, 4, NULL, 0, NULL, e))
        return false;
    for (size_t i = 0; i < sizeof offices / sizeof offices[0]; i++) {
        struct office o;
        int64_t office;
        if (!office_make(m->s->db, id, str_of(offices[i].code), str_of(offices[i].name), &office, e) ||
            !office_load(m->s->db, m->a, office, &o, e))
            return false;
        id_format(o.uuid, uuid);
        if (!person(m, "handler", arena_z(m->a, town.code), uuid, 4, NULL, 0, NULL, e))
            return false;
    }
    return true;
}

static bool staff_above(struct making *m, struct error *e)
{
    const char *county = m->cast->county, *province = m->cast->province;
    return person(m, "admin", county, NULL, 3, NULL, 0, NULL, e) &&
           person(m, "dispatcher", county, NULL, 3, NULL, 0, NULL, e) &&
           person(m, "leader", county, NULL, 3, NULL, 0, NULL, e) &&
           person(m, "dispatcher", province, NULL, 1, NULL, 0, NULL, e) &&
           person(m, "leader", province, NULL, 1, NULL, 0, NULL, e);
}

static bool staff_towns(struct making *m, const struct unit *county, struct error *e)
{
    int64_t towns[TOWNS_MAX];
    size_t n = 0;
    struct db_rows r;
    if (!db_rows(m->s->db, &r, e, "select id from unit where level = 4 and ord >= ?1 and ord < ?2 order by ord",
                 ARGS(INT(county->ord), INT(county->ord_end))))
        return false;
    while (n < TOWNS_MAX && db_next(&r))
        towns[n++] = db_int(&r, 0);
    if (!db_end(&r, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!staff_town(m, towns[i], e))
            return false;
    return true;
}

bool people_make(struct site *s, struct cast *cast, const char *county, FILE *f, struct error *e)
{
    struct making m = {.s = s, .a = arena_open(), .cast = cast, .actors = f};
    struct unit u, province;
    bool ok = unit_by_code(s->db, cast->arena, str_of(county), &u, e) &&
              unit_above(s->db, cast->arena, u.id, UNIT_PROVINCE, &province, e) && find_committees(&m, &u, e);

    (void)fputs("[", f);
    if (ok) {
        cast->county = arena_z(cast->arena, u.code);
        cast->province = arena_z(cast->arena, province.code);
        ok = staff_above(&m, e) && staff_towns(&m, &u, e);
    }
    for (size_t i = 0; i < cast->count && ok; i++) {
        arena_reset(m.a);
        ok = staff_committee(&m, &cast->committees[i], e);
    }
    (void)fputs("\n]\n", f);
    arena_close(m.a);
    return ok;
}
