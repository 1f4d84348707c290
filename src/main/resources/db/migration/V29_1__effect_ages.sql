-- Effect keys by age. In a file of its own, because an index that is built concurrently needs no transaction.
create index concurrently effect_taken on effect (taken_at);
