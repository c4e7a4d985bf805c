/* Ids: UUIDv7 (RFC 9562 §5.7) for machines, tracking codes for people. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct id {
    unsigned char b[16];
};

enum { ID_TEXT = 37, TRACK_TEXT = 17, TRACK_LETTERS = 13 };

/* A fresh id; within one process ids made later sort later. */
struct id id_new(void);
bool id_is_zero(struct id id);
static inline bool id_eq(struct id a, struct id b)
{
    return memcmp(a.b, b.b, sizeof a.b) == 0;
}
void id_format(struct id id, char out[ID_TEXT]);
/* 36 characters with hyphens, any version and case. */
bool id_parse(struct str s, struct id *ret);

/* A tracking code: 65 random bits as "XXXXX-XXXX-XXXX" in digits and capitals without 0 O 1 I. */
void track_new(char out[TRACK_TEXT]);
/* The same from bits that are given: five of each byte are used. */
void track_format(const unsigned char bits[TRACK_LETTERS], char out[TRACK_TEXT]);
/* Upper case, hyphens and spaces dropped; false unless 13 characters of the alphabet are left. */
bool track_normal(struct str typed, char out[TRACK_TEXT]);

#endif
