-- Which tasks ended when, of those that have content. In a file of its own, because an index that is built concurrently needs no transaction.
create index concurrently task_ended on task (workflow, status, finished_at) where finished_at is not null and removed_at is null;
