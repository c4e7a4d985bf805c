/* A small world for tests of core: a county with two committees, a few people at work, the real pack and
 * calendar; on both engines (both.h). Everything is done by commands, as a person's tap would do it. */
#ifndef TESTS_UNIT_WORLD_H
#define TESTS_UNIT_WORLD_H

#include <sys/stat.h>

#include "base/embed.h"
#include "base/time.h"
#include "db/migrate.h"
#include "core/command.h"
#include "core/subject.h"
#include "core/unit.h"
#include "core/verb.h"
#include "both.h"

#define WUZHAI "341203105006"
#define CHENZHUANG "341203105202"
#define TOWN "341203105000"
#define COUNTY "341203000000"

struct world {
    struct db *db;
    struct core *core;
    struct config config;
    struct arena *arena;
    char folder[64];
    char key_file[96];
    struct actor officer, chair, steward, mediator, system; /* of Wuzhai but the last */
    int64_t committee, group, other_committee;
    char group_code[20];
};

static const char world_units[] = "code,name,parent,level\n"
                                  "340000000000,安徽省,0,1\n"
                                  "341200000000,阜阳市,340000000000,2\n"
                                  "341203000000,颍东区,341200000000,3\n"
                                  "341203105000,正午镇,341203000000,4\n"
                                  "341203105006,吴寨居委会,341203105000,5\n"
                                  "341203105202,陈庄村委会,341203105000,5\n";

/* Runs one command in a transaction of its own; takes over the fields. */
static inline bool world_try(struct world *w, const struct actor *actor, enum subject_kind kind, const char *verb,
                             struct id subject, json_t *fields, struct answer *ret, struct error *e)
{
    struct command c = {
        .id = id_new(), .verb = str_of(verb), .subject_kind = kind, .subject = subject, .fields = fields, .rev = -1};
    bool ok = db_begin(w->db, e);
    if (ok) {
        ok = command_run(w->core, w->db, w->arena, actor, &c, ret, e) && db_commit(w->db, e);
        if (!ok)
            db_rollback(w->db);
    }
    json_decref(fields);
    return ok;
}

static inline struct answer world_do(struct world *w, const struct actor *actor, enum subject_kind kind,
                                     const char *verb, struct id subject, json_t *fields)
{
    struct answer got = {0};
    assert_non_null(fields);
    must(world_try(w, actor, kind, verb, subject, fields, &got, e));
    return got;
}

static inline struct answer world_case(struct world *w, const struct actor *actor, const char *verb,
                                       struct id subject, json_t *fields)
{
    return world_do(w, actor, SUBJECT_CASE, verb, subject, fields);
}

static inline struct actor world_actor(struct world *w, const char *login, const char *post, const char *unit)
{
    struct actor a = {0};
    struct answer got = world_do(w, &w->system, SUBJECT_ACCOUNT, "open", (struct id){{0}},
                                 json_pack("{s:s,s:s,s:s,s:s,s:s}", "login", login, "name", "某某", "post",
                                           post, "unit", unit, "from", "2020-01-01"));
    must(actor_load(w->db, w->arena, got.subject, day_of(time_now()), &a, e));
    a.uuid = got.uuid;
    a.login = str_of(login);
    return a;
}

/* Civil time in China. */
static inline void world_clock(int year, int month, int day, int hour, int minute)
{
    time_set(civil_ms((struct civil){.year = year, .month = month, .day = day, .hour = hour, .minute = minute}));
}

static inline int64_t world_unit(struct world *w, const char *code)
{
    struct unit u = {0};
    must(unit_by_code(w->db, w->arena, str_of(code), &u, e));
    return u.id;
}

static inline void world_found(struct world *w)
{
    const struct embed_file *pack = embed_find("pack/liuxiao.json"),
                            *days = embed_find("pack/holidays/cn-2020-2026.csv");
    int64_t added;
    int applied;

    assert_non_null(pack);
    assert_non_null(days);
    must(migrate_up(w->db, &applied, e));
    must(db_begin(w->db, e));
    must(core_set_pack(w->db, str_range((const char *)pack->data, pack->size), e));
    must(db_exec(w->db, e, "insert into holiday_table(name, csv, loaded_at) values('days', ?1, 0)",
                 ARGS(TEXT(str_range((const char *)days->data, days->size)))));
    must(unit_import(w->db, STR(world_units), NULL, &added, e));
    w->committee = world_unit(w, WUZHAI);
    w->other_committee = world_unit(w, CHENZHUANG);
    must(unit_add_group(w->db, w->arena, w->committee, STR("后吴寨"), &w->group, e));
    must(db_commit(w->db, e));
    (void)snprintf(w->group_code, sizeof w->group_code, "%s001", WUZHAI);
}

static inline void world_open(struct world *w, void **state)
{
    static const struct verb *const verbs[] = {verb_cases, verb_activities, verb_people, verb_accounts, NULL};
    static const struct core_tables tables = {.verbs = verbs};

    *w = (struct world){.arena = arena_open(), .system = actor_system()};
    must(crypto_start(e));
    world_clock(2024, 1, 2, 9, 0);
    (void)snprintf(w->folder, sizeof w->folder, "/tmp/liuxiao-world.XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    (void)snprintf(w->key_file, sizeof w->key_file, "%s/key", w->folder);
    w->config = (struct config){.data = w->folder, .files = w->folder, .key_file = w->key_file};
    must(keyring_create(w->key_file, e));
    w->db = place_open(state, DB_WRITER);
    world_found(w);
    must(core_open(&w->core, &w->config, w->db, &tables, e));
    w->officer = world_actor(w, "officer1", "officer", WUZHAI);
    w->chair = world_actor(w, "chair1", "chair", WUZHAI);
    w->steward = world_actor(w, "steward1", "steward", WUZHAI);
    w->mediator = world_actor(w, "mediator1", "mediator", WUZHAI);
}

static inline void world_close(struct world *w)
{
    core_close(w->core);
    db_close(w->db);
    (void)unlink(w->key_file);
    (void)rmdir(w->folder);
    arena_close(w->arena);
    time_set(0);
}

/* ---- Stories ------------------------------------------------------------------------------------------- */

static inline struct answer world_report(struct world *w, const char *kind, const char *category, const char *unit)
{
    return world_case(w, &w->officer, "report", (struct id){{0}},
                      json_pack("{s:s,s:s,s:s,s:s}", "text", "两家为一条水沟争执", "kind", kind, "category",
                                category, "unit", unit));
}

static inline struct answer world_spot(struct world *w, const char *kind, const char *category,
                                       const char *unit, const char *outcome)
{
    return world_case(w, &w->steward, "settle_on_spot", (struct id){{0}},
                      json_pack("{s:s,s:s,s:s,s:s,s:s}", "result", "当面说开了", "kind", kind, "category",
                                category, "unit", unit, "outcome", outcome));
}

static inline void world_settle(struct world *w, struct id c, const char *outcome)
{
    (void)world_case(w, &w->officer, "accept", c, json_object());
    (void)world_case(w, &w->officer, "settle", c, json_pack("{s:s,s:s}", "outcome", outcome, "result", "办好了"));
}

static inline struct actor world_resident(const struct answer *a)
{
    return (struct actor){.kind = ACTOR_RESIDENT, .case_id = a->subject};
}

static inline void world_judge(struct world *w, const struct answer *c, const char *resolved, const char *satisfied)
{
    struct actor who = world_resident(c);
    (void)world_case(w, &who, "judge", c->uuid,
                     json_pack("{s:s,s:s}", "resolved", resolved, "satisfied", satisfied));
}

static inline struct answer world_talk(struct world *w, const char *topic, const char *unit)
{
    char at[TIME_TEXT];
    time_format(time_now(), at);
    return world_do(w, &w->steward, SUBJECT_ACTIVITY, "record", (struct id){{0}},
                    json_pack("{s:s,s:s,s:s,s:s,s:s}", "type", "talk", "unit", unit, "at", at, "form", "LOUD",
                              "topic", topic));
}

#endif
