#include <pthread.h>

#include "base/embed.h"
#include "db/migrate.h"
#include "both.h"

#define FILE_OF(name, text)                                                                                  \
    {                                                                                                        \
        .path = "schema/" name, .data = (const unsigned char *)(text), .size = sizeof(text) - 1              \
    }

#define FIRST                                                                                                \
    FILE_OF("0001-person.sql", "create table person (id {pk}, name {text} not null) {strict}; -- don't stop\n")
#define SECOND                                                                                               \
    FILE_OF("0002-pet.sql", "create table pet (id {pk}, owner {int} references person(id)) {strict};"        \
                            "insert into person(name) values ('吴'); create index pet_owner on pet(owner);")
#define BROKEN                                                                                               \
    FILE_OF("0003-wrong.sql", "create table toy (id {pk}) {strict}; insert into nowhere values (1);")
#define THIRD FILE_OF("0003-toy.sql", "create table toy (id {pk}) {strict};")
#define DERIVED FILE_OF("derived.sql", "create table if not exists derived.sum (n {int}) {strict};")
#define OTHER                                                                                                \
    {                                                                                                        \
        .path = "lang/en.json", .data = (const unsigned char *)"{}", .size = 2                               \
    }

/* Not in their order: a build may sort otherwise. */
static const struct embed_file one[] = {OTHER, FIRST, DERIVED};
static const struct embed_file broken[] = {BROKEN, FIRST, SECOND, DERIVED};
static const struct embed_file three[] = {THIRD, SECOND, OTHER, DERIVED, FIRST};
static const struct embed_file changed[] = {FILE_OF("0001-person.sql", "create table person (id {pk}) {strict};")};
static const struct embed_file twice[] = {FIRST, FILE_OF("0001-again.sql", "select 1;")};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void an_empty_database_is_old(void **state)
{
    struct db *db = place_open(state, DB_WRITER);
    struct error e = {0};

    assert_int_equal(migrate_version(db), 0);
    assert_false(migrate_list_check(db, three, COUNT(three), &e));
    assert_int_equal(e.code, ERROR_SCHEMA_OLD);
    assert_string_equal(e.detail, "0");
    assert_false(db_in_transaction(db));
    db_close(db);
}

static void migrations_are_applied_once(void **state)
{
    struct db *db = place_open(state, DB_WRITER);
    int applied = 0;

    must(migrate_list_up(db, three, COUNT(three), &applied, e));
    assert_int_equal(applied, 3);
    assert_int_equal(migrate_version(db), 3);
    must(migrate_list_check(db, three, COUNT(three), e));
    must(migrate_list_up(db, three, COUNT(three), &applied, e));
    assert_int_equal(applied, 0);
    assert_int_equal(number(db, "select count(*) from person"), 1);
    assert_int_equal(number(db, "select count(*) from derived.sum"), 0);
    assert_int_equal(number(db, "select count(*) from schema_version where name = 'pet' and applied_at > 0"), 1);
    db_close(db);
}

static void a_new_program_brings_an_old_database_up(void **state)
{
    struct db *db = place_open(state, DB_WRITER);
    int applied = 0;

    must(migrate_list_up(db, one, COUNT(one), &applied, e));
    assert_int_equal(applied, 1);
    must(db_exec(db, e, "insert into person(name) values ('kept')", NO_ARGS));
    must_fail(SCHEMA_OLD, migrate_list_check(db, three, COUNT(three), e));
    must(migrate_list_up(db, three, COUNT(three), &applied, e));
    assert_int_equal(applied, 2);
    assert_int_equal(number(db, "select count(*) from person"), 2);
    must_fail(SCHEMA_NEW, migrate_list_check(db, one, COUNT(one), e)); /* and the old program sees it */
    must_fail(SCHEMA_NEW, migrate_list_up(db, one, COUNT(one), &applied, e));
    db_close(db);
}

static void a_failed_migration_leaves_the_old_state(void **state)
{
    struct db *db = place_open(state, DB_WRITER);
    struct error why = {0};
    int applied = 0;

    assert_false(migrate_list_up(db, broken, COUNT(broken), &applied, &why));
    assert_int_equal(why.code, ERROR_INTERNAL);
    assert_string_equal(why.field, "wrong.sql");
    assert_int_equal(applied, 2);
    assert_int_equal(migrate_version(db), 2);
    assert_false(db_in_transaction(db));
    db_close(db);

    db = place_open(state, DB_WRITER); /* repaired, it goes on from there */
    must(migrate_list_up(db, three, COUNT(three), &applied, e));
    assert_int_equal(applied, 1);
    assert_int_equal(number(db, "select count(*) from toy"), 0);
    db_close(db);
}

static void a_changed_migration_is_noticed(void **state)
{
    struct db *db = place_open(state, DB_WRITER);
    int applied = 0;

    must(migrate_list_up(db, one, COUNT(one), &applied, e));
    must_fail(INTERNAL, migrate_list_check(db, changed, COUNT(changed), e));
    must_fail(INTERNAL, migrate_list_up(db, changed, COUNT(changed), &applied, e));
    must_fail(INTERNAL, migrate_list_check(db, twice, COUNT(twice), e));
    db_close(db);
}

static void lost_derived_data_is_created_again(void **state)
{
    struct place *p = *state;
    struct db *db = place_open(state, DB_WRITER);
    char path[128];
    int applied = 0;

    must(migrate_list_up(db, three, COUNT(three), &applied, e));
    db_close(db);
    (void)snprintf(path, sizeof path, "%s/derived.db", p->folder);
    assert_int_equal(unlink(path), 0);
    db = place_open(state, DB_WRITER);
    must(migrate_list_up(db, three, COUNT(three), &applied, e));
    assert_int_equal(number(db, "select count(*) from derived.sum"), 0);
    db_close(db);
}

struct node {
    pthread_t thread;
    struct place *place;
    int applied;
    bool ok;
    struct error e;
};

static void *migrate_node(void *context)
{
    struct node *n = context;
    struct db *db = NULL;

    n->ok = db_open(&db, &n->place->where, DB_WRITER, &n->e);
    while (n->ok && !migrate_list_up(db, three, COUNT(three), &n->applied, &n->e))
        n->ok = n->e.code == ERROR_RETRY; /* SQLite: the file was locked */
    db_close(db);
    return NULL;
}

static void several_nodes_at_once_do_not_collide(void **state)
{
    struct node nodes[4];
    int applied = 0;

    for (int i = 0; i < 4; i++) {
        nodes[i] = (struct node){.place = *state};
        assert_int_equal(pthread_create(&nodes[i].thread, NULL, migrate_node, &nodes[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        (void)pthread_join(nodes[i].thread, NULL);
        if (!nodes[i].ok)
            fail_msg("%s %s", error_name(nodes[i].e.code), nodes[i].e.cause);
        applied += nodes[i].applied;
    }
    assert_int_equal(applied, 3);
    struct db *db = place_open(state, DB_WRITER);
    must(migrate_list_check(db, three, COUNT(three), e));
    db_close(db);
}

static void our_own_migrations_apply(void **state)
{
    struct db *db = place_open(state, DB_WRITER);
    int applied = 0;

    must(migrate_up(db, &applied, e));
    assert_true(applied > 0);
    must(migrate_check(db, e));
    db_close(db);
}

int main(void)
{
    static const struct both_test tests[] = {
        BOTH(an_empty_database_is_old),
        BOTH(migrations_are_applied_once),
        BOTH(a_new_program_brings_an_old_database_up),
        BOTH(a_failed_migration_leaves_the_old_state),
        BOTH(a_changed_migration_is_noticed),
        SQLITE_ONLY(lost_derived_data_is_created_again),
        BOTH(several_nodes_at_once_do_not_collide),
        BOTH(our_own_migrations_apply),
    };
    return both_run("migrate", tests, sizeof tests / sizeof tests[0]);
}
