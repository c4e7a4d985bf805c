/* First letters of names in pinyin: ICU gives the common reading of a character, two small tables what it can't know. */
#include <pthread.h>
#include <unicode/utrans.h>

#include "core/search_fold.h"

enum { PLANE = 0x10000 };

/* Characters that begin differently as a surname. */
static const struct {
    UChar c;
    char letter;
} surnames[] = {
    {u'单', 's'}, {u'仇', 'q'}, {u'解', 'x'}, {u'曾', 'z'}, {u'区', 'o'}, {u'查', 'z'}, {u'盖', 'g'},
    {u'朴', 'p'}, {u'翟', 'z'}, {u'乐', 'y'}, {u'重', 'c'}, {u'种', 'c'}, {u'缪', 'm'}, {u'覃', 'q'},
    {u'员', 'y'}, {u'召', 's'}, {u'祭', 'z'}, {u'秘', 'b'}, {u'折', 's'}, {u'长', 'c'}, {u'幺', 'y'},
    {u'车', 'c'}, {u'逄', 'p'}, {u'冼', 'x'}, {u'尉', 'w'}, {u'黑', 'h'}, {u'那', 'n'}, {u'褚', 'c'},
    {u'卜', 'b'}, {u'晁', 'c'}, {u'句', 'g'}, {u'隗', 'w'}, {u'宓', 'm'}, {u'谌', 'c'}, {u'藏', 'z'},
};

/* Surnames of two characters whose first is read otherwise than alone. */
static const struct {
    UChar c[2];
    char letters[2];
} long_surnames[] = {{{u'尉', u'迟'}, {'y', 'c'}},
                     {{u'单', u'于'}, {'c', 'y'}},
                     {{u'万', u'俟'}, {'m', 'q'}},
                     {{u'长', u'孙'}, {'z', 's'}},
                     {{u'澹', u'台'}, {'t', 't'}}};

/* Characters of given names that are as often read in a second way: {character, first letter, other}. */
static const struct {
    UChar c;
    char letters[2];
} doubles[] = {
    {u'长', {'c', 'z'}}, {u'乐', {'l', 'y'}}, {u'朝', {'c', 'z'}}, {u'行', {'x', 'h'}}, {u'重', {'z', 'c'}},
    {u'传', {'c', 'z'}}, {u'曾', {'z', 'c'}}, {u'茜', {'q', 'x'}}, {u'晟', {'s', 'c'}}, {u'藏', {'c', 'z'}},
    {u'调', {'d', 't'}}, {u'参', {'c', 's'}}, {u'校', {'x', 'j'}}, {u'解', {'j', 'x'}}, {u'单', {'d', 's'}},
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* a transliterator belongs to one thread at a time */
static UTransliterator *readings;
static bool opened;
static char known[PLANE]; /* 0: not asked yet; '?': has none */

static char ask(UChar c)
{
    static const UChar name[] = u"Han-Latin; Latin-ASCII; Lower";
    UErrorCode status = U_ZERO_ERROR;
    UChar text[16] = {c};
    int32_t n = 1, limit = 1;

    if (!opened) {
        readings = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
        opened = true;
    }
    if (readings != NULL && U_SUCCESS(status))
        utrans_transUChars(readings, text, &n, 16, 0, &limit, &status);
    return readings != NULL && U_SUCCESS(status) && n > 0 && text[0] >= 'a' && text[0] <= 'z' ? (char)text[0]
                                                                                              : '?';
}

static char reading(uint32_t c)
{
    if (c >= PLANE)
        return '?';
    (void)pthread_mutex_lock(&lock);
    if (known[c] == 0)
        known[c] = ask((UChar)c);
    char letter = known[c];
    (void)pthread_mutex_unlock(&lock);
    return letter;
}

/* The surname's letters; returns how many characters they stand for, 0: read as any other. */
static size_t surname(const struct folded *name, char out[2])
{
    for (size_t i = 0; name->n > 2 && i < sizeof long_surnames / sizeof long_surnames[0]; i++)
        if (name->c[0] == long_surnames[i].c[0] && name->c[1] == long_surnames[i].c[1]) {
            memcpy(out, long_surnames[i].letters, 2);
            return 2;
        }
    for (size_t i = 0; i < sizeof surnames / sizeof surnames[0]; i++)
        if (name->c[0] == surnames[i].c) {
            out[0] = surnames[i].letter;
            return 1;
        }
    return 0;
}

static const char *double_of(uint32_t c)
{
    for (size_t i = 0; i < sizeof doubles / sizeof doubles[0]; i++)
        if (doubles[i].c == c)
            return doubles[i].letters;
    return NULL;
}

size_t fold_initials(const struct folded *name, char ret[FOLD_READINGS][FOLD_INITIALS])
{
    char given[2];
    size_t count = 1;

    if (name->n < 2 || name->n >= FOLD_INITIALS)
        return 0;
    for (size_t i = 0; i < name->n; i++)
        if (fold_class(name->c[i]) != FOLD_HAN)
            return 0;
    memset(ret, 0, (size_t)FOLD_READINGS * FOLD_INITIALS);
    size_t from = surname(name, given);
    memcpy(ret[0], given, from);
    for (size_t i = from; i < name->n; i++) {
        const char *both = i > 0 ? double_of(name->c[i]) : NULL;
        size_t before = count;
        if (both != NULL && 2 * count <= FOLD_READINGS) {
            for (size_t k = 0; k < before; k++)
                memcpy(ret[count++], ret[k], FOLD_INITIALS);
        }
        for (size_t k = 0; k < count; k++)
            ret[k][i] = both == NULL ? reading(name->c[i]) : both[k >= before];
    }
    return count;
}
