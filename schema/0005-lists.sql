-- Lists by due time. The desk's rows lie in the order in which a committee's list reads them, and need no second look; a list of a whole district
-- walks the due times instead and finds all it asks about in the index (core/case_list.c chooses).
create table desk_in_order (
    holder_kind {int} not null,       -- 1 unit, 2 office, 3 account
    holder {int} not null,
    due {int} not null,
    case_id {int} not null references cases(id),
    case_kind {int} not null,
    state {int} not null,
    class {int} not null,
    flags {int} not null,
    reply_due {int},                  -- when the first promise of a reply, still unanswered, is broken: figures count these
    primary key (holder_kind, holder, due, case_id)
) {sqlite:strict, without rowid};
insert into desk_in_order(holder_kind, holder, due, case_id, case_kind, state, class, flags, reply_due)
    select d.holder_kind, d.holder, d.due, d.case_id, d.case_kind, d.state, d.class, d.flags,
        (select min(k.due_at) from case_clock k join cases c on c.id = k.case_id
            where k.case_id = d.case_id and k.clock = 1 and k.stopped_at is null and k.paused_at is null and k.started_at = c.reported_at)
    from desk d;
drop table desk;
alter table desk_in_order rename to desk;
create index desk_case on desk(case_id);
create index desk_due on desk(due, case_id, holder, state, case_kind, flags, class) where holder_kind = 1;

-- Ended cases of a whole district, the newest first.
create index cases_reported on cases(reported_at);

-- The sums lie in the order in which figures read them, too: made anew from the journal, as all that is derived can be.
drop table if exists derived.tally;
drop table if exists derived.tally_row;
drop table if exists derived.reader_cursor;
