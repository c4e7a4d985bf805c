/* Sentences for people, by key, from the json files of lang/ (embedded). Keys are dotted
 * ("error.not_found"); `{0}` … `{3}` are parameters. What stands in [[ ]] is left out when a parameter in
 * it is empty: "太长了[[，最多 {0} 个字]]。". For sentences under "error." {0} is the error's detail and {1} the
 * label of its field. */
#ifndef BASE_LANG_H
#define BASE_LANG_H

#include "base/arena.h"
#include "base/str.h"

enum lang { LANG_ZH_CN, LANG_ZH_HANT, LANG_EN, LANG_COUNT };

/* "zh-CN", "zh-Hant", "en" */
const char *lang_tag(enum lang lang);
/* From an Accept-Language header or a tag; anything unknown is zh-CN. */
enum lang lang_choose(struct str header);

/* The sentence with its parameters (null counts as empty) put in; in zh-CN when this language lacks it,
 * the key itself when that does too (a test proves that every key exists in all languages). */
const char *lang_say(struct arena *a, enum lang lang, const char *key, const char *const *params, size_t n);
/* As it stands, parameters not put in; never null; static. */
const char *lang_word(enum lang lang, const char *key);

#endif
