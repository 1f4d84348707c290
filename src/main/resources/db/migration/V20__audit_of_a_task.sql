-- The decisions about one task. In a file of its own, because an index that is built concurrently needs no transaction.
create index concurrently audit_task on audit (task_id) where task_id is not null;
