-- Which children of a task are open. In a file of its own, because an index that is built concurrently needs no transaction.
create index concurrently pending_call_open on pending_call (task_id, name) where settled_at is null and reason = 'CHILD';
