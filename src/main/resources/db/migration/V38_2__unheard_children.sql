-- Children that have ended and are not heard. In a file of its own, because an index that is built concurrently needs no transaction.
create index concurrently task_unheard on task (id)
    where parent_n is not null and awaited and status in ('COMPLETED', 'DEAD', 'CANCELLED');
