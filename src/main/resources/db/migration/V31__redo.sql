-- Redo: a dead task forgets what its models answered and what its tools read, from a call on, and asks again.

-- Whether the task was redone, or a task that was redone submitted it: each call of it with effects and without an effect key asks.
alter table task add column redone boolean not null default false;

-- What was allowed before still is, so no row has to be read again. A forgotten call keeps its result, for people, and has no address
-- that another call could have.
alter table call drop constraint known_state;
alter table call add constraint known_state
    check (state in ('STARTED', 'SUCCEEDED', 'FAILED', 'IN_DOUBT', 'AGAIN', 'REJECTED', 'PENDING', 'FORGOTTEN')) not valid;
alter table call drop constraint result_iff_succeeded;
alter table call add constraint result_iff_succeeded
    check (state = 'FORGOTTEN' or (state = 'SUCCEEDED') = (result is not null)) not valid;
