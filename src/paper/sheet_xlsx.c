/* Workbooks (ECMA-376 part 1): a zip with an XML part for the list of sheets, one for the texts that cells share and one a sheet. Only what a table
 * of plain values needs is read; formulas give the value that was last computed. */
#include <expat.h>
#include <math.h>
#include <stdlib.h>
#include <zip.h>

#include "base/buf.h"
#include "paper/sheet_inner.h"

enum {
    STEP = 16 * 1024,
    SHARED_MAX = 64 * 1024 * 1024,
    PART_MAX = 1024 * 1024 * 1024, /* of one part, unpacked */
    ROWS_AHEAD = 4096,             /* at most so many of one step */
    SHEETS = 256,
};

struct cell {
    int column;
    size_t at, n; /* in `text` */
};

struct waiting { /* a row that was read and not fetched yet */
    int64_t line;
    size_t first, cells;
};

struct xlsx {
    zip_t *zip;
    zip_file_t *part;
    XML_Parser parser;
    uint64_t unpacked;
    bool ended, since_1904;
    struct error error; /* of a handler */

    struct buf shared; /* the shared texts, one after the other */
    size_t *shared_at; /* where each ends */
    size_t shared_count, shared_room;

    char sheet_ids[SHEETS][32];    /* r:id of each sheet, in order */
    char sheet_names[SHEETS][128]; /* 31 characters at most, says Excel */
    int sheet_count;
    char wanted[32], target[256];

    struct waiting rows[ROWS_AHEAD + 1]; /* the last one is being read */
    size_t row_count, row_next;
    struct cell *cells;
    size_t cell_count, cell_room;
    struct buf text;

    /* Where the parser is. */
    int64_t line;
    int column;
    char type; /* of the cell: 's' shared, 'n' number, 'b' boolean, 't' text */
    bool in_text, in_phonetic;
    size_t begin; /* of its text; the end of all texts when there is none */
};

static void stop(struct xlsx *x, enum error_code code)
{
    if (x->error.code == ERROR_NONE)
        (void)error_set(&x->error, code, "file");
    (void)XML_StopParser(x->parser, XML_FALSE);
}

static const char *attribute(const char **list, const char *name)
{
    for (; list[0] != NULL; list += 2)
        if (strcmp(list[0], name) == 0)
            return list[1];
    return NULL;
}

/* Names come with any prefix; what counts is the part behind it. */
static bool named(const char *element, const char *name)
{
    const char *colon = strrchr(element, ':');
    return strcmp(colon != NULL ? colon + 1 : element, name) == 0;
}

/* No workbook has a document type; entities are not for us. */
static void on_doctype(void *context, const char *name, const char *system, const char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    stop(context, ERROR_MALFORMED);
}

/* ---- One part, step by step ---------------------------------------------------------------------------- */

static bool part_open(struct xlsx *x, const char *name, XML_StartElementHandler start,
                      XML_EndElementHandler end, XML_CharacterDataHandler text, struct error *e)
{
    x->part = zip_fopen(x->zip, name, 0);
    x->parser = XML_ParserCreate(NULL);
    x->unpacked = 0;
    x->ended = false;
    if (x->part == NULL || x->parser == NULL)
        return error_set(e, ERROR_MALFORMED, "file");
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, start, end);
    XML_SetCharacterDataHandler(x->parser, text);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    return true;
}

static void part_close(struct xlsx *x)
{
    if (x->part != NULL)
        (void)zip_fclose(x->part);
    if (x->parser != NULL)
        XML_ParserFree(x->parser);
    x->part = NULL;
    x->parser = NULL;
}

static bool part_step(struct xlsx *x, struct error *e)
{
    void *room = XML_GetBuffer(x->parser, STEP);
    zip_int64_t n = room != NULL ? zip_fread(x->part, room, STEP) : -1;

    if (n < 0)
        return error_set(e, ERROR_MALFORMED, "file");
    x->unpacked += (uint64_t)n;
    if (x->unpacked > PART_MAX)
        return error_set(e, ERROR_TOO_LARGE, "file");
    x->ended = n == 0;
    if (XML_ParseBuffer(x->parser, (int)n, x->ended) == XML_STATUS_OK)
        return true;
    if (x->error.code != ERROR_NONE) {
        if (e != NULL)
            *e = x->error;
        return false;
    }
    return error_setf(e, ERROR_LINE_INVALID, "file", "%lld", (long long)x->line);
}

static bool part_whole(struct xlsx *x, const char *name, XML_StartElementHandler start,
                       XML_EndElementHandler end, XML_CharacterDataHandler text, struct error *e)
{
    bool ok = part_open(x, name, start, end, text, e);
    while (ok && !x->ended)
        ok = part_step(x, e);
    part_close(x);
    return ok;
}

/* ---- The list of sheets -------------------------------------------------------------------------------- */

static void book_start(void *context, const char *name, const char **attributes)
{
    struct xlsx *x = context;
    const char *value;

    if (named(name, "workbookPr") && (value = attribute(attributes, "date1904")) != NULL)
        x->since_1904 = strcmp(value, "1") == 0 || strcmp(value, "true") == 0;
    if (named(name, "sheet") && (value = attribute(attributes, "r:id")) != NULL && x->sheet_count < SHEETS) {
        const char *title = attribute(attributes, "name");
        struct str head = str_head(str_of(title != NULL ? title : ""), 31);
        (void)snprintf(x->sheet_ids[x->sheet_count], sizeof x->sheet_ids[0], "%s", value);
        (void)snprintf(x->sheet_names[x->sheet_count++], sizeof x->sheet_names[0], "%.*s", (int)head.n, head.p);
    }
}

static void rels_start(void *context, const char *name, const char **attributes)
{
    struct xlsx *x = context;
    const char *id = attribute(attributes, "Id"), *target = attribute(attributes, "Target");

    if (named(name, "Relationship") && id != NULL && target != NULL && strcmp(id, x->wanted) == 0)
        (void)snprintf(x->target, sizeof x->target, "%s%s", target[0] == '/' ? "" : "xl/",
                       target[0] == '/' ? target + 1 : target);
}

static void nothing_end(void *context, const char *name)
{
    (void)context, (void)name;
}

static void nothing_text(void *context, const char *s, int n)
{
    (void)context, (void)s, (void)n;
}

static bool find_sheet(struct xlsx *x, int which, struct error *e)
{
    if (!part_whole(x, "xl/workbook.xml", book_start, nothing_end, nothing_text, e))
        return false;
    if (which < 1 || which > x->sheet_count)
        return error_setf(e, ERROR_OUT_OF_RANGE, "sheet", "1…%d", x->sheet_count);
    memcpy(x->wanted, x->sheet_ids[which - 1], sizeof x->wanted);
    return part_whole(x, "xl/_rels/workbook.xml.rels", rels_start, nothing_end, nothing_text, e) &&
           (x->target[0] != '\0' || error_set(e, ERROR_MALFORMED, "file"));
}

/* ---- Shared texts -------------------------------------------------------------------------------------- */

static void shared_start(void *context, const char *name, const char **attributes)
{
    struct xlsx *x = context;
    (void)attributes;
    x->in_phonetic |= named(name, "rPh");
    x->in_text = named(name, "t") && !x->in_phonetic;
}

static void shared_end(void *context, const char *name)
{
    struct xlsx *x = context;
    x->in_text = false;
    if (named(name, "rPh"))
        x->in_phonetic = false;
    if (!named(name, "si"))
        return;
    if (x->shared_count == x->shared_room) {
        size_t room = x->shared_room == 0 ? 1024 : 2 * x->shared_room;
        size_t *more = realloc(x->shared_at, room * sizeof *more);
        if (more == NULL) {
            stop(x, ERROR_TOO_LARGE);
            return;
        }
        x->shared_at = more;
        x->shared_room = room;
    }
    x->shared_at[x->shared_count++] = x->shared.n;
}

static void shared_text(void *context, const char *s, int n)
{
    struct xlsx *x = context;
    if (!x->in_text)
        return;
    buf_add(&x->shared, str_range(s, (size_t)n));
    if (x->shared.full)
        stop(x, ERROR_TOO_LARGE);
}

static struct str shared_at(const struct xlsx *x, size_t i)
{
    size_t from = i > 0 ? x->shared_at[i - 1] : 0;
    /* when all of them are empty there is nothing that they lie in */
    return x->shared.n > 0 ? str_range(x->shared.p + from, x->shared_at[i] - from) : STR("");
}

/* ---- The cells of the sheet ---------------------------------------------------------------------------- */

/* "AB12" → 27; -1 when there is none. */
static int column_of(const char *reference)
{
    int column = 0;
    if (reference == NULL || *reference < 'A' || *reference > 'Z')
        return -1;
    for (; *reference >= 'A' && *reference <= 'Z' && column <= SHEET_COLUMNS; reference++)
        column = column * 26 + (*reference - 'A' + 1);
    return column - 1;
}

static void row_start(struct xlsx *x, const char **attributes)
{
    const char *r = attribute(attributes, "r");
    int64_t line = 0;

    x->line = r != NULL && str_int(str_of(r), &line) && line > x->line ? line : x->line + 1;
    x->column = -1;
    if (x->row_count == ROWS_AHEAD) { /* no step of the file holds so many rows with something in them */
        stop(x, ERROR_TOO_LARGE);
        return;
    }
    x->rows[x->row_count] = (struct waiting){.line = x->line, .first = x->cell_count};
}

static void cell_start(struct xlsx *x, const char **attributes)
{
    const char *t = attribute(attributes, "t");
    int column = column_of(attribute(attributes, "r"));

    x->column = column >= 0 ? column : x->column + 1;
    x->type = 'n';
    if (t != NULL)
        x->type = strcmp(t, "s") == 0 ? 's' : strcmp(t, "b") == 0 ? 'b' : strcmp(t, "n") == 0 ? 'n' : 't';
    x->begin = x->text.n;
}

static void sheet_start(void *context, const char *name, const char **attributes)
{
    struct xlsx *x = context;
    if (named(name, "row"))
        row_start(x, attributes);
    else if (named(name, "c"))
        cell_start(x, attributes);
    x->in_phonetic |= named(name, "rPh");
    x->in_text = (named(name, "v") || named(name, "t")) && !x->in_phonetic;
}

static void sheet_text(void *context, const char *s, int n)
{
    struct xlsx *x = context;
    if (!x->in_text || x->text.n - x->begin > SHEET_CELL * 4)
        return;
    buf_add(&x->text, str_range(s, (size_t)n));
    if (x->text.full)
        stop(x, ERROR_TOO_LARGE);
}

/* Excel writes 0.1 as 0.10000000000000001 and long numbers with an exponent. */
static void tidy_number(struct xlsx *x)
{
    char raw[64], *end;
    size_t n = x->text.n - x->begin;

    if (n == 0 || n >= sizeof raw)
        return;
    memcpy(raw, x->text.p + x->begin, n);
    raw[n] = '\0';
    double v = strtod(raw, &end);
    if (*end != '\0' || !isfinite(v))
        return;
    x->text.n = x->begin;
    if (v == floor(v) && fabs(v) < 1e15)
        buf_addf(&x->text, "%.0f", v);
    else
        buf_addf(&x->text, "%.15g", v);
}

static void cell_end(struct xlsx *x)
{
    int64_t index;
    struct cell c = {.column = x->column, .at = x->begin};

    if (x->type == 's') {
        struct str digits =
            str_trim(str_range(x->text.p != NULL ? x->text.p + x->begin : "", x->text.n - x->begin));
        bool ok = str_int(digits, &index) && index >= 0 && (size_t)index < x->shared_count;
        x->text.n = x->begin;
        if (!ok) {
            stop(x, ERROR_MALFORMED);
            return;
        }
        buf_add(&x->text, shared_at(x, (size_t)index));
    } else if (x->type == 'n') {
        tidy_number(x);
    }
    c.n = x->text.n - c.at;
    x->begin = x->text.n;
    if (c.n == 0 || c.column >= SHEET_COLUMNS)
        return;
    if (x->cell_count == x->cell_room) {
        size_t room = x->cell_room == 0 ? 1024 : 2 * x->cell_room;
        struct cell *more = realloc(x->cells, room * sizeof *more);
        if (more == NULL) {
            stop(x, ERROR_TOO_LARGE);
            return;
        }
        x->cells = more;
        x->cell_room = room;
    }
    x->cells[x->cell_count++] = c;
}

static void sheet_end(void *context, const char *name)
{
    struct xlsx *x = context;
    x->in_text = false;
    if (named(name, "rPh"))
        x->in_phonetic = false;
    if (named(name, "c"))
        cell_end(x);
    if (named(name, "row") && x->row_count < ROWS_AHEAD) {
        struct waiting *row = &x->rows[x->row_count];
        row->cells = x->cell_count - row->first;
        x->row_count += row->cells > 0;
        x->rows[x->row_count].first = x->cell_count;
    }
}

/* What was fetched is given up; a row that is read by half moves to the front. */
static void forget(struct xlsx *x)
{
    size_t cell = x->rows[x->row_count].first, left = x->cell_count - cell;
    size_t at = left > 0 ? x->cells[cell].at : x->begin;

    if (left > 0)
        memmove(x->cells, x->cells + cell, left * sizeof *x->cells);
    for (size_t i = 0; i < left; i++)
        x->cells[i].at -= at;
    if (x->text.n > at)
        memmove(x->text.p, x->text.p + at, x->text.n - at);
    x->text.n -= at;
    x->begin -= at;
    x->cell_count = left;
    x->rows[0] = (struct waiting){.line = x->rows[x->row_count].line};
    x->row_count = x->row_next = 0;
}

bool xlsx_row(struct xlsx *x, struct arena *a, struct str *ret, size_t *ret_n, int64_t *ret_line, struct error *e)
{
    *ret_n = 0;
    if (x->row_next == x->row_count)
        forget(x);
    while (x->row_next == x->row_count && !x->ended)
        if (!part_step(x, e))
            return false;
    if (x->row_next == x->row_count)
        return true;
    const struct waiting *row = &x->rows[x->row_next++];
    for (size_t i = 0; i < row->cells; i++) {
        const struct cell *c = &x->cells[row->first + i];
        while (*ret_n <= (size_t)c->column)
            ret[(*ret_n)++] = STR("");
        ret[c->column] = arena_str(a, str_range(x->text.p + c->at, c->n));
    }
    *ret_line = row->line;
    return true;
}

/* ---- Opening ------------------------------------------------------------------------------------------- */

int xlsx_count(const struct xlsx *x)
{
    return x->sheet_count;
}

struct str xlsx_name(const struct xlsx *x, int which)
{
    return which >= 1 && which <= x->sheet_count ? str_of(x->sheet_names[which - 1]) : STR("");
}

bool xlsx_since_1904(const struct xlsx *x)
{
    return x->since_1904;
}

static bool open_parts(struct xlsx *x, struct str bytes, int which, struct error *e)
{
    zip_error_t trouble;
    zip_error_init(&trouble);
    zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, &trouble);
    if (source != NULL)
        x->zip = zip_open_from_source(source, ZIP_RDONLY, &trouble);
    if (x->zip == NULL && source != NULL)
        zip_source_free(source);
    zip_error_fini(&trouble);
    if (x->zip == NULL)
        return error_set(e, ERROR_MALFORMED, "file");
    if (!find_sheet(x, which, e))
        return false;
    if (zip_name_locate(x->zip, "xl/sharedStrings.xml", 0) >= 0 &&
        !part_whole(x, "xl/sharedStrings.xml", shared_start, shared_end, shared_text, e))
        return false;
    return part_open(x, x->target, sheet_start, sheet_end, sheet_text, e);
}

bool xlsx_open(struct xlsx **ret, struct str bytes, int which, struct error *e)
{
    struct xlsx *x = calloc(1, sizeof *x);
    if (x == NULL)
        return error_cause(e, ERROR_INTERNAL, "no memory for a workbook");
    x->shared = BUF_INIT(SHARED_MAX);
    x->text = BUF_INIT(SHARED_MAX);
    bool ok = open_parts(x, bytes, which, e);
    if (ok)
        *ret = x;
    else
        xlsx_close(x);
    return ok;
}

void xlsx_close(struct xlsx *x)
{
    if (x == NULL)
        return;
    part_close(x);
    if (x->zip != NULL)
        zip_discard(x->zip);
    buf_free(&x->shared);
    buf_free(&x->text);
    free(x->shared_at);
    free(x->cells);
    free(x);
}
