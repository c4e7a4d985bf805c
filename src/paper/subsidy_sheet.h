/* Payment tables of subsidies as they come from offices: a title, one or two rows of heads, merged cells, numbers written as text, GB 18030. */
#ifndef PAPER_SUBSIDY_SHEET_H
#define PAPER_SUBSIDY_SHEET_H

#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"

enum subsidy_field {
    S_NAME,
    S_ID,
    S_AMOUNT,
    S_ITEM,
    S_PAID,
    S_CARD,
    S_PHONE,
    S_GROUP,
    S_AREA,
    S_NOTE,
    S_FIELDS
};
/* "name", "id_no", "amount", "item", "paid_on", "card", "phone", "group", "area", "note" */
const char *subsidy_field_name(enum subsidy_field f);

struct subsidy_row {
    int64_t line;
    struct str cells[S_FIELDS];
    int64_t fen;
    struct error problem; /* of this row; NONE: good */
};
struct subsidy_sheet {
    struct str *columns; /* the names over the columns; of two rows of heads both */
    size_t column_count;
    int64_t header;   /* line of the (first) row of heads */
    int at[S_FIELDS]; /* column of each field, -1: none */
    struct subsidy_row *rows;
    size_t n, good, skipped; /* skipped: sums and empty rows */
};

enum { SUBSIDY_ROWS = 5000 };
/* `mapping`: {FIELD: name of a column}, may be null: guessed. MISSING on "name", "id_no" or "amount" when no column is known for it, TOO_LARGE above
 * SUBSIDY_ROWS; *ret is filled as far as it went, so that the columns can be shown. */
bool subsidy_sheet_read(struct subsidy_sheet *ret, struct arena *a, struct str bytes, int which,
                        const json_t *mapping, struct error *e);

#endif
