/* Voice in place of words (G20). Where a form has words somebody may speak: the text then says "〔语音1〕" for the first of the command's `voices`, alone or
 * among typed words. What is kept names the recording itself, "〔语音 3f2a91c0〕", in the case, row or activity and in the journal, so that the form's
 * rules hold as for typed words. Each recording waits as a row of the register `spoken` until whoever has time writes it down; then what was said stands
 * in its place, everywhere it was put. */
#ifndef CORE_SPOKEN_H
#define CORE_SPOKEN_H

#include "core/command.h"
#include "core/register.h"
#include "core/verb.h"

/* Before the form is checked: the marks of the command's texts name their recordings. */
void spoken_name(struct work *w);
/* Once the subject's row is written: the recordings hang on it and wait. NOT_FOUND "voices.N" for what the actor may not attach, MEDIA_TYPE for what is
 * no recording. */
bool spoken_keep(struct work *w, struct error *e);
/* May texts of its verbs be spoken? Of persons, places and accounts they are typed, and so are the words for a recording. */
bool spoken_in(enum subject_kind kind);
/* Nothing but marks? */
bool spoken_only(struct str text);

/* {mark, text, written_by}: what follows in each subject once the words are there. By the system. */
bool apply_case_written(struct work *w, struct error *e);
bool apply_row_written(struct work *w, struct error *e);
/* The words said in place of the mark, in every text of `words`. */
void spoken_put(struct work *w, json_t *words);

extern const struct field spoken_written_fields[];
extern const struct register_def spoken_notes;
extern const struct verb spoken_verbs[];

#endif
