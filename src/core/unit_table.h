/* The rows of a division table as text, before they meet the tree. Private to unit_import.c. */
#ifndef CORE_UNIT_TABLE_H
#define CORE_UNIT_TABLE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

struct unit_line {
    struct str code, name, parent; /* parent is empty for a province */
    int level;
    int64_t line;
};

/* Slices of the text where possible. LINE_INVALID with the column as field. */
bool unit_table_parse(struct arena *a, struct str csv, struct unit_line **ret, size_t *ret_n, struct error *e);

#endif
