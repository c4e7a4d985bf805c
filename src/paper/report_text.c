/* The report for a terminal: the same sentences and tables, wrapped and padded by the width of the
 * characters. */
#include "paper/report.h"
#include "paper/report_words.h"

enum { WIDTH = 76 };

/* Columns that a character takes on a terminal: two for Chinese. The length of its sequence goes to
 * `bytes`. */
static size_t columns_of(const char *p, size_t n, size_t *bytes)
{
    static const char *const narrow[] = {"·", "—"};
    *bytes = str_sequence(str_range(p, n));
    if (*bytes == 0)
        *bytes = 1;
    for (size_t i = 0; i < sizeof narrow / sizeof narrow[0]; i++)
        if (str_starts(str_range(p, n), str_of(narrow[i])))
            return 1;
    return *bytes >= 3 ? 2 : 1;
}

static size_t width_of(const char *z)
{
    size_t width = 0, n = strlen(z), bytes;
    for (size_t i = 0; i < n; i += bytes)
        width += columns_of(z + i, n - i, &bytes);
    return width;
}

static void add_spaces(struct buf *b, size_t n)
{
    while (n-- > 0)
        buf_addc(b, ' ');
}

/* These never begin a line. */
static bool clings(const char *p, size_t n)
{
    static const char *const marks[] = {"，", "。", "、", "；", "：", "”", "）", "%"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (str_starts(str_range(p, n), str_of(marks[i])))
            return true;
    return false;
}

/* Digits and letters stay together. */
static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '%';
}

/* How much of the text goes on one line. */
static size_t line_length(const char *p, size_t n, size_t room)
{
    size_t width = 0, bytes, end = 0;
    for (size_t i = 0; i < n; i += bytes) {
        width += columns_of(p + i, n - i, &bytes);
        if (width > room)
            return end > 0 ? end : i;
        bool next_clings = i + bytes < n &&
                           (clings(p + i + bytes, n - i - bytes) || (is_word(p[i]) && is_word(p[i + bytes])));
        if (!next_clings && !str_starts(str_range(p + i, n - i), STR("“")))
            end = i + bytes;
    }
    return n;
}

static void add_paragraph(struct buf *b, const char *z)
{
    size_t n = strlen(z), indent = 4;
    for (size_t i = 0; i < n;) {
        size_t step = line_length(z + i, n - i, WIDTH - indent);
        add_spaces(b, indent);
        buf_add(b, str_range(z + i, step));
        buf_addc(b, '\n');
        i += step;
        indent = 0;
    }
}

static void add_row(struct buf *b, const char *const cells[REPORT_CELLS], const size_t *widths, size_t n)
{
    for (size_t c = 0; c < n; c++) {
        size_t pad = widths[c] > width_of(cells[c]) ? widths[c] - width_of(cells[c]) : 0;
        bool text = c == 0 || c + 1 == n;
        buf_addz(b, c > 0 ? "  " : "");
        if (!text)
            add_spaces(b, pad);
        buf_addz(b, cells[c]);
        if (text && c + 1 < n)
            add_spaces(b, pad);
    }
    buf_addc(b, '\n');
}

static void add_centred(struct buf *b, const char *z)
{
    size_t width = width_of(z);
    add_spaces(b, width < WIDTH ? (WIDTH - width) / 2 : 0);
    buf_addz(b, z);
    buf_addc(b, '\n');
}

static void add_tables(struct buf *b, const struct report_words *w)
{
    static const size_t levels[REPORT_CELLS] = {10, 4, 4, 4, 4, 6, 4, 4, 8}, rates[] = {6, 6, 6, 7, 30};
    add_row(b, w->level_head, levels, REPORT_CELLS);
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++)
        add_row(b, w->level_rows[k], levels, REPORT_CELLS);
    add_row(b, w->level_rows[KIND_NONE], levels, REPORT_CELLS);
    buf_addc(b, '\n');
    add_row(b, w->rate_head, rates, 5);
    for (int i = 0; i < REPORT_RATES; i++)
        add_row(b, w->rate_rows[i], rates, 5);
}

static void add_months(struct buf *b, const struct figures *f)
{
    buf_addz(b, "\n月份     纠纷  诉求  环境  困难  隐患  宣讲\n");
    for (size_t i = 0; i < f->month_count; i++) {
        buf_addf(b, "%d-%02d", (int)(f->months[i].month / 12), (int)(f->months[i].month % 12 + 1));
        for (int k = KIND_DISPUTE; k < KIND_COUNT; k++)
            buf_addf(b, "%6lld", (long long)f->months[i].counts[k]);
        buf_addc(b, '\n');
    }
}

bool report_text(const struct figures *f, int year, struct buf *out, struct error *e)
{
    struct arena *a = arena_open();
    struct report_words w;

    report_words(&w, a, f, year, STR(""));
    add_centred(out, w.title);
    add_centred(out, w.period);
    buf_addc(out, '\n');
    add_paragraph(out, w.summary);
    for (int i = 0; i < REPORT_SECTIONS; i++) {
        buf_addf(out, "\n%s\n", w.sections[i].heading);
        add_paragraph(out, w.sections[i].text);
    }
    buf_addc(out, '\n');
    add_tables(out, &w);
    add_months(out, f);
    buf_addc(out, '\n');
    add_paragraph(out, w.note);
    buf_addf(out, "%s  流水第%lld号\n", w.made, (long long)f->position);
    arena_close(a);
    return !out->full || error_set(e, ERROR_TOO_LARGE, NULL);
}
