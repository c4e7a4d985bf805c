/* What stands in an uploaded table: its sheets, the names of its columns, the first rows, the values of a column. */
#ifndef API_LEDGER_TABLE_H
#define API_LEDGER_TABLE_H

#include "base/json.h"
#include "paper/sheet_read.h"

enum { TABLE_FIRST = 20, TABLE_VALUES = 200 };

struct table_row {
    struct str *cells;
    size_t n;
    int64_t line;
};

/* Lives in the arena it was read into. */
struct ledger_table {
    int sheet;
    int64_t header, rows; /* the line of the names; how many rows are below it */
    bool since_1904;
    struct str *sheets; /* names; a text has one without a name */
    size_t sheet_count;
    struct table_row names, first[TABLE_FIRST];
    size_t first_count;
};

/* `sheet` 0: the first one that is a table. `header` 0: found. As sheet_open; MALFORMED `file` where there is no table, OUT_OF_RANGE `header`. */
bool ledger_table_read(struct ledger_table *ret, struct arena *a, struct str bytes, int sheet, int64_t header,
                       struct error *e);
/* {sheet,sheets,header,columns,rows,since_1904,guess,sample} */
void ledger_table_write(struct jw *w, const struct ledger_table *t);
/* {values:[{value,n}],more}: what stands in a column, the most frequent first. MISSING `column`. */
bool ledger_table_values(struct jw *w, struct arena *a, struct str bytes, int sheet, int64_t header,
                         struct str column, struct error *e);

#endif
