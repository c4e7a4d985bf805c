#include "paper/sheet_read.h"

#include <stdlib.h>
#include <unicode/ucnv.h>

#include "base/buf.h"
#include "base/csv.h"
#include "paper/sheet_inner.h"

struct sheet {
    struct xlsx *book; /* null: a text */
    struct buf text;   /* when it had to be turned into UTF-8 */
    struct csv csv;
    int64_t line;
};

/* ---- Encodings ----------------------------------------------------------------------------------------- */

static bool convert(struct sheet *s, struct str bytes, const char *from, struct error *e)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *in = ucnv_open(from, &status), *out = ucnv_open("UTF-8", &status);
    UChar middle[2048], *middle_in = middle, *middle_out = middle;
    const char *source = bytes.p;
    bool ok = U_SUCCESS(status);

    if (ok) { /* a byte that is none of this encoding is an error, not a question mark */
        ucnv_setToUCallBack(in, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
        ucnv_reset(in);
    }
    do {
        enum { STEP = 1 << 16 };
        char *room = ok ? buf_room(&s->text, STEP) : NULL, *target = room;
        if (room == NULL)
            break;
        status = U_ZERO_ERROR;
        ucnv_convertEx(out, in, &target, room + STEP, &source, bytes.p + bytes.n, middle, &middle_in,
                       &middle_out, middle + sizeof middle / sizeof middle[0], false, true, &status);
        s->text.n += (size_t)(target - room);
    } while (status == U_BUFFER_OVERFLOW_ERROR);
    ok = ok && U_SUCCESS(status) && !s->text.full;
    ucnv_close(in);
    ucnv_close(out);
    return ok ||
           (s->text.full ? error_set(e, ERROR_TOO_LARGE, "file") : error_set(e, ERROR_WRONG_ENCODING, "file"));
}

/* What the separators of the first line are; a title line above the table may have none. */
static char separator_of(struct str text)
{
    static const char candidates[] = {',', '\t', ';'};
    size_t counts[sizeof candidates] = {0}, best = 0;
    bool quoted = false;

    for (size_t i = 0, lines = 0; i < text.n && lines < 5; i++) {
        quoted ^= text.p[i] == '"';
        lines += text.p[i] == '\n' && !quoted;
        for (size_t k = 0; k < sizeof candidates && !quoted; k++)
            counts[k] += text.p[i] == candidates[k];
    }
    for (size_t k = 1; k < sizeof candidates; k++)
        if (counts[k] > counts[best])
            best = k;
    return candidates[best];
}

static bool open_text(struct sheet *s, struct str bytes, struct error *e)
{
    struct str text = bytes;

    if (str_starts(bytes, STR("\xff\xfe")) || str_starts(bytes, STR("\xfe\xff"))) {
        if (!convert(s, bytes, "UTF-16", e))
            return false;
        text = buf_str(&s->text);
    } else if (!str_utf8(bytes)) {
        if (!convert(s, bytes, "gb18030", e))
            return false;
        text = buf_str(&s->text);
    }
    if (text.n > 0 && memchr(text.p, 0, text.n) != NULL)
        return error_set(e, ERROR_MALFORMED, "file");
    s->csv = csv_of(text);
    s->csv.comma = separator_of(s->csv.rest);
    return true;
}

/* ---- Either kind --------------------------------------------------------------------------------------- */

bool sheet_open(struct sheet **ret, struct str bytes, int which, struct error *e)
{
    struct sheet *s = calloc(1, sizeof *s);
    if (s == NULL)
        return error_cause(e, ERROR_INTERNAL, "no memory for a sheet");
    s->text = BUF_INIT(BUF_DOCUMENT);
    bool ok = bytes.n == 0                           ? error_set(e, ERROR_MISSING, "file")
              : str_starts(bytes, STR("PK\x03\x04")) ? xlsx_open(&s->book, bytes, which, e)
              : which > 1                            ? error_set(e, ERROR_OUT_OF_RANGE, "sheet")
                                                     : open_text(s, bytes, e);
    if (ok)
        *ret = s;
    else
        sheet_close(s);
    return ok;
}

void sheet_close(struct sheet *s)
{
    if (s == NULL)
        return;
    xlsx_close(s->book);
    buf_free(&s->text);
    free(s);
}

static bool is_empty(const struct str *cells, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_trim(cells[i]).n > 0)
            return false;
    return true;
}

bool sheet_row(struct sheet *s, struct arena *a, struct str *ret, size_t *ret_n, struct error *e)
{
    do {
        if (s->book != NULL) {
            if (!xlsx_row(s->book, a, ret, ret_n, &s->line, e))
                return false;
        } else {
            if (!csv_row(&s->csv, a, ret, SHEET_COLUMNS, ret_n, e))
                return error_within(e, "file");
            s->line = s->csv.line;
        }
    } while (*ret_n > 0 && is_empty(ret, *ret_n));
    return true;
}

int64_t sheet_line(const struct sheet *s)
{
    return s->line;
}

int sheet_count(const struct sheet *s)
{
    return s->book != NULL ? xlsx_count(s->book) : 1;
}

struct str sheet_name(const struct sheet *s, int which)
{
    return s->book != NULL ? xlsx_name(s->book, which) : STR("");
}

bool sheet_since_1904(const struct sheet *s)
{
    return s->book != NULL && xlsx_since_1904(s->book);
}
