-- Which children of a task are open. In a file of its own, because an index that is built concurrently needs no transaction.
create index concurrently task_open_child on task (parent, workflow)
    where parent_n is not null and status in ('QUEUED', 'RUNNING', 'WAITING');
