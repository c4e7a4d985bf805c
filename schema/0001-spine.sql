-- The spine: territory, people who work, cases and activities, journal, jobs. One set for SQLite and PostgreSQL (tokens: db/db.h).
-- All times are UTC milliseconds; rows are tied by integers, uuids are for the world outside.

create table meta (
    key {text} primary key not null,
    value {text} not null
) {strict};

-- Territory. `ord` is the place in a depth-first walk and [ord, ord_end) is the subtree; committees lie 1000 apart so that groups fit in between.
create table unit (
    id {pk},
    code {text} not null,
    level {int} not null,            -- 1 province, 2 city, 3 county, 4 town, 5 committee, 6 group
    name {text} not null,
    parent {int} references unit(id),
    ord {int} not null,
    ord_end {int} not null,
    valid_from {int},                -- day number
    valid_to {int},
    successor {int}
) {strict};
-- Codes repeat across levels (a city without counties is its own county), never within one.
create unique index unit_code on unit(code, level);
create index unit_parent on unit(parent);
create index unit_ord on unit(ord);

-- Departments, stations and bureaus that work for a unit.
create table office (
    id {pk},
    uuid {blob} not null unique,
    code {text} not null,            -- of the pack
    unit {int} not null references unit(id),
    name {text} not null,
    closed_at {int}
) {strict};
create unique index office_of_unit on office(unit, code);

-- Who signs in. Name and telephone are sealed; the login is a handle, not a name.
create table account (
    id {pk},
    uuid {blob} not null unique,
    login {text} not null unique,
    key {blob},
    sealed {blob} not null,
    password {text},                 -- argon2id, PHC string; null: can't sign in with a password
    totp {blob},                     -- sealed secret, null: no second factor
    totp_step {int} not null default 0, -- last step used: a code works once
    created_at {int} not null,
    closed_at {int},
    rev {int} not null,
    head {blob} not null,            -- hash of its last journal entry
    scope {int} not null,
    unit {int} not null references unit(id)
) {strict};

create table post (
    id {pk},
    account {int} not null references account(id),
    post {int} not null,             -- core/post.h
    unit {int} not null references unit(id),
    office {int} references office(id),
    from_day {int} not null,
    to_day {int},                    -- first day on which it no longer holds
    stands_in_for {int} references account(id)
) {strict};
create index post_account on post(account);
create index post_unit on post(unit, post);

create table session (
    hash {blob} primary key not null, -- of the cookie's value, which is nowhere
    account {int} not null references account(id),
    created_at {int} not null,
    seen_at {int} not null,
    expires_at {int} not null,
    peer {text} not null
) {strict};
create index session_account on session(account);

create table token (
    hash {blob} primary key not null,
    id {blob} not null unique,
    account {int} not null references account(id),
    label {text} not null,
    created_at {int} not null,
    expires_at {int}
) {strict};

-- Failed sign-ins and tracking codes, by account and by address. `who` is a keyed hash.
create table throttle (
    who {blob} primary key not null,
    failures {int} not null,
    until {int} not null,
    seen_at {int} not null
) {strict};

-- Policy packs are never changed; meta 'pack' names the active one.
create table pack (
    id {pk},
    hash {blob} not null unique,
    version {text} not null,
    body {text} not null,
    loaded_at {int} not null
) {strict};

create table holiday_table (
    id {pk},
    name {text} not null unique,
    csv {text} not null,
    loaded_at {int} not null
) {strict};

-- People and where they live. Identity is sealed under a key per person; look-ups go through keyed hashes.
create table household (
    id {pk},
    uuid {blob} not null unique,
    unit {int} not null references unit(id),
    scope {int} not null,
    rev {int} not null,
    head {blob} not null,
    key {blob},
    sealed {blob} not null,
    address_ix {blob},
    created_at {int} not null
) {strict};
create index household_scope on household(scope);

create table person (
    id {pk},
    uuid {blob} not null unique,
    unit {int} not null references unit(id),
    scope {int} not null,
    household {int} references household(id),
    rev {int} not null,
    head {blob} not null,
    key {blob},
    sealed {blob} not null,
    name_ix {blob},
    phone_ix {blob},
    id_no_ix {blob},
    merged_into {int} references person(id),
    died_on {int},
    created_at {int} not null
) {strict};
create index person_name on person(name_ix, scope);
create index person_phone on person(phone_ix);
create index person_id_no on person(id_no_ix);
create index person_household on person(household);

create table place (
    id {pk},
    uuid {blob} not null unique,
    unit {int} not null references unit(id),
    scope {int} not null,
    rev {int} not null,
    head {blob} not null,
    key {blob},
    sealed {blob} not null,           -- name, address, the three responsible
    kind {text} not null,             -- of the pack
    lat {int},                        -- 1e-7 degrees, WGS-84
    lon {int},
    name_ix {blob},
    created_at {int} not null,
    closed_at {int}
) {strict};
create index place_scope on place(scope, kind);

-- Cases. What code sorts, counts or decides by is a column; words are sealed under a key per case.
create table cases (
    id {pk},
    uuid {blob} not null unique,
    shard {int} not null,             -- county at birth, never changed
    number {text} not null unique,
    kind {int} not null,
    category {text} not null,
    unit {int} not null references unit(id),
    scope {int} not null,
    pack {int} not null references pack(id),
    state {int} not null,
    level {int} not null,             -- who answers now: 0 spot … 4 county
    rev {int} not null,
    head {blob} not null,
    key {blob},
    sealed {blob} not null,
    class {int} not null,             -- bits that narrow who may read it (core/scope.h)
    flags {int} not null,             -- danger, anonymous, paused … (core/case.h)
    channel {text} not null,
    finder {int} references account(id),
    finder_post {int},
    handler {int} references account(id),
    office {int} references office(id),
    office_mode {int},
    office_signed {int},
    place {int} references place(id),
    lat {int},
    lon {int},
    quantity {int},                   -- thousandths
    quantity_unit {text},
    external_due {int},
    track {blob} unique,              -- hash of the tracking code
    reported_at {int} not null,       -- happened
    recorded_at {int} not null,
    accepted_at {int},
    replied_at {int},
    settled_at {int},
    closed_at {int},
    settled_level {int},
    settled_by {int},
    outcome {text},
    resolved {int},                   -- 1 yes, 2 in part, 3 no
    satisfied {int},
    due {int},                        -- nearest running clock
    due_clock {int},
    reply_late {int} not null default 0,
    reopened {int} not null default 0,
    bounced {int} not null default 0,
    urged_at {int},
    merged_into {int} references cases(id),
    paused_until {int}
) {strict};
create index cases_paused on cases(paused_until) where paused_until is not null;
create index cases_scope on cases(scope, reported_at);

-- Who has an open case on the desk: a row for the unit (holder = ordinal), the office and each person working on it.
create table desk (
    holder_kind {int} not null,       -- 1 unit, 2 office, 3 account
    holder {int} not null,
    due {int} not null,
    case_id {int} not null references cases(id),
    case_kind {int} not null,
    state {int} not null,
    class {int} not null,
    flags {int} not null,
    primary key (holder_kind, holder, due, case_id)
) {strict};
create index desk_case on desk(case_id);
create index desk_due on desk(due) where holder_kind = 1;

create table case_worker (
    case_id {int} not null references cases(id),
    account {int} not null references account(id),
    role {int} not null,              -- 1 handler, 2 co-handler, 3 recused, 4 has worked on it
    since {int} not null,
    primary key (case_id, account)
) {strict};
create index case_worker_account on case_worker(account);

create table case_person (
    id {pk},
    uuid {blob} not null unique,
    case_id {int} not null references cases(id),
    person {int} not null references person(id),
    role {int} not null,              -- 1 reporter, 2 party, 3 subject, 4 contact
    side {int} not null default 0
) {strict};
create index case_person_case on case_person(case_id);
create index case_person_person on case_person(person);

create table case_clock (
    id {pk},
    case_id {int} not null references cases(id),
    clock {int} not null,             -- core/clock.h
    unit {int} not null,              -- term_unit
    milli {int} not null,             -- the promised term
    started_at {int} not null,
    due_at {int} not null,
    left_milli {int},                 -- what was left when it was paused; null: not paused
    paused_at {int},
    stopped_at {int},
    warned {int} not null default 0,  -- steps of the ladder already taken
    next_warning {int},               -- when the job looks again; null: never
    uncertain {int} not null default 0,
    rule {text} not null              -- category and clock of the pack it came from
) {strict};
create index case_clock_case on case_clock(case_id);
create index case_clock_warning on case_clock(next_warning) where next_warning is not null;

create table referral (
    id {pk},
    case_id {int} not null references cases(id),
    office {int} not null references office(id),
    mode {int} not null,              -- 1 refer, 2 transfer
    sent_at {int} not null,
    signed_at {int},
    answered_at {int},
    returned_at {int}
) {strict};
create index referral_case on referral(case_id);
create index referral_office on referral(office);

create table case_link (
    case_id {int} not null references cases(id),
    other {int} not null references cases(id),
    relation {int} not null,          -- 1 merged into
    primary key (case_id, other, relation)
) {strict};

-- Numbers per unit, kind and year. Gaps are allowed.
create table counter (
    unit {int} not null,
    name {text} not null,
    last {int} not null,
    primary key (unit, name)
) {strict};

create table activity (
    id {pk},
    uuid {blob} not null unique,
    type {int} not null,
    unit {int} not null references unit(id),
    scope {int} not null,
    rev {int} not null,
    head {blob} not null,
    key {blob},
    sealed {blob} not null,
    pack {int} not null references pack(id),
    state {int} not null,             -- 1 planned, 2 held, 3 cancelled
    happened_at {int} not null,
    minutes {int},
    form {text},
    topic {text},
    count {int},
    leader {int} references account(id),
    recorded_at {int} not null
) {strict};
create index activity_scope on activity(scope, happened_at);

create table activity_case (
    activity {int} not null references activity(id),
    case_id {int} not null references cases(id),
    primary key (activity, case_id)
) {strict};

-- Photos and voice notes: content-addressed in the files folder, sealed under a key of their own.
create table file (
    id {pk},
    hash {blob} not null unique,      -- of the stored content, before sealing
    key {blob},
    type {text} not null,
    bytes {int} not null,
    width {int},
    height {int},
    created_at {int} not null,
    created_by {int}                  -- account that brought it first; null: a resident
) {strict};

-- Who has uploaded a file, and so may attach it: the same content twice is one file with two of these.
create table file_upload (
    file {int} not null references file(id),
    account {int} not null,           -- 0: somebody without one
    at {int} not null,
    primary key (file, account)
) {strict};

create table file_use (
    subject_kind {int} not null,
    subject {int} not null,
    file {int} not null references file(id),
    journal {blob} not null,          -- the entry that brought it
    open {int} not null,
    primary key (subject_kind, subject, file)
) {strict};

-- Append-only: everything that was done. Each subject's entries are chained by hash; data is sealed under the subject's key.
create table journal (
    seq {pk},
    {pg:xid bigint not null default (pg_current_xact_id()::text::bigint),}
    id {blob} not null unique,        -- the command's id
    recorded_at {int} not null,
    happened_at {int} not null,
    scope {int} not null,
    actor_kind {int} not null,        -- 1 account, 2 resident, 3 the system
    actor {int},
    post {int},
    subject_kind {int} not null,
    subject {int} not null,
    n {int} not null,
    verb {text} not null,
    open {int} not null,
    data {blob} not null,
    body_hash {blob} not null,
    prev {blob} not null,
    hash {blob} not null
) {strict};
create unique index journal_subject on journal(subject_kind, subject, n);
{pg:create index journal_cursor on journal(xid, seq);}

-- Who read personal data, chained per node and day.
create table access (
    seq {pk},
    node {text} not null,
    day {int} not null,
    n {int} not null,
    at {int} not null,
    account {int} not null,
    post {int} not null,
    subject_kind {int} not null,
    subject {int} not null,
    purpose {blob} not null,          -- sealed under the subject's key
    prev {blob} not null,
    hash {blob} not null
) {strict};
create unique index access_chain on access(node, day, n);

-- Daily seals over the journal: range, count and digest, signed.
create table seal (
    day {int} primary key not null,
    first_seq {int} not null,
    last_seq {int} not null,
    entries {int} not null,
    digest {blob} not null,
    prev {blob} not null,
    signed_at {int} not null,
    public_key {blob} not null,
    signature {blob} not null
) {strict};

-- Messages to people who work here. Channels to residents come on top of the same rows.
create table notice (
    id {pk},
    account {int} not null references account(id),
    case_id {int} references cases(id),
    template {text} not null,
    at {int} not null,
    seen_at {int},
    once {text} not null unique       -- what it is about: a job run twice says nothing twice
) {strict};
create index notice_account on notice(account, id);

create table lease (
    name {text} primary key not null,
    holder {text} not null,
    until {int} not null,
    epoch {int} not null
) {strict};

create table reader_cursor (
    name {text} primary key not null,
    xid {int} not null,
    seq {int} not null
) {strict};
