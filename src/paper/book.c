#include "paper/book.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/time.h"

enum { SHEET_ROWS = 1048575, CELL_MAX = 32767, TITLE_POINTS = 28 };

struct book {
    enum book_format format;
    enum lang lang;
    struct arena *a; /* emptied after each row */
    char folder[1024];
    int fd;
    FILE *csv;
    lxw_workbook *workbook;
    lxw_worksheet *sheet;
    lxw_format *head, *time, *date, *percent, *label;
    const struct list_column *columns;
    size_t column_count;
    char title[160];
    lxw_row_t row; /* of the sheet, the next */
    int part;      /* of the table: 1, 2 … sheets */
    bool any;
};

bool book_format_parse(struct str s, enum book_format *ret)
{
    *ret = str_is(s, "csv") ? BOOK_CSV : BOOK_XLSX;
    return s.n == 0 || str_is(s, "xlsx") || str_is(s, "csv");
}

const char *book_type(enum book_format f)
{
    return f == BOOK_CSV ? "text/csv; charset=utf-8"
                         : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
}

/* A file that nobody else can open and that goes when it is closed. Some file systems can't make one without a name. */
static int nameless(const char *folder)
{
    char path[1100];
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
        return fd;
    (void)snprintf(path, sizeof path, "%s/liuxiao-XXXXXX", folder);
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        (void)unlink(path);
    return fd;
}

static bool open_workbook(struct book *b, struct error *e)
{
    char path[64];
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = b->folder, .use_zip64 = LXW_FALSE};

    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", b->fd); /* the library wants a name to open */
    b->workbook = workbook_new_opt(path, &options);
    if (b->workbook == NULL)
        return error_cause(e, ERROR_INTERNAL, "libxlsxwriter: no workbook");
    b->head = workbook_add_format(b->workbook);
    format_set_bold(b->head);
    format_set_bg_color(b->head, 0xE7E2DC);
    format_set_border(b->head, LXW_BORDER_THIN);
    format_set_align(b->head, LXW_ALIGN_VERTICAL_CENTER);
    b->time = workbook_add_format(b->workbook);
    format_set_num_format(b->time, "yyyy-mm-dd hh:mm");
    format_set_align(b->time, LXW_ALIGN_LEFT);
    b->date = workbook_add_format(b->workbook);
    format_set_num_format(b->date, "yyyy-mm-dd");
    format_set_align(b->date, LXW_ALIGN_LEFT);
    b->percent = workbook_add_format(b->workbook);
    format_set_num_format(b->percent, "0.0%");
    b->label = workbook_add_format(b->workbook);
    format_set_bold(b->label);
    format_set_align(b->label, LXW_ALIGN_VERTICAL_TOP);
    return true;
}

bool book_open(struct book **ret, enum book_format format, enum lang lang, const char *folder, struct error *e)
{
    struct book *b = calloc(1, sizeof *b);
    struct stat st;

    if (b == NULL)
        return error_set(e, ERROR_OVERLOADED, NULL);
    b->format = format;
    b->lang = lang;
    b->a = arena_open();
    /* Nodes on PostgreSQL may have no data folder. */
    (void)snprintf(b->folder, sizeof b->folder, "%s",
                   stat(folder, &st) == 0 && S_ISDIR(st.st_mode) ? folder : "/var/tmp");
    b->fd = nameless(b->folder);
    bool ok = b->fd >= 0 || error_cause(e, ERROR_DISK_FULL, "%s: %s", b->folder, strerrordesc_np(errno));
    if (ok && format == BOOK_XLSX)
        ok = open_workbook(b, e);
    if (ok && format == BOOK_CSV) {
        b->csv = fdopen(dup(b->fd), "wb");
        ok = b->csv != NULL && fputs("\xEF\xBB\xBF", b->csv) >= 0; /* Excel reads UTF-8 only with its mark in front */
        if (!ok)
            (void)error_cause(e, ERROR_INTERNAL, "fdopen");
    }
    if (ok)
        *ret = b;
    else
        book_abandon(b);
    return ok;
}

void book_abandon(struct book *b)
{
    if (b == NULL)
        return;
    if (b->workbook != NULL)
        (void)workbook_close(b->workbook);
    if (b->csv != NULL)
        (void)fclose(b->csv);
    if (b->fd >= 0)
        (void)close(b->fd);
    arena_close(b->a);
    free(b);
}

/* ---- csv (RFC 4180) ------------------------------------------------------------------------------------ */

/* What a spreadsheet would take for a formula begins with an apostrophe instead. */
static bool is_formula(struct str s)
{
    return s.n > 0 && strchr("=+-@\t\r", s.p[0]) != NULL;
}

static void csv_text(FILE *f, struct str s)
{
    bool quoted = is_formula(s);
    if (s.n == 0)
        return;
    for (size_t i = 0; i < s.n && !quoted; i++)
        quoted = s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\n' || s.p[i] == '\r';
    if (!quoted) {
        (void)fwrite(s.p, 1, s.n, f);
        return;
    }
    (void)fputc('"', f);
    if (is_formula(s))
        (void)fputc('\'', f);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            (void)fputc('"', f);
        (void)fputc(s.p[i], f);
    }
    (void)fputc('"', f);
}

static void csv_cell(struct book *b, const struct list_column *column, const struct cell *c)
{
    char text[DATE_TEXT];
    struct civil t;

    switch (column->type) {
    case CELL_TEXT:
        csv_text(b->csv, c->s);
        break;
    case CELL_INT:
        (void)fprintf(b->csv, "%lld", (long long)c->n);
        break;
    case CELL_TIME:
        t = civil_of(c->n);
        if (c->n != 0)
            (void)fprintf(b->csv, "%04d-%02d-%02d %02d:%02d", t.year, t.month, t.day, t.hour, t.minute);
        break;
    case CELL_DATE:
        if (c->n != 0) {
            date_format((int32_t)c->n, text);
            (void)fputs(text, b->csv);
        }
        break;
    case CELL_YES:
        if (c->n != 0)
            (void)fputs(lang_word(b->lang, "cell.yes"), b->csv);
        break;
    case CELL_PERCENT:
        if (c->of > 0)
            (void)fprintf(b->csv, "%.1f%%", 100.0 * (double)c->n / (double)c->of);
        break;
    case CELL_NUMBER:
        csv_text(b->csv, c->s);
        break;
    }
}

static const char *column_title(const struct book *b, const struct list_column *column)
{
    char key[64];
    if (column->title != NULL)
        return column->title;
    (void)snprintf(key, sizeof key, "column.%s", column->key);
    return lang_word(b->lang, key);
}

static bool csv_ok(const struct book *b, struct error *e)
{
    return !ferror(b->csv) || error_cause(e, ERROR_DISK_FULL, "%s", b->folder);
}

static bool csv_table(struct book *b, struct error *e)
{
    if (b->any)
        (void)fprintf(b->csv, "\r\n");
    for (size_t i = 0; i < b->column_count; i++) {
        if (i > 0)
            (void)fputc(',', b->csv);
        csv_text(b->csv, str_of(column_title(b, &b->columns[i])));
    }
    (void)fputs("\r\n", b->csv);
    return csv_ok(b, e);
}

/* ---- xlsx ---------------------------------------------------------------------------------------------- */

/* Days since 1899-12-30 in China's civil time, as Excel counts. */
static double serial(int64_t ms)
{
    return (double)(ms + INT64_C(8) * TIME_HOUR) / TIME_DAY + 25569;
}

/* A sheet's name: at most 31 characters, without []:*?/\ and quotes at its ends. */
static void sheet_name(struct book *b, char out[200])
{
    struct str title = str_head(str_of(b->title), TITLE_POINTS - (b->part > 1 ? 4 : 0));
    if (b->part > 1)
        (void)snprintf(out, 200, "%.*s(%d)", (int)title.n, title.p, b->part);
    else
        (void)snprintf(out, 200, "%.*s", (int)title.n, title.p);
    for (char *p = out; *p != '\0'; p++)
        if (strchr("[]:*?/\\'", *p) != NULL)
            *p = ' ';
}

static void end_sheet(struct book *b)
{
    if (b->sheet != NULL && b->column_count > 0)
        (void)worksheet_autofilter(b->sheet, 0, 0, b->row > 1 ? b->row - 1 : 1, (lxw_col_t)(b->column_count - 1));
}

static bool begin_sheet(struct book *b, struct error *e)
{
    char name[200];

    end_sheet(b);
    b->part++;
    sheet_name(b, name);
    b->sheet = workbook_add_worksheet(b->workbook, name);
    if (b->sheet == NULL)
        return error_cause(e, ERROR_INTERNAL, "libxlsxwriter: no sheet %s", name);
    for (size_t i = 0; i < b->column_count; i++)
        (void)worksheet_set_column(b->sheet, (lxw_col_t)i, (lxw_col_t)i, b->columns[i].width, NULL);
    (void)worksheet_set_row(b->sheet, 0, 22, NULL);
    for (size_t i = 0; i < b->column_count; i++)
        (void)worksheet_write_string(b->sheet, 0, (lxw_col_t)i, column_title(b, &b->columns[i]), b->head);
    worksheet_freeze_panes(b->sheet, 1, 0);
    worksheet_set_landscape(b->sheet);
    worksheet_set_paper(b->sheet, 9); /* A4 */
    worksheet_fit_to_pages(b->sheet, 1, 0);
    (void)worksheet_repeat_rows(b->sheet, 0, 0);
    (void)worksheet_set_footer(b->sheet, "&C&P / &N");
    b->row = 1;
    return true;
}

static lxw_error xlsx_text(struct book *b, lxw_col_t col, struct str s)
{
    struct str fits = s.n > CELL_MAX ? str_head(s, CELL_MAX / 4) : s;
    return worksheet_write_string(b->sheet, b->row, col, arena_z(b->a, fits), NULL);
}

static lxw_error xlsx_cell(struct book *b, lxw_col_t col, const struct list_column *column, const struct cell *c)
{
    switch (column->type) {
    case CELL_TEXT:
        return c->s.n > 0 ? xlsx_text(b, col, c->s) : LXW_NO_ERROR;
    case CELL_INT:
        return worksheet_write_number(b->sheet, b->row, col, (double)c->n, NULL);
    case CELL_TIME:
        return c->n != 0
                   ? worksheet_write_number(b->sheet, b->row, col, serial(c->n - c->n % TIME_MINUTE), b->time)
                   : LXW_NO_ERROR;
    case CELL_DATE:
        return c->n != 0 ? worksheet_write_number(b->sheet, b->row, col, (double)c->n + 25569, b->date)
                         : LXW_NO_ERROR;
    case CELL_YES:
        return c->n != 0 ? xlsx_text(b, col, str_of(lang_word(b->lang, "cell.yes"))) : LXW_NO_ERROR;
    case CELL_PERCENT:
        return c->of > 0
                   ? worksheet_write_number(b->sheet, b->row, col, (double)c->n / (double)c->of, b->percent)
                   : LXW_NO_ERROR;
    case CELL_NUMBER:
        return c->s.n > 0 ? worksheet_write_number(b->sheet, b->row, col, (double)c->n, NULL) : LXW_NO_ERROR;
    }
    return LXW_NO_ERROR;
}

/* ---- Both ---------------------------------------------------------------------------------------------- */

bool book_table(struct book *b, const char *title, const struct list_column *columns, size_t n, struct error *e)
{
    if (b->format == BOOK_XLSX)
        end_sheet(b);
    b->sheet = NULL;
    b->columns = columns;
    b->column_count = n;
    b->part = 0;
    (void)snprintf(b->title, sizeof b->title, "%s", title);
    bool ok = b->format == BOOK_CSV ? csv_table(b, e) : begin_sheet(b, e);
    b->any = true;
    return ok;
}

bool book_row(struct book *b, const struct cell *cells, struct error *e)
{
    if (b->format == BOOK_CSV) {
        for (size_t i = 0; i < b->column_count; i++) {
            if (i > 0)
                (void)fputc(',', b->csv);
            csv_cell(b, &b->columns[i], &cells[i]);
        }
        (void)fputs("\r\n", b->csv);
        return csv_ok(b, e);
    }
    if (b->row > SHEET_ROWS && !begin_sheet(b, e))
        return false;
    for (size_t i = 0; i < b->column_count; i++) {
        lxw_error error = xlsx_cell(b, (lxw_col_t)i, &b->columns[i], &cells[i]);
        if (error != LXW_NO_ERROR)
            return error_cause(e, ERROR_INTERNAL, "libxlsxwriter: %s", lxw_strerror(error));
    }
    b->row++;
    arena_reset(b->a);
    return true;
}

static bool write_notes(struct book *b, const struct book_note *notes, size_t n, struct error *e)
{
    end_sheet(b);
    lxw_worksheet *sheet = workbook_add_worksheet(b->workbook, lang_word(b->lang, "list.note"));
    if (sheet == NULL)
        return error_cause(e, ERROR_INTERNAL, "libxlsxwriter: no sheet");
    (void)worksheet_set_column(sheet, 0, 0, 16, NULL);
    (void)worksheet_set_column(sheet, 1, 1, 80, NULL);
    worksheet_set_paper(sheet, 9);
    for (size_t i = 0; i < n; i++) {
        (void)worksheet_write_string(sheet, (lxw_row_t)i, 0, notes[i].label, b->label);
        (void)worksheet_write_string(sheet, (lxw_row_t)i, 1, notes[i].text, NULL);
    }
    return true;
}

static bool close_workbook(struct book *b, struct error *e)
{
    lxw_error error = workbook_close(b->workbook);
    b->workbook = NULL;
    if (error == LXW_NO_ERROR)
        return true;
    return error_cause(e, error == LXW_ERROR_MEMORY_MALLOC_FAILED ? ERROR_OVERLOADED : ERROR_DISK_FULL,
                       "libxlsxwriter: %s", lxw_strerror(error));
}

bool book_close(struct book *b, const struct book_note *notes, size_t n, int *ret_fd, struct error *e)
{
    bool ok;

    if (b->format == BOOK_XLSX) {
        ok = write_notes(b, notes, n, e);
        ok = close_workbook(b, e) && ok;
    } else {
        ok = fclose(b->csv) == 0 || error_cause(e, ERROR_DISK_FULL, "%s", b->folder);
        b->csv = NULL;
    }
    if (ok) {
        *ret_fd = b->fd;
        b->fd = -1;
    }
    book_abandon(b);
    return ok;
}
