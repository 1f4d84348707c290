-- Shadows: tasks of a candidate version that mirror live ones, take no effect, and are compared with them.
create table shadow (
    task_id     uuid        not null,
    live        uuid        not null,                    -- the task that it mirrors
    rollout     text        not null,
    at          timestamptz not null default now(),
    difference  text,                                    -- what the two differ in first; null until they are compared
    tool        text,                                    -- of the call in which they do
    reason      text,                                    -- why it could not be submitted
    usd         numeric     not null default 0,          -- what its own questions to models cost
    compared_at timestamptz,

    constraint shadow_pkey primary key (task_id),
    constraint compared_has_difference check ((compared_at is null) = (difference is null)),
    constraint known_difference check (difference in ('none', 'arguments', 'extra', 'missing', 'outcome', 'output', 'refused', 'gone'))
);
create unique index shadow_of_live on shadow (rollout, live);
create index shadow_open on shadow (rollout, at) where compared_at is null;
create index shadow_age on shadow (rollout, at);

-- A rollout whose shadows have been compared ends so.
alter table rollout drop constraint known_rollout_state;
alter table rollout add constraint known_rollout_state
    check (state in ('RUNNING', 'PAUSED', 'PROMOTED', 'ROLLED_BACK', 'ABORTED', 'COMPARED')) not valid;
