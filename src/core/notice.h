/* Notices: who is told of what. They follow from the journal (the verb's row says which) and from clocks; doing it twice says nothing twice. */
#ifndef CORE_NOTICE_H
#define CORE_NOTICE_H

#include "core/journal.h"

/* Reads the journal behind its cursor and writes what is to be told; *ret_done is how many entries there were. On a writer. */
bool notice_catch_up(struct core *core, struct db *db, int64_t most, int64_t *ret_done, struct error *e);
/* One notice; `once` names what it is about. */
bool notice_add(struct db *db, int64_t account, int64_t case_id, const char *template, const char *once,
                int64_t at, struct error *e);
/* Who answers for a case now: its handler, the people of its office, or those who offer and take in for its place. At most `room` accounts. */
bool notice_answerable(struct core *core, struct db *db, const struct case_row *c, int64_t *accounts,
                       size_t room, size_t *ret_n, struct error *e);
/* The heads above: chair of the committee, dispatcher of the town. */
bool notice_heads(struct db *db, const struct case_row *c, int64_t *accounts, size_t room, size_t *ret_n,
                  struct error *e);

/* {"items":[{"text","case","number","at","seen"}],"unseen":n}, newest first, at most 100. */
bool notice_write_list(struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t account,
                       enum lang lang, struct error *e);
bool notice_mark_seen(struct db *db, int64_t account, struct error *e);

#endif
