#include "core/suggest_text.h"

#include <math.h>
#include <stdlib.h>

/* A number's unit is looked for right behind it; longer runs of letters are cut. */
enum { WORD_MOST = 40, DIGITS_TOLD = 8, NAME_LEAST = 2 };

void features_open(struct features *f, const struct core *core, struct arena *a)
{
    *f = (struct features){.arena = a, .room = 256};
    f->v = ARENA_ARRAY(a, struct feature, f->room);
    term_key(core, &f->key);
}

void features_leave_out(struct features *f, const struct str *names, size_t n)
{
    struct folded *left = ARENA_ARRAY(f->arena, struct folded, n + 1);
    for (size_t i = 0; i < n; i++)
        fold(f->arena, names[i], &left[i]);
    f->left_out = left;
    f->left_out_count = n;
}

static void put(struct features *f, enum term_kind kind, const uint32_t *c, size_t n, struct str at, int64_t weight)
{
    if (f->n == FEATURES_MOST)
        return;
    if (f->n == f->room) {
        f->v = memcpy(ARENA_ARRAY(f->arena, struct feature, 2 * f->room), f->v, f->n * sizeof *f->v);
        f->room *= 2;
    }
    f->v[f->n++] = (struct feature){.term = term_of(&f->key, kind, c, n * sizeof *c),
                                    .weight = weight,
                                    .at = at,
                                    .single = kind == TERM_CHARACTER || kind == TERM_NUMBER};
}

static struct str slice(const struct folded *text, size_t from, size_t n)
{
    return str_range(text->source.p + text->at[from], text->at[from + n] - text->at[from]);
}

/* A sum, a house, a month: the number itself says nothing, what it counts does. Without a unit its length does: a telephone, a year. */
static void put_number(struct features *f, const struct folded *text, size_t from, size_t n, int64_t weight)
{
    uint32_t what = (uint32_t)(n < DIGITS_TOLD ? n : DIGITS_TOLD);
    size_t with = n;

    if (from + n < text->n && fold_class(text->c[from + n]) == FOLD_HAN) {
        what = text->c[from + n];
        with++;
    }
    put(f, TERM_NUMBER, &what, 1, slice(text, from, with), weight);
}

static void put_run(struct features *f, const struct folded *text, size_t from, size_t n, int64_t weight)
{
    const uint32_t *c = text->c + from;

    switch (fold_class(*c)) {
    case FOLD_HAN:
        for (size_t i = 0; i < n; i++) {
            put(f, TERM_CHARACTER, c + i, 1, slice(text, from + i, 1), weight);
            if (i + 1 < n)
                put(f, TERM_PAIR, c + i, 2, slice(text, from + i, 2), weight);
        }
        break;
    case FOLD_LETTER:
        put(f, TERM_WORD, c, n < WORD_MOST ? n : WORD_MOST, slice(text, from, n), weight);
        break;
    case FOLD_DIGIT:
        put_number(f, text, from, n, weight);
        break;
    case FOLD_GAP:
        break;
    }
}

/* Two words of another script that follow each other, as pairs of characters do in Chinese. */
static void put_words(struct features *f, const struct folded *text, size_t first, size_t second, size_t end,
                      int64_t weight)
{
    uint32_t both[2 * WORD_MOST + 1];
    size_t l = fold_run(text, first) - first, r = end - second;

    l = l < WORD_MOST ? l : WORD_MOST;
    r = r < WORD_MOST ? r : WORD_MOST;
    memcpy(both, text->c + first, l * sizeof *both);
    both[l] = ' ';
    memcpy(both + l + 1, text->c + second, r * sizeof *both);
    put(f, TERM_WORD, both, l + 1 + r, slice(text, first, end - first), weight);
}

/* How many characters from here on are a name that is left out. */
static size_t left_out(const struct features *f, const struct folded *text, size_t at)
{
    size_t longest = 0;
    for (size_t i = 0; i < f->left_out_count; i++) {
        const struct folded *name = &f->left_out[i];
        if (name->n >= NAME_LEAST && name->n > longest && at + name->n <= text->n &&
            memcmp(text->c + at, name->c, name->n * sizeof *name->c) == 0)
            longest = name->n;
    }
    return longest;
}

void features_add(struct features *f, struct str text, int64_t weight)
{
    struct folded folded;

    if (text.n == 0)
        return;
    fold(f->arena, text, &folded);
    for (size_t i = 0, word = SIZE_MAX; i < folded.n;) {
        size_t skip = left_out(f, &folded, i), end = i + 1, run = fold_run(&folded, i);
        if (skip > 0) {
            i += skip;
            continue;
        }
        while (end < run && (f->left_out_count == 0 || left_out(f, &folded, end) == 0))
            end++;
        put_run(f, &folded, i, end - i, weight);
        if (fold_class(folded.c[i]) == FOLD_LETTER) {
            if (word != SIZE_MAX)
                put_words(f, &folded, word, i, end, weight);
            word = i;
        } else if (fold_class(folded.c[i]) != FOLD_GAP) {
            word = SIZE_MAX;
        }
        i = end;
    }
}

void features_add_titled(struct features *f, struct str title, struct str text)
{
    title = str_trim(title);
    text = str_trim(text);
    features_add(f, text, WEIGHT_TEXT);
    if (!str_starts(text, title))
        features_add(f, title, WEIGHT_TITLE);
}

static int by_term(const void *a, const void *b)
{
    const struct feature *l = a, *r = b;
    if (l->term != r->term)
        return (l->term > r->term) - (l->term < r->term);
    return (l->weight < r->weight) - (l->weight > r->weight);
}

/* Each once, with its greatest weight: what somebody says five times is not five times as true. Long letters and short notes become equally long
 * vectors, so that one letter doesn't outweigh twenty notes. */
void features_end(struct features *f)
{
    size_t kept = 0;
    double square = 0;

    if (f->n > 1)
        qsort(f->v, f->n, sizeof *f->v, by_term);
    for (size_t i = 0; i < f->n; i++)
        if (kept == 0 || f->v[i].term != f->v[kept - 1].term)
            f->v[kept++] = f->v[i];
    f->n = kept;
    for (size_t i = 0; i < f->n; i++)
        square += (double)(f->v[i].weight * f->v[i].weight);
    for (size_t i = 0; i < f->n; i++) {
        int64_t part = llround((double)f->v[i].weight * FEATURE_UNIT / sqrt(square));
        f->v[i].weight = part > 0 ? part : 1;
    }
}
