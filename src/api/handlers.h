/* The handlers of the route table, by file. */
#ifndef API_HANDLERS_H
#define API_HANDLERS_H

#include "core/activity.h"
#include "core/case_read.h"
#include "api/api.h"

struct call *call_of(struct http_request *r);

/* api_session.c */
bool session_make(struct call *c, struct error *e);
bool session_show(struct call *c, struct error *e);
bool session_drop(struct call *c, struct error *e);
bool session_drop_all(struct call *c, struct error *e);
bool password_change(struct call *c, struct error *e);
bool totp_begin(struct call *c, struct error *e);
bool totp_confirm(struct call *c, struct error *e);
bool totp_drop(struct call *c, struct error *e);
bool token_list(struct call *c, struct error *e);
bool token_create(struct call *c, struct error *e);
bool token_drop(struct call *c, struct error *e);

/* api_answer.c */
bool answer_suggest(struct call *c, struct error *e);
bool answer_of_case(struct call *c, struct error *e);

/* api_case.c */
/* The case of a path, for those who work with it. NOT_FOUND. */
bool call_case(struct call *c, struct case_row *ret, struct error *e);
bool case_create(struct call *c, struct error *e);
bool case_create_spot(struct call *c, struct error *e);
bool case_list(struct call *c, struct error *e);
/* The filters of a list of cases, from the query. */
bool case_filter_read(struct call *c, struct case_filter *f, struct error *e);
bool case_show(struct call *c, struct error *e);
bool case_timeline(struct call *c, struct error *e);
bool case_verbs(struct call *c, struct error *e);
bool case_act(struct call *c, struct error *e);
bool track_show(struct call *c, struct error *e);
bool track_act(struct call *c, struct error *e);
bool verb_form(struct call *c, struct error *e);

/* api_watch.c: what comes back, what is missing, what the season brings */
bool root_list(struct call *c, struct error *e);
bool coverage_show(struct call *c, struct error *e);
bool season_show(struct call *c, struct error *e);
bool phrase_list(struct call *c, struct error *e);

/* api_place.c: units, offices, accounts, persons, households, places */
bool pack_show(struct call *c, struct error *e);
bool host_show(struct call *c, struct error *e);
bool unit_show(struct call *c, struct error *e);
bool office_list(struct call *c, struct error *e);
bool account_list(struct call *c, struct error *e);
bool account_create(struct call *c, struct error *e);
bool account_thanks(struct call *c, struct error *e);
bool account_act(struct call *c, struct error *e);
bool stand_in_list(struct call *c, struct error *e);
bool person_list(struct call *c, struct error *e);
bool person_create(struct call *c, struct error *e);
bool person_act(struct call *c, struct error *e);
bool person_show(struct call *c, struct error *e);
bool person_look_alike(struct call *c, struct error *e);
bool person_take(struct call *c, struct error *e);
bool person_show_plain(struct call *c, struct error *e);
bool household_create(struct call *c, struct error *e);
bool place_create(struct call *c, struct error *e);
bool place_act(struct call *c, struct error *e);
bool register_all(struct call *c, struct error *e);
bool register_list(struct call *c, struct error *e);
bool register_counts(struct call *c, struct error *e);
bool public_notices(struct call *c, struct error *e);
bool notice_object(struct call *c, struct error *e);
bool export_rows(struct call *c, struct error *e);
bool register_paper(struct call *c, struct error *e);
bool register_create(struct call *c, struct error *e);
bool register_show(struct call *c, struct error *e);
bool register_act(struct call *c, struct error *e);
bool place_list(struct call *c, struct error *e);
bool journal_list(struct call *c, struct error *e);
bool access_list(struct call *c, struct error *e);

/* api_ledger.c */
bool ledger_upload(struct call *c, struct error *e);
bool ledger_list(struct call *c, struct error *e);
bool ledger_show(struct call *c, struct error *e);
bool ledger_check(struct call *c, struct error *e);
bool ledger_begin(struct call *c, struct error *e);
bool ledger_undo(struct call *c, struct error *e);
bool ledger_remove(struct call *c, struct error *e);
bool ledger_values(struct call *c, struct error *e);
bool ledger_case_list(struct call *c, struct error *e);

/* api_activity.c */
bool activity_list(struct call *c, struct error *e);
bool activity_filter_read(struct call *c, struct activity_filter *f, struct error *e);
bool activity_create(struct call *c, struct error *e);
bool activity_act(struct call *c, struct error *e);
bool booking_list(struct call *c, struct error *e);

/* api_figures.c */
bool figures_show(struct call *c, struct error *e);
bool figures_list(struct call *c, struct error *e);
bool figures_period(struct call *c, int32_t *ret_from, int32_t *ret_to, struct error *e);
bool report_show(struct call *c, struct error *e);

/* api_paper.c */
bool unit_poster(struct call *c, struct error *e);
bool place_poster(struct call *c, struct error *e);
bool place_sign(struct call *c, struct error *e);
bool case_paper(struct call *c, struct error *e);
/* The page of a case as JSON in the place of *ret, owned by the caller; and its people's names in the place of their masks, each written into the
 * access journal. */
bool paper_read_page(struct call *c, struct id id, json_t **ret, struct error *e);
bool paper_unmask(struct call *c, json_t *page, struct str purpose, struct error *e);

/* api_mediation.c */
bool mediation_paper_show(struct call *c, struct error *e);

/* api_oral.c */
struct oral_filter;
struct unit;
bool oral_list(struct call *c, struct error *e);
bool oral_paper(struct call *c, struct error *e);
/* The committee and the days that the query names. */
bool oral_filter_read(struct call *c, struct oral_filter *f, struct unit *u, struct error *e);

/* api_export.c: lists and figures as xlsx or csv */
bool export_cases(struct call *c, struct error *e);
bool export_activities(struct call *c, struct error *e);
bool export_oral(struct call *c, struct error *e);
bool export_persons(struct call *c, struct error *e);
bool export_places(struct call *c, struct error *e);
bool export_accounts(struct call *c, struct error *e);
bool export_journal(struct call *c, struct error *e);
bool export_figures(struct call *c, struct error *e);

/* api_file.c */
bool file_create(struct call *c, struct error *e);
bool file_of_case(struct call *c, struct error *e);
bool file_of_row(struct call *c, struct error *e);
bool file_of_track(struct call *c, struct error *e);

/* api_search.c */
bool search_show(struct call *c, struct error *e);

/* api_suggest.c */
bool suggest_show(struct call *c, struct error *e);

/* api_sync.c */
bool sync_show(struct call *c, struct error *e);
bool batch_run(struct call *c, struct error *e);
bool events_show(struct call *c, struct error *e);
bool notice_list(struct call *c, struct error *e);
bool notice_seen(struct call *c, struct error *e);

/* api_office.c */
bool office_rule_show(struct call *c, struct error *e);

/* api_call.c */
bool call_list(struct call *c, struct error *e);
bool call_paper(struct call *c, struct error *e);
bool slip_make(struct call *c, struct error *e);

/* api_subsidy.c */
bool subsidy_upload(struct call *c, struct error *e);
bool subsidy_look(struct call *c, struct error *e);
bool subsidy_look_for(struct call *c, struct error *e);

/* api_form.c */
bool form_make(struct call *c, struct error *e);

/* api_proof.c */
bool proof_list(struct call *c, struct error *e);
bool proof_paper(struct call *c, struct error *e);

/* api_round.c */
bool round_list(struct call *c, struct error *e);
bool round_join(struct call *c, struct error *e);
bool joinable_list(struct call *c, struct error *e);

/* api_page.c */
bool openapi_show(struct call *c, struct error *e);
bool docs_show(struct call *c, struct error *e);
bool health_show(struct call *c, struct error *e);
bool ready_show(struct call *c, struct error *e);
bool metrics_show(struct call *c, struct error *e);
bool plain_report(struct call *c, struct error *e);
bool plain_report_send(struct call *c, struct error *e);
bool plain_follow(struct call *c, struct error *e);
bool plain_proof(struct call *c, struct error *e);
bool plain_follow_send(struct call *c, struct error *e);
/* Assets and the pages of the apps; 404 for anything else. */
void page_reply(struct api *api, struct http_request *r);

/* A PDF that the browser shows, under this name. */
void call_pdf(struct call *c, const char *name);
/* One person's name and number in the place of the mask, written down first. Whom the reader may not see stays masked. */
bool call_unmask(struct call *c, json_t *person, struct str purpose, struct error *e);

/* One command from a request: verb, subject and body as fields. */
bool call_command(struct call *c, enum subject_kind kind, struct str verb, struct id subject,
                  const json_t *fields, struct answer *ret, struct error *e);

#endif
