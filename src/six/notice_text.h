/* What a public notice says: the columns of the pack and nothing else. */
#ifndef SIX_NOTICE_TEXT_H
#define SIX_NOTICE_TEXT_H

#include "core/register.h"

/* Fill `heading`, `shown_text` and `lines` of a new notice's words. NOT_ALLOWED_HERE where nothing may be shown: the programme says so, a child, words
 * of illness or disability. */
bool notice_of_application(struct work *w, const json_t *programme, int64_t person, struct error *e);
bool notice_of_fund(struct work *w, const struct register_row *fund, struct error *e);

#endif
