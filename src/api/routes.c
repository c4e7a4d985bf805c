/* The whole route table, in one place. */
#include "api/handlers.h"

static const struct field sign_in_fields[] = {
    {.name = "login", .type = FIELD_TEXT, .required = true, .most = 40},
    {.name = "password", .type = FIELD_TEXT, .required = true},
    {.name = "code", .type = FIELD_TEXT, .most = 10},
    FIELD_END,
};
static const struct field password_fields[] = {{.name = "old", .type = FIELD_TEXT, .required = true},
                                               {.name = "password", .type = FIELD_TEXT, .required = true},
                                               FIELD_END};
static const struct field code_fields[] = {{.name = "code", .type = FIELD_TEXT, .required = true, .most = 10},
                                           FIELD_END};
static const struct field token_fields[] = {{.name = "label", .type = FIELD_TEXT, .required = true, .most = 60},
                                            {.name = "days", .type = FIELD_INT, .least = 1, .most = 3650},
                                            FIELD_END};
static const struct field reveal_fields[] = {
    {.name = "purpose", .type = FIELD_TEXT, .required = true, .most = 100}, FIELD_END};
static const struct field export_query[] = {
    {.name = "purpose", .type = FIELD_TEXT, .required = true, .most = 100},
    {.name = "format", .type = FIELD_TEXT},
    FIELD_END,
};
static const struct field batch_fields[] = {
    {.name = "commands", .type = FIELD_LIST, .required = true, .most = 500}, FIELD_END};

static const struct field mapping_fields[] = {{.name = "mapping", .type = FIELD_OBJECT, .required = true},
                                              {.name = "sheet", .type = FIELD_INT, .least = 1, .most = 256},
                                              FIELD_END};
static const struct field begin_fields[] = {{.name = "all_or_nothing", .type = FIELD_BOOL}, FIELD_END};

static const struct field upload_query[] = {{.name = "name", .type = FIELD_TEXT, .most = 100},
                                            {.name = "sheet", .type = FIELD_INT, .least = 1, .most = 256},
                                            FIELD_END};
static const struct field ledger_query[] = {{.name = "after", .type = FIELD_INT, .least = 0},
                                            {.name = "sheet", .type = FIELD_INT, .least = 1, .most = 256},
                                            {.name = "header", .type = FIELD_INT, .least = 1, .most = 100},
                                            FIELD_END};
static const struct field column_query[] = {{.name = "column", .type = FIELD_TEXT, .required = true},
                                            {.name = "sheet", .type = FIELD_INT, .least = 1, .most = 256},
                                            {.name = "header", .type = FIELD_INT, .least = 1, .most = 100},
                                            FIELD_END};
static const struct field unit_query[] = {{.name = "unit", .type = FIELD_UNIT}, FIELD_END};
static const struct field alike_fields[] = {{.name = "unit", .type = FIELD_UNIT, .required = true},
                                            {.name = "name", .type = FIELD_TEXT, .most = 40},
                                            {.name = "phone", .type = FIELD_TEXT, .most = 20},
                                            {.name = "id_no", .type = FIELD_TEXT, .most = 18},
                                            FIELD_END};
static const struct field stand_in_query[] = {{.name = "for", .type = FIELD_ACCOUNT}, FIELD_END};
static const struct field phrase_query[] = {{.name = "unit", .type = FIELD_UNIT},
                                            {.name = "verb", .type = FIELD_TEXT, .most = 40},
                                            {.name = "kind", .type = FIELD_TEXT, .most = 40},
                                            FIELD_END};
static const struct field rule_query[] = {{.name = "unit", .type = FIELD_UNIT},
                                          {.name = "kind", .type = FIELD_TEXT},
                                          {.name = "category", .type = FIELD_TEXT},
                                          FIELD_END};
static const struct field person_query[] = {{.name = "q", .type = FIELD_TEXT}, FIELD_END};
static const struct field search_query[] = {
    {.name = "q", .type = FIELD_TEXT},      {.name = "unit", .type = FIELD_UNIT},
    {.name = "kind", .type = FIELD_TEXT},   {.name = "limit", .type = FIELD_INT, .least = 1, .most = 100},
    {.name = "cursor", .type = FIELD_TEXT}, FIELD_END,
};
static const struct field suggest_fields[] = {
    {.name = "text", .type = FIELD_LONGTEXT, .required = true},
    {.name = "title", .type = FIELD_TEXT},
    {.name = "unit", .type = FIELD_UNIT, .required = true},
    {.name = "place", .type = FIELD_TEXT},
    {.name = "kind", .type = FIELD_TEXT},
    {.name = "persons", .type = FIELD_PERSONS, .most = 4},
    FIELD_END,
};
static const struct field form_query[] = {{.name = "verb", .type = FIELD_TEXT},
                                          {.name = "kind", .type = FIELD_TEXT},
                                          {.name = "category", .type = FIELD_TEXT},
                                          FIELD_END};
static const struct field case_query[] = {
    {.name = "view", .type = FIELD_TEXT},   {.name = "kind", .type = FIELD_TEXT},
    {.name = "state", .type = FIELD_TEXT},  {.name = "unit", .type = FIELD_UNIT},
    {.name = "q", .type = FIELD_TEXT},      {.name = "limit", .type = FIELD_INT, .least = 1, .most = 200},
    {.name = "cursor", .type = FIELD_TEXT}, FIELD_END,
};
static const struct field activity_query[] = {
    {.name = "unit", .type = FIELD_UNIT},
    {.name = "type", .type = FIELD_TEXT},
    {.name = "from", .type = FIELD_DATE},
    {.name = "to", .type = FIELD_DATE},
    {.name = "limit", .type = FIELD_INT, .least = 1, .most = 200},
    {.name = "cursor", .type = FIELD_TEXT},
    FIELD_END,
};
static const struct field mediation_query[] = {
    {.name = "purpose", .type = FIELD_TEXT, .most = 100},
    {.name = "sitting", .type = FIELD_ID},
    FIELD_END,
};
static const struct field proof_query[] = {{.name = "sha256", .type = FIELD_TEXT, .most = 64}, FIELD_END};
static const struct field oral_query[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true},
    {.name = "from", .type = FIELD_DATE},
    {.name = "to", .type = FIELD_DATE},
    {.name = "cursor", .type = FIELD_TEXT},
    {.name = "limit", .type = FIELD_INT, .least = 1, .most = 200},
    FIELD_END,
};
static const struct field oral_paper_query[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true},
    {.name = "from", .type = FIELD_DATE},
    {.name = "to", .type = FIELD_DATE},
    {.name = "purpose", .type = FIELD_TEXT, .most = 100},
    FIELD_END,
};
static const struct field oral_export_query[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true},
    {.name = "from", .type = FIELD_DATE},
    {.name = "to", .type = FIELD_DATE},
    {.name = "format", .type = FIELD_TEXT},
    FIELD_END,
};
static const struct field booking_query[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true},
    {.name = "from", .type = FIELD_DATE, .required = true},
    {.name = "to", .type = FIELD_DATE, .required = true},
    FIELD_END,
};
static const struct field figures_query[] = {{.name = "unit", .type = FIELD_UNIT},
                                             {.name = "from", .type = FIELD_DATE},
                                             {.name = "to", .type = FIELD_DATE},
                                             FIELD_END};
static const struct field drill_query[] = {
    {.name = "unit", .type = FIELD_UNIT},     {.name = "from", .type = FIELD_DATE},
    {.name = "to", .type = FIELD_DATE},       {.name = "kind", .type = FIELD_TEXT},
    {.name = "category", .type = FIELD_TEXT}, {.name = "limit", .type = FIELD_INT, .least = 1, .most = 200},
    {.name = "cursor", .type = FIELD_TEXT},   FIELD_END,
};
static const struct field report_query[] = {{.name = "unit", .type = FIELD_UNIT},
                                            {.name = "year", .type = FIELD_INT, .least = 2000, .most = 2100},
                                            {.name = "format", .type = FIELD_TEXT},
                                            FIELD_END};
static const struct field case_export_query[] = {
    {.name = "view", .type = FIELD_TEXT},
    {.name = "kind", .type = FIELD_TEXT},
    {.name = "state", .type = FIELD_TEXT},
    {.name = "unit", .type = FIELD_UNIT},
    {.name = "q", .type = FIELD_TEXT},
    {.name = "format", .type = FIELD_TEXT},
    FIELD_END,
};
static const struct field period_export_query[] = {
    {.name = "unit", .type = FIELD_UNIT},   {.name = "type", .type = FIELD_TEXT},
    {.name = "from", .type = FIELD_DATE},   {.name = "to", .type = FIELD_DATE},
    {.name = "format", .type = FIELD_TEXT}, FIELD_END,
};
static const struct field figures_export_query[] = {
    {.name = "unit", .type = FIELD_UNIT},
    {.name = "from", .type = FIELD_DATE},
    {.name = "to", .type = FIELD_DATE},
    {.name = "format", .type = FIELD_TEXT},
    FIELD_END,
};
static const struct field unit_export_query[] = {
    {.name = "unit", .type = FIELD_UNIT}, {.name = "format", .type = FIELD_TEXT}, FIELD_END};
static const struct field poster_query[] = {
    {.name = "size", .type = FIELD_TEXT},
    {.name = "phone", .type = FIELD_TEXT},
    {.name = "groups", .type = FIELD_TEXT},
    {.name = "places", .type = FIELD_TEXT},
    FIELD_END,
};
static const struct field row_paper_query[] = {{.name = "paper", .type = FIELD_TEXT, .required = true},
                                               {.name = "format", .type = FIELD_TEXT},
                                               {.name = "purpose", .type = FIELD_TEXT},
                                               FIELD_END};
static const struct field paper_query[] = {{.name = "purpose", .type = FIELD_TEXT}, FIELD_END};
static const struct field register_query[] = {
    {.name = "unit", .type = FIELD_UNIT},
    {.name = "state", .type = FIELD_TEXT},
    {.name = "code", .type = FIELD_TEXT},
    {.name = "person", .type = FIELD_ID},
    {.name = "case", .type = FIELD_ID},
    {.name = "parent", .type = FIELD_ID},
    {.name = "mine", .type = FIELD_TEXT},
    {.name = "due_before", .type = FIELD_DATE},
    {.name = "cursor", .type = FIELD_TEXT},
    {.name = "limit", .type = FIELD_INT, .least = 1, .most = 200},
    FIELD_END,
};
static const struct field ask_fields[] = {{.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
                                          {.name = "q", .type = FIELD_LONGTEXT, .required = true, .most = 4000},
                                          FIELD_END};
static const struct field call_query_fields[] = {{.name = "unit", .type = FIELD_UNIT}, FIELD_END};
static const struct field call_paper_query[] = {
    {.name = "unit", .type = FIELD_UNIT}, {.name = "purpose", .type = FIELD_TEXT, .most = 100}, FIELD_END};
static const struct field slip_fields[] = {{.name = "case", .type = FIELD_CASE, .required = true},
                                           {.name = "track", .type = FIELD_TEXT, .most = 20},
                                           FIELD_END};
static const struct field join_fields[] = {{.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
                                           {.name = "name", .type = FIELD_TEXT, .required = true, .most = 40},
                                           {.name = "phone", .type = FIELD_TEXT, .required = true, .most = 20},
                                           {.name = "how_many", .type = FIELD_INT, .least = 1, .most = 1000000},
                                           {.name = "remark", .type = FIELD_TEXT, .most = 200},
                                           FIELD_END};
static const struct field certificate_query[] = {{.name = "q", .type = FIELD_TEXT, .most = 100}, FIELD_END};
static const struct field month_query[] = {{.name = "month", .type = FIELD_TEXT, .most = 7}, FIELD_END};
static const struct field proof_slip_query[] = {
    {.name = "name", .type = FIELD_TEXT, .required = true}, {.name = "unit", .type = FIELD_UNIT}, FIELD_END};
static const struct field subsidy_query[] = {
    {.name = "unit", .type = FIELD_UNIT},
    {.name = "title", .type = FIELD_TEXT, .most = 60},
    {.name = "year", .type = FIELD_INT, .least = 2000, .most = 2100},
    {.name = "sheet", .type = FIELD_INT, .least = 1, .most = 256},
    {.name = "mapping", .type = FIELD_TEXT},
    {.name = "commit", .type = FIELD_TEXT},
    FIELD_END,
};
#define SUBSIDY_WHO                                                                                          \
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},                                      \
        {.name = "name", .type = FIELD_TEXT, .required = true, .most = 40},                                  \
    {                                                                                                        \
        .name = "id_tail", .type = FIELD_TEXT, .required = true, .most = 6                                   \
    }
static const struct field subsidy_own_fields[] = {
    SUBSIDY_WHO, {.name = "proof", .type = FIELD_TEXT, .required = true, .most = 4}, FIELD_END};
static const struct field subsidy_for_fields[] = {
    SUBSIDY_WHO, {.name = "purpose", .type = FIELD_TEXT, .required = true, .most = 100}, FIELD_END};
static const struct field form_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
    {.name = "count", .type = FIELD_INT, .required = true, .least = 1, .most = 100},
    FIELD_END};
static const struct field audit_query[] = {
    {.name = "unit", .type = FIELD_UNIT},
    {.name = "before", .type = FIELD_INT, .least = 0},
    {.name = "limit", .type = FIELD_INT, .least = 1, .most = 200},
    FIELD_END,
};
static const struct field cursor_query[] = {{.name = "cursor", .type = FIELD_TEXT}, FIELD_END};
static const struct field portal_query[] = {{.name = "u", .type = FIELD_UNIT}, FIELD_END};

#define V1 "/api/v1"
#define KEEPERS (POSTS_DESK | AS(STEWARD) | AS(CLERK) | AS(GRID_LEAD))
#define COVERERS (POSTS_DESK | POSTS_ABOVE | AS(ADMIN) | AS(SUPERVISOR) | AS(CLERK))
#define READERS (POSTS_DESK | POSTS_MEDIATOR | AS(STEWARD))

/* clang-format off */
const struct route routes[] = {
    {HTTP_POST, V1 "/session", "sign_in", HOW_READ, WHO_ANYONE, 0, BODY_JSON, sign_in_fields, NULL, session_make, "Sign in", "session", false},
    {HTTP_GET, V1 "/session", "who_am_i", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, NULL, session_show, "Who is signed in, with their posts", "session", false},
    {HTTP_DELETE, V1 "/session", "sign_out", HOW_WRITE, WHO_SIGNED_IN, 0, BODY_NONE, NULL, NULL, session_drop, "Sign out", NULL, false},
    {HTTP_DELETE, V1 "/sessions", "sign_out_everywhere", HOW_WRITE, WHO_SIGNED_IN, 0, BODY_NONE, NULL, NULL, session_drop_all, "Sign out on all devices", NULL, false},
    {HTTP_POST, V1 "/session/password", "change_password", HOW_READ, WHO_SIGNED_IN, 0, BODY_JSON, password_fields, NULL, password_change, "Change one's password", NULL, false},
    {HTTP_POST, V1 "/session/totp", "begin_totp", HOW_WRITE, WHO_SIGNED_IN, 0, BODY_JSON, NULL, NULL, totp_begin, "Begin a second factor: a secret for the app", "totp", false},
    {HTTP_PUT, V1 "/session/totp", "confirm_totp", HOW_WRITE, WHO_SIGNED_IN, 0, BODY_JSON, code_fields, NULL, totp_confirm, "Confirm the second factor with its first code", NULL, false},
    {HTTP_DELETE, V1 "/session/totp", "end_totp", HOW_WRITE, WHO_SIGNED_IN, 0, BODY_NONE, NULL, NULL, totp_drop, "Give the second factor up", NULL, false},
    {HTTP_GET, V1 "/tokens", "list_tokens", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, NULL, token_list, "One's API tokens", "tokens", false},
    {HTTP_POST, V1 "/tokens", "make_token", HOW_WRITE, WHO_SIGNED_IN, 0, BODY_JSON, token_fields, NULL, token_create, "A new API token, shown once", "token", true},
    {HTTP_DELETE, V1 "/tokens/{id}", "revoke_token", HOW_WRITE, WHO_SIGNED_IN, 0, BODY_NONE, NULL, NULL, token_drop, "Revoke an API token", NULL, false},

    {HTTP_GET, V1 "/pack", "get_pack", HOW_READ, WHO_ANYONE, 0, BODY_NONE, NULL, NULL, pack_show, "Words and lists of the active policy pack", "pack", false},
    {HTTP_GET, V1 "/host", "get_host", HOW_READ, WHO_ANYONE, 0, BODY_NONE, NULL, NULL, host_show, "Whose installation this is", "host", false},
    {HTTP_GET, V1 "/units/{code}", "get_unit", HOW_READ, WHO_ANYONE, 0, BODY_NONE, NULL, NULL, unit_show, "A unit with its children and its steward", "unit", false},
    {HTTP_GET, V1 "/units/{code}/poster", "get_unit_poster", HOW_READ, WHO_SIGNED_IN, POSTS_WORK | AS(ADMIN), BODY_NONE, NULL, poster_query, unit_poster, "QR posters of a committee or group, its groups and places, as PDF", NULL, false},
    {HTTP_GET, V1 "/offices", "list_offices", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, unit_query, office_list, "Offices that work for a unit", "offices", false},
    {HTTP_GET, V1 "/offices/rule", "get_office_rule", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, rule_query, office_rule_show, "Which offices a matter of this category and place would go to, and why", "office_rule", false},
    {HTTP_GET, V1 "/accounts", "list_accounts", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, unit_query, account_list, "Who may be given work in a unit", "accounts", false},
    {HTTP_GET, V1 "/accounts/export", "export_accounts", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, unit_export_query, export_accounts, "Who may be given work in a unit, as xlsx or csv; written into the access journal", NULL, false},
    {HTTP_GET, V1 "/accounts/{id}/thanks", "get_thanks", HOW_READ, WHO_SIGNED_IN, POSTS_ALL, BODY_NONE, NULL, month_query, account_thanks, "What somebody settled in a month, with thanks, as PDF: one's own, or of somebody in reach of the desk", NULL, false},
    {HTTP_POST, V1 "/accounts", "open_account", HOW_WRITE, WHO_SIGNED_IN, AS(ADMIN), BODY_VERB, NULL, NULL, account_create, "Open an account with its first post", "made", true},
    {HTTP_POST, V1 "/accounts/{id}/{verb}", "act_on_account", HOW_WRITE, WHO_SIGNED_IN, 0, BODY_VERB, NULL, NULL, account_act, "Appoint, relieve or close an account; say that somebody is away and who stands in, and that they are back", "made", false},
    {HTTP_GET, V1 "/stand-ins", "list_stand_ins", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, stand_in_query, stand_in_list, "Who stands in for whom now and later, whom one may send away, and who could stand in", "stand_ins", false},

    {HTTP_GET, V1 "/forms", "get_form", HOW_READ, WHO_ANYONE, 0, BODY_NONE, NULL, form_query, verb_form, "The form of a verb for a kind and category", "form", false},
    {HTTP_POST, V1 "/cases", "report_case", HOW_WRITE, WHO_ANYONE, 0, BODY_VERB, NULL, NULL, case_create, "Report a case", "case_created", true},
    {HTTP_POST, V1 "/cases/settle_on_spot", "settle_case_on_spot", HOW_WRITE, WHO_SIGNED_IN, POSTS_WORK, BODY_VERB, NULL, NULL, case_create_spot, "Record what was settled on the spot", "case_created", true},
    {HTTP_GET, V1 "/cases", "list_cases", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, case_query, case_list, "Cases in reach, by view, due first", "cases", false},
    {HTTP_GET, V1 "/cases/export", "export_cases", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, case_export_query, export_cases, "Cases of a view as xlsx or csv, all of them; written into the access journal", NULL, false},
    {HTTP_GET, V1 "/cases/{id}", "get_case", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, NULL, case_show, "A case with people, clocks, verbs and timeline", "case", false},
    {HTTP_GET, V1 "/cases/{id}/timeline", "get_case_timeline", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, NULL, case_timeline, "What was done to a case", "timeline", false},
    {HTTP_GET, V1 "/cases/{id}/verbs", "get_case_verbs", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, NULL, case_verbs, "What may be done to a case now, with its forms", "verbs", false},
    {HTTP_GET, V1 "/cases/{id}/paper", "get_case_paper", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, paper_query, case_paper, "The file of a case as PDF; with a purpose the names are shown, and that is written down", NULL, false},
    {HTTP_GET, V1 "/cases/{id}/papers/{paper}", "get_mediation_paper", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, mediation_query, mediation_paper_show, "A paper of a mediation as PDF: agreement, invitation, letters, the whole file; with a purpose the names are shown, and that is written into the access journal", NULL, false},
    {HTTP_POST, V1 "/cases/{id}/{verb}", "act_on_case", HOW_WRITE, WHO_SIGNED_IN, 0, BODY_VERB, NULL, NULL, case_act, "Do one thing to a case", "case_acted", false},
    {HTTP_GET, V1 "/cases/{id}/files/{hash}", "get_case_file", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, NULL, file_of_case, "A photo or voice note of a case", NULL, false},
    {HTTP_GET, V1 "/track", "get_tracked", HOW_READ, WHO_TRACKING, 0, BODY_NONE, NULL, NULL, track_show, "A resident's own case, by tracking code", "tracked", false},
    {HTTP_POST, V1 "/track/{verb}", "act_on_tracked", HOW_WRITE, WHO_TRACKING, 0, BODY_VERB, NULL, NULL, track_act, "Judge, urge, add a word or withdraw, by tracking code", "tracked", false},
    {HTTP_GET, V1 "/track/files/{hash}", "get_tracked_file", HOW_READ, WHO_TRACKING, 0, BODY_NONE, NULL, NULL, file_of_track, "A photo of a resident's own case", NULL, false},
    {HTTP_POST, V1 "/files", "upload_file", HOW_SLOW, WHO_ANYONE, 0, BODY_BYTES, NULL, NULL, file_create, "Upload a photo, a voice note or, as staff, a scan as PDF", "file", true},

    {HTTP_GET, V1 "/activities", "list_activities", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, activity_query, activity_list, "Activities of a unit, newest first", "activities", false},
    {HTTP_GET, V1 "/activities/export", "export_activities", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, period_export_query, export_activities, "Activities as xlsx or csv; written into the access journal", NULL, false},
    {HTTP_POST, V1 "/activities", "make_activity", HOW_WRITE, WHO_SIGNED_IN, POSTS_WORK, BODY_VERB, NULL, NULL, activity_create, "Plan an activity ahead or record one that was held", "activity", true},
    {HTTP_POST, V1 "/activities/{id}/{verb}", "act_on_activity", HOW_WRITE, WHO_SIGNED_IN, POSTS_WORK, BODY_VERB, NULL, NULL, activity_act, "Hold, cancel or correct an activity", "activity", false},

    {HTTP_GET, V1 "/bookings", "list_bookings", HOW_READ, WHO_SIGNED_IN, POSTS_WORK, BODY_NONE, NULL, booking_query, booking_list, "Rooms and mediators of a committee and when they are taken", "bookings", false},
    {HTTP_GET, V1 "/oral-agreements", "list_oral_agreements", HOW_READ, WHO_SIGNED_IN, POSTS_WORK, BODY_NONE, NULL, oral_query, oral_list, "The register of oral agreements of a committee, this year or of the days named, masked", "oral_agreements", false},
    {HTTP_GET, V1 "/oral-agreements/export", "export_oral_agreements", HOW_READ, WHO_SIGNED_IN, POSTS_WORK, BODY_NONE, NULL, oral_export_query, export_oral, "The register of oral agreements as xlsx or csv, masked; written into the access journal", NULL, false},
    {HTTP_GET, V1 "/oral-agreements/paper", "get_oral_agreements_paper", HOW_READ, WHO_SIGNED_IN, POSTS_WORK, BODY_NONE, NULL, oral_paper_query, oral_paper, "The register of oral agreements as PDF, A4 across; with names only for a purpose, which is written down", NULL, false},

    {HTTP_GET, V1 "/persons", "find_persons", HOW_READ, WHO_SIGNED_IN, READERS, BODY_NONE, NULL, person_query, person_list, "People by exact name or telephone, masked", "persons", false},
    {HTTP_GET, V1 "/persons/export", "export_persons", HOW_READ, WHO_SIGNED_IN, READERS, BODY_NONE, NULL, unit_export_query, export_persons, "People as xlsx or csv, masked; written into the access journal", NULL, false},
    {HTTP_POST, V1 "/persons", "register_person", HOW_WRITE, WHO_SIGNED_IN, KEEPERS, BODY_VERB, NULL, NULL, person_create, "Register a person", "made", true},
    {HTTP_POST, V1 "/persons/alike", "look_alike", HOW_READ, WHO_SIGNED_IN, READERS, BODY_JSON, alike_fields, NULL, person_look_alike, "Who seems to be there already: same identity number, telephone, or name in the village", "persons_alike", false},
    {HTTP_GET, V1 "/persons/{id}", "get_person", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, NULL, person_show, "A person, masked, with their cases as far as one reads these, and what may be done", "person_page", false},
    {HTTP_POST, V1 "/persons/{id}/reveal", "reveal_person", HOW_WRITE, WHO_SIGNED_IN, 0, BODY_JSON, reveal_fields, NULL, person_show_plain, "Unmask a person; written into the access journal", "person", false},
    {HTTP_GET, V1 "/persons/{id}/export", "export_person", HOW_WRITE, WHO_SIGNED_IN, POSTS_DESK, BODY_NONE, NULL, export_query, person_take, "All that is kept about a person, for the person (format zip or json); written into the access journal", "person_export", false},
    {HTTP_POST, V1 "/persons/{id}/{verb}", "act_on_person", HOW_WRITE, WHO_SIGNED_IN, KEEPERS | AS(ADMIN), BODY_VERB, NULL, NULL, person_act, "Correct a person, move, merge or take apart, note a death, or erase as the law requires", "made", false},
    {HTTP_POST, V1 "/households", "register_household", HOW_WRITE, WHO_SIGNED_IN, KEEPERS, BODY_VERB, NULL, NULL, household_create, "Register a household", "made", true},
    {HTTP_GET, V1 "/places", "list_places", HOW_READ, WHO_SIGNED_IN, POSTS_WORK, BODY_NONE, NULL, unit_query, place_list, "Places of a unit with the three responsible", "places", false},
    {HTTP_GET, V1 "/places/export", "export_places", HOW_READ, WHO_SIGNED_IN, POSTS_WORK, BODY_NONE, NULL, unit_export_query, export_places, "Places as xlsx or csv; written into the access journal", NULL, false},
    {HTTP_GET, V1 "/places/{id}/sign", "get_place_sign", HOW_READ, WHO_ANYONE, 0, BODY_NONE, NULL, NULL, place_sign, "What the code on a place's door says of it", "place_sign", false},
    {HTTP_GET, V1 "/places/{id}/poster", "get_place_poster", HOW_READ, WHO_SIGNED_IN, POSTS_WORK | AS(ADMIN), BODY_NONE, NULL, poster_query, place_poster, "The QR poster of a place as PDF", NULL, false},
    {HTTP_POST, V1 "/places", "register_place", HOW_WRITE, WHO_SIGNED_IN, KEEPERS, BODY_VERB, NULL, NULL, place_create, "Register a place", "made", true},
    {HTTP_POST, V1 "/places/{id}/{verb}", "act_on_place", HOW_WRITE, WHO_SIGNED_IN, KEEPERS, BODY_VERB, NULL, NULL, place_act, "Correct a place", "made", false},

    {HTTP_GET, V1 "/registers", "list_registers", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, NULL, register_all, "The registers one may read: states, and what a new row asks", "registers", false},
    {HTTP_GET, V1 "/registers/{register}", "list_rows", HOW_READ, WHO_SIGNED_IN, POSTS_ALL, BODY_NONE, NULL, register_query, register_list, "Rows of a register in a unit: the open ones as they fall due, or of one state (or state=all), newest first", "register_rows", false},
    {HTTP_GET, V1 "/registers/{register}/counts", "count_rows", HOW_READ, WHO_SIGNED_IN, POSTS_ALL, BODY_NONE, NULL, unit_query, register_counts, "How many rows of each class of a register are open, due and overdue in a unit", "register_counts", false},
    {HTTP_GET, V1 "/registers/{register}/export", "export_rows", HOW_READ, WHO_SIGNED_IN, POSTS_ALL, BODY_NONE, NULL, unit_export_query, export_rows, "The rows of a register as xlsx or csv, as its list shows them; written into the access journal", NULL, false},
    {HTTP_POST, V1 "/registers/{register}", "make_row", HOW_WRITE, WHO_SIGNED_IN, POSTS_ALL, BODY_VERB, NULL, NULL, register_create, "Add a row to a register", "register_row", true},
    {HTTP_GET, V1 "/registers/{register}/{id}", "get_row", HOW_READ, WHO_SIGNED_IN, POSTS_ALL, BODY_NONE, NULL, NULL, register_show, "A row with what can be done to it now and its steps", "register_row", false},
    {HTTP_GET, V1 "/registers/{register}/{id}/files/{hash}", "get_row_file", HOW_READ, WHO_SIGNED_IN, POSTS_ALL, BODY_NONE, NULL, NULL, file_of_row, "A photo or recording of a row", NULL, false},
    {HTTP_GET, V1 "/registers/{register}/{id}/paper", "get_row_paper", HOW_READ, WHO_SIGNED_IN, POSTS_ALL, BODY_NONE, NULL, row_paper_query, register_paper, "A paper of a row as PDF, from the pack's template, or its table as xlsx or csv; with a purpose the names are shown, and that is written down", NULL, false},
    {HTTP_POST, V1 "/registers/{register}/{id}/{verb}", "act_on_row", HOW_WRITE, WHO_SIGNED_IN, POSTS_ALL, BODY_VERB, NULL, NULL, register_act, "Do one thing to a row of a register", "register_row", false},

    {HTTP_POST, V1 "/answers/suggest", "suggest_answers", HOW_READ, WHO_ANYONE, 0, BODY_JSON, ask_fields, NULL, answer_suggest, "Ready answers that fit what somebody asks, as they type; nothing is kept", "suggested", false},
    {HTTP_GET, V1 "/calls", "list_calls", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, call_query_fields, call_list, "Settled and not judged yet, handled by others: whom to call", "calls", false},
    {HTTP_GET, V1 "/calls/paper", "get_call_paper", HOW_READ, WHO_SIGNED_IN, POSTS_WORK, BODY_NONE, NULL, call_paper_query, call_paper, "The sheet of return calls as PDF, with names and numbers; each is written down", NULL, false},
    {HTTP_POST, V1 "/slips", "make_slip", HOW_READ, WHO_SIGNED_IN, POSTS_WORK, BODY_JSON, slip_fields, NULL, slip_make, "The slip in large type: who answers by when, as PDF", NULL, false},
    {HTTP_GET, V1 "/rounds", "list_rounds", HOW_READ, WHO_ANYONE, 0, BODY_NONE, NULL, unit_query, round_list, "What the committee asks all in a unit, open until a day; how many answered, never who", "rounds", false},
    {HTTP_POST, V1 "/rounds/{id}/join", "join_round", HOW_WRITE, WHO_ANYONE, 0, BODY_JSON, join_fields, NULL, round_join, "Answer a round with a name and a telephone", "round_joined", true},
    {HTTP_GET, V1 "/joinable", "list_joinable", HOW_READ, WHO_ANYONE, 0, BODY_NONE, NULL, unit_query, joinable_list, "Open requests of a committee that one may join: numbers and categories, no words", "joinable", false},
    {HTTP_GET, V1 "/proofs", "list_proofs", HOW_READ, WHO_ANYONE, 0, BODY_NONE, NULL, certificate_query, proof_list, "Proofs that fit what is typed: may the committee issue it, who does instead, what to bring", "proofs", false},
    {HTTP_GET, V1 "/proofs/slip", "get_proof_slip", HOW_READ, WHO_ANYONE, 0, BODY_NONE, NULL, proof_slip_query, proof_paper, "The slip to take along, as PDF", NULL, false},
    {HTTP_POST, V1 "/subsidies", "upload_subsidies", HOW_READ, WHO_SIGNED_IN, POSTS_DESK, BODY_BYTES, NULL, subsidy_query, subsidy_upload, "A payment table (xlsx or text): a look at it, or with commit=1 its good rows come in", "subsidy_sheet", false},
    {HTTP_POST, V1 "/subsidies/own", "look_up_own_subsidies", HOW_WRITE, WHO_ANYONE, 0, BODY_JSON, subsidy_own_fields, NULL, subsidy_look, "One's own payments: name, last six of the identity number, last four of card or telephone", "subsidies", false},
    {HTTP_POST, V1 "/subsidies/for", "look_up_subsidies_for", HOW_WRITE, WHO_SIGNED_IN, POSTS_DESK | AS(STEWARD), BODY_JSON, subsidy_for_fields, NULL, subsidy_look_for, "Payments of somebody who stands before a steward; written into the access journal with the purpose", "subsidies", false},
    {HTTP_POST, V1 "/paper/forms", "make_paper_forms", HOW_WRITE, WHO_SIGNED_IN, POSTS_WORK, BODY_JSON, form_fields, NULL, form_make, "Blank reports on paper, each with a number and a code, as PDF", NULL, false},
    {HTTP_GET, V1 "/cases/{id}/answers", "get_case_answers", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, NULL, answer_of_case, "Ready answers that fit a case; of a settled request, what a new answer would begin with", "case_answers", false},
    {HTTP_GET, V1 "/publications", "list_publications", HOW_READ, WHO_ANYONE, 0, BODY_NONE, NULL, unit_query, public_notices, "Public notices that stand today in a committee", "public_notices", false},
    {HTTP_POST, V1 "/publications/{id}/object", "object_to_publication", HOW_WRITE, WHO_ANYONE, 0, BODY_VERB, NULL, NULL, notice_object, "Object to a public notice, signed in or not", NULL, false},

    {HTTP_POST, V1 "/ledgers", "upload_ledger", HOW_READ, WHO_SIGNED_IN, POSTS_LEDGER, BODY_BYTES, NULL, upload_query, ledger_upload, "Upload a ledger (csv or xlsx) to bring its matters in", "ledger", true},
    {HTTP_GET, V1 "/ledgers", "list_ledgers", HOW_READ, WHO_SIGNED_IN, POSTS_LEDGER, BODY_NONE, NULL, NULL, ledger_list, "One's ledgers, newest first", "ledgers", false},
    {HTTP_GET, V1 "/ledgers/{id}", "get_ledger", HOW_READ, WHO_SIGNED_IN, POSTS_LEDGER, BODY_NONE, NULL, ledger_query, ledger_show, "A ledger: columns, mapping, progress, what is wrong", "ledger", false},
    {HTTP_POST, V1 "/ledgers/{id}/check", "check_ledger", HOW_WRITE, WHO_SIGNED_IN, POSTS_LEDGER, BODY_JSON, mapping_fields, NULL, ledger_check, "Say what the columns mean and check every row", "ledger_state", false},
    {HTTP_POST, V1 "/ledgers/{id}/start", "start_ledger", HOW_WRITE, WHO_SIGNED_IN, POSTS_LEDGER, BODY_JSON, begin_fields, NULL, ledger_begin, "Bring a checked ledger in", "ledger_state", false},
    {HTTP_POST, V1 "/ledgers/{id}/undo", "undo_ledger", HOW_WRITE, WHO_SIGNED_IN, POSTS_LEDGER, BODY_JSON, NULL, NULL, ledger_undo, "Undo what a ledger brought in, where nobody has worked on it", "ledger_state", false},
    {HTTP_DELETE, V1 "/ledgers/{id}", "drop_ledger", HOW_WRITE, WHO_SIGNED_IN, POSTS_LEDGER, BODY_NONE, NULL, NULL, ledger_remove, "Throw a ledger away that was not brought in", NULL, false},
    {HTTP_GET, V1 "/ledgers/{id}/values", "get_ledger_values", HOW_READ, WHO_SIGNED_IN, POSTS_LEDGER, BODY_NONE, NULL, column_query, ledger_values, "What stands in a column, the most frequent first", "ledger_values", false},
    {HTTP_GET, V1 "/ledgers/{id}/cases", "list_ledger_cases", HOW_READ, WHO_SIGNED_IN, POSTS_LEDGER, BODY_NONE, NULL, cursor_query, ledger_case_list, "The cases that a ledger brought in", "cases", false},

    {HTTP_GET, V1 "/figures", "get_figures", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, figures_query, figures_show, "Six counts, rates, levels, months of a unit and period", "figures", false},
    {HTTP_GET, V1 "/figures/cases", "get_figures_cases", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, drill_query, figures_list, "The cases behind a number", "cases", false},
    {HTTP_GET, V1 "/figures/export", "export_figures", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, figures_export_query, export_figures, "The tables of the figures as xlsx or csv", NULL, false},
    {HTTP_GET, V1 "/roots", "list_roots", HOW_READ, WHO_SIGNED_IN, READERS | AS(DISPATCHER), BODY_NONE, NULL, unit_query, root_list, "What came back three times in ninety days at one place, proposed as one root problem", "roots", false},
    {HTTP_GET, V1 "/coverage", "get_coverage", HOW_READ, WHO_SIGNED_IN, COVERERS, BODY_NONE, NULL, unit_query, coverage_show, "Where nobody is named, where nobody has been, what has nobody to go to", "coverage", false},
    {HTTP_GET, V1 "/phrases", "list_phrases", HOW_READ, WHO_SIGNED_IN, POSTS_WORK | AS(LEADER), BODY_NONE, NULL, phrase_query, phrase_list, "Ready wording for a verb's long texts: the unit's, those from above and the pack's", "phrases", false},
    {HTTP_GET, V1 "/season", "get_season", HOW_READ, WHO_SIGNED_IN, POSTS_WORK, BODY_NONE, NULL, unit_query, season_show, "What the season brings for a committee, and what of it was done", "season", false},
    {HTTP_GET, V1 "/report", "get_report", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, report_query, report_show, "The annual report as PDF, text or JSON", "figures", false},

    {HTTP_GET, V1 "/search", "search", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, search_query, search_show, "Cases, people, places and activities in reach, by words", "search", false},

    {HTTP_POST, V1 "/suggest", "suggest", HOW_READ, WHO_SIGNED_IN, POSTS_WORK, BODY_JSON, suggest_fields, NULL, suggest_show, "Categories that words speak for, and cases that may be the same matter; nothing is kept", "suggestions", false},

    {HTTP_GET, V1 "/journal", "list_journal", HOW_READ, WHO_SIGNED_IN, AS(AUDITOR) | AS(ADMIN), BODY_NONE, NULL, audit_query, journal_list, "What was done in a unit, newest first, without words", "journal", false},
    {HTTP_GET, V1 "/journal/export", "export_journal", HOW_READ, WHO_SIGNED_IN, AS(AUDITOR) | AS(ADMIN), BODY_NONE, NULL, unit_export_query, export_journal, "The journal of a unit as xlsx or csv, without words", NULL, false},
    {HTTP_GET, V1 "/access", "list_access", HOW_READ, WHO_SIGNED_IN, AS(AUDITOR), BODY_NONE, NULL, audit_query, access_list, "Who looked at personal data", "access", false},
    {HTTP_GET, V1 "/sync", "sync", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, cursor_query, sync_show, "Cards of my reach, then what changed", "sync", false},
    {HTTP_POST, V1 "/batch", "run_batch", HOW_READ, WHO_SIGNED_IN, 0, BODY_JSON, batch_fields, NULL, batch_run, "A queue of commands, each answered by itself", "batch", false},
    {HTTP_GET, V1 "/events", "listen", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, NULL, events_show, "Server-sent events: cases of my reach that change", NULL, false},
    {HTTP_GET, V1 "/notices", "list_notices", HOW_READ, WHO_SIGNED_IN, 0, BODY_NONE, NULL, NULL, notice_list, "What one was told", "notices", false},
    {HTTP_POST, V1 "/notices/seen", "see_notices", HOW_WRITE, WHO_SIGNED_IN, 0, BODY_JSON, NULL, NULL, notice_seen, "All notices are seen", NULL, false},

    {HTTP_GET, V1 "/openapi.json", "get_openapi", HOW_DIRECT, WHO_ANYONE, 0, BODY_NONE, NULL, NULL, openapi_show, "This table as OpenAPI 3.1", NULL, false},
    {HTTP_GET, V1 "/docs", "get_docs", HOW_DIRECT, WHO_ANYONE, 0, BODY_NONE, NULL, NULL, docs_show, "This table as a page", NULL, false},
    {HTTP_GET, "/healthz", "get_health", HOW_DIRECT, WHO_ANYONE, 0, BODY_NONE, NULL, NULL, health_show, "Alive", "health", false},
    {HTTP_GET, "/readyz", "get_ready", HOW_WRITE, WHO_ANYONE, 0, BODY_NONE, NULL, NULL, ready_show, "Ready: the database takes writes", "ready", false},
    {HTTP_GET, "/metrics", "get_metrics", HOW_DIRECT, WHO_ANYONE, 0, BODY_NONE, NULL, NULL, metrics_show, "Prometheus text, on loopback only", NULL, false},

    {HTTP_GET, "/plain/report", "plain_report", HOW_READ, WHO_ANYONE, 0, BODY_NONE, NULL, portal_query, plain_report, "Report without scripts", NULL, false},
    {HTTP_POST, "/plain/report", "plain_report_send", HOW_WRITE, WHO_ANYONE, 0, BODY_FORM, NULL, NULL, plain_report_send, "Report without scripts: send", NULL, false},
    {HTTP_GET, "/v/{code}", "plain_proof", HOW_READ, WHO_ANYONE, 0, BODY_NONE, NULL, proof_query, plain_proof, "What a stranger may know of a paper by its code", NULL, false},
    {HTTP_GET, "/plain/follow", "plain_follow", HOW_DIRECT, WHO_ANYONE, 0, BODY_NONE, NULL, NULL, plain_follow, "Follow without scripts", NULL, false},
    {HTTP_POST, "/plain/follow", "plain_follow_send", HOW_WRITE, WHO_ANYONE, 0, BODY_FORM, NULL, NULL, plain_follow_send, "Follow without scripts: look, judge", NULL, false},
    {0},
};
/* clang-format on */
