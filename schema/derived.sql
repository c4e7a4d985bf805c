-- Derived data: thrown away and made again by `liuxiao rebuild`; never in the write path. On SQLite a file of its own, on PostgreSQL a schema.
create table if not exists derived.reader_cursor (
    name {text} primary key not null,
    xid {int} not null,
    seq {int} not null
) {strict};

-- What each case or activity contributes now; a change takes the old row out of the sums and puts the new one in. A case has up to two parts that
-- count on days of their own: what came of it, and how its first promise of a reply was kept (docs/counting.md).
create table if not exists derived.tally_row (
    subject_kind {int} not null,
    subject {int} not null,
    part {int} not null,              -- 1 result, 2 reply
    day {int} not null,               -- the day it counts on
    unit {int} not null,              -- where it stands: the unit itself, so that new ordinals change nothing here
    kind {int} not null,
    category {text} not null,
    counted {int} not null,
    spot {int} not null,
    in_group {int} not null,
    committee {int} not null,
    town {int} not null,
    county {int} not null,
    asked {int} not null,             -- counted cases, and others that were judged all the same
    reply_due {int} not null,
    reply_in_time {int} not null,
    judged {int} not null,
    resolved {int} not null,
    satisfied {int} not null,
    primary key (subject_kind, subject, part)
) {strict};
create index if not exists {sqlite:derived.}tally_row_unit on {pg:derived.}tally_row(unit, day);

create table if not exists derived.tally (
    unit {int} not null,              -- committee, town and county
    month {int} not null,             -- year * 12 + month - 1
    kind {int} not null,
    category {text} not null,
    counted {int} not null,
    spot {int} not null,
    in_group {int} not null,
    committee {int} not null,
    town {int} not null,
    county {int} not null,
    asked {int} not null,
    reply_due {int} not null,
    reply_in_time {int} not null,
    judged {int} not null,
    resolved {int} not null,
    satisfied {int} not null,
    primary key (unit, month, kind, category)
) {sqlite:strict, without rowid};

-- Full search. A document is a case, person, place or activity; its number is its type << 40 | its row's id, so that the newest of a type come
-- last. Terms are keyed hashes of 40 bits (core/search_index.c): no words here. SQLite has the inverted index in FTS5 and keeps the terms here
-- because its 'delete' of a document wants them again; on PostgreSQL the index lies over them.
create table if not exists derived.search_doc (
    doc {int} primary key not null,
    terms {sqlite:blob}{pg:bigint[]} not null
) {strict};
{sqlite:create virtual table if not exists derived.search_index using fts5(terms, content='', columnsize=0, detail=none, tokenize='ascii');}

-- Ready answers (R2) by what is asked: keyed hashes of the pairs of characters of each, with a weight; no words here. An answer holds for the unit
-- and all below it. What was asked when it was chosen counts too, so that it is found by the words of those who ask.
create table if not exists derived.answer_doc (
    answer {int} primary key not null,
    unit {int} not null,
    length {int} not null,            -- sum of the weights
    uses {int} not null,
    due {int} not null                -- valid until
) {strict};
create index if not exists {sqlite:derived.}answer_doc_unit on {pg:derived.}answer_doc(unit);
create table if not exists derived.answer_term (
    unit {int} not null,
    term {int} not null,
    answer {int} not null,
    weight {int} not null,            -- thousandths
    strong {int} not null,            -- 1: stands in the question, or was asked by those it was given to
    primary key (unit, term, answer)
) {sqlite:strict, without rowid};
create index if not exists {sqlite:derived.}answer_term_answer on {pg:derived.}answer_term(answer);
-- Suggestions (core/suggest_store.h): what was learned from cases whose category a person chose. Terms are keyed hashes like those of search; no words
-- here. A scope is a committee, a county, or 0: the pack's own words alone. A class is a category ("request/R0601"), or all of an upper one
-- ("^request/R06").
create table if not exists derived.suggest_class (
    id {int} primary key not null,
    name {text} not null unique,
    above {int}                       -- the class of its upper category
) {strict};
create table if not exists derived.suggest_sum (
    scope {int} not null,
    class {int} not null,             -- 0: all together
    docs {int} not null,
    weight {int} not null,            -- sum of its terms
    square {int} not null,            -- sum of their squares; of class 0: how many different terms there are
    primary key (scope, class)
) {sqlite:strict, without rowid};
create table if not exists derived.suggest_term (
    scope {int} not null,
    term {int} not null,
    docs {int} not null,              -- in how many
    counts {blob} not null,           -- pairs of class and weight
    primary key (scope, term)
) {sqlite:strict, without rowid};
-- What each case has put there, to be taken out again when its words or its category change.
create table if not exists derived.suggest_case (
    id {int} primary key not null,
    narrow {int} not null,            -- the committee; 0: its words were learned for the county alone
    wide {int} not null,              -- the county
    class {int} not null,
    terms {blob} not null             -- pairs of term and weight
) {strict};
