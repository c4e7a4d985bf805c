/* Tables from elsewhere. An input that begins with "xml" is the inside of a workbook, in parts that a zero byte ends: the sheet, its shared
 * strings, the workbook, its relations; they are put into a zip here, as mutations behind compression and checksums would all be refused for
 * these. Everything else is read as it is. */
#include <zlib.h>

#include "base/buf.h"
#include "paper/sheet_read.h"
#include "fuzz.h"

enum { PARTS = 4, ROWS = 100000 };

static const char *const names[PARTS] = {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml",
                                         "xl/workbook.xml", "xl/_rels/workbook.xml.rels"};
/* What stands for a part that is empty. */
static const char *const usual[PARTS] = {
    "<worksheet/>", "<sst/>",
    "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"a\" sheetId=\"1\" "
    "r:id=\"r1\"/></sheets></workbook>",
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" "
    "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
    "</Relationships>"};

static void add_number(struct buf *b, unsigned long n, int bytes)
{
    for (int i = 0; i < bytes; i++, n >>= 8)
        buf_addc(b, (char)(n & 0xff));
}

/* The fields that a local header and an entry of the directory have in common. */
static void add_common(struct buf *b, struct str part, const char *name)
{
    add_number(b, 20, 2);
    add_number(b, 0, 8);
    add_number(b, crc32(0, (const Bytef *)part.p, (uInt)part.n), 4);
    add_number(b, part.n, 4);
    add_number(b, part.n, 4);
    add_number(b, strlen(name), 2);
    add_number(b, 0, 2);
}

static void zip(struct buf *out, const struct str *parts)
{
    struct buf directory = BUF_INIT(BUF_DOCUMENT);

    for (int i = 0; i < PARTS; i++) {
        size_t at = out->n;
        buf_add(out, STR("PK\3\4"));
        add_common(out, parts[i], names[i]);
        buf_addz(out, names[i]);
        buf_add(out, parts[i]);
        buf_add(&directory, STR("PK\1\2"));
        add_number(&directory, 20, 2);
        add_common(&directory, parts[i], names[i]);
        add_number(&directory, 0, 10);
        add_number(&directory, at, 4);
        buf_addz(&directory, names[i]);
    }
    size_t at = out->n;
    buf_add(out, buf_str(&directory));
    buf_add(out, STR("PK\5\6\0\0\0\0"));
    add_number(out, PARTS, 2);
    add_number(out, PARTS, 2);
    add_number(out, directory.n, 4);
    add_number(out, at, 4);
    add_number(out, 0, 2);
    buf_free(&directory);
}

static void read_all(struct str bytes)
{
    struct arena *a = arena_open();
    struct str cells[SHEET_COLUMNS];
    struct sheet *s = NULL;
    struct error e = {0};
    size_t n = 1;

    if (sheet_open(&s, bytes, 1, &e)) {
        for (int rows = 0; n > 0 && rows < ROWS && sheet_row(s, a, cells, &n, &e); rows++) {
            MUST(n <= SHEET_COLUMNS);
            for (size_t i = 0; i < n; i++)
                MUST(cells[i].n <= SHEET_CELL && str_utf8(cells[i]));
            (void)sheet_line(s);
            arena_reset(a);
        }
        (void)sheet_since_1904(s);
        sheet_close(s);
    } else {
        REFUSED_WELL(e);
    }
    arena_close(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = fuzz_str(data, size), parts[PARTS];
    struct buf book = BUF_INIT(BUF_DOCUMENT);

    if (!str_starts(rest, STR("xml"))) {
        read_all(rest);
        return 0;
    }
    rest = str_range(rest.p + 3, rest.n - 3);
    for (int i = 0; i < PARTS; i++)
        if (!str_split(&rest, '\0', &parts[i]) || parts[i].n == 0)
            parts[i] = str_of(usual[i]);
    zip(&book, parts);
    read_all(buf_str(&book));
    buf_free(&book);
    return 0;
}
