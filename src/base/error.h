/* What went wrong, as data: a code from one list, the field it concerns, and parameters for the sentence
 * that a person reads. Floors above turn it into problem+json (RFC 9457) or into a line on stderr, in the
 * reader's language. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>
#include <stdint.h>

/* code, HTTP status that fits it. The name in lower case is the `code` of the API and the key of the
 * sentence in lang/. */
/* clang-format off */
#define ERROR_CODES(X)                                                                                       \
    X(NONE, 200)                                                                                             \
    X(MALFORMED, 400)         /* not JSON, not a number, not a date … */                                     \
    X(WRONG_ENCODING, 400)    /* not UTF-8 */                                                                \
    X(DUPLICATE_KEY, 400)     /* the same key twice in one JSON object */                                    \
    X(TRUNCATED, 400)         /* the body ended early */                                                     \
    X(WRONG_TYPE, 422)        /* text where a number is wanted … */                                          \
    X(UNKNOWN_FIELD, 422)                                                                                    \
    X(MISSING, 422)           /* a required field is missing or empty */                                     \
    X(TOO_LONG, 422)                                                                                         \
    X(TOO_SHORT, 422)         /* nothing to go by: a single character to search for */                       \
    X(OUT_OF_RANGE, 422)                                                                                     \
    X(NOT_A_CHOICE, 422)      /* not one of the listed values */                                             \
    X(NOT_ALLOWED_HERE, 422)  /* the value is well formed but the rules forbid it here */                    \
    X(RECUSED, 422)           /* about themselves, their household or declared kin: somebody else has to do it */ \
    X(IN_PAST, 422)                                                                                          \
    X(SUM_DIFFERS, 422)       /* parts that don't make the whole; both in `detail` */                        \
    X(TAKEN, 409)             /* a room or a person is booked at that time; who and until when in `detail` */ \
    X(IN_FUTURE, 422)                                                                                        \
    X(TOO_LATE, 409)          /* the time in which it could be done is over; the day in `detail` */           \
    X(BEFORE_CASE, 422)       /* happened before the case was reported */                                    \
    X(SECRET, 422)            /* it looks like a password, and none is ever kept */                          \
    X(BAD_CHECK_DIGIT, 422)   /* an identity number whose check digit is wrong (GB 11643) */                 \
    X(SIGN_IN, 401)           /* nobody is signed in */                                                      \
    X(BAD_SIGN_IN, 401)       /* name or password wrong: never says which */                                 \
    X(SECOND_FACTOR, 401)     /* the one-time code is wanted */                                              \
    X(THROTTLED, 429)                                                                                        \
    X(FORBIDDEN, 403)         /* known, but this post may not */                                             \
    X(FOREIGN_ORIGIN, 403)                                                                                   \
    X(NOT_FOUND, 404)         /* not there, or not in the reader's scope: never says which */                \
    X(UNKNOWN_VERB, 404)                                                                                     \
    X(WRONG_METHOD, 405)                                                                                     \
    X(NOT_OPEN, 409)          /* the verb is not open now */                                                 \
    X(GATE_CLOSED, 409)       /* something must be done before the verb; `detail` says what */              \
    X(STALE, 409)             /* somebody was quicker: rev differs */                                        \
    X(LIKELY_SAME, 409)       /* a person who seems to be there already; `detail` says how many are alike */  \
    X(CONFLICT, 409)          /* already there */                                                            \
    X(NOT_CONFIGURED, 409)    /* a setting is wanted that nobody has made; `detail` names it */              \
    X(BLOCKED_BY, 409)        /* a queued command in front of this one was refused */                        \
    X(KEY_REUSED, 422)        /* the command id was used for something else */                               \
    X(TOO_LARGE, 413)                                                                                        \
    X(LENGTH_REQUIRED, 411)                                                                                  \
    X(MEDIA_TYPE, 415)                                                                                       \
    X(BAD_IMAGE, 422)         /* not an image, broken, or far too large when unpacked */                     \
    X(BAD_PDF, 422)           /* broken, or takes too long to unpack */                                       \
    X(PDF_LOCKED, 422)        /* wants a password */                                                          \
    X(PDF_PAGES, 422)         /* too many pages; how many may be in `detail` */                               \
    X(PDF_FONTS, 422)         /* no scan: text whose font is not inside */                                    \
    X(OVERLOADED, 503)                                                                                       \
    X(UNAVAILABLE, 503)       /* the database does not answer */                                             \
    X(DISK_FULL, 507)                                                                                        \
    X(INTERNAL, 500)                                                                                         \
    X(CONFIG_KEY, 500)        /* an unknown configuration key */                                             \
    X(CONFIG_VALUE, 500)                                                                                     \
    X(DATA_FOLDER, 500)       /* unreadable, missing or not ours */                                          \
    X(SCHEMA_OLD, 500)                                                                                       \
    X(SCHEMA_NEW, 500)                                                                                       \
    X(PORT_IN_USE, 500)                                                                                      \
    X(NO_MASTER_KEY, 500)                                                                                    \
    X(BROKEN_SEAL, 500)       /* sealed data does not open: wrong key or changed bytes */                    \
    X(PACK_INVALID, 500)      /* the policy pack breaks its own rules */                                     \
    X(LINE_INVALID, 422)      /* a line of an imported file */                                               \
    X(ARCHIVE_DAMAGED, 422)   /* an archive that is cut, changed or none at all; the entry in `detail` */     \
    X(IN_USE, 409)            /* another process has the data open */                                        \
    X(RETAINED, 409)          /* may not be erased yet; the case's number in `detail` */                     \
    X(KEY_DESTROYED, 410)     /* the person's or case's key was destroyed on purpose */                      \
    X(RETRY, 500)             /* internal: deadlock or serialization failure, run again */

enum error_code {
#define X(name, status) ERROR_##name,
    ERROR_CODES(X)
#undef X
    ERROR_COUNT
};
/* clang-format on */

enum { ERROR_FIELD_MAX = 96, ERROR_TEXT_MAX = 256 };

struct error {
    enum error_code code;
    char field[ERROR_FIELD_MAX]; /* dotted path of the field, may be empty */
    char detail[ERROR_TEXT_MAX]; /* parameter of the sentence: a limit, a name, a line; may be empty */
    char cause[ERROR_TEXT_MAX];  /* for the log alone: what the engine or library said */
};

/* Each of these fills `e` and returns false, so that a failing function ends with `return error_set(…)`.
 * `e` may be null. */
bool error_set(struct error *e, enum error_code code, const char *field);
bool error_setf(struct error *e, enum error_code code, const char *field, const char *detail, ...)
    __attribute__((format(printf, 4, 5)));
/* The cause is logged and never shown. */
bool error_cause(struct error *e, enum error_code code, const char *cause, ...)
    __attribute__((format(printf, 3, 4)));

void error_clear(struct error *e);

/* Puts `prefix.` in front of the field, for errors inside nested values. */
bool error_within(struct error *e, const char *prefix);

/* "not_found" for ERROR_NOT_FOUND: static text. */
const char *error_name(enum error_code code);
int error_status(enum error_code code);

#ifdef __clang_analyzer__ /* it can't see that these always return false */
#define error_set(...) (error_set(__VA_ARGS__), false)
#define error_setf(...) (error_setf(__VA_ARGS__), false)
#define error_cause(...) (error_cause(__VA_ARGS__), false)
#define error_within(...) (error_within(__VA_ARGS__), false)
#endif

#endif
