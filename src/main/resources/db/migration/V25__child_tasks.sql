-- Child tasks: a pending call whose result is the end of another task.

-- The task that awaits this one, the first of its family, and the workflows from the first to the parent, by slashes.
alter table task
    add column parent uuid,
    add column root uuid,
    add column lineage text,
    add column awaited boolean not null default false; -- whether its end is the result of a call

-- What was allowed before still is, so no row has to be read again.
alter table task drop constraint known_wait_reason;
alter table task add constraint known_wait_reason
    check (wait_reason in ('DELAY', 'RETRY', 'IN_DOUBT', 'APPROVAL', 'HELD', 'SIGNAL', 'TIME', 'CHILD')) not valid;
alter table pending_call drop constraint known_reason;
alter table pending_call add constraint known_reason check (reason in ('SIGNAL', 'TIME', 'CHILD')) not valid;

-- Of a child, the name is its workflow. The token is the parent's when the child ended: what came during an attempt.
-- The cost is that of the child and of its own children.
alter table pending_call
    add column child uuid,
    add column owned boolean,
    add column settled_token bigint,
    add column cost_usd numeric,
    add column tokens bigint;
alter table pending_call drop constraint signal_has_name;
alter table pending_call add constraint signal_has_name
    check ((reason = 'SIGNAL') = (key is not null) and (reason = 'TIME') = (name is null)) not valid;
