-- A child on the care list is found by nobody who doesn't answer for children: the person carries the class (core/pack.h), as a case does, so that
-- search and lists needn't look through the registers.
alter table person add column class {int} not null default 0;
