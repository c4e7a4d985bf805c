/* See bench/search. Cases are real rows with sealed words, a person each and two journal entries, in 250 committees of one county; their texts are
 * sentences of the demo, shuffled, with invented names. What is measured is what runs in service: the rebuild through search_catch_up, the look-up
 * through index_find, the whole answer with its checks and cards through search_write. */
#include "core/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/embed.h"
#include "base/time.h"
#include "db/migrate.h"
#include "core/activity.h"
#include "core/journal.h"
#include "core/search_doc.h"
#include "core/unit.h"
#include "core/vault.h"
#include "core/verb.h"

enum { COMMITTEES = 250, PAGE = 500, QUERIES = 500, WORDS = 20, SENTENCES_MOST = 4096, CASES_AT_ONCE = 2000 };

static struct core *core;
static struct db *db;
static struct arena *arena, *scratch;
static struct config config;
static struct str sentences[SENTENCES_MOST];
static size_t sentence_count;
static int64_t committees[COMMITTEES], pack_id;
static struct unit county;
static uint64_t state = 88172645463325252u;

static void die(const char *what, const struct error *e)
{
    (void)fprintf(stderr, "%s: %s %s %s %s\n", what, error_name(e->code), e->field, e->detail, e->cause);
    exit(1);
}
#define DO(call)                                                                                             \
    do {                                                                                                     \
        struct error e_ = {0}, *e = &e_;                                                                     \
        if (!(call))                                                                                         \
            die(#call, e);                                                                                   \
    } while (0)

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* This program's own share of the processor: on SQLite all the work, whatever the machine's neighbours do. */
static double busy(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- The world ----------------------------------------------------------------------------------------- */

static void cut_sentences(const json_t *value)
{
    struct str rest = str_of(json_string_value(value));
    const char *end;
    while (rest.n > 0 && sentence_count < SENTENCES_MOST && (end = memmem(rest.p, rest.n, "。", 3)) != NULL) {
        size_t n = (size_t)(end - rest.p) + 3;
        sentences[sentence_count++] = arena_str(arena, str_range(rest.p, n));
        rest = str_range(rest.p + n, rest.n - n);
    }
}

static void read_demo(void)
{
    for (size_t i = 0; i < embed_count; i++) {
        const struct embed_file *f = &embed_files[i];
        if (strncmp(f->path, "demo/20", 7) != 0)
            continue;
        json_t *stories = json_read(str_range((const char *)f->data, f->size), NULL), *story, *step;
        size_t k, s;
        json_array_foreach(stories, k, story) {
            cut_sentences(json_object_get(story, "text"));
            json_array_foreach(json_object_get(story, "steps"), s, step) {
                cut_sentences(json_object_get(step, "text"));
                cut_sentences(json_object_get(step, "result"));
            }
        }
        json_decref(stories);
    }
}

static void make_units(void)
{
    struct buf csv = BUF_INIT(BUF_SEALED);
    int64_t added;

    buf_addz(&csv, "code,name,parent,level\n340000000000,安徽省,0,1\n341200000000,阜阳市,340000000000,2\n"
                   "341203000000,颍东区,341200000000,3\n");
    for (int t = 0; t < COMMITTEES / 10; t++) {
        buf_addf(&csv, "3412031%02d000,镇%d,341203000000,4\n", t, t);
        for (int k = 0; k < 10; k++)
            buf_addf(&csv, "3412031%02d2%02d,村%d村委会,3412031%02d000,5\n", t, k, t * 10 + k, t);
    }
    DO(unit_import(db, buf_str(&csv), NULL, &added, e));
    for (int i = 0; i < COMMITTEES; i++) {
        struct unit u;
        DO(unit_by_code(db, arena, str_of(arena_printf(arena, "3412031%02d2%02d", i / 10, i % 10)), &u, e));
        committees[i] = u.id;
    }
    DO(unit_by_code(db, arena, STR("341203000000"), &county, e));
    buf_free(&csv);
}

static void open_world(const struct db_where *where)
{
    static const struct verb *const verbs[] = {verb_cases, verb_activities, verb_people, verb_accounts, NULL};
    static const struct verb_rule *const rules[] = {NULL};
    const struct embed_file *pack = embed_find("pack/liuxiao.json"),
                            *days = embed_find("pack/holidays/cn-2020-2026.csv");
    int applied;

    DO(db_open(&db, where, DB_WRITER, e));
    DO(migrate_up(db, &applied, e));
    DO(db_begin(db, e));
    DO(core_set_pack(db, str_range((const char *)pack->data, pack->size), e));
    DO(db_exec(db, e, "insert into holiday_table(name, csv, loaded_at) values('days', ?1, 0)",
               ARGS(TEXT(str_range((const char *)days->data, days->size)))));
    make_units();
    DO(db_commit(db, e));
    DO(core_open(&core, &config, db, verbs, rules, e));
    DO(db_one_int(db, &pack_id, 0, e, "select max(id) from pack", NO_ARGS));
}

/* ---- Cases --------------------------------------------------------------------------------------------- */

static struct str invented_name(struct arena *a)
{
    static const char *const surnames[] = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄",
                                           "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
                                           "何", "郭", "马", "罗", "单", "仇", "任", "曾"};
    uint32_t first = 0x4E00 + (uint32_t)(next_random() % 3000),
             second = 0x5B00 + (uint32_t)(next_random() % 3000);
    return str_of(arena_printf(a, "%s%c%c%c%c%c%c", surnames[next_random() % 24], (char)(0xE0 | first >> 12),
                               (char)(0x80 | (first >> 6 & 63)), (char)(0x80 | (first & 63)),
                               (char)(0xE0 | second >> 12), (char)(0x80 | (second >> 6 & 63)),
                               (char)(0x80 | (second & 63))));
}

static const char *story(struct arena *a, struct str name)
{
    struct str s[3];
    for (int i = 0; i < 3; i++)
        s[i] = sentences[next_random() % sentence_count];
    return arena_printf(a, "%.*s%.*s来人是%.*s。%.*s", (int)s[0].n, s[0].p, (int)s[1].n, s[1].p, (int)name.n,
                        name.p, (int)s[2].n, s[2].p);
}

static void add_entry(struct case_row *c, const struct key *key, int64_t n, const char *verb, json_t *record)
{
    struct journal_entry entry = {.id = id_new(),
                                  .recorded_at = c->reported_at,
                                  .happened_at = c->reported_at,
                                  .scope = c->scope,
                                  .actor_kind = ACTOR_SYSTEM,
                                  .subject_kind = SUBJECT_CASE,
                                  .subject = c->id,
                                  .n = n,
                                  .verb = str_of(verb),
                                  .open = true,
                                  .data = vault_seal(scratch, key, "journal", record)};
    json_decref(record);
    memcpy(entry.prev, c->head, HASH_BYTES);
    DO(journal_append(db, &entry, e));
    memcpy(c->head, entry.hash, HASH_BYTES);
}

static int64_t add_person(const struct case_row *c, struct str name)
{
    static const unsigned char zeros[HASH_BYTES];
    struct key key;
    struct str wrapped = vault_new(core, scratch, &key);
    char phone[16];
    int64_t id;

    (void)snprintf(phone, sizeof phone, "139%08u", (unsigned)(next_random() % 100000000));
    json_t *plain = json_pack("{s:s%,s:s}", "name", name.p, name.n, "phone", phone);
    struct str sealed = vault_seal(scratch, &key, "person", plain);
    json_decref(plain);
    DO(db_one_int(
        db, &id, 0, e,
        "insert into person(uuid, unit, scope, rev, head, key, sealed, created_at) values(?1, ?2, ?3, 0, ?4, ?5, ?6, 0) "
        "returning id",
        ARGS(ID(id_new()), INT(c->unit), INT(c->scope), BYTES(zeros, HASH_BYTES), BLOB(wrapped), BLOB(sealed))));
    return id;
}

static void add_case(int64_t i)
{
    struct unit u;
    struct key key;
    struct str name = invented_name(scratch);
    struct case_row c = {.uuid = id_new(),
                         .kind = (enum kind)(1 + i % 5),
                         .category = STR("R0101"),
                         .pack = pack_id,
                         .state = STATE_CLOSED,
                         .level = LEVEL_COMMITTEE,
                         .rev = 2,
                         .channel = STR("VISIT"),
                         .reported_at = INT64_C(1577836800000) + i * 1000,
                         .recorded_at = 1,
                         .unit = committees[i % COMMITTEES]};
    const char *text = story(scratch, name),
               *result = arena_z(scratch, sentences[next_random() % sentence_count]);

    DO(unit_load(db, scratch, c.unit, &u, e));
    c.scope = u.ord;
    c.shard = county.id;
    c.number = str_of(arena_printf(scratch, "村%lldD2024-%04lld", (long long)(i % COMMITTEES),
                                   (long long)(i / COMMITTEES)));
    c.key = vault_new(core, scratch, &key);
    json_t *words = json_pack("{s:s%,s:s,s:s,s:s}", "title", text, str_head(str_of(text), 12).n, "text", text,
                              "place", "村东头", "result", result);
    c.sealed = vault_seal(scratch, &key, "case", words);
    json_decref(words);
    DO(case_insert(db, &c, e));
    DO(db_exec(db, e, "insert into case_person(uuid, case_id, person, role, side) values(?1, ?2, ?3, 1, 0)",
               ARGS(ID(id_new()), INT(c.id), INT(add_person(&c, name)))));
    add_entry(&c, &key, 1, "report", json_pack("{s:{s:s}}", "fields", "text", text));
    add_entry(&c, &key, 2, "settle", json_pack("{s:{s:s}}", "fields", "result", result));
}

static void fill(int64_t cases)
{
    double began = now();
    for (int64_t i = 0; i < cases;) {
        DO(db_begin(db, e));
        for (int k = 0; k < CASES_AT_ONCE && i < cases; k++, i++) {
            add_case(i);
            arena_reset(scratch);
        }
        DO(db_commit(db, e));
    }
    if (db_engine(db) == DB_POSTGRES)
        DO(db_exec(db, e, "{pg:analyze}", NO_ARGS));
    (void)printf("  %lld cases made in %.1f s\n", (long long)cases, now() - began);
}

static void rebuild(int64_t cases)
{
    double began = now(), worked = busy(), longest = 0;
    int64_t done = 1, docs = 0;

    DO(db_begin(db, e));
    DO(search_rebuild(db, e));
    DO(db_commit(db, e));
    while (done > 0) {
        double start = now();
        DO(db_begin(db, e));
        DO(search_catch_up(core, db, PAGE, &done, e));
        DO(db_commit(db, e));
        docs += done;
        longest = now() - start > longest ? now() - start : longest;
    }
    (void)printf(
        "  P8 rebuild: %.0f texts/s (%lld cases and as many persons in %.1f s, own processor time %.1f s; longest page %.2f s)\n",
        2 * (double)cases / (now() - began), (long long)cases, now() - began, busy() - worked, longest);
}

/* ---- Queries ------------------------------------------------------------------------------------------- */

static int64_t count_word(const char *word)
{
    int64_t n = 0;
    for (size_t i = 0; i < sentence_count; i++)
        n += memmem(sentences[i].p, sentences[i].n, word, strlen(word)) != NULL;
    return n;
}

/* Two neighbouring characters out of a sentence that stand in `least` to `most` sentences. */
static const char *find_word(int64_t least, int64_t most)
{
    for (;;) {
        struct str s = sentences[next_random() % sentence_count];
        size_t points = str_points(s), skip = points > 3 ? next_random() % (points - 3) : 0;
        struct str tail = str_range(s.p + str_head(s, skip).n, s.n - str_head(s, skip).n);
        const char *word = arena_z(arena, str_head(tail, 2));
        struct folded f;
        fold(arena, str_of(word), &f);
        int64_t n = count_word(word);
        if (f.n == 2 && fold_class(f.c[0]) == FOLD_HAN && fold_class(f.c[1]) == FOLD_HAN && n >= least && n <= most)
            return word;
    }
}

static int by_size(const void *a, const void *b)
{
    double l = *(const double *)a, r = *(const double *)b;
    return (l > r) - (l < r);
}

static void look_up(const char *word, int64_t unit, bool narrow, size_t *ret_hits)
{
    struct terms t;
    struct folded f;
    int64_t docs[51];

    terms_open(&t, core, scratch);
    fold(scratch, str_of(word), &f);
    terms_add_wanted(&t, f.c, f.n);
    terms_add_id(&t, TERM_UNIT, unit);
    DO(index_find(db, scratch, &t, SEARCH_CASE, INT64_MAX, narrow, docs, 51, ret_hits, e));
}

static size_t answer(const char *word, const struct unit *u, enum post post)
{
    struct actor_post p = {.post = post, .unit = u->id, .lo = u->ord, .hi = u->ord_end, .level = u->level};
    struct actor who = {
        .kind = ACTOR_ACCOUNT, .account = 1, .posts = &p, .post_count = 1, .mask = (post_mask)1 << post};
    struct search_query q = {.q = str_of(word), .type = SEARCH_CASE, .limit = 50};
    struct buf out = BUF_INIT(BUF_REPLY);
    struct jw w = JW_INIT(&out);

    DO(search_write(core, db, scratch, &w, &who, &q, e));
    size_t n = out.n;
    buf_free(&out);
    return n;
}

static void measure(const char *name, bool district, const char *const *words)
{
    static double found[QUERIES], answered[QUERIES], looking[QUERIES], answering[QUERIES];
    double hits = 0;

    for (int i = -20; i < QUERIES; i++) { /* the first twenty warm the caches */
        struct unit u = county;
        const char *word = words[(unsigned)(i + 20) % WORDS];
        size_t n;
        if (!district)
            DO(unit_load(db, scratch, committees[next_random() % COMMITTEES], &u, e));
        double start = now(), busy_start = busy();
        look_up(word, u.id, !district, &n);
        double middle = now(), busy_middle = busy();
        (void)answer(word, &u, district ? POST_DISPATCHER : POST_OFFICER);
        if (i >= 0) {
            found[i] = 1000 * (middle - start);
            answered[i] = 1000 * (now() - middle);
            looking[i] = 1000 * (busy_middle - busy_start);
            answering[i] = 1000 * (busy() - busy_middle);
            hits += (double)(n > 50 ? 50 : n) / QUERIES;
        }
        arena_reset(scratch);
    }
    qsort(found, QUERIES, sizeof *found, by_size);
    qsort(answered, QUERIES, sizeof *answered, by_size);
    qsort(looking, QUERIES, sizeof *looking, by_size);
    qsort(answering, QUERIES, sizeof *answering, by_size);
    (void)printf("  P6 %-18s %3.0f hits  look-up p50 %6.2f p99 %6.2f ms (own time p99 %.2f)  whole answer p50 %6.2f p99 %6.2f ms (own "
                 "time p99 %.2f)\n",
                 name, hits, found[QUERIES / 2], found[QUERIES * 99 / 100], looking[QUERIES * 99 / 100],
                 answered[QUERIES / 2], answered[QUERIES * 99 / 100], answering[QUERIES * 99 / 100]);
}

static void measure_all(void)
{
    const char *common[WORDS], *rare[WORDS];
    for (int i = 0; i < WORDS; i++) {
        common[i] = find_word((int64_t)sentence_count / 100, (int64_t)sentence_count);
        rare[i] = find_word(1, 1);
    }
    measure("common, committee", false, common);
    measure("rare, committee", false, rare);
    measure("common, district", true, common);
    measure("rare, district", true, rare);
}

int main(int argc, char **argv)
{
    struct db_where where = {.engine = DB_SQLITE};
    int64_t cases = 100000;
    char key_file[512];

    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--data") == 0)
            where.folder = argv[i + 1];
        else if (strcmp(argv[i], "--database") == 0) {
            where.engine = DB_POSTGRES;
            where.uri = argv[i + 1];
        } else if (strcmp(argv[i], "--cases") == 0)
            (void)str_int(str_of(argv[i + 1]), &cases);
    }
    if (where.folder == NULL || mkdir(where.folder, 0700) != 0) {
        (void)fputs("search_bench --data NEW_FOLDER [--database URI] [--cases N]\n", stderr);
        return 2;
    }
    DO(crypto_start(e));
    (void)snprintf(key_file, sizeof key_file, "%s/key", where.folder);
    DO(keyring_create(key_file, e));
    config = (struct config){.data = where.folder, .files = where.folder, .key_file = key_file};
    arena = arena_open();
    scratch = arena_open();
    read_demo();
    (void)printf("%s, %zu different sentences\n", where.engine == DB_SQLITE ? "SQLite" : "PostgreSQL",
                 sentence_count);
    open_world(&where);
    fill(cases);
    rebuild(cases);
    db_close(db);
    DO(db_open(&db, &where, DB_READER, e));
    measure_all();
    db_close(db);
    core_close(core);
    arena_close(arena);
    arena_close(scratch);
    return 0;
}
