-- The facts that a task remembered. In a file of its own, because an index that is built concurrently needs no transaction.
create index concurrently memory_task on memory (task_id) where task_id is not null;
