#include "api/ledger_table.h"

#include <stdlib.h>

#include "core/ledger.h"

enum { HEAD_ROWS = 20, SAMPLE_ROWS = 8, CELL_SHOWN = 120 };

/* A sheet read from above; the first rows are kept, because the names of the columns must be found among them. */
struct reading {
    struct sheet *s;
    struct arena *a, *step;
    struct table_row head[HEAD_ROWS], now;
    size_t head_count, next;
};

static bool read_row(struct reading *r, struct arena *a, struct table_row *row, struct error *e)
{
    if (!sheet_row(r->s, a, row->cells, &row->n, e))
        return false;
    row->line = sheet_line(r->s);
    return true;
}

static struct table_row kept(struct arena *a, const struct table_row *row)
{
    struct table_row copy = {ARENA_ARRAY(a, struct str, row->n + 1), row->n, row->line};
    for (size_t i = 0; i < row->n; i++)
        copy.cells[i] = str_utf8(row->cells[i]) ? arena_str(a, str_trim(row->cells[i])) : STR("?");
    return copy;
}

static bool reading_open(struct reading *r, struct arena *a, struct str bytes, int sheet, struct error *e)
{
    *r = (struct reading){.a = a, .step = arena_open()};
    r->now.cells = ARENA_ARRAY(a, struct str, SHEET_COLUMNS);
    if (!sheet_open(&r->s, bytes, sheet, e))
        return false;
    while (r->head_count < HEAD_ROWS) {
        if (!read_row(r, r->step, &r->now, e))
            return false;
        if (r->now.n == 0)
            break;
        r->head[r->head_count++] = kept(a, &r->now);
    }
    return true;
}

static void reading_close(struct reading *r)
{
    sheet_close(r->s);
    arena_close(r->step);
}

/* The next row below the names; n is 0 at the end. */
static bool next_row(struct reading *r, struct table_row *ret, struct error *e)
{
    if (r->next < r->head_count) {
        *ret = r->head[r->next++];
        return true;
    }
    *ret = (struct table_row){0};
    if (r->head_count < HEAD_ROWS)
        return true;
    arena_reset(r->step);
    if (!read_row(r, r->step, &r->now, e))
        return false;
    *ret = r->now;
    return true;
}

static size_t filled(const struct table_row *row)
{
    size_t n = 0;
    for (size_t i = 0; i < row->n; i++)
        n += row->cells[i].n > 0;
    return n;
}

/* Above the table often stand its title, who made it and when: the row with the most names that we know is taken; where none has two, the first row
 * with at least two cells. */
static bool find_header(struct reading *r, int64_t wanted, struct table_row *ret, struct error *e)
{
    size_t best = HEAD_ROWS, most = 1;
    for (size_t i = 0; i < r->head_count; i++) {
        size_t known = ledger_map_known(r->head[i].cells, r->head[i].n);
        if (wanted > 0 ? r->head[i].line == wanted : known > most) {
            best = i;
            most = known;
        }
    }
    if (wanted > 0 && (best == HEAD_ROWS || filled(&r->head[best]) < 2))
        return error_set(e, ERROR_OUT_OF_RANGE, "header");
    for (size_t i = 0; i < r->head_count && best == HEAD_ROWS; i++)
        if (filled(&r->head[i]) >= 2)
            best = i;
    if (best == HEAD_ROWS)
        return error_set(e, ERROR_MALFORMED, "file");
    *ret = r->head[best];
    r->next = best + 1;
    return true;
}

static bool read_rows(struct reading *r, struct ledger_table *t, int64_t header, struct error *e)
{
    struct table_row row;
    if (!find_header(r, header, &t->names, e))
        return false;
    t->header = t->names.line;
    for (t->rows = 0; next_row(r, &row, e); t->rows++) {
        if (row.n == 0)
            return true;
        if (t->first_count < TABLE_FIRST)
            t->first[t->first_count++] = kept(r->a, &row);
    }
    return false;
}

static bool read_sheet(struct ledger_table *t, struct arena *a, struct str bytes, int sheet, int64_t header,
                       struct error *e)
{
    struct reading r;
    *t = (struct ledger_table){.sheet = sheet};
    bool ok = reading_open(&r, a, bytes, sheet, e);
    if (ok) {
        t->since_1904 = sheet_since_1904(r.s);
        t->sheet_count = (size_t)sheet_count(r.s);
        t->sheets = ARENA_ARRAY(a, struct str, t->sheet_count);
        for (size_t i = 0; i < t->sheet_count; i++)
            t->sheets[i] = arena_str(a, sheet_name(r.s, (int)i + 1));
        ok = read_rows(&r, t, header, e);
    }
    reading_close(&r);
    return ok;
}

bool ledger_table_read(struct ledger_table *ret, struct arena *a, struct str bytes, int sheet, int64_t header,
                       struct error *e)
{
    struct error first = {0}, other = {0};

    if (sheet > 0)
        return read_sheet(ret, a, bytes, sheet, header, e);
    if (read_sheet(ret, a, bytes, 1, header, &first) && ret->rows > 0)
        return true;
    /* A cover sheet or a list of explanations comes first in many workbooks. */
    for (int i = 2; i <= (int)ret->sheet_count; i++) {
        struct ledger_table found;
        if (read_sheet(&found, a, bytes, i, header, &other) && found.rows > 0) {
            *ret = found;
            return true;
        }
    }
    if (first.code == ERROR_NONE) /* names and nothing below them */
        return error_set(e, ERROR_MALFORMED, "file");
    if (e != NULL)
        *e = first;
    return false;
}

static void write_row(struct jw *w, const struct table_row *row, size_t columns)
{
    jw_array(w);
    for (size_t i = 0; i < columns; i++)
        jw_text(w, i < row->n ? str_head(row->cells[i], CELL_SHOWN) : STR(""));
    jw_end_array(w);
}

void ledger_table_write(struct jw *w, const struct ledger_table *t)
{
    jw_object(w);
    jw_kint(w, "sheet", t->sheet);
    jw_karray(w, "sheets");
    for (size_t i = 0; i < t->sheet_count; i++)
        jw_text(w, t->sheets[i]);
    jw_end_array(w);
    jw_kint(w, "header", t->header);
    jw_key(w, "columns");
    write_row(w, &t->names, t->names.n);
    jw_kint(w, "rows", t->rows);
    jw_kbool(w, "since_1904", t->since_1904);
    jw_key(w, "guess");
    ledger_map_guess(w, t->names.cells, t->names.n, t->header);
    jw_karray(w, "sample");
    for (size_t i = 0; i < t->first_count && i < SAMPLE_ROWS; i++)
        write_row(w, &t->first[i], t->names.n);
    jw_end_array(w);
    jw_end_object(w);
}

/* ---- The values of a column ---------------------------------------------------------------------------- */

struct value {
    const char *text;
    int64_t n;
};

static int by_count(const void *x, const void *y)
{
    const struct value *a = x, *b = y;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    return strcmp(a->text, b->text);
}

static bool count_values(struct reading *r, size_t column, json_t *counts, bool *ret_more, struct error *e)
{
    struct table_row row;
    *ret_more = false;
    while (next_row(r, &row, e)) {
        if (row.n == 0)
            return true;
        struct str value = column < row.n ? str_trim(row.cells[column]) : STR("");
        if (value.n == 0 || !str_utf8(value))
            continue;
        const char *key = arena_z(r->step, value);
        const json_t *known = json_object_get(counts, key);
        if (known == NULL && json_object_size(counts) == TABLE_VALUES)
            *ret_more = true;
        else
            (void)json_object_set_new(counts, key, json_integer(json_integer_value(known) + 1));
    }
    return false;
}

static void write_values(struct jw *w, struct arena *a, const json_t *counts, bool more)
{
    struct value *list = ARENA_ARRAY(a, struct value, json_object_size(counts) + 1);
    const char *key;
    json_t *n;
    size_t count = 0;

    json_object_foreach((json_t *)counts, key, n)
        list[count++] = (struct value){key, json_integer_value(n)};
    qsort(list, count, sizeof *list, by_count);
    jw_object(w);
    jw_karray(w, "values");
    for (size_t i = 0; i < count; i++) {
        jw_object(w);
        jw_kz(w, "value", list[i].text);
        jw_kint(w, "n", list[i].n);
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_kbool(w, "more", more);
    jw_end_object(w);
}

bool ledger_table_values(struct jw *w, struct arena *a, struct str bytes, int sheet, int64_t header,
                         struct str column, struct error *e)
{
    struct reading r;
    struct table_row names;
    JSON_OWNED json_t *counts = json_object();
    bool more = false;

    bool ok = reading_open(&r, a, bytes, sheet, e) && find_header(&r, header, &names, e);
    if (ok) {
        size_t at = 0;
        while (at < names.n && !str_eq(names.cells[at], str_trim(column)))
            at++;
        ok = (at < names.n || error_set(e, ERROR_MISSING, "column")) && count_values(&r, at, counts, &more, e);
    }
    reading_close(&r);
    if (ok)
        write_values(w, a, counts, more);
    return ok;
}
