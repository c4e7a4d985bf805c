-- A case's page also names the cases that were merged into it; without this every page read all links there are.
create index case_link_other on case_link(other);
