-- Who awaits a task that ends. In a file of its own, because an index that is built concurrently needs no transaction.
create index concurrently pending_call_child on pending_call (child) where child is not null;
