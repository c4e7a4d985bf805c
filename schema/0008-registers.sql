-- Registers: what is kept beside cases and has a life of its own (ready answers, care lists, errands …). core/register.h says which there are; all
-- share these columns, so a new register needs no table of its own.
create table register_row (
    id {pk},
    uuid {blob} not null unique,
    register {int} not null,          -- which register (core/kind.h, subject_kind)
    unit {int} not null references unit(id),
    scope {int} not null,
    state {int} not null,
    open {int} not null,              -- 1: still asks for something
    rev {int} not null,
    head {blob} not null,
    key {blob},
    sealed {blob} not null,           -- the words
    code {text},                      -- class, from a list of the pack
    person {int} references person(id),
    case_id {int} references cases(id),
    account {int} references account(id), -- who looks after it
    parent {int} references register_row(id), -- row of another register that it hangs on
    amount {int},                     -- fen; minutes where the register counts time
    day {int},                        -- day number that it is about
    due {int} not null,               -- when something has to be done about it; never: 9000000000000000
    created_by {int},                 -- account; null: a resident or the system
    created_at {int} not null
) {strict};
create index register_due on register_row(register, scope, due, id) where open = 1;
create index register_new on register_row(register, scope, id);
create index register_person on register_row(person) where person is not null;
create index register_case on register_row(case_id) where case_id is not null;
create index register_account on register_row(account, register) where account is not null and open = 1;
create index register_parent on register_row(parent) where parent is not null;
