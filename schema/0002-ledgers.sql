-- Ledgers: tables of matters from elsewhere (another system's, 12345's, an old notebook typed into a spreadsheet) that were brought in through
-- commands, row by row.

-- By the number it has elsewhere a case is found, and a ledger that comes again with more rows brings only what is new. Keyed hash.
create table case_external (
    case_id {int} primary key not null references cases(id),
    ix {blob} not null
) {strict};
create index case_external_ix on case_external(ix);

create table ledger (
    id {pk},
    uuid {blob} not null unique,
    account {int} not null references account(id), -- who brings it, and whose posts decide
    name {text} not null,
    source {blob} not null,            -- hash of the file, before sealing
    file {int} references file(id),    -- the file itself, while it is needed; null: it lies with whoever runs the command line
    sheet {int} not null,
    mapping {text} not null,           -- JSON (docs/ledgers.md); empty: not yet
    strict {int} not null,             -- 1: all or nothing
    state {int} not null,              -- core/ledger.h
    next_row {int} not null,           -- rows done in this state: after a crash it goes on from here
    rows {int} not null,               -- how many there are, once counted
    good {int} not null,
    same {int} not null,               -- were there already
    bad {int} not null,
    problem {text} not null,           -- code of what stopped it as a whole
    created_at {int} not null,
    changed_at {int} not null
) {strict};
create index ledger_account on ledger(account, id);
create index ledger_waiting on ledger(id) where state in (2, 4, 6);

-- What became of each row: a case, or what is wrong with it. Values are not kept.
create table ledger_row (
    ledger {int} not null references ledger(id),
    row {int} not null,
    line {int} not null,
    case_id {int},
    code {text},                       -- of the error
    field {text},
    place {text},                      -- the column's name
    detail {text},
    primary key (ledger, row)
) {strict};
