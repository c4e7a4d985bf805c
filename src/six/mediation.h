/* Mediation of disputes: its verbs, and what they share. What they write is described in core/mediation.h. */
#ifndef SIX_MEDIATION_H
#define SIX_MEDIATION_H

#include "core/file.h"
#include "core/mediation.h"
#include "core/verb.h"

/* Files of one step: the pages of one scan, and nine photos as everywhere. */
enum { SCANS_AT_ONCE = FILE_PAGES + 9 };

/* The object under "mediation" of the case's words, made when there is none. */
json_t *mediation_own(struct work *w);
/* A day of the past that a field names, today when it names none: not before the case, not later than today. */
bool mediation_day(struct work *w, const char *field, int32_t *ret, struct error *e);

/* agreement.c */
bool apply_draft_agreement(struct work *w, struct error *e);
bool apply_sign_agreement(struct work *w, struct error *e);
bool apply_perform(struct work *w, struct error *e);
bool apply_confirm(struct work *w, struct error *e);
/* The clock of the next instalment, or none. */
bool agreement_watch(struct work *w, struct error *e);
extern const struct field draft_fields[], sign_fields[], perform_fields[], confirm_fields[];

#endif
