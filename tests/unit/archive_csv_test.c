/* The text of an archive's tables: NULL, the empty text and the empty blob stay three things, whatever the pieces it is read in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/archive_parts.h"

struct seen {
    struct buf text; /* cells as [plain] or "quoted", rows ended by a bar */
};

static bool note(void *context, const struct archive_cell *cells, size_t n, struct error *e)
{
    struct seen *s = context;
    (void)e;
    for (size_t i = 0; i < n; i++)
        buf_addf(&s->text, cells[i].quoted ? "\"%.*s\"" : "[%.*s]", (int)cells[i].s.n, cells[i].s.p);
    buf_addc(&s->text, '|');
    return true;
}

/* Reads `text` in pieces of `step` bytes; false when it is refused. */
static bool read_in(const char *text, size_t step, struct seen *ret)
{
    struct archive_csv c = {.row = note, .context = ret, .text = BUF_INIT(BUF_LINE)};
    struct str rest = str_of(text);
    bool ok = true;

    ret->text = BUF_INIT(BUF_LINE);
    while (ok && rest.n > 0) {
        size_t n = step < rest.n ? step : rest.n;
        ok = archive_csv_feed(&c, str_range(rest.p, n), NULL);
        rest = str_range(rest.p + n, rest.n - n);
    }
    return archive_csv_end(&c, NULL) && ok;
}

static void assert_reads(const char *text, const char *wanted)
{
    for (size_t step = 1; step < 9; step++) {
        struct seen s;
        assert_true(read_in(text, step, &s));
        buf_addc(&s.text, '\0');
        assert_string_equal(s.text.p, wanted);
        buf_free(&s.text);
    }
}

static void assert_refuses(const char *text)
{
    for (size_t step = 1; step < 9; step++) {
        struct seen s;
        assert_false(read_in(text, step, &s));
        buf_free(&s.text);
    }
}

static void nothing_is_not_empty(void **state)
{
    (void)state;
    assert_reads("a,b,c\n,\"\",12\n", "[a][b][c]|[]\"\"[12]|");
    assert_reads("\n", "[]|");
    assert_reads("", "");
}

static void quotes_hold_anything(void **state)
{
    (void)state;
    assert_reads("\"他说\"\"好\"\",\n走了\",\"\"\"\"\n", "\"他说\"好\",\n走了\"\"\"\"|");
}

static void what_is_broken_is_refused(void **state)
{
    (void)state;
    assert_refuses("a,b");      /* cut within a row */
    assert_refuses("\"a");      /* cut within quotes */
    assert_refuses("\"a\"b\n"); /* something behind the quote */
    assert_refuses("a\"b\n");   /* a quote in the middle */
}

static void what_was_written_is_read(void **state)
{
    struct buf out = BUF_INIT(BUF_LINE);
    (void)state;
    archive_csv_text(&out, STR("一个\"引号\",\r\n换行"));
    buf_addz(&out, ",\n");
    buf_addc(&out, '\0');
    assert_reads(out.p, "\"一个\"引号\",\r\n换行\"[]|");
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_not_empty),
        cmocka_unit_test(quotes_hold_anything),
        cmocka_unit_test(what_is_broken_is_refused),
        cmocka_unit_test(what_was_written_is_read),
    };
    return cmocka_run_group_tests_name("archive_csv", tests, NULL, NULL);
}
