-- Pending calls: their results come from outside, and the task waits meanwhile.

-- Whether a result came from outside since the task was claimed: an attempt that ends as waiting for it does not wait then.
alter table task add column woken boolean not null default false;

-- As before, but the row of a running task may say that a result came; its attempt goes on under its token.
drop trigger legal_transition on task;
create trigger legal_transition before update on task for each row
    when (old.status in ('COMPLETED', 'CANCELLED')
       or new.token < old.token
       or (old.status = 'DEAD' and new.status not in ('QUEUED', 'CANCELLED'))
       or (new.status = 'RUNNING' and old.status = 'RUNNING' and (new.token <> old.token or new.worker is distinct from old.worker))
       or (new.status = 'RUNNING' and old.status <> 'RUNNING' and (old.status <> 'QUEUED' or new.token = old.token)))
    execute function refuse_transition();

-- What was allowed before still is, so no row has to be read again.
alter table task drop constraint known_wait_reason;
alter table task add constraint known_wait_reason
    check (wait_reason in ('DELAY', 'RETRY', 'IN_DOUBT', 'APPROVAL', 'HELD', 'SIGNAL', 'TIME')) not valid;
alter table call drop constraint known_state;
alter table call add constraint known_state
    check (state in ('STARTED', 'SUCCEEDED', 'FAILED', 'IN_DOUBT', 'AGAIN', 'REJECTED', 'PENDING')) not valid;

-- What a pending call waits for. The row stays when the result is there, and says which signal it took.
create table pending_call (
    task_id    uuid        not null,
    address    uuid        not null,
    reason     text        not null,
    name       text,                                 -- of the signal
    key        text,                                 -- of the signal
    since      timestamptz not null,                 -- signals from before are not heard
    due_at     timestamptz not null,                 -- 'infinity' where only a signal ends it
    signal_id  bigint,
    settled_at timestamptz,

    constraint pending_call_pkey primary key (task_id, address),
    constraint known_reason check (reason in ('SIGNAL', 'TIME')),
    constraint signal_has_name check ((reason = 'SIGNAL') = (name is not null and key is not null))
);
create index pending_call_signal on pending_call (name, key) where settled_at is null and reason = 'SIGNAL';
-- A task takes a signal once.
create unique index pending_call_taken on pending_call (task_id, signal_id) where signal_id is not null;

-- Named, durable messages to whoever waits for them.
create table signal (
    id           bigint      generated always as identity primary key,
    source       uuid        not null,               -- what makes it the same signal when it is sent again
    name         text        not null,
    key          text        not null,
    body         json        not null,
    sent_by      text,
    at           timestamptz not null default now(),
    delivered_at timestamptz,                        -- since when the tasks that waited have it

    constraint signal_source unique (source),
    constraint signal_name_length check (char_length(name) between 1 and 64),
    constraint signal_key_length check (char_length(key) between 1 and 500)
);
create index signal_key on signal (name, key, id);
create index signal_undelivered on signal (id) where delivered_at is null;
create index signal_age on signal (at);
