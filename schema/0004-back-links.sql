-- What is asked from the other end: which cases were merged into this one, which persons into this one, where this file is used. Without these
-- the page of a case read all links there are, and an erasing all persons and all uses of files.
create index case_link_other on case_link(other);
create index person_merged on person(merged_into) where merged_into is not null;
create index file_use_file on file_use(file);
