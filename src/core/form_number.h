/* Numbers of blank paper forms (R1), such as 吴寨Z2026-0001: a form is typed in once. */
#ifndef CORE_FORM_NUMBER_H
#define CORE_FORM_NUMBER_H

#include "core/unit.h"

/* The next `n` of a committee. */
bool form_numbers(struct db *db, struct arena *a, const struct unit *committee, int year, struct str *ret,
                  size_t n, struct error *e);

#endif
