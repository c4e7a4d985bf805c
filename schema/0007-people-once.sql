-- People once: who was merged into another can be taken out again, with exactly the links that went along.
create table person_moved (
    person {int} not null references person(id), -- who was merged into another
    link {blob} not null,             -- uuid of the row that named them: of a case's people, or of a register
    case_id {int} references cases(id), -- the other was in this case with the same role already, so this link is kept here and nowhere else
    role {int},                       -- … with its role
    side {int},                       -- … and its side
    primary key (person, link)
) {strict};
