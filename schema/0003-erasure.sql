-- What was erased is found without reading everything, and so is who looked at one person.
create index person_erased on person(id) where key is null;
create index file_erased on file(id) where key is null;
create index access_subject on access(subject_kind, subject);
