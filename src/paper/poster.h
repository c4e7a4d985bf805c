/* Posters with a QR code: for a committee's door, a village, a place. */
#ifndef PAPER_POSTER_H
#define PAPER_POSTER_H

#include "base/buf.h"
#include "core/sign.h"

enum poster_size { POSTER_A4, POSTER_A5, POSTER_A6, POSTER_CARD, POSTER_SIZES };
/* "a4", "a5", "a6", "card" (90 × 54 mm, for doors). */
bool poster_size_parse(struct str s, enum poster_size *ret);

struct poster_set {
    const struct sign *signs;
    size_t n;
    struct str url;   /* of the installation, without a slash at its end */
    struct str phone; /* of the committee's office; empty: not printed */
    enum poster_size size;
    struct str power; /* whose power it rests on (G14); empty: not printed */
};

/* What the code of a sign says: the portal's page for reporting, with unit and place filled in. */
struct str poster_address(struct arena *a, struct str url, const struct sign *sign);

/* One page a sign. TOO_LONG "public_url": the address does not fit into a code. */
bool poster_pdf(const struct poster_set *set, struct buf *out, struct error *e)
    __attribute__((warn_unused_result));

#endif
