/* What the verbs of cases do beyond the table's state, clocks and journal entry; and when they are open beyond state and person. */
#ifndef CORE_CASE_VERBS_H
#define CORE_CASE_VERBS_H

#include "core/command.h"
#include "core/verb.h"

bool may_accept(const struct case_row *c, const struct actor *a);
bool may_take(const struct case_row *c, const struct actor *a);
bool may_settle(const struct case_row *c, const struct actor *a);
bool may_refer(const struct case_row *c, const struct actor *a);
bool is_referred(const struct case_row *c, const struct actor *a);
bool may_escalate(const struct case_row *c, const struct actor *a);
bool may_delegate(const struct case_row *c, const struct actor *a);
bool not_paused(const struct case_row *c, const struct actor *a);
bool is_paused(const struct case_row *c, const struct actor *a);
bool no_extension_asked(const struct case_row *c, const struct actor *a);
bool may_grant_extension(const struct case_row *c, const struct actor *a);
bool may_judge(const struct case_row *c, const struct actor *a);
bool is_untouched(const struct case_row *c, const struct actor *a);
bool has_handler(const struct case_row *c, const struct actor *a);

bool apply_report(struct work *w, struct error *e);
bool apply_settle_on_spot(struct work *w, struct error *e);
bool apply_enter(struct work *w, struct error *e);
bool apply_undo_entry(struct work *w, struct error *e);
bool apply_accept(struct work *w, struct error *e);
bool apply_decline(struct work *w, struct error *e);
bool apply_take(struct work *w, struct error *e);
bool apply_assign(struct work *w, struct error *e);
bool apply_co_handle(struct work *w, struct error *e);
bool apply_answer_consult(struct work *w, struct error *e);
bool apply_consult(struct work *w, struct error *e);
bool apply_reply(struct work *w, struct error *e);
bool apply_progress(struct work *w, struct error *e);
bool apply_refer(struct work *w, struct error *e);
bool apply_join_office(struct work *w, struct error *e);
bool apply_report_back(struct work *w, struct error *e);
bool apply_ask(struct work *w, struct error *e);
bool apply_send_back(struct work *w, struct error *e);
bool apply_escalate(struct work *w, struct error *e);
bool apply_delegate(struct work *w, struct error *e);
bool apply_pause(struct work *w, struct error *e);
bool apply_resume(struct work *w, struct error *e);
bool apply_ask_extension(struct work *w, struct error *e);
bool apply_grant_extension(struct work *w, struct error *e);
bool apply_settle(struct work *w, struct error *e);
bool apply_hear(struct work *w, struct error *e);
bool apply_judge(struct work *w, struct error *e);
bool apply_urge(struct work *w, struct error *e);
bool apply_add(struct work *w, struct error *e);
bool apply_recuse(struct work *w, struct error *e);
bool apply_reopen(struct work *w, struct error *e);
bool apply_merge(struct work *w, struct error *e);
bool apply_withdraw(struct work *w, struct error *e);
bool apply_revisit(struct work *w, struct error *e);
bool apply_close(struct work *w, struct error *e);
bool apply_correct(struct work *w, struct error *e);

#endif
