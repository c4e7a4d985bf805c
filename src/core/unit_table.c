#include "core/unit_table.h"

#include <zlib.h>

#include "base/csv.h"
#include "core/unit.h"

enum { COLUMNS = 4, CODE_DIGITS = 12, NAME_POINTS = 100, READ_STEP = 256 * 1024 };

bool unit_read_table(const char *path, struct buf *ret, struct error *e)
{
    gzFile f = gzopen(path, "rbe"); /* gives a plain file as it is */
    int got = 1, end;

    if (f == NULL)
        return error_setf(e, ERROR_NOT_FOUND, "path", "%s", path);
    while (got > 0 && !ret->full) {
        char *room = buf_room(ret, READ_STEP);
        got = room != NULL ? gzread(f, room, READ_STEP) : -1;
        if (got > 0)
            ret->n += (size_t)got;
    }
    (void)gzerror(f, &end);
    (void)gzclose_r(f);
    if (ret->full)
        return error_setf(e, ERROR_TOO_LARGE, "path", "%s", path);
    if (end == Z_BUF_ERROR)
        return error_setf(e, ERROR_TRUNCATED, "path", "%s", path);
    return got == 0 || error_setf(e, ERROR_MALFORMED, "path", "%s", path);
}

static bool wrong(const struct csv *c, const char *column, struct error *e)
{
    return error_setf(e, ERROR_LINE_INVALID, column, "%lld", (long long)c->line);
}

static bool is_code(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n == CODE_DIGITS;
}

static bool read_line(const struct csv *c, const struct str fields[COLUMNS], struct unit_line *ret,
                      struct error *e)
{
    struct str level = str_trim(fields[3]);

    *ret = (struct unit_line){
        .code = str_trim(fields[0]),
        .name = str_trim(fields[1]),
        .parent = str_trim(fields[2]),
        .line = c->line,
    };
    if (!is_code(ret->code))
        return wrong(c, "code", e);
    if (ret->name.n == 0 || !str_utf8(ret->name) || str_points(ret->name) > NAME_POINTS)
        return wrong(c, "name", e);
    if (level.n != 1 || level.p[0] < '0' + UNIT_PROVINCE || level.p[0] > '0' + UNIT_COMMITTEE)
        return wrong(c, "level", e);
    ret->level = level.p[0] - '0';
    if (ret->level == UNIT_PROVINCE) {
        if (ret->parent.n > 0 && !str_is(ret->parent, "0"))
            return wrong(c, "parent", e);
        ret->parent = STR("");
    } else if (!is_code(ret->parent)) {
        return wrong(c, "parent", e);
    }
    return true;
}

bool unit_table_parse(struct arena *a, struct str csv, struct unit_line **ret, size_t *ret_n, struct error *e)
{
    static const char *const header[COLUMNS] = {"code", "name", "parent", "level"};
    struct csv c = csv_of(csv);
    struct str fields[COLUMNS];
    size_t lines = 1, n;

    for (size_t i = 0; i < csv.n; i++)
        lines += csv.p[i] == '\n';
    *ret = ARENA_ARRAY(a, struct unit_line, lines);
    *ret_n = 0;
    if (!csv_row(&c, a, fields, COLUMNS, &n, e))
        return false;
    for (size_t i = 0; i < COLUMNS; i++)
        if (i >= n || !str_is(str_trim(fields[i]), header[i]))
            return wrong(&c, "header", e);
    for (;;) {
        if (!csv_row(&c, a, fields, COLUMNS, &n, e))
            return false;
        if (n == 0)
            return true;
        if (n != COLUMNS)
            return wrong(&c, header[n], e);
        if (!read_line(&c, fields, &(*ret)[*ret_n], e))
            return false;
        ++*ret_n;
    }
}
