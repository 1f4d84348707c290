-- Outcomes by age. In a file of its own, because an index that is built concurrently needs no transaction.
create index concurrently task_removed on task (removed_at) where removed_at is not null;
