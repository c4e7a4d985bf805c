/* The text of a table, out and in. Not base/csv.h: that one reads a whole text in memory and does not tell "" from nothing. */
#include "core/archive_parts.h"

void archive_csv_text(struct buf *out, struct str s)
{
    buf_addc(out, '"');
    while (s.n > 0) {
        const char *quote = memchr(s.p, '"', s.n);
        size_t n = quote != NULL ? (size_t)(quote - s.p) + 1 : s.n;
        buf_add(out, str_range(s.p, n));
        if (quote != NULL)
            buf_addc(out, '"');
        s = str_range(s.p + n, s.n - n);
    }
    buf_addc(out, '"');
}

void archive_csv_cell(struct buf *out, const struct db_rows *r, int column, enum db_type type)
{
    if (db_null(r, column))
        return;
    if (type == DB_T_INT) {
        buf_add_int(out, db_int(r, column));
    } else if (type == DB_T_TEXT) {
        archive_csv_text(out, db_text(r, column));
    } else {
        struct str s = db_blob(r, column);
        if (s.n == 0)
            buf_addz(out, "\"\"");
        else
            base64_padded_add(out, s.p, s.n);
    }
}

/* ---- In ------------------------------------------------------------------------------------------------ */

static bool wrong(const struct archive_csv *c, struct error *e)
{
    return error_setf(e, ERROR_LINE_INVALID, NULL, "%lld", (long long)c->rows + 1);
}

static bool end_cell(struct archive_csv *c, struct error *e)
{
    if (c->n == ARCHIVE_COLUMNS)
        return wrong(c, e);
    c->starts[++c->n] = c->text.n;
    if (c->n < ARCHIVE_COLUMNS)
        c->quoted[c->n] = false;
    c->state = CSV_START;
    return true;
}

static bool end_row(struct archive_csv *c, struct error *e)
{
    struct archive_cell cells[ARCHIVE_COLUMNS];

    if (!end_cell(c, e) || c->text.full)
        return wrong(c, e);
    for (size_t i = 0; i < c->n; i++)
        cells[i] = (struct archive_cell){
            str_range(c->text.n > 0 ? c->text.p + c->starts[i] : "", c->starts[i + 1] - c->starts[i]),
            c->quoted[i]};
    if (c->row != NULL && !c->row(c->context, cells, c->n, e))
        return false;
    c->rows++;
    c->n = 0;
    c->quoted[0] = false;
    c->text.n = 0;
    return true;
}

static bool feed_byte(struct archive_csv *c, char b, struct error *e)
{
    switch (c->state) {
    case CSV_QUOTED:
        if (b == '"')
            c->state = CSV_QUOTE;
        else
            buf_addc(&c->text, b);
        return true;
    case CSV_QUOTE:
        if (b == '"') {
            buf_addc(&c->text, b);
            c->state = CSV_QUOTED;
            return true;
        }
        break;
    case CSV_START:
        if (b == '"') {
            c->quoted[c->n < ARCHIVE_COLUMNS ? c->n : 0] = true;
            c->state = CSV_QUOTED;
            return c->n < ARCHIVE_COLUMNS || wrong(c, e);
        }
        break;
    case CSV_PLAIN:
        break;
    }
    if (b == ',')
        return end_cell(c, e);
    if (b == '\n')
        return end_row(c, e);
    if (b == '"' || c->state == CSV_QUOTE)
        return wrong(c, e);
    c->state = CSV_PLAIN;
    buf_addc(&c->text, b);
    return true;
}

/* What lies between two special bytes is taken in one piece. */
bool archive_csv_feed(struct archive_csv *c, struct str piece, struct error *e)
{
    while (piece.n > 0) {
        size_t n = 0;
        if (c->state == CSV_QUOTED) {
            const char *quote = memchr(piece.p, '"', piece.n);
            n = quote != NULL ? (size_t)(quote - piece.p) : piece.n;
        } else if (c->state == CSV_PLAIN) {
            while (n < piece.n && piece.p[n] != ',' && piece.p[n] != '\n' && piece.p[n] != '"')
                n++;
        }
        buf_add(&c->text, str_range(piece.p, n));
        piece = str_range(piece.p + n, piece.n - n);
        if (piece.n > 0) {
            if (!feed_byte(c, piece.p[0], e))
                return false;
            piece = str_range(piece.p + 1, piece.n - 1);
        }
    }
    return true;
}

bool archive_csv_end(struct archive_csv *c, struct error *e)
{
    bool whole = c->n == 0 && c->text.n == 0 && c->state == CSV_START;
    buf_free(&c->text);
    return whole || wrong(c, e);
}
