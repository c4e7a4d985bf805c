-- Mediation: rooms and mediators that cannot be booked twice, sessions of cases, papers that a stranger may check, plots that are fought over again.

-- A quarter of an hour of a room or of a mediator belongs to one activity: the key decides, whoever asks at the same moment.
create table booking (
    resource_kind {int} not null,     -- 1 room (place), 2 mediator (account)
    resource {int} not null,
    quarter {int} not null,           -- quarters of an hour since 1970, UTC
    activity {int} not null references activity(id),
    primary key (resource_kind, resource, quarter)
) {strict};
create index booking_activity on booking(activity);

-- Who leads a session; where it is. They stay when the booking is released.
create table activity_worker (
    activity {int} not null references activity(id),
    account {int} not null references account(id),
    primary key (activity, account)
) {strict};
alter table activity add column room {int} references place(id);
create index activity_case_case on activity_case(case_id);

-- A paper that left the house: what a stranger with its code may know. Nothing of its contents.
create table proof (
    id {pk},
    code {text} not null unique,      -- of the verification page
    case_id {int} not null references cases(id),
    unit {int} not null references unit(id),
    paper {text} not null,            -- "agreement" …
    content {blob} not null,          -- hash of what it says
    document {blob} not null,         -- hash of the file as it was printed
    made_at {int} not null
) {strict};
create index proof_case on proof(case_id);

-- The plot or house a dispute is about, as a keyed hash of its folded name, for finding it again. Written while the case is being born, before its
-- own row, and so without a reference.
create table case_plot (
    case_id {int} primary key not null,
    ix {blob} not null
) {strict};
create index case_plot_ix on case_plot(ix);
