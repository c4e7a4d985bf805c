#include "six/proof.h"

#include "core/search_fold.h"

enum { ROWS_MOST = 64 };

static const json_t *rows_of(const struct pack *p)
{
    return json_object_get(json_object_get(p->doc, "powers"), "proofs");
}

/* How many pairs of characters both have; a single character counts where no more was typed. */
static size_t shared(struct arena *a, const struct folded *q, struct str text)
{
    struct folded f;
    size_t n = 0;
    fold(a, text, &f);
    for (size_t i = 0; i + 1 < q->n; i++) {
        bool there = false;
        if (fold_class(q->c[i]) == FOLD_GAP || fold_class(q->c[i + 1]) == FOLD_GAP)
            continue;
        for (size_t k = 0; k + 1 < f.n && !there; k++)
            there = f.c[k] == q->c[i] && f.c[k + 1] == q->c[i + 1];
        n += there;
    }
    return n;
}

/* 证明 stands in every name and says nothing. */
static struct str without_proof(struct arena *a, struct str q)
{
    static const char word[] = "证明";
    struct buf out = BUF_INIT(BUF_LINE);
    for (size_t i = 0; i < q.n;) {
        if (i + sizeof word - 1 <= q.n && memcmp(q.p + i, word, sizeof word - 1) == 0) {
            buf_addz(&out, " ");
            i += sizeof word - 1;
        } else {
            buf_add(&out, str_range(q.p + i, 1));
            i++;
        }
    }
    struct str ret = arena_str(a, buf_str(&out));
    buf_free(&out);
    return ret;
}

size_t proofs_find(struct arena *a, const struct pack *p, struct str q, const json_t **ret, size_t room)
{
    size_t scores[ROWS_MOST], n = 0, i;
    const json_t *rows = rows_of(p), *row;
    struct folded f;

    fold(a, without_proof(a, str_head(q, 100)), &f);
    json_array_foreach(rows, i, row) {
        size_t score = str_trim(q).n == 0
                           ? 1
                           : 2 * shared(a, &f, json_text(row, "name")) + shared(a, &f, json_text(row, "words"));
        size_t at = n < room ? n : room;
        if (score == 0 || i >= ROWS_MOST)
            continue;
        while (at > 0 && scores[at - 1] < score)
            at--;
        if (at >= room)
            continue;
        for (size_t k = n < room ? n : room - 1; k > at; k--) {
            scores[k] = scores[k - 1];
            ret[k] = ret[k - 1];
        }
        scores[at] = score;
        ret[at] = row;
        n += n < room;
    }
    return n;
}

const json_t *proof_named(const struct pack *p, struct str name)
{
    size_t i;
    const json_t *row;
    json_array_foreach(rows_of(p), i, row)
        if (str_eq(json_text(row, "name"), name))
            return row;
    return NULL;
}

void proofs_write(struct arena *a, struct jw *w, const struct pack *p, struct str q)
{
    const json_t *rows[ROWS_MOST], *powers = json_object_get(p->doc, "powers");
    size_t n = proofs_find(a, p, q, rows, str_trim(q).n == 0 ? ROWS_MOST : PROOFS_MOST);

    jw_object(w);
    jw_karray(w, "items");
    for (size_t i = 0; i < n; i++) {
        struct str office = json_text(rows[i], "office");
        jw_object(w);
        jw_ktext(w, "name", json_text(rows[i], "name"));
        jw_kbool(w, "may", json_flag(rows[i], "may"));
        jw_ktext(w, "who", json_text(rows[i], "who"));
        jw_ktext(w, "office", office.n > 0 ? pack_label(p, "offices", office) : STR(""));
        jw_ktext(w, "bring", json_text(rows[i], "bring"));
        jw_ktext(w, "say", json_text(rows[i], "say"));
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_ktext(w, "basis", json_text(json_object_get(powers, "proof_basis"), "text"));
    jw_ktext(w, "otherwise", json_text(powers, "proof_otherwise"));
    jw_end_object(w);
}
