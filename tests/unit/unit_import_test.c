/* rows: G1 */
/* The tree of units from division tables: small ones with every trap, then the whole country. */
#include <fcntl.h>

#include "base/time.h"
#include "db/migrate.h"
#include "core/unit.h"
#include "both.h"

#define HEADER "code,name,parent,level\n"
#define L1_L4 "data/divisions/cn-2023-l1-l4.csv.gz"
#define L5 "data/divisions/cn-2023-l5-villages.csv.gz"

/* A county with a town and two committees. */
static const char county[] = HEADER "340000000000,安徽省,0,1\n"
                                    "341200000000,阜阳市,340000000000,2\n"
                                    "341203000000,颍东区,341200000000,3\n"
                                    "341203105000,正午镇,341203000000,4\n"
                                    "341203105006,吴寨居委会,341203105000,5\n"
                                    "341203105202,陈庄村委会,341203105000,5\n";

static struct db *open_tables(void **state)
{
    struct db *db = place_open(state, DB_WRITER);
    int applied;
    must(migrate_up(db, &applied, e));
    return db;
}

static int64_t import(struct db *db, struct str csv, const char *prefix)
{
    const char *const prefixes[] = {prefix, NULL};
    int64_t added = -1;
    must(db_begin(db, e));
    must(unit_import(db, csv, prefix != NULL ? prefixes : NULL, &added, e));
    must(db_commit(db, e));
    return added;
}

static int64_t import_file(struct db *db, const char *path, const char *prefix)
{
    struct buf text = BUF_INIT(BUF_DOCUMENT);
    must(unit_read_table(path, &text, e));
    int64_t added = import(db, buf_str(&text), prefix);
    buf_free(&text);
    return added;
}

static struct unit unit_of(struct db *db, struct arena *a, const char *code)
{
    struct unit u = {0};
    must(unit_by_code(db, a, str_of(code), &u, e));
    return u;
}

/* What must hold of every tree. */
static void assert_intervals(struct db *db)
{
    assert_int_equal(number(db, "select count(*) from unit c join unit p on p.id = c.parent"
                                " where c.ord <= p.ord or c.ord_end > p.ord_end"),
                     0);
    assert_int_equal(number(db, "select count(*) from (select ord_end, lead(ord) over (partition by coalesce(parent, 0) order by ord)"
                                " as following from unit) x where following < ord_end"),
                     0);
    assert_int_equal(number(db, "select count(*) from unit where ord >= ord_end or ord <= 0"), 0);
    assert_int_equal(number(db, "select count(*) - count(distinct ord) from unit"), 0);
    assert_int_equal(number(db, "select count(*) from unit where (parent is null) <> (level = 1)"), 0);
    assert_int_equal(
        number(db, "select count(*) from unit c join unit p on p.id = c.parent where p.level >= c.level"), 0);
    assert_int_equal(number(db, "select count(*) from unit where level = 6 and ord_end <> ord + 1"), 0);
    assert_int_equal(number(db, "select count(*) from unit where level = 5 and ord_end <> ord + 1000"), 0);
}

/* ---- Rows that hang on units ---------------------------------------------------------------------------- */

static void hang_on(struct db *db, const struct unit *u)
{
    struct id id = id_new();
    int64_t c = 0;

    must(db_exec(db, e,
                 "insert into pack(id, hash, version, body, loaded_at) values(1, ?1, '1', '{}', 0) on conflict do nothing",
                 ARGS(BYTES("x", 1))));
    must(db_exec(db, e,
                 "insert into household(uuid, unit, scope, rev, head, sealed, created_at) values(?1, ?2, ?3, 1, ?1, ?1, 0)",
                 ARGS(ID(id), INT(u->id), INT(u->ord))));
    must(db_exec(db, e,
                 "insert into person(uuid, unit, scope, rev, head, sealed, created_at) values(?1, ?2, ?3, 1, ?1, ?1, 0)",
                 ARGS(ID(id), INT(u->id), INT(u->ord))));
    must(db_exec(db, e,
                 "insert into place(uuid, unit, scope, rev, head, sealed, kind, created_at) values(?1, ?2, ?3, 1, ?1, ?1, 'shop', 0)",
                 ARGS(ID(id), INT(u->id), INT(u->ord))));
    must(db_exec(db, e,
                 "insert into account(uuid, login, sealed, created_at, rev, head, scope, unit) values(?1, ?4, ?1, 0, 1, ?1, ?3, ?2)",
                 ARGS(ID(id), INT(u->id), INT(u->ord), TEXT(u->code))));
    must(db_exec(db, e,
                 "insert into activity(uuid, type, unit, scope, rev, head, sealed, pack, state, happened_at, recorded_at)"
                 " values(?1, 1, ?2, ?3, 1, ?1, ?1, 1, 1, 0, 0)",
                 ARGS(ID(id), INT(u->id), INT(u->ord))));
    must(db_one_int(db, &c, 0, e,
                    "insert into cases(uuid, shard, number, kind, category, unit, scope, pack, state, level, rev, head, sealed, class,"
                    " flags, channel, reported_at, recorded_at)"
                    " values(?1, 1, ?4, 1, 'x', ?2, ?3, 1, 1, 1, 1, ?1, ?1, 0, 0, 'app', 0, 0) returning id",
                    ARGS(ID(id), INT(u->id), INT(u->ord), TEXT(u->code))));
    /* the office's and the person's number are not ordinals, whatever they are */
    for (int kind = 1; kind <= 3; kind++)
        must(db_exec(db, e,
                     "insert into desk(holder_kind, holder, due, case_id, case_kind, state, class, flags) values(?1, ?2, 9, ?3, 1, 1, 0, 0)",
                     ARGS(INT(kind), INT(u->ord), INT(c))));
    must(db_exec(db, e,
                 "insert into journal(id, recorded_at, happened_at, scope, actor_kind, subject_kind, subject, n, verb, open, data,"
                 " body_hash, prev, hash) values(?1, 0, 0, ?2, 3, 1, ?3, 1, 'report', 1, ?1, ?1, ?1, ?1)",
                 ARGS(ID(id), INT(u->ord), INT(c))));
}

static void assert_followed(struct db *db)
{
    static const char *const tables[] = {"household", "person", "place", "account", "activity", "cases"};
    char sql[160];

    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        (void)snprintf(sql, sizeof sql,
                       "select count(*) from %s x join unit u on u.id = x.unit where x.scope <> u.ord",
                       tables[i]);
        assert_int_equal(number(db, sql), 0);
        (void)snprintf(sql, sizeof sql, "select count(*) from %s", tables[i]);
        assert_true(number(db, sql) > 0);
    }
    assert_int_equal(number(db, "select count(*) from desk d join cases c on c.id = d.case_id"
                                " where d.holder_kind = 1 and d.holder <> c.scope"),
                     0);
}

/* ---- Small tables ---------------------------------------------------------------------------------------- */

static void a_county_is_planted(void **state)
{
    struct db *db = open_tables(state);
    struct arena *a = arena_open();
    struct str name;

    assert_int_equal(import(db, str_of(county), NULL), 6);
    assert_intervals(db);
    struct unit wuzhai = unit_of(db, a, "341203105006"), town = unit_of(db, a, "341203105000");
    assert_int_equal(wuzhai.parent, town.id);
    assert_int_equal(wuzhai.ord, town.ord + 1000);
    assert_int_equal(town.ord_end, town.ord + 3000);
    must(unit_full_name(db, a, wuzhai.id, 1, &name, e));
    assert_true(str_is(name, "安徽省阜阳市颍东区正午镇吴寨居委会"));
    assert_int_equal(import(db, str_of(county), NULL), 0);
    assert_int_equal(unit_of(db, a, "341203105006").ord, wuzhai.ord);
    arena_close(a);
    db_close(db);
}

static void a_code_may_repeat_across_levels(void **state)
{
    static const char table[] = HEADER "350527000000,金门县,350500000000,3\n"
                                       "350527000000,金门县,350527000000,4\n"
                                       "350527000000,金门县,350527000000,5\n"
                                       "350000000000,福建省,0,1\n"
                                       "350500000000,泉州市,350000000000,2\n"
                                       "440000000000,广东省,0,1\n"
                                       "441900000000,东莞市,440000000000,2\n"
                                       "441900000000,东莞市,441900000000,3\n"
                                       "441900003000,东城街道,441900000000,4\n"
                                       "441900003001,岗贝社区居委会,441900003000,5\n";
    struct db *db = open_tables(state);

    assert_int_equal(import(db, str_of(table), NULL), 10);
    assert_intervals(db);
    for (int level = 3; level <= 5; level++) {
        int64_t parent = 0;
        must(db_one_int(
            db, &parent, 0, e,
            "select p.level from unit c join unit p on p.id = c.parent where c.code = '350527000000' and c.level = ?1",
            ARGS(INT(level))));
        assert_int_equal(parent, level - 1);
    }
    assert_int_equal(
        number(db, "select p.level from unit c join unit p on p.id = c.parent where c.code = '441900003000'"), 3);
    assert_int_equal(import(db, str_of(table), NULL), 0);
    db_close(db);
}

static void names_stay_as_they_are(void **state)
{
    /* outside the BMP, private use, brackets, a quoted comma, doubled quotes, a line break; CRLF, a mark in front, an empty line */
    static const char *const wanted[] = {"莫𡐓村委会",    "\ue170屯村委会", "（新）村(一)·０1Ａ村委会",
                                         "a,\"b\"村委会", "两\n行村委会",   "简村委会"};
    static const char table[] = "\xef\xbb\xbf" HEADER "340000000000,安徽省,,1\r\n"
                                "340000000001,莫𡐓村委会,340000000000,5\r\n"
                                "340000000002,\ue170屯村委会,340000000000,5\r\n"
                                "\r\n"
                                "340000000003,（新）村(一)·０1Ａ村委会,340000000000,5\r\n"
                                "340000000004,\"a,\"\"b\"\"村委会\",340000000000,5\r\n"
                                "340000000005,\"两\n行村委会\",340000000000,5\r\n"
                                "\"340000000006\",\"简村委会\",\"340000000000\",\"5\"";
    struct db *db = open_tables(state);
    struct arena *a = arena_open();

    assert_int_equal(import(db, str_of(table), NULL), 7);
    assert_intervals(db);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        const char *code = arena_printf(a, "34000000000%zu", i + 1);
        assert_true(str_is(unit_of(db, a, code).name, wanted[i]));
    }
    arena_close(a);
    db_close(db);
}

static void wrong_lines_are_named(void **state)
{
    static const struct {
        const char *text, *field, *line;
    } rows[] = {
        {"", "header", "1"},
        {"code,name,level,parent\n", "header", "1"},
        {HEADER "34,安徽省,0,1\n", "code", "2"},
        {HEADER "34000000000x,安徽省,0,1\n", "code", "2"},
        {HEADER "340000000000, ,0,1\n", "name", "2"},
        {HEADER "340000000000,\xff,0,1\n", "name", "2"},
        {HEADER "340000000000,安徽省,0,6\n", "level", "2"},
        {HEADER "340000000000,安徽省,0,0\n", "level", "2"},
        {HEADER "340000000000,安徽省,0\n", "level", "2"},
        {HEADER "340000000000,安徽省,0,1,x\n", "", "2"},
        {HEADER "340000000000,\"安徽省,0,1\n", "", "2"},
        {HEADER "340000000000,\"安徽\"省,0,1\n", "", "2"},
        {HEADER "340000000000,安徽省,340000000000,1\n", "parent", "2"},
        {HEADER "340000000000,安徽省,0,1\n\n341200000000,阜阳市,0,2\n", "parent", "4"},
        {HEADER "340000000000,安徽省,0,1\n341200000000,阜阳市,341200000000,2\n", "parent", "3"},
        {HEADER "340000000000,安徽省,0,1\n341200000000,阜阳市,350000000000,2\n", "parent", "3"},
        {HEADER "340000000000,安徽省,0,1\n340000000000,安徽省,0,1\n", "code", "3"},
    };
    struct db *db = open_tables(state);
    int64_t added;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error said = {0};
        must(db_begin(db, e));
        assert_false(unit_import(db, str_of(rows[i].text), NULL, &added, &said));
        db_rollback(db);
        assert_int_equal(said.code, ERROR_LINE_INVALID);
        assert_string_equal(said.field, rows[i].field);
        assert_string_equal(said.detail, rows[i].line);
    }
    assert_int_equal(number(db, "select count(*) from unit"), 0);
    db_close(db);
}

static void a_part_brings_what_lies_above(void **state)
{
    static const char more[] =
        HEADER "340000000000,安徽省,0,1\n"
               "341200000000,阜阳市,340000000000,2\n"
               "341203000000,颍东区,341200000000,3\n"
               "341204000000,颍泉区,341200000000,3\n"
               "341300000000,宿州市,340000000000,2\n"
               "990000000001,孤儿村委会,990000000000,5\n"; /* not chosen, so nobody minds */
    struct db *db = open_tables(state);
    const char *const two[] = {"341204", "3413", NULL};
    int64_t added;

    assert_int_equal(import(db, str_of(more), "341203"), 3);
    must(db_begin(db, e));
    must(unit_import(db, str_of(more), two, &added, e));
    must(db_commit(db, e));
    assert_int_equal(added, 2);
    assert_int_equal(import(db, str_of(more), "50"), 0);
    assert_int_equal(number(db, "select count(*) from unit"), 5);
    assert_intervals(db);
    db_close(db);
}

/* Units in front push everything back: a committee lands where another was, its groups and what hangs on them go with it. */
static void what_hangs_on_units_follows(void **state)
{
    static const char front[] = HEADER "110000000000,北京市,0,1\n"
                                       "341203105001,正午居委会,341203105000,5\n"
                                       "341203105101,新村村委会,341203105000,5\n";
    struct db *db = open_tables(state);
    struct arena *a = arena_open();
    struct unit group;
    int64_t first = 0, second = 0;

    (void)import(db, str_of(county), NULL);
    struct unit wuzhai = unit_of(db, a, "341203105006"), chen = unit_of(db, a, "341203105202"),
                town = unit_of(db, a, "341203105000");
    must(unit_add_group(db, a, wuzhai.id, STR("第一村民组"), &first, e));
    must(unit_add_group(db, a, wuzhai.id, STR("第二村民组"), &second, e));
    must(unit_load(db, a, second, &group, e));
    hang_on(db, &wuzhai);
    hang_on(db, &chen);
    hang_on(db, &town);
    hang_on(db, &group);
    int64_t written = number(db, "select cast(sum(scope) as bigint) from journal");

    assert_int_equal(import(db, str_of(front), NULL), 3);
    assert_intervals(db);
    assert_int_equal(unit_of(db, a, "341203105006").ord, wuzhai.ord + 2000);
    assert_int_equal(unit_of(db, a, "341203105202").ord, wuzhai.ord + 4000);
    must(unit_load(db, a, second, &group, e));
    assert_int_equal(group.ord, wuzhai.ord + 2002);
    assert_int_equal(group.parent, wuzhai.id);
    assert_followed(db);
    assert_int_equal(number(db, "select count(*) from desk d join cases c on c.id = d.case_id"
                                " where d.holder_kind <> 1 and d.holder = c.scope"),
                     0);
    assert_int_equal(number(db, "select cast(sum(scope) as bigint) from journal"), written);
    must(unit_add_group(db, a, chen.id, STR("第一村民组"), &first, e)); /* ids go on behind those of the import */
    assert_intervals(db);
    arena_close(a);
    db_close(db);
}

static void a_new_year_renames_and_moves(void **state)
{
    static const char next_year[] = HEADER "341203105006,吴寨社区居委会,341203105000,5\n"
                                           "341203100000,河东街道,341203000000,4\n"
                                           "341203105202,陈庄村委会,341203100000,5\n";
    struct db *db = open_tables(state);
    struct arena *a = arena_open();
    int64_t group;

    (void)import(db, str_of(county), NULL);
    struct unit chen = unit_of(db, a, "341203105202");
    must(unit_add_group(db, a, chen.id, STR("第一村民组"), &group, e));
    hang_on(db, &chen);
    assert_int_equal(import(db, str_of(next_year), NULL), 1);
    assert_intervals(db);
    assert_followed(db);
    assert_true(str_is(unit_of(db, a, "341203105006").name, "吴寨社区居委会"));
    assert_int_equal(unit_of(db, a, "341203105202").parent, unit_of(db, a, "341203100000").id);
    assert_int_equal(unit_of(db, a, "341203105202").id, chen.id);
    arena_close(a);
    db_close(db);
}

/* A refused import leaves the connection fit for the next one. */
static void an_import_can_be_taken_back(void **state)
{
    static const char front[] = HEADER "110000000000,北京市,0,1\n";
    struct db *db = open_tables(state);
    struct arena *a = arena_open();
    int64_t added;

    (void)import(db, str_of(county), NULL);
    struct unit before = unit_of(db, a, "341203105006");
    must(db_begin(db, e));
    must(unit_import(db, str_of(front), NULL, &added, e));
    db_rollback(db);
    assert_int_equal(unit_of(db, a, "341203105006").ord, before.ord);
    assert_int_equal(import(db, str_of(front), NULL), 1);
    assert_int_equal(unit_of(db, a, "341203105006").ord, before.ord + 1000);
    assert_intervals(db);
    arena_close(a);
    db_close(db);
}

/* ---- Files ----------------------------------------------------------------------------------------------- */

static void write_file(const char *path, const void *p, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, p, n), n);
    assert_int_equal(close(fd), 0);
}

static void files_plain_and_packed(void **state)
{
    char path[] = "/tmp/liuxiao-table.XXXXXX";
    struct buf text = BUF_INIT(BUF_DOCUMENT), packed = BUF_INIT(BUF_DOCUMENT), small = BUF_INIT(1024);
    FILE *f = fopen(L1_L4, "rbe");
    (void)state;

    assert_non_null(f);
    packed.n = fread(buf_room(&packed, 1 << 20), 1, 1 << 20, f);
    (void)fclose(f);
    must(unit_read_table(L1_L4, &text, e));
    assert_true(str_starts(buf_str(&text), STR(HEADER)));
    assert_int_equal(text.p[text.n - 1], '\n');
    must_fail(TOO_LARGE, unit_read_table(L1_L4, &small, e));

    int fd = mkstemp(path);
    assert_true(fd >= 0);
    (void)close(fd);
    write_file(path, county, strlen(county));
    buf_clear(&text);
    must(unit_read_table(path, &text, e));
    assert_true(str_is(buf_str(&text), county));
    write_file(path, packed.p, packed.n / 2);
    buf_clear(&text);
    must_fail(TRUNCATED, unit_read_table(path, &text, e));
    memset(packed.p + packed.n / 2, 0x55, 1000);
    write_file(path, packed.p, packed.n);
    buf_clear(&text);
    must_fail(MALFORMED, unit_read_table(path, &text, e));
    (void)unlink(path);
    must_fail(NOT_FOUND, unit_read_table(path, &text, e));
    buf_free(&text);
    buf_free(&packed);
    buf_free(&small);
}

/* ---- The whole country ------------------------------------------------------------------------------------ */

static void assert_wuzhai(struct db *db, struct arena *a)
{
    static const char *const above[] = {"安徽省", "阜阳市", "颍东区", "正午镇", "吴寨居委会"};
    struct unit wuzhai = unit_of(db, a, "341203105006");
    struct str name;

    assert_int_equal(wuzhai.level, UNIT_COMMITTEE);
    for (int level = UNIT_PROVINCE; level <= UNIT_COMMITTEE; level++) {
        struct unit u;
        must(unit_above(db, a, wuzhai.id, level, &u, e));
        assert_true(str_is(u.name, above[level - 1]));
        assert_true(u.ord <= wuzhai.ord && wuzhai.ord_end <= u.ord_end);
    }
    must(unit_full_name(db, a, wuzhai.id, UNIT_TOWN, &name, e));
    assert_true(str_is(name, "正午镇吴寨居委会"));
    assert_int_equal(number(db, "select count(*) from unit w join unit t on t.id = w.parent join unit s on s.ord > t.ord and s.ord < t.ord_end"
                                " where w.code = '341203105006' and s.level = 5"),
                     9);
}

/* First a province with its work, later the rest of the country in front of it and behind it. */
static void the_rest_of_china_comes_later(void **state)
{
    struct db *db = open_tables(state);
    struct arena *a = arena_open();
    int64_t group = 0;
    struct unit g;

    int64_t there = import_file(db, L1_L4, "34");
    there += import_file(db, L5, "34");
    assert_int_equal(number(db, "select count(*) from unit where code >= '34' and code < '35'"), there);
    assert_int_equal(number(db, "select count(*) from unit where level = 1"), 1);
    assert_wuzhai(db, a);
    struct unit wuzhai = unit_of(db, a, "341203105006");
    must(unit_add_group(db, a, wuzhai.id, STR("第一村民组"), &group, e));
    must(unit_load(db, a, group, &g, e));
    hang_on(db, &wuzhai);
    hang_on(db, &g);

    int64_t start = time_real();
    there += import_file(db, L1_L4, NULL);
    there += import_file(db, L5, NULL);
    assert_int_equal(there, 44703 + 620573);
    /* 3 s on SQLite, 10 s on PostgreSQL; sanitizers and neighbours take their share */
    assert_true(time_real() - start < 60 * TIME_SECOND);
    assert_int_equal(number(db, "select count(*) from unit where level = 1"), 31);
    assert_int_equal(number(db, "select count(*) from unit where level = 2"), 342);
    assert_int_equal(number(db, "select count(*) from unit where level = 3"), 2978);
    assert_int_equal(number(db, "select count(*) from unit where level = 4"), 41352);
    assert_int_equal(number(db, "select count(*) from unit where level = 5"), 620573);
    assert_int_equal(number(db, "select count(*) from unit where level = 6"), 1);
    assert_int_equal(number(db, "select count(*) - count(distinct code) from unit"), 5);
    assert_int_equal(
        number(db, "select count(*) from unit where name in ('莫𡐓村委会', '輋𣒍村委会', '那𡌶村委会')"), 3);
    assert_intervals(db);
    assert_wuzhai(db, a);
    assert_followed(db);
    struct unit moved = unit_of(db, a, "341203105006");
    assert_true(moved.ord > wuzhai.ord);
    must(unit_load(db, a, group, &g, e));
    assert_int_equal(g.ord, moved.ord + 1);
    arena_close(a);
    db_close(db);
}

int main(void)
{
    static const struct both_test tests[] = {
        BOTH(a_county_is_planted),           BOTH(a_code_may_repeat_across_levels),
        BOTH(names_stay_as_they_are),        BOTH(wrong_lines_are_named),
        BOTH(a_part_brings_what_lies_above), BOTH(what_hangs_on_units_follows),
        BOTH(a_new_year_renames_and_moves),  BOTH(an_import_can_be_taken_back),
        SQLITE_ONLY(files_plain_and_packed), BOTH(the_rest_of_china_comes_later),
    };
    return both_run("unit_import", tests, sizeof tests / sizeof tests[0]);
}
