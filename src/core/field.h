/* Fields of forms: one description that checks input, draws the form on every screen and stands in the API's description. */
#ifndef CORE_FIELD_H
#define CORE_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/json.h"
#include "base/str.h"

enum field_type {
    FIELD_TEXT,     /* one line, at most `most` characters (200 unless set) */
    FIELD_LONGTEXT, /* several lines (4000 unless set) */
    FIELD_CHOICE,   /* one code; options by `from` or, in packs, listed */
    FIELD_DATE,     /* "2024-07-18" */
    FIELD_TIME,     /* RFC 3339 */
    FIELD_INT,      /* least … most */
    FIELD_NUMBER,
    FIELD_BOOL,
    FIELD_ID, /* a UUID */
    FIELD_OFFICE,
    FIELD_ACCOUNT,
    FIELD_CASE,     /* a UUID of one of these */
    FIELD_UNIT,     /* the code of a unit */
    FIELD_MONEY,    /* yuan, to the fen; least … most in yuan */
    FIELD_PERSON,   /* one of them: {name?, phone?, id_no?, person?} */
    FIELD_REGISTER, /* a UUID of a row of the register `from` */
    FIELD_PERSONS,  /* [{role, side?, name, phone?, id_no?, person?}] */
    FIELD_FILES,    /* [hash] */
    FIELD_QUANTITY, /* {n, unit} */
    FIELD_CONSENT,  /* {given, how?} */
    FIELD_SAID,     /* for whom it is recorded, in words, or {name?, account?, how?} */
    FIELD_OBJECT,   /* anything; checked by who uses it */
    FIELD_LIST,
};

/* One of a choice; a list ends with a null value. */
struct field_option {
    const char *value, *label;
};

struct field {
    const char *name;
    enum field_type type;
    bool required;
    const char *from; /* options: "outcomes", "categories", "told_how", … or "a|b|c" with labels in lang/ under choice.NAME.a */
    int64_t least, most;
    const char *label;                  /* pack fields carry their own; null: lang/ "field.NAME" */
    const json_t *options;              /* of pack fields: [{value,label}] */
    const struct field_option *choices; /* the same, made by the program */
    bool hidden;                        /* not drawn in forms: for the API and other programs */
};

/* Ends a table. */
#define FIELD_END                                                                                            \
    {                                                                                                        \
        0                                                                                                    \
    }

const char *field_type_name(enum field_type t);

/* Checks an object against tables of fields (each ended by FIELD_END; `tables` ended by null): unknown names, types, lengths, ranges, missing ones.
 * Free text must be more than blanks to count as present. */
bool field_check(const struct field *const *tables, const json_t *object, struct error *e);
bool field_check_one(const struct field *f, const json_t *value, struct error *e);

#endif
