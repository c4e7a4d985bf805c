-- Requests in depth: which ready answers were given to whom, and so how often each has served.
create table answer_use (
    case_id {int} not null,           -- no reference: a matter settled on the spot is written after its answer was taken
    answer {int} not null references register_row(id),
    at {int} not null,
    primary key (case_id, answer)
) {strict};
create index answer_use_answer on answer_use(answer, at);

-- Handled by several offices: the first receiver leads, the others report to it.
alter table referral add column joint {int} not null default 0; -- 1: reports to the office that leads

-- Payment tables of subsidies (R7): a line a person, sealed under a key of its own. It is found by name and the last six of the identity number; full
-- identity numbers and bank accounts are never written.
create table subsidy_line (
    id {pk},
    payment {int} not null references register_row(id), -- the table it came with
    scope {int} not null,
    who {blob} not null,              -- keyed hash of name and last six
    key {blob} not null,
    sealed {blob} not null
) {strict};
create index subsidy_line_who on subsidy_line(who);
create index subsidy_line_payment on subsidy_line(payment);
