#include "core/search_fold.h"

#include <pthread.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>
#include <unicode/utrans.h>

#include "base/log.h"

enum { PLANE = 0x10000, EXPANSION_MOST = 8, EXPANSIONS_MOST = 2048 };

/* For every character of the basic plane: what it folds to, or EXPANDS when that is several characters. */
enum { EXPANDS = 0xFFFF };
static uint16_t folds[PLANE];
static uint8_t classes[PLANE];
static bool composes[PLANE]; /* joins with the character before it: then the whole text is composed first */
static struct expansion {
    uint16_t from;
    uint16_t to[EXPANSION_MOST];
    uint8_t n;
} expansions[EXPANSIONS_MOST];
static size_t expansion_count;
static pthread_once_t made = PTHREAD_ONCE_INIT;

static enum fold_class classify(UChar32 c)
{
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(c, &status);

    if (c == 0x3007 || c == 0x3005 || script == USCRIPT_HAN || script == USCRIPT_HIRAGANA ||
        script == USCRIPT_KATAKANA || script == USCRIPT_HANGUL || script == USCRIPT_BOPOMOFO)
        return u_isalnum(c) || c == 0x3005 || c == 0x3007 ? FOLD_HAN : FOLD_GAP;
    if (u_isdigit(c))
        return FOLD_DIGIT;
    return u_isalpha(c) || u_isalnum(c) ? FOLD_LETTER : FOLD_GAP;
}

/* Compatibility form and case of one character. */
static void fold_one(const UNormalizer2 *casefold, UChar c)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar out[32];
    int32_t n = unorm2_normalize(casefold, &c, 1, out, 32, &status);

    folds[c] = c;
    if (U_FAILURE(status) || n == 0 || (n == 1 && out[0] != EXPANDS)) {
        if (U_SUCCESS(status) && n == 1)
            folds[c] = out[0];
        return;
    }
    if (n > EXPANSION_MOST || expansion_count == EXPANSIONS_MOST)
        return; /* the longest are a few Arabic words written as one character */
    struct expansion *x = &expansions[expansion_count++];
    x->from = c;
    x->n = (uint8_t)n;
    for (int32_t i = 0; i < n; i++)
        x->to[i] = out[i];
    folds[c] = EXPANDS;
}

/* Traditional to simplified, for all ideographs in one go: each on a line of its own, so that no rule sees two of them together. */
static void simplify(void)
{
    enum { FIRST = 0x3400, LAST = 0x9FFF, COUNT = LAST - FIRST + 1 };
    UErrorCode status = U_ZERO_ERROR;
    static const UChar name[] = u"Hant-Hans";
    UTransliterator *t = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    int32_t n = 2 * COUNT, limit = n, capacity = 4 * COUNT;
    UChar *text = malloc(sizeof *text * (size_t)capacity);

    for (int32_t i = 0; text != NULL && i < COUNT; i++) {
        text[2 * i] = (UChar)(FIRST + i);
        text[2 * i + 1] = u'\n';
    }
    if (text != NULL && U_SUCCESS(status))
        utrans_transUChars(t, text, &n, capacity, 0, &limit, &status);
    if (text == NULL || U_FAILURE(status) || n != 2 * COUNT)
        log_event(LOG_WARN, "search.fold", "traditional=as_written");
    else
        for (int32_t i = 0; i < COUNT; i++)
            if (text[2 * i + 1] == u'\n' && folds[FIRST + i] == FIRST + i)
                folds[FIRST + i] = text[2 * i];
    free(text);
    if (t != NULL)
        utrans_close(t);
}

static void make(void)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *casefold = unorm2_getNFKCCasefoldInstance(&status);

    for (uint32_t c = 0; c < PLANE; c++) {
        folds[c] = (uint16_t)c;
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        classes[c] = (uint8_t)classify((UChar32)c);
        composes[c] = u_getIntPropertyValue((UChar32)c, UCHAR_NFC_QUICK_CHECK) == UNORM_MAYBE ||
                      u_getCombiningClass((UChar32)c) != 0;
        if (U_SUCCESS(status))
            fold_one(casefold, (UChar)c);
    }
    simplify();
    /* Compatibility ideographs came to their common form above; that form may be a traditional one. */
    for (uint32_t c = 0xF900; c < 0xFB00; c++)
        if (folds[c] != EXPANDS)
            folds[c] = folds[folds[c]] != EXPANDS ? folds[folds[c]] : folds[c];
}

enum fold_class fold_class(uint32_t c)
{
    if (c < PLANE)
        return (enum fold_class)classes[c];
    return c >= 0x20000 && c < 0x40000 ? FOLD_HAN : FOLD_GAP;
}

static bool needs_composing(struct str text)
{
    for (size_t i = 0; i < text.n;) {
        UChar32 c;
        U8_NEXT(text.p, i, text.n, c);
        if (c >= 0x300 && c < PLANE && composes[c])
            return true;
    }
    return false;
}

static struct str compose(struct arena *a, struct str text)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    int32_t capacity = (int32_t)text.n * 3 + 1, n = 0, bytes = 0;
    UChar *wide = ARENA_ARRAY(a, UChar, capacity), *out = ARENA_ARRAY(a, UChar, capacity);
    char *composed = arena_alloc(a, (size_t)capacity * 3);

    u_strFromUTF8WithSub(wide, capacity, &n, text.p, (int32_t)text.n, 0xFFFD, NULL, &status);
    n = unorm2_normalize(nfc, wide, n, out, capacity, &status);
    u_strToUTF8WithSub(composed, capacity * 3, &bytes, out, n, 0xFFFD, NULL, &status);
    return U_SUCCESS(status) ? str_range(composed, (size_t)bytes) : text;
}

static int by_from(const void *key, const void *row)
{
    uint16_t c = *(const uint16_t *)key, from = ((const struct expansion *)row)->from;
    return (c > from) - (c < from);
}

static const struct expansion *expansion_of(uint16_t c)
{
    return bsearch(&c, expansions, expansion_count, sizeof *expansions, by_from);
}

void fold(struct arena *a, struct str text, struct folded *ret)
{
    (void)pthread_once(&made, make);
    if (needs_composing(text))
        text = compose(a, text);

    size_t room = text.n + EXPANSION_MOST, n = 0;
    uint32_t *out = ARENA_ARRAY(a, uint32_t, room), *at = ARENA_ARRAY(a, uint32_t, room + 1);
    for (size_t i = 0; i < text.n;) {
        uint32_t from = (uint32_t)i;
        UChar32 c;
        U8_NEXT(text.p, i, text.n, c);
        const struct expansion *x = c >= 0 && c < PLANE && folds[c] == EXPANDS ? expansion_of((uint16_t)c) : NULL;
        size_t count = x != NULL ? x->n : 1;
        if (n + count + (text.n - i) > room) { /* several characters out of three bytes: rare */
            size_t more = 2 * room + EXPANSION_MOST;
            out = memcpy(ARENA_ARRAY(a, uint32_t, more), out, n * sizeof *out);
            at = memcpy(ARENA_ARRAY(a, uint32_t, more + 1), at, n * sizeof *at);
            room = more;
        }
        for (size_t k = 0; k < count; k++) {
            out[n] = x != NULL ? x->to[k] : c < 0 ? 0xFFFD : c < PLANE ? folds[c] : (uint32_t)u_tolower(c);
            at[n++] = from;
        }
    }
    at[n] = (uint32_t)text.n;
    *ret = (struct folded){.c = out, .at = at, .n = n, .source = text};
}

size_t fold_run(const struct folded *f, size_t from)
{
    size_t end = from + 1;
    while (end < f->n && fold_class(f->c[end]) == fold_class(f->c[from]))
        end++;
    return end;
}
