-- The attempts that did not bring their task to its end: which failed, which were handed over, which ended with their worker.
-- An attempt that completes its task, and one that waits, writes no row: columns of the task tell of it.
-- The newest 50 of a task are kept, each with at most 2,000 characters of error.
create table attempt (
    task_id  uuid        not null,
    token    bigint      not null,                       -- the fencing token that it held
    n        integer     not null,                       -- its number; one that does not count has the number of the next one
    worker   text,                                       -- the name of its worker, where that is known
    began_at timestamptz,                                -- null if it began under a release that did not keep it
    ended_at timestamptz not null default now(),
    ending   text        not null,
    error    json,

    constraint attempt_pkey primary key (task_id, token),
    constraint known_ending check (ending in ('FAILED', 'HANDED_OVER', 'WORKER_LOST'))
);

-- When the attempt of this number began; null once it is in the table above.
alter table task add column begun integer, add column begun_at timestamptz;
