-- Rules: which one decided that a call may be made: its id, and the digest of what it said.
alter table call add column rule text;
