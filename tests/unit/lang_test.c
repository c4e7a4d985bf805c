#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/embed.h"
#include "base/error.h"
#include "base/json.h"
#include "base/lang.h"

static void every_error_has_a_sentence_in_every_language(void **state)
{
    char key[64];

    (void)state;
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        for (int code = 0; code < ERROR_COUNT; code++) {
            (void)snprintf(key, sizeof key, "error.%s", error_name((enum error_code)code));
            const char *text = lang_word((enum lang)lang, key);
            if (text == key)
                fail_msg("%s lacks %s", lang_tag((enum lang)lang), key);
        }
        assert_true(lang_word((enum lang)lang, "page.error.title")[0] != 'p');
    }
}

/* Visits every text below `object`, with its dotted key. */
static void visit(const json_t *object, const char *before, void (*each)(const char *key, const char *text))
{
    const char *key;
    json_t *value;
    char path[256];

    json_object_foreach((json_t *)object, key, value) {
        (void)snprintf(path, sizeof path, "%s%s%s", before, before[0] != '\0' ? "." : "", key);
        if (json_is_object(value)) {
            visit(value, path, each);
            continue;
        }
        if (!json_is_string(value))
            fail_msg("%s is neither a text nor an object", path);
        each(path, json_string_value(value));
    }
}

static json_t *open_file(const char *path)
{
    const struct embed_file *file = embed_find(path);

    assert_non_null(file);
    json_t *whole = json_read(str_range((const char *)file->data, file->size), NULL);
    assert_non_null(whole);
    return whole;
}

/* Which of {0} … {3} a sentence uses. */
static unsigned params_of(const char *text)
{
    unsigned used = 0;

    for (const char *at = text; (at = strchr(at, '{')) != NULL; at++)
        if (isdigit((unsigned char)at[1]) && at[2] == '}')
            used |= 1u << (at[1] - '0');
    return used;
}

static json_t *languages[LANG_COUNT];

static const char *text_in(enum lang lang, const char *key)
{
    const json_t *at = languages[lang];
    struct str rest = str_of(key), part;

    while (at != NULL && str_split(&rest, '.', &part))
        at = json_object_getn(at, part.p, part.n);
    return json_string_value(at);
}

static void same_in_all(const char *key, const char *text)
{
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        const char *other = text_in((enum lang)lang, key);
        if (other == NULL || other[0] == '\0')
            fail_msg("%s lacks %s", lang_tag((enum lang)lang), key);
        else if (params_of(other) != params_of(text))
            fail_msg("%s: %s has other parameters", lang_tag((enum lang)lang), key);
        else if (params_of(other) > 15)
            fail_msg("%s: %s has parameters past {3}", lang_tag((enum lang)lang), key);
    }
}

static void every_key_exists_in_all_languages(void **state)
{
    (void)state;
    languages[LANG_ZH_CN] = open_file("lang/zh-CN.json");
    languages[LANG_ZH_HANT] = open_file("lang/zh-Hant.json");
    languages[LANG_EN] = open_file("lang/en.json");
    for (int lang = 0; lang < LANG_COUNT; lang++)
        visit(languages[lang], "", same_in_all);
    for (int lang = 0; lang < LANG_COUNT; lang++)
        json_release(&languages[lang]);
}

/* No sentence shows holes when an error carries neither detail nor field. */
static void sentences_read_well_without_parameters(void **state)
{
    struct arena *a = arena_open();
    char key[64];

    (void)state;
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        for (int code = 0; code < ERROR_COUNT; code++) {
            (void)snprintf(key, sizeof key, "error.%s", error_name((enum error_code)code));
            const char *said = lang_say(a, (enum lang)lang, key, NULL, 0);
            const char *holes[] = {"{",  "[",   "  ",   "（）", "“”", "「」",
                                   "()", " 。", "：。", "，。", " .", ": ."};
            for (size_t i = 0; i < sizeof holes / sizeof holes[0]; i++)
                if (strstr(said, holes[i]) != NULL)
                    fail_msg("%s %s: %s", lang_tag((enum lang)lang), key, said);
            assert_true(strlen(said) > 10);
        }
    }
    arena_close(a);
}

static void parameters_are_put_in(void **state)
{
    struct arena *a = arena_open();
    const char *both[] = {"40", "标题"}, *detail[] = {"40"}, *field[] = {NULL, "标题"},
               *tricky[] = {"{1}[[x]]", "y"};

    (void)state;
    assert_string_equal(lang_say(a, LANG_ZH_CN, "error.too_long", both, 2), "“标题”写得太长了，最多 40 个字。");
    assert_string_equal(lang_say(a, LANG_ZH_CN, "error.too_long", detail, 1), "写得太长了，最多 40 个字。");
    assert_string_equal(lang_say(a, LANG_ZH_CN, "error.too_long", field, 2), "“标题”写得太长了。");
    assert_string_equal(lang_say(a, LANG_ZH_CN, "error.too_long", NULL, 0), "写得太长了。");
    assert_string_equal(lang_say(a, LANG_ZH_HANT, "error.stale", NULL, 0),
                        "這件事剛被別人改過，請重新整理後再辦。");
    /* what stands in a parameter is text, not another sentence */
    assert_string_equal(lang_say(a, LANG_ZH_CN, "error.too_long", tricky, 2),
                        "“y”写得太长了，最多 {1}[[x]] 个字。");
    arena_close(a);
}

static void an_unknown_key_is_said_as_it_is(void **state)
{
    struct arena *a = arena_open();

    (void)state;
    assert_string_equal(lang_word(LANG_EN, "no.such.key"), "no.such.key");
    assert_string_equal(lang_say(a, LANG_EN, "no.such.{0}", NULL, 0), "no.such.{0}");
    assert_string_equal(lang_word(LANG_EN, "error"), "error");
    assert_string_equal(lang_word(LANG_EN, ""), "");
    arena_close(a);
}

static void chooses_the_reader_s_language(void **state)
{
    static const struct {
        const char *header;
        enum lang lang;
    } rows[] = {
        {"", LANG_ZH_CN},
        {"zh-CN", LANG_ZH_CN},
        {"zh", LANG_ZH_CN},
        {"zh-Hans-HK", LANG_ZH_CN},
        {"zh-Hant", LANG_ZH_HANT},
        {"zh-TW,zh;q=0.9,en-US;q=0.8", LANG_ZH_HANT},
        {"ZH-hk", LANG_ZH_HANT},
        {"en", LANG_EN},
        {"en-GB,en;q=0.9,zh-CN;q=0.8", LANG_EN},
        {"en;q=0.2, zh-CN;q=0.85", LANG_ZH_CN},
        {"zh-CN;q=0.8,en;q=0.801", LANG_EN},
        {"fr-FR, de;q=0.9, en;q=0.1", LANG_EN},
        {"fr", LANG_ZH_CN},
        {"*", LANG_ZH_CN},
        {"en;q=0", LANG_ZH_CN},
        {"en;q=x", LANG_ZH_CN},
        {"english", LANG_ZH_CN},
        {",,;;q=,en ; q=0.5", LANG_EN},
        {"en;q=1.000", LANG_EN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (lang_choose(str_of(rows[i].header)) != rows[i].lang)
            fail_msg("%s", rows[i].header);
    for (int lang = 0; lang < LANG_COUNT; lang++)
        assert_int_equal(lang_choose(str_of(lang_tag((enum lang)lang))), lang);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_has_a_sentence_in_every_language),
        cmocka_unit_test(every_key_exists_in_all_languages),
        cmocka_unit_test(sentences_read_well_without_parameters),
        cmocka_unit_test(parameters_are_put_in),
        cmocka_unit_test(an_unknown_key_is_said_as_it_is),
        cmocka_unit_test(chooses_the_reader_s_language),
    };
    return cmocka_run_group_tests_name("lang", tests, NULL, NULL);
}
