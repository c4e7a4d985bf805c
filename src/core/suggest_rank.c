#include "core/suggest_rank.h"

#include <math.h>
#include <stdlib.h>

/* A word that stood in fewer cases of the county tells nothing beyond its own committee, so that what one case says never shows through in another: a
 * surname, a shop. The committee's own cases, and the pack, speak with every word. */
enum { DOCS_LEAST = 3 };

/* Measured on the texts of docs/performance.md; none of them is a sharp optimum. */
static const double smoothing = 3, away_most = 0.75, away_half = 100, prior_part = 0.08, upper_part = 0.5,
                    narrow_half = 2000;

/* Scores lie further apart where there are more classes; with this measure shares were about as large as they were right. */
static double spread(size_t classes)
{
    double v = 0.33 * log((double)classes) - 0.22;
    return v > 0.3 ? v : 0.3;
}

/* ---- One scope ----------------------------------------------------------------------------------------- */

struct count {
    int64_t class;
    double weight;
};

/* What one scope says, before it is weighed against the others. Arrays over classes are as long as the largest id needs. */
struct judge {
    const struct ranking *q;
    struct sum_row *sums;
    size_t sum_count;
    const struct sum_row **of; /* by class */
    struct term_row *rows;     /* by feature */
    struct count *counts;      /* of all features, one after the other */
    size_t *from;              /* by feature, and one more: where its counts begin */
    double *pull;              /* by feature: its part of the text's unit vector, times its rarity */
    double *usual[2]; /* by feature: how near it brings a class on average, of the categories and of the upper ones */
    double *norm;        /* by class: one over its length */
    double *near, *away; /* by class: what the two judges say */
    double docs, weight, terms;
    double classes[2];
    int64_t top; /* the largest class */
};

static bool is_upper(const struct sum_row *s)
{
    return s->name.n > 0 && s->name.p[0] == '^';
}

/* What stands in every letter (您好, 恳请领导, 谢谢) has next to none. */
static double rarity(double all, int64_t docs)
{
    return log((1 + all) / (1 + (double)docs)) + 0.2;
}

static bool read_terms(struct judge *j, int64_t scope, struct term_row **ret, struct error *e)
{
    const struct features *f = j->q->features;
    uint64_t *terms = ARENA_ARRAY(j->q->arena, uint64_t, f->n + 1);
    for (size_t i = 0; i < f->n; i++)
        terms[i] = f->v[i].term;
    return term_rows(j->q->db, j->q->arena, scope, terms, f->n, ret, e);
}

/* Of the county's rare words only what the pack says of them, and the committee that asks. */
static bool without_rare(struct judge *j, int64_t scope, const struct judge *narrow, struct error *e)
{
    struct term_row *pack;

    if (scope == SCOPE_PACK)
        return true;
    if (!read_terms(j, SCOPE_PACK, &pack, e))
        return false;
    for (size_t i = 0; i < j->q->features->n; i++) {
        struct term_row *row = &j->rows[i], own = {0};
        if (row->docs >= DOCS_LEAST)
            continue;
        if (narrow->sum_count > 0)
            own = narrow->rows[i];
        char *both = arena_alloc(j->q->arena, pack[i].counts.n + own.counts.n + 1);
        (void)memcpy(both, pack[i].counts.n > 0 ? pack[i].counts.p : "", pack[i].counts.n);
        (void)memcpy(both + pack[i].counts.n, own.counts.n > 0 ? own.counts.p : "", own.counts.n);
        *row = (struct term_row){row->term, pack[i].docs + own.docs,
                                 str_range(both, pack[i].counts.n + own.counts.n)};
    }
    return true;
}

static void weigh_features(struct judge *j)
{
    const struct features *f = j->q->features;
    double square = 0;

    j->pull = ARENA_ARRAY(j->q->arena, double, f->n + 1);
    for (size_t i = 0; i < f->n; i++) {
        if (j->rows[i].docs == 0)
            continue;
        double part = (double)f->v[i].weight * rarity(j->docs, j->rows[i].docs);
        square += part * part;
        j->pull[i] = part * rarity(j->docs, j->rows[i].docs);
    }
    for (size_t i = 0; i < f->n && square > 0; i++)
        j->pull[i] /= sqrt(square);
}

/* With `narrow` (of the committee that asks) the scope is one that others share. */
static bool judge_open(struct judge *j, const struct ranking *q, int64_t scope, const struct judge *narrow,
                       struct error *e)
{
    *j = (struct judge){.q = q};
    if (!sum_rows(q->db, q->arena, scope, &j->sums, &j->sum_count, e))
        return false;
    if (j->sum_count == 0 && narrow != NULL && scope != SCOPE_PACK) {
        scope = SCOPE_PACK;
        if (!sum_rows(q->db, q->arena, scope, &j->sums, &j->sum_count, e))
            return false;
    }
    if (j->sum_count == 0)
        return true;
    j->docs = (double)j->sums[0].docs;
    j->weight = (double)j->sums[0].weight;
    j->terms = (double)j->sums[0].square;
    j->top = j->sums[j->sum_count - 1].class;
    if (!read_terms(j, scope, &j->rows, e) || (narrow != NULL && !without_rare(j, scope, narrow, e)))
        return false;
    weigh_features(j);
    return true;
}

/* The classes of both scopes lie side by side in arrays of one length. */
static void judge_index(struct judge *j, int64_t top)
{
    struct arena *a = j->q->arena;

    j->of = ARENA_ARRAY(a, const struct sum_row *, top + 1);
    j->norm = ARENA_ARRAY(a, double, top + 1);
    j->near = ARENA_ARRAY(a, double, top + 1);
    j->away = ARENA_ARRAY(a, double, top + 1);
    for (size_t i = 0; i < j->sum_count; i++) {
        const struct sum_row *s = &j->sums[i];
        j->of[s->class] = s;
        if (s->class != 0 && s->square > 0) {
            j->norm[s->class] = 1 / sqrt((double)s->square);
            j->classes[is_upper(s)]++;
        }
    }
}

static void unpack_counts(struct judge *j)
{
    const struct features *f = j->q->features;
    size_t n = 0, room = 0;
    int64_t class, weight;

    for (size_t i = 0; i < f->n; i++)
        room += j->rows[i].counts.n / 2;
    j->counts = ARENA_ARRAY(j->q->arena, struct count, room + 1);
    j->from = ARENA_ARRAY(j->q->arena, size_t, f->n + 1);
    for (size_t i = 0; i < f->n; i++) {
        struct str counts = j->rows[i].counts;
        j->from[i] = n;
        while (counts_next(&counts, &class, &weight))
            if (class <= j->top && j->norm[class] > 0)
                j->counts[n++] = (struct count){class, (double)weight};
    }
    j->from[f->n] = n;
}

/* ---- Scores -------------------------------------------------------------------------------------------- */

/* Classes of one floor: categories, or the upper ones. */
struct floor {
    const struct class_row *v; /* id and name */
    size_t n;
};

/* Mean 0 and deviation 1 over the classes of a floor: so two judges that count in different measures can be added. */
static void level_out(double *v, const struct floor *f)
{
    double mean = 0, square = 0;
    for (size_t i = 0; i < f->n; i++)
        mean += v[f->v[i].id] / (double)f->n;
    for (size_t i = 0; i < f->n; i++)
        square += (v[f->v[i].id] - mean) * (v[f->v[i].id] - mean) / (double)f->n;
    for (size_t i = 0; i < f->n; i++)
        v[f->v[i].id] = square > 1e-18 ? (v[f->v[i].id] - mean) / sqrt(square) : 0;
}

static double smooth_of(const struct judge *j, bool upper)
{
    return smoothing * j->weight / j->terms / (j->classes[upper] > 0 ? j->classes[upper] : 1);
}

/* Both judges' sums in one walk over the counts. A class that a term has never stood in costs nothing here. */
static void hear(struct judge *j)
{
    const struct features *f = j->q->features;
    const double smooth[2] = {smooth_of(j, false), smooth_of(j, true)};

    j->usual[0] = ARENA_ARRAY(j->q->arena, double, f->n + 1);
    j->usual[1] = ARENA_ARRAY(j->q->arena, double, f->n + 1);
    for (size_t i = 0; i < f->n; i++) {
        double all = 0, whole[2];
        for (size_t k = j->from[i]; k < j->from[i + 1]; k++)
            all += is_upper(j->of[j->counts[k].class]) ? 0 : j->counts[k].weight;
        whole[0] = log(all + smooth[0]);
        whole[1] = log(all + smooth[1]);
        for (size_t k = j->from[i]; k < j->from[i + 1]; k++) {
            int64_t class = j->counts[k].class;
            bool upper = is_upper(j->of[class]);
            double near = j->pull[i] * j->counts[k].weight * j->norm[class], rest = all - j->counts[k].weight;
            j->near[class] += near;
            j->usual[upper][i] += near / j->classes[upper];
            j->away[class] +=
                (double)f->v[i].weight * (whole[upper] - log((rest > 0 ? rest : 0) + smooth[upper]));
        }
    }
}

/* The length of a class counts its common words in full, and openings and thanks are most of a letter. What the text shares with it shows how much of the
 * length is of that sort: that much is left out. */
static void shorten(struct judge *j, int64_t top)
{
    double *common = ARENA_ARRAY(j->q->arena, double, top + 1), most = rarity(j->docs, 0);

    for (size_t i = 0; i < j->q->features->n; i++) {
        double part = rarity(j->docs, j->rows[i].docs) / most;
        for (size_t k = j->from[i]; k < j->from[i + 1]; k++)
            common[j->counts[k].class] += (1 - part * part) * j->counts[k].weight * j->counts[k].weight;
    }
    for (size_t i = 0; i < j->sum_count; i++) {
        double whole = (double)j->sums[i].square, left = whole - common[j->sums[i].class];
        if (j->norm[j->sums[i].class] > 0)
            j->norm[j->sums[i].class] = 1 / sqrt(fmax(left, whole / 20));
    }
}

static bool speaks(const struct judge *j)
{
    return j->sum_count > 0 && j->terms > 0;
}

static void consider(struct judge *j, int64_t top)
{
    if (!speaks(j))
        return;
    unpack_counts(j);
    shorten(j, top);
    hear(j);
}

/* Adds what a scope says, `part` of it, to the scores of a floor. */
static void score(struct judge *j, const struct floor *floor, bool upper, double part, double *ret)
{
    double length = 0;

    if (!speaks(j) || j->classes[upper] < 1)
        return;
    double each = j->docs / j->classes[upper], share = away_most * each / (each + away_half);
    for (size_t i = 0; i < j->q->features->n; i++)
        length += j->rows[i].docs > 0 ? (double)j->q->features->v[i].weight : 0;
    for (size_t i = 0; i < floor->n; i++) {
        const struct sum_row *s = j->of[floor->v[i].id];
        j->away[floor->v[i].id] +=
            length * log(j->weight - (s != NULL ? (double)s->weight : 0) + smooth_of(j, upper) * j->terms);
    }
    level_out(j->near, floor);
    level_out(j->away, floor);
    for (size_t i = 0; i < floor->n; i++) {
        int64_t class = floor->v[i].id;
        double docs = j->of[class] != NULL ? (double)j->of[class]->docs : 0;
        ret[class] += part * ((1 - share) * j->near[class] + share * j->away[class] +
                              prior_part * log((docs + 0.5) / (j->docs + 1)));
    }
}

/* ---- Reasons ------------------------------------------------------------------------------------------- */

struct word {
    struct str at;
    double part;
};

static int by_part(const void *a, const void *b)
{
    const struct word *l = a, *r = b;
    return (l->part < r->part) - (l->part > r->part);
}

static int by_place(const void *a, const void *b)
{
    const struct word *l = a, *r = b;
    return ((uintptr_t)l->at.p > (uintptr_t)r->at.p) - ((uintptr_t)l->at.p < (uintptr_t)r->at.p);
}

size_t rank_words(struct arena *a, const struct features *f, const double *parts, struct str ret[RANK_REASONS])
{
    enum { TAKEN = 10 };
    struct word *v = ARENA_ARRAY(a, struct word, f->n + 1);
    size_t n = 0, kept = 0;
    bool singles = true;

    for (size_t i = 0; i < f->n; i++)
        singles = singles && (f->v[i].single || parts[i] <= 0);
    for (size_t i = 0; i < f->n; i++)
        if (parts[i] > 0 && f->v[i].single == singles)
            v[n++] = (struct word){f->v[i].at, parts[i]};
    qsort(v, n, sizeof *v, by_part);
    n = n < TAKEN ? n : TAKEN;
    /* What is far weaker than the first is no reason. */
    while (n > 0 && v[n - 1].part < v[0].part / 3)
        n--;
    qsort(v, n, sizeof *v, by_place);
    for (size_t i = 0; i < n; i++) {
        struct word *last = kept > 0 ? &v[kept - 1] : NULL;
        if (last != NULL && (uintptr_t)v[i].at.p < (uintptr_t)last->at.p + last->at.n) {
            size_t end = (size_t)((uintptr_t)v[i].at.p - (uintptr_t)last->at.p) + v[i].at.n;
            last->at.n = end > last->at.n ? end : last->at.n;
            last->part += v[i].part;
        } else {
            v[kept++] = v[i];
        }
    }
    qsort(v, kept, sizeof *v, by_part);
    for (size_t i = 0; i < kept && i < RANK_REASONS; i++)
        ret[i] = v[i].at;
    return kept < RANK_REASONS ? kept : RANK_REASONS;
}

/* A feature's part in a class is what it does there beyond what it does on average. */
static void add_parts(const struct judge *j, int64_t class, double part, double *parts)
{
    if (!speaks(j) || j->norm[class] <= 0)
        return;
    const double *usual = j->usual[is_upper(j->of[class])];
    for (size_t i = 0; i < j->q->features->n; i++) {
        double here = 0;
        for (size_t k = j->from[i]; k < j->from[i + 1]; k++)
            here += j->counts[k].class == class ? j->counts[k].weight : 0;
        parts[i] += part * (j->pull[i] * here * j->norm[class] - usual[i]);
    }
}

/* ---- All together -------------------------------------------------------------------------------------- */

struct court {
    struct judge narrow, wide;
    double narrow_part;
    int64_t top;
    int64_t *above; /* by class */
    struct floor leaf, upper;
    double *score;
};

/* The classes that either scope knows. */
static void gather(struct court *c, struct arena *a)
{
    struct class_row *leaf = ARENA_ARRAY(a, struct class_row, c->top + 1),
                     *upper = ARENA_ARRAY(a, struct class_row, c->top + 1);

    c->above = ARENA_ARRAY(a, int64_t, c->top + 1);
    for (int64_t class = 1; class <= c->top; class ++) {
        const struct sum_row *s = c->wide.of[class] != NULL ? c->wide.of[class] : c->narrow.of[class];
        if (s == NULL)
            continue;
        struct class_row row = {class, s->above, s->name};
        c->above[class] = s->above;
        if (is_upper(s))
            upper[c->upper.n++] = row;
        else
            leaf[c->leaf.n++] = row;
    }
    c->leaf.v = leaf;
    c->upper.v = upper;
}

static bool court_open(struct court *c, const struct ranking *q, struct error *e)
{
    *c = (struct court){0};
    c->narrow = (struct judge){.q = q};
    if ((q->narrow != 0 && !judge_open(&c->narrow, q, q->narrow, NULL, e)) ||
        !judge_open(&c->wide, q, q->wide, &c->narrow, e))
        return false;
    c->top = c->wide.top > c->narrow.top ? c->wide.top : c->narrow.top;
    judge_index(&c->wide, c->top);
    judge_index(&c->narrow, c->top);
    consider(&c->wide, c->top);
    consider(&c->narrow, c->top);
    c->narrow_part = c->narrow.docs / (c->narrow.docs + narrow_half);
    gather(c, q->arena);
    return true;
}

static void court_score(struct court *c, struct arena *a)
{
    double *upper = ARENA_ARRAY(a, double, c->top + 1);
    double narrow = c->narrow_part, wide = 1 - narrow;

    c->score = ARENA_ARRAY(a, double, c->top + 1);
    score(&c->wide, &c->leaf, false, wide, c->score);
    score(&c->narrow, &c->leaf, false, narrow, c->score);
    score(&c->wide, &c->upper, true, wide, upper);
    score(&c->narrow, &c->upper, true, narrow, upper);
    for (size_t i = 0; i < c->leaf.n; i++)
        c->score[c->leaf.v[i].id] += upper_part * upper[c->above[c->leaf.v[i].id]];
}

static void explain(const struct court *c, int64_t class, struct arena *a, struct ranked *ret)
{
    const struct features *f = c->wide.q->features;
    double *parts = ARENA_ARRAY(a, double, f->n + 1);

    add_parts(&c->wide, class, 1 - c->narrow_part, parts);
    add_parts(&c->narrow, class, c->narrow_part, parts);
    if (c->above[class] != 0) {
        add_parts(&c->wide, c->above[class], upper_part * (1 - c->narrow_part), parts);
        add_parts(&c->narrow, c->above[class], upper_part * c->narrow_part, parts);
    }
    ret->because_count = rank_words(a, f, parts, ret->because);
}

/* A character or a number alone says too little to guess by. */
static bool known(const struct judge *j)
{
    for (size_t i = 0; j->sum_count > 0 && i < j->q->features->n; i++)
        if (j->rows[i].docs > 0 && !j->q->features->v[i].single)
            return true;
    return false;
}

static void tell_rarity(const struct ranking *q, const struct judge *j)
{
    for (size_t i = 0; q->rarity != NULL && i < q->features->n; i++)
        q->rarity[i] = rarity(j->docs, j->sum_count > 0 ? j->rows[i].docs : 0);
}

bool rank(const struct ranking *q, struct ranked *ret, size_t room, size_t *ret_n, struct error *e)
{
    struct court c;
    double all = 0, best = -INFINITY, apart;
    size_t n = 0;

    *ret_n = 0;
    if (!court_open(&c, q, e))
        return false;
    tell_rarity(q, q->narrow != 0 ? &c.narrow : &c.wide);
    if (!known(&c.wide) && !known(&c.narrow))
        return true;
    court_score(&c, q->arena);
    apart = spread(c.leaf.n);
    int64_t *order = ARENA_ARRAY(q->arena, int64_t, room + 1);
    for (size_t i = 0; i < c.leaf.n; i++) {
        int64_t class = c.leaf.v[i].id;
        if (q->wanted != NULL && !q->wanted(q->context, c.leaf.v[i].name))
            c.score[class] = -INFINITY;
        if (c.score[class] > best)
            best = c.score[class];
    }
    for (size_t i = 0; i < c.leaf.n; i++) {
        int64_t class = c.leaf.v[i].id;
        size_t at = n;
        all += exp((c.score[class] - best) / apart);
        if (isinf(c.score[class]))
            continue;
        for (; at > 0 && c.score[order[at - 1]] < c.score[class]; at--)
            order[at] = order[at - 1];
        order[at] = class;
        n += n < room;
    }
    for (size_t i = 0; i < n; i++) {
        const struct sum_row *s = c.wide.of[order[i]] != NULL ? c.wide.of[order[i]] : c.narrow.of[order[i]];
        ret[i] = (struct ranked){.name = s->name,
                                 .score = c.score[order[i]],
                                 .share = exp((c.score[order[i]] - best) / apart) / all};
        explain(&c, order[i], q->arena, &ret[i]);
    }
    *ret_n = n;
    return true;
}
