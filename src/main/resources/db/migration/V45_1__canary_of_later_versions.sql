-- What goes back to the stable track when no canary works, of later versions. In a file of its own, because an index that is built concurrently needs no transaction.
create index concurrently task_canary_of_version on task (id) where track like 'canary@%' and status in ('QUEUED', 'WAITING');
