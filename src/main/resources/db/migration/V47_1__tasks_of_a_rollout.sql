-- How many tasks a rollout compares. In a file of its own, because an index that is built concurrently needs no transaction.
create index concurrently task_rollout on task (rollout, track) where rollout is not null;
