/* rows: G9 L9 */
/* Full search on both engines: how text is folded, what finds what, whom it shows to, and that the index is that of a rebuild whatever
 * happened. */
#include "core/search.h"
#include "core/search_doc.h"
#include "core/search_look.h"
#include "core/vault.h"
#include "world.h"

/* ---- Folding ------------------------------------------------------------------------------------------- */

static const char *folded_text(struct arena *a, const char *text)
{
    struct buf b = BUF_INIT(BUF_LINE);
    struct folded f;
    fold(a, str_of(text), &f);
    for (size_t i = 0; i < f.n; i++) {
        if (f.c[i] < 0x80)
            buf_addc(&b, (char)f.c[i]);
        else
            buf_addf(&b, "<%x>", f.c[i]);
    }
    const char *copy = arena_z(a, buf_str(&b));
    buf_free(&b);
    return copy;
}

static void folding_forgets_shape(void **state)
{
    struct arena *a = arena_open();
    static const char *const alike[][2] = {
        {"水溝堵塞", "水沟堵塞"},
        {"裡", "里"},
        {"電話", "电话"},
        {"ＡＢＣ１２３", "abc123"},
        {"吴寨D2024-0037", "吴寨d2024-0037"},
        {"①㎡", "1m2"},
        {"e\xcc\x81t\xc3\xa9", "été"},
        {"豈", "岂"},
        {"Straße", "strasse"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof alike / sizeof alike[0]; i++)
        assert_string_equal(folded_text(a, alike[i][0]), folded_text(a, alike[i][1]));
    assert_string_not_equal(folded_text(a, "水沟"), folded_text(a, "水渠"));
    /* What is not UTF-8 is no reason to stop. */
    assert_string_equal(folded_text(a, "a\xff\xe6\xb0"), folded_text(a, "a\xef\xbf\xbd\xef\xbf\xbd"));
    arena_close(a);
}

static bool has_initials(struct arena *a, const char *name, const char *wanted)
{
    char initials[FOLD_READINGS][FOLD_INITIALS];
    struct folded f;
    fold(a, str_of(name), &f);
    size_t n = fold_initials(&f, initials);
    for (size_t i = 0; i < n; i++)
        if (strcmp(initials[i], wanted) == 0)
            return true;
    return false;
}

static void initials_know_surnames(void **state)
{
    struct arena *a = arena_open();
    static const char *const right[][2] = {{"吴大顺", "wds"},    {"单田芳", "stf"},    {"單田芳", "stf"},
                                           {"仇英", "qy"},       {"解小东", "xxd"},    {"任伯年", "rbn"},
                                           {"曾国强", "zgq"},    {"欧阳秀兰", "oyxl"}, {"尉迟恭", "ycg"},
                                           {"长孙无忌", "zswj"}, {"王长乐", "wcl"},    {"王长乐", "wzy"}};
    (void)state;
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
        if (!has_initials(a, right[i][0], right[i][1]))
            fail_msg("%s is not found by %s", right[i][0], right[i][1]);
    assert_false(has_initials(a, "单田芳", "dtf"));
    assert_false(has_initials(a, "John", "j"));
    assert_false(has_initials(a, "吴", "w"));
    arena_close(a);
}

static size_t words_in(struct arena *a, const char *q)
{
    struct search_words words;
    must(words_of_query(a, str_of(q), &words, e));
    return words.n;
}

static void queries_are_cut_into_words(void **state)
{
    struct arena *a = arena_open();
    struct search_words words;
    (void)state;
    assert_int_equal(words_in(a, "水沟 堵塞，张大爷"), 3);
    assert_int_equal(words_in(a, "吴寨D2024-0037"), 1);
    assert_int_equal(words_in(a, "139 0000-5678"), 1);
    assert_int_equal(words_in(a, "+86 13900005678"), 1);
    must_fail(TOO_SHORT, words_of_query(a, STR("吴"), &words, e));
    must_fail(TOO_SHORT, words_of_query(a, STR("，。"), &words, e));
    must_fail(TOO_LONG, words_of_query(a, STR("一二 三四 五六 七八 九十 甲乙 丙丁 戊己 庚辛"), &words, e));
    arena_close(a);
}

/* ---- A world ------------------------------------------------------------------------------------------- */

static void catch_up(struct world *w)
{
    int64_t done = 1;
    while (done > 0) {
        must(db_begin(w->db, e));
        must(search_catch_up(w->core, w->db, 3, &done, e));
        must(db_commit(w->db, e));
    }
}

/* The answer, once the index is up to date. The caller releases it. */
static json_t *find_by(struct world *w, const struct actor *actor, const struct search_query *query)
{
    struct buf out = BUF_INIT(BUF_REPLY);
    struct jw writer = JW_INIT(&out);
    catch_up(w);
    must(search_write(w->core, w->db, w->arena, &writer, actor, query, e));
    struct error e = {0};
    json_t *answer = json_read(buf_str(&out), &e);
    assert_non_null(answer);
    buf_free(&out);
    return answer;
}

/* How many an actor finds of a type (0: all). */
static size_t count(struct world *w, const struct actor *actor, const char *q, enum search_type type)
{
    struct search_query query = {.q = str_of(q), .type = type, .limit = 50};
    json_t *answer = find_by(w, actor, &query);
    size_t n = json_array_size(json_object_get(answer, "items"));
    json_decref(answer);
    return n;
}

#define assert_found(actor, q, type, wanted)                                                                 \
    do {                                                                                                     \
        size_t n_ = count(&w, actor, q, type);                                                               \
        if (n_ != (size_t)(wanted))                                                                          \
            fail_msg("%s: %zu found, wanted %d", q, n_, (int)(wanted));                                      \
    } while (0)

/* A dispute in the group 后吴寨 with a person, and what was said about it. */
static struct answer story(struct world *w)
{
    json_t *fields = json_pack("{s:s,s:s,s:s,s:s,s:s,s:[{s:s,s:i,s:s,s:s}]}", "text",
                               "两家为一条排水溝争执，砖渣堵住了出口", "kind", "dispute", "category", "D0101",
                               "unit", w->group_code, "place", "老磨坊东边", "persons", "role", "party",
                               "side", 1, "name", "单大顺", "phone", "13912345678");
    struct answer c = world_case(w, &w->officer, "report", (struct id){{0}}, fields);
    (void)world_case(w, &w->officer, "accept", c.uuid, json_object());
    (void)world_case(w, &w->officer, "progress", c.uuid, json_pack("{s:s}", "text", "约好周六一起清淤"));
    return c;
}

static void everything_finds_it(void **state)
{
    struct world w;
    world_open(&w, state);
    catch_up(&w); /* what follows is followed, not rebuilt */
    struct answer c = story(&w);
    static const char *const by[] = {
        "水沟",  "水溝",      "排水沟",      "砖渣堵住",      "磨坊",
        "清淤",  "水沟 清淤", "大顺",        "单大顺",        "單大順",
        "sds",   "SD",        "13912345678", "139 1234-5678", "+86 139 1234 5678",
        "两家为"};
    for (size_t i = 0; i < sizeof by / sizeof by[0]; i++)
        assert_found(&w.officer, by[i], SEARCH_CASE, 1);
    static const char *const not_by[] = {"水渠", "沟水",       "住磨",     "水沟 水渠",
                                         "dds",  "1391234567", "39123456", "13912345679"};
    for (size_t i = 0; i < sizeof not_by / sizeof not_by[0]; i++)
        assert_found(&w.officer, not_by[i], 0, 0);
    struct str number;
    must(db_one_text(w.db, w.arena, &number, e, "select number from cases where id = ?1", ARGS(INT(c.subject))));
    assert_found(&w.officer, arena_z(w.arena, number), 0, 1);
    assert_found(&w.officer, "吴寨d2024-0001", 0, 1);
    assert_found(&w.officer, "2024-0002", 0, 0);
    assert_found(&w.officer, c.track, 0, 1);
    assert_found(&w.officer, "单大顺", SEARCH_PERSON, 1);
    assert_found(&w.officer, "sds", SEARCH_PERSON, 1);
    assert_found(&w.officer, "13912345678", SEARCH_PERSON, 1);
    world_close(&w);
}

/* Two committees of one short name: the second one's numbers carry its code. Each is found by its own number whole, and by no other's. */
static void twins_have_long_numbers(void **state)
{
    struct world w;
    struct str number[2];
    world_open(&w, state);
    must(db_exec(w.db, e, "update unit set name = '吴寨村委会' where code = ?1", ARGS(TEXTZ(CHENZHUANG))));
    struct actor other = world_actor(&w, "neighbour", "officer", CHENZHUANG);
    struct answer c[] = {world_report(&w, "request", "R0101", WUZHAI),
                         world_case(&w, &other, "report", (struct id){{0}},
                                    json_pack("{s:s,s:s,s:s,s:s}", "text", "路灯不亮", "kind", "request",
                                              "category", "R0101", "unit", CHENZHUANG))};
    const struct actor *readers[] = {&w.officer, &other};
    for (int i = 0; i < 2; i++) {
        int64_t id;
        must(db_one_text(w.db, w.arena, &number[i], e, "select number from cases where id = ?1",
                         ARGS(INT(c[i].subject))));
        must(search_exact_case(w.core, w.db, number[i], &id, e));
        assert_int_equal(id, c[i].subject);
    }
    assert_string_equal(arena_z(w.arena, number[0]), "吴寨R2024-0001");
    assert_string_equal(arena_z(w.arena, number[1]), "吴寨105202R2024-0001");
    for (int i = 0; i < 2; i++) {
        assert_found(readers[i], arena_z(w.arena, number[i]), SEARCH_CASE, 1);
        assert_found(readers[i], arena_z(w.arena, number[1 - i]), SEARCH_CASE, 0);
    }
    assert_found(&other, "吴寨105202r2024-0001", SEARCH_CASE, 1);
    world_close(&w);
}

static void places_and_activities_are_found(void **state)
{
    struct world w;
    world_open(&w, state);
    (void)world_do(&w, &w.officer, SUBJECT_PLACE, "register", (struct id){{0}},
                   json_pack("{s:s,s:s,s:s,s:s}", "unit", w.group_code, "kind", "pond", "name", "村东大塘",
                             "address", "老窑厂北"));
    (void)world_talk(&w, "T0101", w.group_code);
    assert_found(&w.officer, "大塘", SEARCH_PLACE, 1);
    assert_found(&w.officer, "窑厂", 0, 1);
    assert_found(&w.steward, "村東大塘", 0, 1);
    struct str topic;
    struct error e = {0};
    const struct pack *pack = core_pack(w.core, w.db, 0, &e);
    topic = pack_category(pack, KIND_TALK, STR("T0101"))->label;
    assert_found(&w.officer, arena_z(w.arena, str_head(topic, 2)), SEARCH_ACTIVITY, 1);
    world_close(&w);
}

static void the_snippet_marks_the_hit(void **state)
{
    struct world w;
    world_open(&w, state);
    (void)story(&w);
    struct search_query query = {.q = STR("水沟"), .limit = 50};
    json_t *answer = find_by(&w, &w.officer, &query),
           *hit = json_array_get(json_object_get(answer, "items"), 0),
           *snippet = json_object_get(hit, "snippet"), *part;
    size_t i, marked = 0;
    json_array_foreach(snippet, i, part)
        if (json_flag(part, "hit")) {
            marked++;
            assert_true(str_is(json_text(part, "text"), "水溝")); /* as it was written */
        }
    assert_int_equal(marked, 1);
    assert_true(str_is(json_text(hit, "type"), "case"));
    assert_true(json_text(json_object_get(hit, "case"), "number").n > 0);
    json_decref(answer);
    query.q = STR("sds");
    answer = find_by(&w, &w.officer, &query);
    char *whole = json_dumps(answer, 0);
    assert_null(strstr(whole, "单大顺")); /* masked, also where it was found */
    assert_non_null(strstr(whole, "单*顺"));
    free(whole);
    json_decref(answer);
    world_close(&w);
}

/* ---- Whom it shows to ---------------------------------------------------------------------------------- */

static void scope_is_obeyed(void **state)
{
    struct world w;
    world_open(&w, state);
    struct actor neighbour = world_actor(&w, "officer2", "officer", CHENZHUANG),
                 center = world_actor(&w, "center", "dispatcher", TOWN),
                 leader = world_actor(&w, "leader", "leader", COUNTY),
                 volunteer = world_actor(&w, "v", "volunteer", WUZHAI);
    struct answer c = story(&w);
    assert_found(&w.officer, "水沟", 0, 1);
    assert_found(&center, "水沟", 0, 1);
    assert_found(&neighbour, "水沟", 0, 0);
    assert_found(&neighbour, "单大顺", 0, 0);
    assert_found(&neighbour, "吴寨D2024-0001", 0, 0);
    assert_found(&neighbour, c.track, 0, 0);
    assert_found(&volunteer, "水沟", 0, 0);
    /* Leaders see the card and not the words: its number finds it, its words don't. */
    assert_found(&leader, "水沟", 0, 0);
    assert_found(&leader, "吴寨D2024-0001", 0, 1);
    /* Whoever works on it finds it wherever they sit. */
    char id[ID_TEXT];
    id_format(volunteer.uuid, id);
    (void)world_case(&w, &w.officer, "assign", c.uuid, json_pack("{s:s}", "to", id));
    assert_found(&volunteer, "水沟", 0, 1);
    /* It moves: who had it finds it no more, who has it does. */
    (void)world_case(&w, &w.system, "correct", c.uuid,
                     json_pack("{s:s,s:s}", "reason", "不在我居", "unit", CHENZHUANG));
    assert_found(&w.steward, "水沟", SEARCH_CASE, 0);
    assert_found(&neighbour, "水沟", SEARCH_CASE, 1);
    assert_found(&center, "水沟", SEARCH_CASE, 1);
    world_close(&w);
}

static void a_unit_narrows_it(void **state)
{
    struct world w;
    struct unit u;
    world_open(&w, state);
    struct actor center = world_actor(&w, "center", "dispatcher", TOWN);
    (void)story(&w);
    struct search_query query = {.q = STR("水沟"), .limit = 50};
    must(unit_by_code(w.db, w.arena, STR(CHENZHUANG), &u, e));
    query.lo = u.ord;
    query.hi = u.ord_end;
    json_t *answer = find_by(&w, &center, &query);
    assert_int_equal(json_array_size(json_object_get(answer, "items")), 0);
    json_decref(answer);
    must(unit_by_code(w.db, w.arena, STR(WUZHAI), &u, e));
    query.lo = u.ord;
    query.hi = u.ord_end;
    query.kind = KIND_DISPUTE;
    answer = find_by(&w, &center, &query);
    assert_int_equal(json_array_size(json_object_get(answer, "items")), 1);
    json_decref(answer);
    query.kind = KIND_HAZARD;
    answer = find_by(&w, &center, &query);
    assert_int_equal(json_array_size(json_object_get(answer, "items")), 0);
    json_decref(answer);
    world_close(&w);
}

/* L9: children are found by nobody but those who may read their matters, neither the case nor the child. */
static void children_are_not_found(void **state)
{
    struct world w;
    world_open(&w, state);
    struct actor director = world_actor(&w, "child", "child_director", WUZHAI);
    (void)world_case(&w, &director, "report", (struct id){{0}},
                     json_pack("{s:s,s:s,s:s,s:s,s:[{s:s,s:s,s:s}]}", "text", "孩子放学没人接", "kind",
                               "difficulty", "category", "L0802", "unit", w.group_code, "persons", "role",
                               "subject", "name", "司空小宝", "phone", "13800001111"));
    assert_found(&director, "放学", 0, 1);
    assert_found(&w.steward, "放学", 0, 0);
    assert_found(&w.steward, "司空", 0, 0);
    assert_found(&w.mediator, "skxb", 0, 0);
    /* The child's name finds no other matter of theirs either. */
    (void)world_case(&w, &w.officer, "report", (struct id){{0}},
                     json_pack("{s:s,s:s,s:s,s:s,s:[{s:s,s:i,s:s,s:s}]}", "text", "球踢碎了窗玻璃", "kind",
                               "dispute", "category", "D0101", "unit", w.group_code, "persons", "role",
                               "party", "side", 1, "name", "司空小宝", "phone", "13800001111"));
    assert_found(&w.steward, "玻璃", 0, 1);
    assert_found(&w.steward, "司空小宝", 0, 0);
    assert_found(&w.steward, "13800001111", 0, 0);
    assert_found(&director, "司空小宝", 0, 3);
    world_close(&w);
}

static void who_stays_unnamed_is_not_found(void **state)
{
    struct world w;
    world_open(&w, state);
    (void)world_case(&w, &w.officer, "report", (struct id){{0}},
                     json_pack("{s:s,s:s,s:s,s:b,s:[{s:s,s:s}]}", "text", "有人夜里偷倒垃圾", "kind",
                               "environment", "unit", w.group_code, "anonymous", 1, "persons", "role",
                               "reporter", "name", "欧阳秀兰"));
    assert_found(&w.officer, "偷倒", 0, 1);
    assert_found(&w.officer, "欧阳秀兰", SEARCH_CASE, 0);
    world_close(&w);
}

/* ---- The projection ------------------------------------------------------------------------------------ */

static const char *dump(struct world *w)
{
    struct buf b = BUF_INIT(BUF_REPLY);
    struct db_rows r;
    must(db_rows(w->db, &r, e,
                 "select doc, {sqlite:hex(terms)}{pg:terms::text} from derived.search_doc order by doc",
                 NO_ARGS));
    while (db_next(&r)) {
        buf_add_int(&b, db_int(&r, 0));
        buf_addc(&b, ' ');
        buf_add(&b, db_text(&r, 1));
        buf_addc(&b, '\n');
    }
    must(db_end(&r, e));
    const char *copy = arena_z(w->arena, buf_str(&b));
    buf_free(&b);
    return copy;
}

static void begin_anew(struct world *w)
{
    must(db_begin(w->db, e));
    must(search_rebuild(w->db, e));
    must(db_commit(w->db, e));
}

static void following_is_rebuilding(void **state)
{
    struct world w;
    world_open(&w, state);
    struct answer c[6];
    for (int i = 0; i < 6; i++) {
        c[i] = story(&w);
        catch_up(&w);
        if (i % 2 == 0)
            world_settle(&w, world_report(&w, "request", "R0101", WUZHAI).uuid, "DONE");
        if (i == 3)
            (void)world_case(&w, &w.officer, "correct", c[1].uuid,
                             json_pack("{s:s,s:s}", "reason", "写错", "text", "改成了别的话"));
        if (i == 4)
            (void)world_case(&w, &w.system, "correct", c[2].uuid,
                             json_pack("{s:s,s:s}", "reason", "不在", "unit", CHENZHUANG));
    }
    (void)world_talk(&w, "T0101", w.group_code);
    catch_up(&w);
    const char *kept = dump(&w);
    assert_true(strlen(kept) > 1000);
    begin_anew(&w);
    struct buf out = BUF_INIT(BUF_REPLY);
    struct jw writer = JW_INIT(&out);
    struct search_query query = {.q = STR("水沟"), .limit = 50};
    must(search_write(w.core, w.db, w.arena, &writer, &w.officer, &query, e));
    assert_non_null(memmem(out.p, out.n, "\"complete\":false", 16));
    buf_free(&out);
    catch_up(&w);
    assert_string_equal(dump(&w), kept);
    assert_found(&w.officer, "清淤", SEARCH_CASE, 6);
    assert_found(&w.steward, "清淤", SEARCH_CASE, 5);
    assert_found(&w.officer, "别的话", SEARCH_CASE, 1);
    /* Twice does no harm; a foreign cursor makes it anew. */
    must(db_exec(w.db, e, "update derived.reader_cursor set seq = 1, xid = 0 where name = 'search'", NO_ARGS));
    catch_up(&w);
    assert_string_equal(dump(&w), kept);
    assert_found(&w.officer, "清淤", SEARCH_CASE, 6);
    world_close(&w);
}

/* As a verb would, on a subject whose key may be gone. */
static void touch(struct world *w, enum subject_kind kind, int64_t subject)
{
    struct journal_entry entry = {.id = id_new(),
                                  .recorded_at = time_now(),
                                  .happened_at = time_now(),
                                  .actor_kind = ACTOR_SYSTEM,
                                  .subject_kind = kind,
                                  .subject = subject,
                                  .n = 1000 + (int64_t)kind,
                                  .verb = STR("erase")};
    must(db_begin(w->db, e));
    must(journal_append(w->db, &entry, e));
    must(db_commit(w->db, e));
}

static void what_is_erased_is_not_found(void **state)
{
    struct world w;
    world_open(&w, state);
    struct answer c = story(&w);
    assert_found(&w.officer, "单大顺", 0, 2);
    int64_t person = number(w.db, "select max(id) from person");
    must(db_exec(w.db, e, "update person set key = null", NO_ARGS));
    assert_found(&w.officer, "单大顺", 0, 0); /* the index has not followed yet: the check on the texts holds */
    touch(&w, SUBJECT_PERSON, person);
    catch_up(&w);
    assert_int_equal(number(w.db, "select count(*) from derived.search_doc"), 1);
    assert_found(&w.officer, "水沟", 0, 1);
    must(db_exec(w.db, e, "update cases set key = null where id = ?1", ARGS(INT(c.subject))));
    touch(&w, SUBJECT_CASE, c.subject);
    catch_up(&w);
    assert_int_equal(number(w.db, "select count(*) from derived.search_doc"), 0);
    assert_found(&w.officer, "水沟", 0, 0);
    if (db_engine(w.db) == DB_SQLITE) /* nothing stays behind in FTS5 either */
        must(db_exec(w.db, e, "insert into derived.search_index(search_index) values('integrity-check')",
                     NO_ARGS));
    world_close(&w);
}

/* Their documents carry the name: a new one takes the place of the old in all of them. */
static void a_name_is_put_right_everywhere(void **state)
{
    struct world w;
    struct id person = {{0}};
    struct db_rows r;
    world_open(&w, state);
    (void)story(&w);
    catch_up(&w);
    must(db_rows(w.db, &r, e, "select uuid from person", NO_ARGS));
    if (db_next(&r))
        person = db_id(&r, 0);
    must(db_end(&r, e));
    (void)world_do(&w, &w.officer, SUBJECT_PERSON, "correct", person, json_pack("{s:s}", "name", "单二顺"));
    assert_found(&w.officer, "单二顺", SEARCH_CASE, 1);
    assert_found(&w.officer, "单二顺", SEARCH_PERSON, 1);
    assert_found(&w.officer, "大顺", 0, 0);
    world_close(&w);
}

/* ---- The index ----------------------------------------------------------------------------------------- */

static void put(struct world *w, int64_t id, int64_t first, int64_t second)
{
    struct terms t;
    terms_open(&t, w->core, w->arena);
    terms_add_id(&t, TERM_UNIT, first);
    terms_add_id(&t, TERM_UNIT, second);
    struct index_doc doc = {doc_of(SEARCH_CASE, id), &t};
    must(index_put(w->db, w->arena, &doc, 1, e));
}

/* Newest first and none left out, however the hits lie among the windows of PostgreSQL; page by page. */
static void the_newest_come_first(void **state)
{
    enum { DOCS = 120, PAGE = 7 };
    struct world w;
    int64_t seen[DOCS], before = INT64_MAX, page[PAGE];
    world_open(&w, state);
    must(db_begin(w.db, e));
    must(index_ready(w.db, e));
    for (int64_t i = 1; i <= DOCS; i++)
        put(&w, i * i * i, 1, 10 + i % 3); /* up to 1.7 million, ever farther apart */
    must(db_commit(w.db, e));
    for (int narrow = 0; narrow < 2; narrow++) {
        size_t n = 0, got = PAGE;
        struct terms t;
        terms_open(&t, w.core, w.arena);
        terms_add_id(&t, TERM_UNIT, 1);
        terms_add_id(&t, TERM_UNIT, 11);
        for (before = INT64_MAX; got == PAGE; before = n > 0 ? seen[n - 1] : 0) {
            must(index_find(w.db, w.arena, &t, SEARCH_CASE, before, narrow != 0, page, PAGE, &got, e));
            for (size_t i = 0; i < got; i++)
                seen[n++] = page[i];
        }
        assert_int_equal(n, DOCS / 3);
        for (size_t i = 1; i < n; i++)
            assert_true(seen[i] < seen[i - 1]);
        must(index_find(w.db, w.arena, &t, SEARCH_PERSON, INT64_MAX, false, page, PAGE, &got, e));
        assert_int_equal(got, 0);
    }
    world_close(&w);
}

static void pages_follow_each_other(void **state)
{
    struct world w;
    world_open(&w, state);
    for (int i = 0; i < 5; i++)
        (void)story(&w);
    struct search_query query = {.q = STR("水沟"), .limit = 2};
    size_t n = 0, pages = 0;
    for (bool more = true; more; pages++) {
        json_t *answer = find_by(&w, &w.officer, &query);
        n += json_array_size(json_object_get(answer, "items"));
        struct str next = json_text(answer, "next");
        more = next.n > 0 && str_int(next, &query.before);
        json_decref(answer);
    }
    assert_int_equal(n, 5);
    assert_int_equal(pages, 3);
    world_close(&w);
}

int main(void)
{
    static const struct both_test tests[] = {
        SQLITE_ONLY(folding_forgets_shape),
        SQLITE_ONLY(initials_know_surnames),
        SQLITE_ONLY(queries_are_cut_into_words),
        BOTH(everything_finds_it),
        BOTH(twins_have_long_numbers),
        BOTH(places_and_activities_are_found),
        BOTH(the_snippet_marks_the_hit),
        BOTH(scope_is_obeyed),
        BOTH(a_unit_narrows_it),
        BOTH(children_are_not_found),
        BOTH(who_stays_unnamed_is_not_found),
        BOTH(following_is_rebuilding),
        BOTH(what_is_erased_is_not_found),
        BOTH(a_name_is_put_right_everywhere),
        BOTH(the_newest_come_first),
        BOTH(pages_follow_each_other),
    };
    return both_run("search", tests, sizeof tests / sizeof tests[0]);
}
