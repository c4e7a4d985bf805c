/* rows: G10 */
/* Suggestions on both engines: what a text is made of, that what was learned is that of a rebuild whatever happened, that a corrected category moves, and
 * that nothing of one committee, or of people's names, shows in another. */
#include "core/search.h"
#include "core/suggest.h"
#include "core/suggest_rank.h"
#include "world.h"

/* ---- Text ---------------------------------------------------------------------------------------------- */

static struct features features_of(struct world *w, const char *title, const char *text)
{
    struct features f;
    features_open(&f, w->core, w->arena);
    features_add_titled(&f, str_of(title), str_of(text));
    features_end(&f);
    return f;
}

static const struct feature *feature_at(const struct features *f, const char *word)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_is(f->v[i].at, word))
            return &f->v[i];
    return NULL;
}

static void numbers_are_what_they_count(void **state)
{
    struct world w;
    world_open(&w, state);
    struct features a = features_of(&w, "", "欠我5000元，住3号楼"),
                    b = features_of(&w, "", "欠他８２００元，住12號樓");
    assert_non_null(feature_at(&a, "5000元"));
    assert_non_null(feature_at(&b, "８２００元"));
    assert_true(feature_at(&a, "5000元")->term == feature_at(&b, "８２００元")->term);
    assert_true(feature_at(&a, "3号")->term == feature_at(&b, "12號")->term);
    assert_true(feature_at(&a, "号楼")->term == feature_at(&b, "號樓")->term);
    assert_true(feature_at(&a, "5000元")->term != feature_at(&a, "3号")->term);
    world_close(&w);
}

static void titles_weigh_more_and_length_does_not(void **state)
{
    struct world w;
    struct buf text = BUF_INIT(BUF_LINE);
    world_open(&w, state);
    struct features f = features_of(&w, "路灯不亮", "晚上出门看不见");
    assert_true(feature_at(&f, "路灯")->weight > 2 * feature_at(&f, "晚上")->weight);
    /* Said five times is said once; and a long letter is no longer a vector than a note. */
    for (int i = 0; i < 30; i++)
        buf_addz(&text, "路灯不亮，");
    struct features again = features_of(&w, "", arena_z(w.arena, buf_str(&text))),
                    once = features_of(&w, "", "路灯不亮");
    assert_int_equal(again.n, once.n);
    assert_true(feature_at(&again, "路灯")->weight == feature_at(&once, "路灯")->weight);
    /* A title that is only the text's beginning adds nothing. */
    struct features begun = features_of(&w, "路灯不亮", "路灯不亮");
    assert_true(feature_at(&begun, "路灯")->weight == feature_at(&once, "路灯")->weight);
    buf_free(&text);
    world_close(&w);
}

static void names_are_left_out(void **state)
{
    struct world w;
    const struct str names[] = {STR("欧阳秀兰")};
    struct features f;
    world_open(&w, state);
    features_open(&f, w.core, w.arena);
    features_leave_out(&f, names, 1);
    features_add(&f, STR("邻居歐陽秀蘭家漏水"), WEIGHT_TEXT);
    features_end(&f);
    assert_non_null(feature_at(&f, "邻居"));
    assert_non_null(feature_at(&f, "漏水"));
    for (size_t i = 0; i < f.n; i++)
        if (memmem(f.v[i].at.p, f.v[i].at.n, "陽", 3) != NULL || memmem(f.v[i].at.p, f.v[i].at.n, "秀", 3) != NULL)
            fail_msg("%.*s", (int)f.v[i].at.n, f.v[i].at.p);
    world_close(&w);
}

/* ---- The projection ------------------------------------------------------------------------------------ */

static void catch_up(struct world *w)
{
    int64_t done = 1;
    while (done > 0) {
        must(db_begin(w->db, e));
        must(suggest_catch_up(w->core, w->db, 3, &done, e));
        must(db_commit(w->db, e));
    }
}

static void begin_anew(struct world *w)
{
    must(db_begin(w->db, e));
    must(suggest_rebuild(w->core, w->db, e));
    must(db_commit(w->db, e));
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All that was learned, by the classes' names: their numbers depend on the order in which they came. */
static const char *dump(struct world *w)
{
    struct buf b = BUF_INIT(BUF_REPLY);
    struct lessons l;
    struct db_rows r;
    char **lines = NULL;
    size_t n = 0;

    must(lessons_open(&l, w->db, w->arena, e));
    must(db_rows(w->db, &r, e, "select scope, term, docs, counts from derived.suggest_term", NO_ARGS));
    while (db_next(&r)) {
        struct str counts = arena_str(w->arena, db_blob(&r, 3));
        int64_t class, weight;
        while (counts_next(&counts, &class, &weight)) {
            lines = realloc(lines, (n + 1) * sizeof *lines);
            lines[n++] = arena_printf(w->arena, "%lld %lld %lld %.*s %lld\n", (long long)db_int(&r, 0),
                                      (long long)db_int(&r, 1), (long long)db_int(&r, 2),
                                      (int)l.classes[class - 1].name.n, l.classes[class - 1].name.p,
                                      (long long)weight);
        }
    }
    must(db_end(&r, e));
    must(db_rows(w->db, &r, e,
                 "select s.scope, c.name, s.docs, s.weight, s.square from derived.suggest_sum s left join "
                 "derived.suggest_class c on c.id = s.class",
                 NO_ARGS));
    while (db_next(&r)) {
        lines = realloc(lines, (n + 1) * sizeof *lines);
        lines[n++] = arena_printf(w->arena, "= %lld %.*s %lld %lld %lld\n", (long long)db_int(&r, 0),
                                  (int)db_text(&r, 1).n, db_text(&r, 1).p, (long long)db_int(&r, 2),
                                  (long long)db_int(&r, 3), (long long)db_int(&r, 4));
    }
    must(db_end(&r, e));
    if (lines != NULL)
        qsort(lines, n, sizeof *lines, by_text);
    for (size_t i = 0; i < n; i++)
        buf_addz(&b, lines[i]);
    free(lines);
    const char *copy = arena_z(w->arena, buf_str(&b));
    buf_free(&b);
    return copy;
}

static struct answer tell(struct world *w, const char *unit, const char *kind, const char *category,
                          const char *text)
{
    return world_case(
        w, &w->system, "report", (struct id){{0}},
        json_pack("{s:s,s:s,s:s,s:s}", "kind", kind, "category", category, "unit", unit, "text", text));
}

/* What is offered for these words in a committee. The caller releases it. */
static json_t *ask(struct world *w, const struct actor *actor, const char *unit, const char *text)
{
    struct buf out = BUF_INIT(BUF_REPLY);
    struct jw writer = JW_INIT(&out);
    struct unit_place at;
    struct suggest_query q = {.text = str_of(text), .at = &at};
    struct error why = {0};

    catch_up(w);
    must(unit_place(w->db, w->arena, str_of(unit), &at, e));
    must(suggest_write(w->core, w->db, w->arena, &writer, actor, &q, e));
    json_t *answer = json_read(buf_str(&out), &why);
    assert_non_null(answer);
    buf_free(&out);
    return answer;
}

static const char *first(struct world *w, const char *unit, const char *text)
{
    json_t *answer = ask(w, &w->system, unit, text);
    struct str code = json_text(json_array_get(json_object_get(answer, "categories"), 0), "category");
    const char *copy = arena_z(w->arena, code);
    json_decref(answer);
    return copy;
}

static void the_pack_knows_something_on_the_first_day(void **state)
{
    struct world w;
    world_open(&w, state);
    assert_string_equal(first(&w, WUZHAI, "门口的路灯不亮，是缺灯"), "R0602");
    assert_string_equal(first(&w, WUZHAI, "跳广场舞噪声太大，扰民"), "D0105");
    json_t *nothing = ask(&w, &w.officer, WUZHAI, "嗯");
    assert_int_equal(json_array_size(json_object_get(nothing, "categories")), 0);
    json_decref(nothing);
    world_close(&w);
}

static void cases_teach_and_corrections_move(void **state)
{
    struct world w;
    struct answer c[4];
    world_open(&w, state);
    const char *words = "老油坊暗渠又塌了半截";
    for (int i = 0; i < 4; i++)
        c[i] = tell(&w, w.group_code, "environment", "E0202", "老油坊的暗渠塌了一截，水漫进灶屋");
    assert_string_equal(first(&w, WUZHAI, words), "E0202");
    for (int i = 0; i < 4; i++)
        (void)world_case(&w, &w.officer, "correct", c[i].uuid,
                         json_pack("{s:s,s:s,s:s}", "reason", "归错了", "kind", "hazard", "category", "H1101"));
    assert_string_equal(first(&w, WUZHAI, words), "H1101");
    /* One that was withdrawn teaches nothing any more; the fallback never did. */
    int64_t docs = number(w.db, "select count(*) from derived.suggest_case");
    assert_int_equal(docs, 4);
    (void)tell(&w, w.group_code, "request", "R9901", "老油坊的事");
    catch_up(&w);
    assert_int_equal(number(w.db, "select count(*) from derived.suggest_case"), 4);
    world_close(&w);
}

/* As a verb would, on a case whose key may be gone. */
static void touch(struct world *w, int64_t subject)
{
    struct journal_entry entry = {.id = id_new(),
                                  .recorded_at = time_now(),
                                  .happened_at = time_now(),
                                  .actor_kind = ACTOR_SYSTEM,
                                  .subject_kind = SUBJECT_CASE,
                                  .subject = subject,
                                  .n = 1000,
                                  .verb = STR("erase")};
    must(db_begin(w->db, e));
    must(journal_append(w->db, &entry, e));
    must(db_commit(w->db, e));
}

/* The same cases followed one by one, and learned at once. */
static void following_is_rebuilding(void **state)
{
    struct world w;
    struct answer c[8];
    world_open(&w, state);
    for (int i = 0; i < 8; i++) {
        c[i] = tell(&w, i % 3 == 0 ? CHENZHUANG : w.group_code, "environment", i % 2 == 0 ? "E0101" : "E0202",
                    i % 2 == 0 ? "塘边倒了一车垃圾" : "暗渠塌了，水漫进灶屋");
        catch_up(&w);
    }
    (void)world_case(&w, &w.system, "correct", c[1].uuid,
                     json_pack("{s:s,s:s}", "reason", "写错", "text", "改成了别的话"));
    catch_up(&w);
    (void)world_case(&w, &w.system, "correct", c[2].uuid,
                     json_pack("{s:s,s:s}", "reason", "不在", "unit", CHENZHUANG));
    catch_up(&w);
    (void)world_case(&w, &w.system, "correct", c[3].uuid,
                     json_pack("{s:s,s:s,s:s}", "reason", "归错", "kind", "dispute", "category", "D0301"));
    catch_up(&w);
    struct actor resident = world_resident(&c[4]);
    (void)world_case(&w, &resident, "withdraw", c[4].uuid, json_pack("{s:s}", "reason", "不办了"));
    catch_up(&w);
    must(db_exec(w.db, e, "update cases set key = null where id = ?1", ARGS(INT(c[5].subject)))); /* erased */
    touch(&w, c[5].subject);
    catch_up(&w);
    const char *kept = dump(&w);
    begin_anew(&w);
    catch_up(&w);
    assert_string_equal(dump(&w), kept);
    assert_int_equal(number(w.db, "select count(*) from derived.suggest_case"), 6);
    /* A foreign cursor makes it anew. */
    must(db_exec(w.db, e, "update derived.reader_cursor set seq = 1, xid = 0 where name = 'suggest'", NO_ARGS));
    catch_up(&w);
    assert_string_equal(dump(&w), kept);
    world_close(&w);
}

/* ---- Who learns from whom ------------------------------------------------------------------------------ */

/* A word that only the neighbours' case knows says nothing here; it does there. */
static void one_case_of_the_neighbours_does_not_show(void **state)
{
    struct world w;
    world_open(&w, state);
    (void)tell(&w, CHENZHUANG, "hazard", "H1101", "鸬鹚湾");
    assert_string_equal(first(&w, CHENZHUANG, "鸬鹚湾"), "H1101");
    assert_string_equal(first(&w, WUZHAI, "鸬鹚湾"), "");
    for (int i = 0; i < 3; i++)
        (void)tell(&w, CHENZHUANG, "hazard", "H1101", "鸬鹚湾");
    assert_string_equal(first(&w, WUZHAI, "鸬鹚湾"), "H1101");
    world_close(&w);
}

static void what_few_may_read_teaches_nothing(void **state)
{
    struct world w;
    world_open(&w, state);
    for (int i = 0; i < 4; i++)
        (void)tell(&w, w.group_code, "hazard", "H0603", "鸬鹚湾"); /* children's */
    catch_up(&w);
    assert_int_equal(number(w.db, "select count(*) from derived.suggest_case"), 0);
    assert_string_equal(first(&w, WUZHAI, "鸬鹚湾"), "");
    /* Health: known to the county by what several say, not to the committee by what one does. */
    (void)tell(&w, w.group_code, "request", "R1003", "鸬鹚湾");
    assert_string_equal(first(&w, WUZHAI, "鸬鹚湾"), "");
    assert_int_equal(number(w.db, "select count(*) from derived.suggest_case where narrow = 0"), 1);
    world_close(&w);
}

static void names_of_people_are_not_learned(void **state)
{
    struct world w;
    world_open(&w, state);
    for (int i = 0; i < 4; i++)
        (void)world_case(&w, &w.officer, "report", (struct id){{0}},
                         json_pack("{s:s,s:s,s:s,s:s,s:[{s:s,s:s}]}", "kind", "environment", "category",
                                   "E0202", "unit", w.group_code, "text", "欧阳秀兰家门口的暗渠塌了",
                                   "persons", "role", "reporter", "name", "欧阳秀兰"));
    assert_string_equal(first(&w, WUZHAI, "暗渠塌了"), "E0202");
    assert_string_equal(first(&w, WUZHAI, "欧阳秀兰"), "");
    world_close(&w);
}

/* ---- Duplicates ---------------------------------------------------------------------------------------- */

static void find_all(struct world *w)
{
    int64_t done = 1;
    while (done > 0) {
        must(db_begin(w->db, e));
        must(search_catch_up(w->core, w->db, 50, &done, e));
        must(db_commit(w->db, e));
    }
}

static size_t twins(struct world *w, const struct actor *actor, const char *unit, const char *text)
{
    json_t *answer = ask(w, actor, unit, text);
    size_t n = json_array_size(json_object_get(answer, "duplicates"));
    json_decref(answer);
    return n;
}

static void the_same_matter_is_found(void **state)
{
    struct world w;
    const char *words = "老油坊西墙根暗渠塌了，雨水往张家灶屋灌";
    world_open(&w, state);
    struct actor neighbour = world_actor(&w, "officer-b", "officer", CHENZHUANG);
    struct actor leader = world_actor(&w, "leader1", "leader", COUNTY);
    struct answer c =
        tell(&w, w.group_code, "environment", "E0202", "老油坊西墙根的暗渠塌了一截，雨水漫进张家灶屋");
    (void)tell(&w, w.group_code, "request", "R0602", "村口路灯三天不亮");
    find_all(&w);
    assert_int_equal(twins(&w, &w.officer, WUZHAI, words), 1);
    assert_int_equal(twins(&w, &w.officer, WUZHAI, "合作医疗怎么交钱"), 0);
    assert_int_equal(twins(&w, &neighbour, WUZHAI, words), 0);     /* not in sight */
    assert_int_equal(twins(&w, &leader, WUZHAI, words), 0);        /* sees that it exists, not its words */
    assert_int_equal(twins(&w, &w.officer, CHENZHUANG, words), 0); /* another committee's */
    /* Ended: of interest for ninety days. */
    world_settle(&w, c.uuid, "CLEANED");
    find_all(&w);
    assert_int_equal(twins(&w, &w.officer, WUZHAI, words), 1);
    time_set(time_now() + 91 * (int64_t)TIME_DAY);
    assert_int_equal(twins(&w, &w.officer, WUZHAI, words), 0);
    world_close(&w);
}

int main(void)
{
    static const struct both_test tests[] = {
        SQLITE_ONLY(numbers_are_what_they_count),
        SQLITE_ONLY(titles_weigh_more_and_length_does_not),
        SQLITE_ONLY(names_are_left_out),
        BOTH(the_pack_knows_something_on_the_first_day),
        BOTH(cases_teach_and_corrections_move),
        BOTH(following_is_rebuilding),
        BOTH(one_case_of_the_neighbours_does_not_show),
        BOTH(what_few_may_read_teaches_nothing),
        BOTH(names_of_people_are_not_learned),
        BOTH(the_same_matter_is_found),
    };
    return both_run("suggest", tests, sizeof tests / sizeof tests[0]);
}
