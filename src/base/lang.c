#include "base/lang.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/embed.h"
#include "base/json.h"
#include "base/log.h"

struct sentence {
    const char *key, *text;
};

struct table {
    struct sentence *rows; /* by key */
    size_t n;
};

static const char *const tags[LANG_COUNT] = {"zh-CN", "zh-Hant", "en"};
static const char *const files[LANG_COUNT] = {"lang/zh-CN.json", "lang/zh-Hant.json", "lang/en.json"};

static struct table tables[LANG_COUNT];
static struct arena *memory; /* of all tables, until the process ends */
static pthread_once_t loaded = PTHREAD_ONCE_INIT;

/* --- the tables --- */

static size_t count_texts(const json_t *object)
{
    const char *key;
    json_t *value;
    size_t n = 0;

    json_object_foreach((json_t *)object, key, value)
        n += json_is_object(value) ? count_texts(value) : json_is_string(value);
    return n;
}

static void flatten(struct table *t, const json_t *object, const char *before)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)object, key, value) {
        const char *path = arena_printf(memory, "%s%s%s", before, before[0] != '\0' ? "." : "", key);
        if (json_is_object(value))
            flatten(t, value, path);
        else if (json_is_string(value))
            t->rows[t->n++] = (struct sentence){path, arena_z(memory, str_of(json_string_value(value)))};
    }
}

static int by_key(const void *a, const void *b)
{
    const struct sentence *x = a, *y = b;

    return strcmp(x->key, y->key);
}

static void load(enum lang lang)
{
    const struct embed_file *file = embed_find(files[lang]);
    struct error e = {0};

    if (file == NULL) {
        log_event(LOG_ERROR, "lang.missing", "file=%s", files[lang]);
        return;
    }
    JSON_OWNED json_t *whole = json_read(str_range((const char *)file->data, file->size), &e);
    if (whole == NULL) {
        log_problem(LOG_ERROR, "lang.broken", &e);
        return;
    }
    struct table *t = &tables[lang];
    t->rows = ARENA_ARRAY(memory, struct sentence, count_texts(whole) + 1);
    flatten(t, whole, "");
    qsort(t->rows, t->n, sizeof t->rows[0], by_key);
}

static void load_all(void)
{
    memory = arena_open();
    for (int lang = 0; lang < LANG_COUNT; lang++)
        load((enum lang)lang);
}

static const char *find(enum lang lang, const char *key)
{
    struct sentence wanted = {key, NULL};
    const struct table *t = &tables[lang];
    const struct sentence *found = t->n > 0 ? bsearch(&wanted, t->rows, t->n, sizeof wanted, by_key) : NULL;

    return found != NULL ? found->text : NULL;
}

const char *lang_word(enum lang lang, const char *key)
{
    (void)pthread_once(&loaded, load_all);
    const char *text = find(lang, key);
    if (text == NULL)
        text = find(LANG_ZH_CN, key);
    return text != NULL ? text : key;
}

/* --- sentences with parameters --- */

struct params {
    const char *const *p;
    size_t n;
};

/* Reads "{0}" at the start of `s`; the parameter may be missing or null. */
static bool is_param(struct str s, struct params params, struct str *ret)
{
    if (s.n < 3 || s.p[0] != '{' || s.p[1] < '0' || s.p[1] > '9' || s.p[2] != '}')
        return false;
    size_t i = (size_t)(s.p[1] - '0');
    *ret = i < params.n ? str_of(params.p[i]) : STR("");
    return true;
}

static bool all_given(struct str part, struct params params)
{
    struct str value;

    for (size_t i = 0; i < part.n; i++)
        if (is_param(str_range(part.p + i, part.n - i), params, &value) && value.n == 0)
            return false;
    return true;
}

static void add_filled(struct buf *out, struct str text, struct params params)
{
    const struct str opens = STR("[["), closes = STR("]]");
    struct str value;

    while (text.n > 0) {
        const char *end = str_starts(text, opens) ? memmem(text.p, text.n, closes.p, closes.n) : NULL;
        size_t step = 1;
        if (end != NULL) {
            struct str part = str_range(text.p + opens.n, (size_t)(end - text.p) - opens.n);
            if (all_given(part, params))
                add_filled(out, part, params);
            step = (size_t)(end - text.p) + closes.n;
        } else if (is_param(text, params, &value)) {
            buf_add(out, value);
            step = 3;
        } else {
            buf_addc(out, text.p[0]);
        }
        text = str_range(text.p + step, text.n - step);
    }
}

const char *lang_say(struct arena *a, enum lang lang, const char *key, const char *const *params, size_t n)
{
    const char *text = lang_word(lang, key);
    struct buf out = BUF_INIT(BUF_LINE);

    if (text == key || strpbrk(text, "{[") == NULL)
        return text;
    add_filled(&out, str_of(text), (struct params){params, n});
    const char *said = arena_z(a, buf_str(&out));
    buf_free(&out);
    return said;
}

/* --- choosing --- */

const char *lang_tag(enum lang lang)
{
    return tags[lang];
}

/* Does the tag begin with these subtags? ("zh-TW" with "zh") */
static bool tag_is(struct str tag, const char *with)
{
    size_t n = strlen(with);

    return tag.n >= n && strncasecmp(tag.p, with, n) == 0 && (tag.n == n || tag.p[n] == '-');
}

static bool tag_lang(struct str tag, enum lang *ret)
{
    static const char *const traditional[] = {"zh-Hant", "zh-TW", "zh-HK", "zh-MO"};

    if (tag_is(tag, "en")) {
        *ret = LANG_EN;
        return true;
    }
    if (!tag_is(tag, "zh"))
        return false;
    *ret = LANG_ZH_CN;
    for (size_t i = 0; i < sizeof traditional / sizeof traditional[0]; i++)
        if (tag_is(tag, traditional[i]))
            *ret = LANG_ZH_HANT;
    return true;
}

/* The weight "q=0.8" in thousandths; 1000 when there is none, 0 when it is nonsense. */
static int weight_of(struct str params)
{
    struct str part;

    while (str_split(&params, ';', &part)) {
        part = str_trim(part);
        if (!str_starts(part, STR("q=")) && !str_starts(part, STR("Q=")))
            continue;
        if (part.n < 3 || (part.p[2] != '0' && part.p[2] != '1'))
            return 0;
        int weight = part.p[2] == '1' ? 1000 : 0, place = 100;
        for (size_t i = 4; i < part.n && i < 7 && part.p[2] == '0'; i++, place /= 10)
            if (part.p[i] >= '0' && part.p[i] <= '9')
                weight += (part.p[i] - '0') * place;
        return weight;
    }
    return 1000;
}

enum lang lang_choose(struct str header)
{
    enum lang best = LANG_ZH_CN, lang;
    int best_weight = 0;
    struct str choice, tag;

    while (str_split(&header, ',', &choice)) {
        if (!str_split(&choice, ';', &tag) || !tag_lang(str_trim(tag), &lang))
            continue;
        int weight = weight_of(choice);
        if (weight > best_weight) {
            best = lang;
            best_weight = weight;
        }
    }
    return best;
}
