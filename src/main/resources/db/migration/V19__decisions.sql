-- What a person decided about a call, and since when an attempt works with it: until then the decision can be replaced.
alter table call add column decision text;
alter table call add column decided_by text;
alter table call add column decided_at timestamptz;
alter table call add column used_at timestamptz;
