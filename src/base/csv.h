/* Reading comma-separated values (RFC 4180): quoted fields with commas, line breaks and doubled quotes; LF or CRLF; a byte order mark in front,
 * as spreadsheets write it, is skipped. Some write semicolons or tabs between fields: set `comma`. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

struct csv {
    struct str rest;
    int64_t line; /* on which the row that csv_row gave last begins, from 1 */
    int64_t next;
    char comma;
};

struct csv csv_of(struct str text);

/* The next row that isn't empty; *ret_n is 0 at the end. Fields are slices of the text, except that quoted ones with quotes inside are copied
 * into the arena. LINE_INVALID with the line in `detail`: more than `max` fields, a quote that is not closed or is followed by something. */
bool csv_row(struct csv *c, struct arena *a, struct str *fields, size_t max, size_t *ret_n, struct error *e);

#endif
