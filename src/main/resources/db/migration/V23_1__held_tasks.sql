-- The tasks that wait for a hold. In a file of its own, because an index that is built concurrently needs no transaction.
create index concurrently task_held on task (held_by, created_at) where status = 'WAITING' and wait_reason = 'HELD';
