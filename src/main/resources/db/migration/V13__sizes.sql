-- How much memory a task needs where it runs: claims are bounded by bytes, and no value is read to learn its length.
-- Null where a previous release, or somebody else, wrote the row: its length is read when the task is claimed.
alter table task add column input_bytes integer;
alter table call add column bytes integer;
-- How many workers in a row died while they ran the task. One such task may be what they died of.
alter table task add column lost smallint not null default 0;
