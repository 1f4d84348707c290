-- Rollouts: a candidate version of a workflow gets a part of its new tasks, and is judged by how they end.
create table rollout (
    id         text        not null,                     -- salts the buckets, so it is never used twice
    workflow   text        not null,
    candidate  int         not null,                     -- a version of the workflow
    control    int         not null,                     -- the version that it is compared with
    settings   json        not null,                     -- as the file said when it began
    state      text        not null default 'RUNNING',
    step       int         not null default 0,           -- in the settings, from 0
    share      int         not null,                     -- of the new tasks that the candidate gets, in millionths
    step_pairs bigint      not null default 0,           -- pairs of outcomes that had been compared when the step began
    step_at    timestamptz not null default now(),
    began_at   timestamptz not null default now(),
    ended_at   timestamptz,
    reason     text,                                     -- of the last decision
    who        text        not null,                     -- decided last
    evidence   json,                                     -- what the judge found last
    pairs      bigint      not null default 0,           -- that are compared
    judged_at  timestamptz,
    moved_at   timestamptz,                              -- when no task of the candidate was left to be moved

    constraint rollout_pkey primary key (id),
    constraint known_rollout_state check (state in ('RUNNING', 'PAUSED', 'PROMOTED', 'ROLLED_BACK', 'ABORTED')),
    constraint share_in_millionths check (share between 0 and 1000000),
    constraint ended_has_time check ((ended_at is null) = (state in ('RUNNING', 'PAUSED')))
);
-- A workflow has one rollout at a time.
create unique index rollout_alive on rollout (workflow) where state in ('RUNNING', 'PAUSED');

-- How the judge saw it when so many pairs had been compared: the curves.
create table rollout_look (
    rollout  text        not null,
    pairs    bigint      not null,
    at       timestamptz not null default now(),
    evidence json        not null,

    constraint rollout_look_pkey primary key (rollout, pairs)
);

-- How a task ended that a rollout compares. A task whose call is in doubt counts when it begins to wait for a person.
create table outcome (
    task_id     uuid        not null,
    rollout     text        not null,
    version     int         not null,                    -- of the workflow
    at          timestamptz not null default now(),
    place       bigint,                                  -- in the order in which they are judged; null until they are
    dead        boolean     not null,
    in_doubt    boolean     not null,
    rejected    boolean     not null,                    -- a person rejected one of its calls
    duration_ms bigint      not null,                    -- since its submission
    usd         numeric     not null,
    attempts    int         not null,
    calls       int         not null,

    constraint outcome_pkey primary key (task_id)
);
create unique index outcome_place on outcome (rollout, place) where place is not null;
create index outcome_unplaced on outcome (rollout, at, task_id) where place is null;

-- The rollout that compares a task; null for all others.
alter table task add column rollout text;

create function record_outcome() returns trigger language plpgsql as $$
begin
    insert into outcome (task_id, rollout, version, dead, in_doubt, rejected, duration_ms, usd, attempts, calls)
    select new.id, new.rollout, coalesce(nullif(split_part(new.track, '@', 2), '')::int, 1), new.status = 'DEAD',
           coalesce(new.wait_reason = 'IN_DOUBT', false) or coalesce(made.in_doubt, false),
           coalesce(made.rejected, false) or exists (select from approval where task_id = new.id and state = 'REJECTED'),
           greatest(0, extract(epoch from now() - new.created_at) * 1000)::bigint,
           coalesce(made.usd, 0), new.attempt, made.calls
      from (select bool_or(c.state = 'IN_DOUBT') as in_doubt,
                   bool_or(c.state = 'REJECTED' and c.decided_by is not null) as rejected,
                   sum(case when c.tool like 'task:%' then c.usd
                            when c.tool like 'model.%' and c.fallback is null then (c.result ->> 'usd')::numeric end) as usd,
                   count(*) as calls
              from call c where c.task_id = new.id) made
        on conflict (task_id) do nothing; -- one that is redone has ended before
    return null;
end $$;

-- In the transaction that ends the task, whoever ends it. Another task costs the test of one column.
create trigger record_outcome after update on task for each row
    when (new.rollout is not null
          and (new.status in ('COMPLETED', 'DEAD') and old.status <> new.status
               or new.status = 'WAITING' and new.wait_reason = 'IN_DOUBT'))
    execute function record_outcome();
