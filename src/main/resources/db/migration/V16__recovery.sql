-- The database went back in time: restored from a backup, or taken over from a replica that lagged. docs/backup.md says how it is used.
create table recovery (
    since    timestamptz primary key,           -- what is stored was true then
    began_at timestamptz not null default now() -- a process was started to recover; every task from before may have gone on since
);

-- A task of an event from before the recovery began, taken in again after it.
create table recovery_task (
    task_id uuid primary key
);

-- A consumer group whose offsets were set back for a recovery.
create table recovery_group (
    since    timestamptz not null,
    brokers  text        not null,
    name     text        not null,
    done_at  timestamptz not null default now(),

    primary key (since, brokers, name)
);
