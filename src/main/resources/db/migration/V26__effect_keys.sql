-- Which call has an effect. The row outlives the task, and goes only where the call surely had no effect.
create table effect (
    scope    text        not null,                       -- within which the key names one effect: task:<id>, workflow:<name> or all
    name     text        not null,                       -- the namespace
    key      text        not null,
    tool     text        not null,                       -- that was wanted; its fallback has the effect in its name
    task_id  uuid        not null,
    address  uuid        not null,                       -- of the call
    taken_at timestamptz not null default now(),

    constraint effect_pkey primary key (scope, name, key),
    constraint effect_key_length check (char_length(key) between 1 and 500)
);
create index effect_call on effect (task_id, address);

-- The tasks that wait for the end of a call with an effect. Who ends the call wakes them.
create table effect_wait (
    scope   text not null,
    name    text not null,
    key     text not null,
    task_id uuid not null,

    constraint effect_wait_pkey primary key (scope, name, key, task_id)
);

-- What was allowed before still is, so no row has to be read again.
alter table task drop constraint known_wait_reason;
alter table task add constraint known_wait_reason
    check (wait_reason in ('DELAY', 'RETRY', 'IN_DOUBT', 'APPROVAL', 'HELD', 'SIGNAL', 'TIME', 'CHILD', 'EFFECT')) not valid;
