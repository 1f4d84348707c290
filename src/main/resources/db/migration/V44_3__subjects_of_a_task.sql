-- What a task's calls have in common with others. In a file of its own, because an index that is built concurrently needs no transaction.
create index concurrently call_subject_task on call_subject (task_id);
