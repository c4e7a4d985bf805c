/* suggest: how well the learner of core/suggest_rank.h does on a table of one's own, against always saying the most frequent. It learns in a folder of its
 * own that is gone afterwards. */
#include "core/suggest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/embed.h"
#include "core/suggest_rank.h"
#include "core/tally.h"
#include "core/unit.h"
#include "paper/sheet_read.h"
#include "cli/cli.h"

/* The table is one committee in one county. */
enum { NARROW = 1, WIDE = 2, LEARNED_AT_ONCE = 500, TEXTS_MOST = 8, TOP = 3 };

struct example {
    struct str class, title, text;
};
struct table {
    struct example *v;
    size_t n;
};

struct trial {
    const char *texts, *title, *class;
    bool by_pack, json;
    struct arena *arena; /* of the tables */
    struct table train, test;
    char folder[256], key_file[288];
    struct db *db;
    struct core core;
    struct pack *pack;
    int64_t hits1, hits3, upper_hits, kind_hits, frequent1, frequent3, tested;
    double shares, busy, *took; /* ms: of the processor, and on the clock */
};

/* ---- Tables -------------------------------------------------------------------------------------------- */

struct columns {
    int class, title, texts[TEXTS_MOST], text_count;
};

static int column_of(const struct str *names, size_t n, struct str wanted)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_trim(names[i]), wanted))
            return (int)i;
    return -1;
}

static bool find_columns(const struct trial *t, const struct str *names, size_t n, struct columns *ret,
                         struct error *e)
{
    struct str rest = str_of(t->texts), part;

    *ret = (struct columns){.class = column_of(names, n, str_of(t->class)), .title = -1};
    if (ret->class < 0)
        return error_setf(e, ERROR_NOT_FOUND, "class", "%s", t->class);
    if (t->title != NULL && (ret->title = column_of(names, n, str_of(t->title))) < 0)
        return error_setf(e, ERROR_NOT_FOUND, "title", "%s", t->title);
    while (str_split(&rest, ',', &part)) {
        int at = column_of(names, n, part);
        if (at < 0 || ret->text_count == TEXTS_MOST)
            return error_setf(e, ERROR_NOT_FOUND, "text", "%.*s", (int)part.n, part.p);
        ret->texts[ret->text_count++] = at;
    }
    /* Of several columns the first is the title, unless one was named. */
    if (ret->title < 0 && ret->text_count > 1) {
        ret->title = ret->texts[0];
        memmove(ret->texts, ret->texts + 1, (size_t)--ret->text_count * sizeof ret->texts[0]);
    }
    return true;
}

static struct str cell(const struct str *cells, size_t n, int column)
{
    return column >= 0 && (size_t)column < n ? str_trim(cells[column]) : STR("");
}

static void keep_row(struct trial *t, struct table *to, size_t *room, const struct columns *c,
                     const struct str *cells, size_t n)
{
    struct buf text = BUF_INIT(BUF_SEALED);
    struct str class = cell(cells, n, c->class);

    if (class.n == 0)
        return;
    for (int i = 0; i < c->text_count; i++) {
        buf_addz(&text, i > 0 ? "\n" : "");
        buf_add(&text, cell(cells, n, c->texts[i]));
    }
    if (to->n == *room) {
        struct example *more = ARENA_ARRAY(t->arena, struct example, 2 * *room + 64);
        if (to->n > 0)
            memcpy(more, to->v, to->n * sizeof *more);
        to->v = more;
        *room = 2 * *room + 64;
    }
    to->v[to->n++] = (struct example){arena_str(t->arena, class), arena_str(t->arena, cell(cells, n, c->title)),
                                      arena_str(t->arena, buf_str(&text))};
    buf_free(&text);
}

static bool read_table(struct trial *t, const char *path, struct table *ret, struct error *e)
{
    struct buf bytes = BUF_INIT(BUF_DOCUMENT);
    struct arena *step = arena_open();
    struct str *cells = ARENA_ARRAY(t->arena, struct str, SHEET_COLUMNS);
    struct sheet *sheet = NULL;
    struct columns columns;
    size_t n = 0, room = 0;
    bool ok = unit_read_table(path, &bytes, e) && sheet_open(&sheet, buf_str(&bytes), 1, e) &&
              sheet_row(sheet, step, cells, &n, e) && find_columns(t, cells, n, &columns, e);

    while (ok && n > 0) {
        arena_reset(step);
        ok = sheet_row(sheet, step, cells, &n, e);
        if (ok && n > 0)
            keep_row(t, ret, &room, &columns, cells, n);
    }
    sheet_close(sheet);
    arena_close(step);
    buf_free(&bytes);
    return ok;
}

/* ---- Learning ------------------------------------------------------------------------------------------ */

/* With the pack a class is the code of a category, whatever its kind. */
static const struct category *category_of(const struct trial *t, struct str code, enum kind *ret_kind)
{
    for (int kind = KIND_DISPUTE; t->pack != NULL && kind <= KIND_HAZARD; kind++) {
        const struct category *c = pack_category(t->pack, (enum kind)kind, code);
        *ret_kind = (enum kind)kind;
        if (c != NULL)
            return c;
    }
    return NULL;
}

static struct str class_name(const struct trial *t, struct arena *a, struct str class, struct str *ret_above)
{
    enum kind kind;
    const struct category *c = category_of(t, class, &kind);
    *ret_above = STR("");
    return c != NULL ? suggest_class(a, kind, c, ret_above) : class;
}

static void read_features(const struct trial *t, struct arena *a, const struct example *x, struct features *f)
{
    features_open(f, &t->core, a);
    features_add_titled(f, x->title, x->text);
    features_end(f);
}

static bool learn(struct trial *t, struct lessons *l, const struct example *x, int times, struct error *e)
{
    struct features f;
    struct str above, name = class_name(t, l->arena, x->class, &above);
    struct lesson lesson;

    read_features(t, l->arena, x, &f);
    lesson = (struct lesson){.v = f.v, .n = f.n};
    if (!lessons_class(l, name, above, &lesson.class, e))
        return false;
    lessons_add(l, NARROW, &lesson, times);
    lessons_add(l, WIDE, &lesson, times);
    return true;
}

static bool learn_some(struct trial *t, const struct example *v, size_t n, int times, bool with_pack,
                       struct error *e)
{
    struct arena *a = arena_open();
    struct lessons l;
    bool ok = lessons_open(&l, t->db, a, e);

    if (ok && with_pack)
        ok = suggest_learn_pack(&l, &t->core, t->pack, SCOPE_PACK, e) &&
             suggest_learn_pack(&l, &t->core, t->pack, WIDE, e);
    for (size_t i = 0; ok && i < n; i++)
        ok = learn(t, &l, &v[i], times, e);
    ok = ok && lessons_write(&l, e);
    arena_close(a);
    return ok;
}

static bool learn_all(struct trial *t, struct error *e)
{
    if (!db_begin(t->db, e) || !learn_some(t, NULL, 0, 1, t->pack != NULL, e))
        return false;
    for (size_t i = 0; i < t->train.n; i += LEARNED_AT_ONCE) {
        size_t step = t->train.n - i < LEARNED_AT_ONCE ? t->train.n - i : LEARNED_AT_ONCE;
        if (!learn_some(t, t->train.v + i, step, 1, false, e))
            return false;
    }
    return db_commit(t->db, e);
}

/* ---- Asking -------------------------------------------------------------------------------------------- */

static struct str upper_of(struct str name)
{
    /* "request/R0601": the upper category has two digits. */
    enum { UPPER = 3 };
    const char *slash = name.n > 0 ? memchr(name.p, '/', name.n) : NULL;
    size_t n = slash != NULL ? (size_t)(slash - name.p) + 1 + UPPER : name.n;
    return str_range(name.p, n < name.n ? n : name.n);
}

static struct str kind_of(struct str name)
{
    const char *slash = name.n > 0 ? memchr(name.p, '/', name.n) : NULL;
    return str_range(name.p, slash != NULL ? (size_t)(slash - name.p) : name.n);
}

static double ms_between(const struct timespec *from, const struct timespec *to)
{
    return (double)(to->tv_sec - from->tv_sec) * 1e3 + (double)(to->tv_nsec - from->tv_nsec) / 1e6;
}

static bool ask(struct trial *t, const struct example *x, struct error *e)
{
    struct arena *a = arena_open();
    struct ranked best[TOP];
    struct features f;
    struct str above, name = class_name(t, a, x->class, &above);
    struct ranking q = {.db = t->db, .arena = a, .features = &f, .narrow = NARROW, .wide = WIDE};
    size_t n = 0;
    struct timespec from, to, began, ended;

    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &began);
    read_features(t, a, x, &f);
    bool ok = rank(&q, best, TOP, &n, e);
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ended);
    (void)clock_gettime(CLOCK_MONOTONIC, &to);
    t->took[t->tested++] = ms_between(&from, &to);
    t->busy += ms_between(&began, &ended);
    for (size_t i = 0; i < n; i++)
        t->hits3 += str_eq(best[i].name, name);
    if (n > 0) {
        t->hits1 += str_eq(best[0].name, name);
        t->upper_hits += str_eq(upper_of(best[0].name), upper_of(name));
        t->kind_hits += str_eq(kind_of(best[0].name), kind_of(name));
        t->shares += best[0].share;
    }
    arena_close(a);
    return ok;
}

/* Each without itself: it is taken out, asked for, and put back. */
static bool ask_without(struct trial *t, const struct example *x, struct error *e)
{
    return learn_some(t, x, 1, -1, false, e) && ask(t, x, e) && learn_some(t, x, 1, 1, false, e);
}

static int by_class(const void *a, const void *b)
{
    const struct str *l = a, *r = b;
    size_t n = l->n < r->n ? l->n : r->n;
    int order = memcmp(l->p, r->p, n);
    return order != 0 ? order : (l->n > r->n) - (l->n < r->n);
}

struct frequent {
    struct str class;
    int64_t n;
};

static int by_count(const void *a, const void *b)
{
    const struct frequent *l = a, *r = b;
    return (l->n < r->n) - (l->n > r->n);
}

/* What one would hit by always naming the classes that were the most frequent in what was learned. */
static void count_frequent(struct trial *t, const struct table *asked)
{
    struct str *classes = ARENA_ARRAY(t->arena, struct str, t->train.n + 1);
    struct frequent *found = ARENA_ARRAY(t->arena, struct frequent, t->train.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < t->train.n; i++)
        classes[i] = t->train.v[i].class;
    qsort(classes, t->train.n, sizeof *classes, by_class);
    for (size_t i = 0; i < t->train.n; i++) {
        if (n == 0 || !str_eq(found[n - 1].class, classes[i]))
            found[n++] = (struct frequent){classes[i], 0};
        found[n - 1].n++;
    }
    qsort(found, n, sizeof *found, by_count);
    for (size_t i = 0; i < asked->n; i++)
        for (size_t k = 0; k < n && k < TOP; k++) {
            t->frequent3 += str_eq(asked->v[i].class, found[k].class);
            t->frequent1 += k == 0 && str_eq(asked->v[i].class, found[k].class);
        }
}

static bool ask_all(struct trial *t, struct error *e)
{
    const struct table *asked = t->test.n > 0 ? &t->test : &t->train;

    t->took = ARENA_ARRAY(t->arena, double, asked->n + 1);
    count_frequent(t, asked);
    if (!db_begin(t->db, e))
        return false;
    for (size_t i = 0; i < asked->n; i++)
        if (!(t->test.n > 0 ? ask(t, &asked->v[i], e) : ask_without(t, &asked->v[i], e)))
            return false;
    return db_commit(t->db, e);
}

/* ---- The answer ---------------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    double l = *(const double *)a, r = *(const double *)b;
    return (l > r) - (l < r);
}

static void add_share(struct jw *w, const char *key, double n, double of)
{
    jw_key(w, key);
    jw_double(w, of > 0 ? round(n / of * 10000) / 10000 : 0);
}

static void print(struct trial *t)
{
    struct buf out = BUF_INIT(BUF_LINE);
    struct jw w = JW_INIT(&out);
    double n = (double)t->tested, all = 0;

    qsort(t->took, (size_t)t->tested, sizeof *t->took, by_size);
    for (int64_t i = 0; i < t->tested; i++)
        all += t->took[i];
    jw_object(&w);
    jw_kint(&w, "learned", (int64_t)t->train.n);
    jw_kint(&w, "asked", t->tested);
    add_share(&w, "top1", (double)t->hits1, n);
    add_share(&w, "top3", (double)t->hits3, n);
    add_share(&w, "majority_top1", (double)t->frequent1, n);
    add_share(&w, "majority_top3", (double)t->frequent3, n);
    if (t->pack != NULL) {
        add_share(&w, "upper_top1", (double)t->upper_hits, n);
        add_share(&w, "kind_top1", (double)t->kind_hits, n);
    }
    add_share(&w, "said_share", t->shares, n);
    add_share(&w, "ms_mean", all, n);
    add_share(&w, "ms_processor", t->busy, n);
    add_share(&w, "ms_p50", t->tested > 0 ? t->took[t->tested / 2] : 0, 1);
    add_share(&w, "ms_p99", t->tested > 0 ? t->took[t->tested * 99 / 100] : 0, 1);
    jw_end_object(&w);
    if (t->json)
        (void)printf("%.*s\n", (int)out.n, out.p);
    else
        (void)printf("learned %zu, asked %lld\nfirst right     %5.1f %%  (always the most frequent: %.1f %%)\n"
                     "among three     %5.1f %%  (always the three most frequent: %.1f %%)\n"
                     "a suggestion    %.2f ms, 99 of 100 within %.2f ms\n",
                     t->train.n, (long long)t->tested, 100 * (double)t->hits1 / n,
                     100 * (double)t->frequent1 / n, 100 * (double)t->hits3 / n,
                     100 * (double)t->frequent3 / n, all / n, t->took[t->tested * 99 / 100]);
    buf_free(&out);
}

/* ---- A place to learn in ------------------------------------------------------------------------------- */

static bool open_place(struct trial *t, struct error *e)
{
    const struct embed_file *pack = embed_find("pack/liuxiao.json");
    const char *tmp = getenv("TMPDIR");
    struct db_where where = {.engine = DB_SQLITE, .folder = t->folder};

    (void)snprintf(t->folder, sizeof t->folder, "%s/liuxiao-suggest.XXXXXX", tmp != NULL ? tmp : "/tmp");
    if (mkdtemp(t->folder) == NULL)
        return error_setf(e, ERROR_DATA_FOLDER, "data", "%s", t->folder);
    (void)snprintf(t->key_file, sizeof t->key_file, "%s/key", t->folder);
    if (t->by_pack && !pack_read(&t->pack, str_range((const char *)pack->data, pack->size), e))
        return false;
    return keyring_create(t->key_file, e) && keyring_open(&t->core.keys, t->key_file, e) &&
           db_open(&t->db, &where, DB_WRITER, e) && derived_ready(t->db, e);
}

static void close_place(struct trial *t)
{
    static const char *const files[] = {"key",        "liuxiao.db",     "liuxiao.db-wal", "liuxiao.db-shm",
                                        "derived.db", "derived.db-wal", "derived.db-shm"};
    char path[512];

    if (t->db != NULL)
        db_close(t->db);
    keyring_close(t->core.keys);
    if (t->pack != NULL)
        pack_close(t->pack);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", t->folder, files[i]);
        (void)unlink(path);
    }
    (void)rmdir(t->folder);
    arena_close(t->arena);
}

int cli_suggest(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {
        {.name = "train", .meaning = "table to learn from: csv (also .gz), or xlsx"},
        {.name = "test",
         .meaning = "table to ask about; without it each row of the first is asked for without itself"},
        {.name = "text", .meaning = "columns with the words, with commas; of several the first is the title"},
        {.name = "title", .meaning = "column with the title"},
        {.name = "class", .meaning = "column with what is to be guessed"},
        {.name = "pack",
         .meaning = "the classes are categories of the pack, whose words are known beforehand",
         .alone = true},
        {.name = "json", .meaning = "for programs", .alone = true},
        {0},
    };
    const char *rest[1];
    struct trial t = {0};
    struct error e;
    bool help;

    (void)config;
    if (!cli_flags("suggest", argc, argv, flags, rest, 0, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    if (flags[0].value == NULL || flags[2].value == NULL || flags[4].value == NULL) {
        (void)fputs("liuxiao suggest: --train FILE, --text COLUMNS and --class COLUMN are needed\n", stderr);
        return EXIT_USAGE;
    }
    error_clear(&e);
    t = (struct trial){.texts = flags[2].value,
                       .title = flags[3].value,
                       .class = flags[4].value,
                       .by_pack = flags[5].value != NULL,
                       .json = flags[6].value != NULL,
                       .arena = arena_open()};
    bool ok = read_table(&t, flags[0].value, &t.train, &e) &&
              (flags[1].value == NULL || read_table(&t, flags[1].value, &t.test, &e)) && open_place(&t, &e) &&
              learn_all(&t, &e) && ask_all(&t, &e);
    if (ok && t.tested > 0)
        print(&t);
    close_place(&t);
    return ok ? EXIT_DONE : cli_fail(&e);
}
