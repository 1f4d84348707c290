-- The queue and the state of every task are one table; a task's calls are its journal.
-- Times are the database's: workers never compare their own clocks.

create table worker (
    id           uuid        primary key,
    name         text        not null,
    version      text        not null,
    started_at   timestamptz not null default now(),
    heartbeat_at timestamptz not null default now()
);

create table task (
    id          uuid        not null,
    workflow    text        not null,
    key         text,
    status      text        not null,
    wait_reason text,
    priority    smallint    not null default 4,          -- 0 to 9, 9 first (as JMS)
    attempt     integer     not null default 0,          -- attempts begun and not given back by waiting
    token       bigint      not null default 0,          -- fencing token: grows with every claim and every decision from outside
    run_at      timestamptz not null default now(),      -- when it was or will be due; 'infinity' while a person decides
    worker      uuid,
    definition  bigint,                                  -- digest of the workflow definition of the latest attempt
    submitted_by text,
    input       json        not null,
    output      json,
    error       json,
    created_at  timestamptz not null default now(),
    started_at  timestamptz,
    finished_at timestamptz,

    constraint task_pkey primary key (id),
    constraint known_status check (status in ('QUEUED', 'RUNNING', 'WAITING', 'COMPLETED', 'DEAD', 'CANCELLED')),
    constraint priority_in_range check (priority between 0 and 9),
    constraint attempt_not_negative check (attempt >= 0),
    constraint leased_iff_running check ((status = 'RUNNING') = (worker is not null)),
    constraint reason_iff_waiting check ((status = 'WAITING') = (wait_reason is not null)),
    constraint known_wait_reason check (wait_reason in ('DELAY', 'RETRY', 'IN_DOUBT', 'APPROVAL')),
    constraint finished_iff_terminal check ((status in ('COMPLETED', 'DEAD', 'CANCELLED')) = (finished_at is not null)),
    constraint output_iff_completed check ((status = 'COMPLETED') = (output is not null)),
    constraint dead_has_error check (status <> 'DEAD' or error is not null)
) with (
    -- Claims read the head of a partial index; entries of claimed rows must not pile up there.
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_insert_scale_factor = 0.2,
    autovacuum_vacuum_cost_delay = 0
);

-- What a worker claims, in the order in which it is claimed. QUEUED means due: a task that is not due yet is WAITING.
create index task_claimable on task (workflow, priority desc, run_at) where status = 'QUEUED';
-- What a dead worker leaves behind.
create index task_running on task (worker) where status = 'RUNNING';
-- What comes due by itself.
create index task_waiting on task (run_at) where status = 'WAITING';
-- What a person has to look at.
create index task_dead on task (finished_at) where status = 'DEAD';
-- Lists, newest first.
create index task_recent on task (created_at, id);

create function refuse_transition() returns trigger language plpgsql as $$
begin
    raise exception 'task %: % -> % (token % -> %) is not a transition of a task', old.id, old.status, new.status, old.token, new.token
        using errcode = 'check_violation', constraint = 'legal_transition';
end $$;

create trigger legal_transition before update on task for each row
    when (old.status in ('COMPLETED', 'CANCELLED')
       or new.token < old.token
       or (old.status = 'DEAD' and new.status not in ('QUEUED', 'CANCELLED'))
       or (new.status = 'RUNNING' and (old.status <> 'QUEUED' or new.token = old.token)))
    execute function refuse_transition();

create table call (
    task_id     uuid        not null,
    address     uuid        not null,                    -- digest of task, tool, canonical arguments and occurrence; also its Idempotency-Key
    n           integer     not null,                    -- order in which the task made it
    tool        text        not null,
    state       text        not null,
    tries       integer     not null default 1,
    token       bigint      not null,                    -- of the attempt that wrote it
    definition  bigint      not null,                    -- digest of the tool definition it ran under
    fallback    text,                                    -- the tool that answered in its place
    arguments   json        not null,
    result      json,
    error       json,
    started_at  timestamptz not null,
    finished_at timestamptz,

    constraint call_pkey primary key (task_id, address),
    constraint known_state check (state in ('STARTED', 'SUCCEEDED', 'FAILED', 'IN_DOUBT', 'AGAIN', 'REJECTED')),
    constraint result_iff_succeeded check ((state = 'SUCCEEDED') = (result is not null)),
    constraint error_if_failed check (state not in ('FAILED', 'IN_DOUBT', 'REJECTED') or error is not null)
);

-- Results that came after their call's timeout, or from a worker that had lost its lease: kept, never applied.
create table late_result (
    task_id     uuid        not null,
    address     uuid        not null,
    tool        text        not null,
    token       bigint      not null,
    reason      text        not null,
    result      json,
    received_at timestamptz not null default now()
);
create index late_result_task on late_result (task_id);

create table audit (
    id      bigint      generated always as identity primary key,
    at      timestamptz not null default now(),
    who     text        not null,
    action  text        not null,
    task_id uuid,
    detail  json
);
