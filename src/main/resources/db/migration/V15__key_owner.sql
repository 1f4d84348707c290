-- Whose key it is: two owners may use the same key. The version before leaves it out; then whoever submitted the task owns its key.
alter table task add column key_owner text;
