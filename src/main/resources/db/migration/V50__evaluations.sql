-- Evaluations: a sample of the tasks that have ended is checked, and scored by an evaluator.
create table evaluation (
    task_id  uuid        not null,
    workflow text        not null,
    version  int         not null,                       -- of the workflow
    rollout  text,                                       -- that compares the task
    at       timestamptz not null default now(),         -- when the task ended
    state    text        not null default 'OPEN',
    asked    uuid[],                                     -- the evaluator's tasks
    score    numeric,                                    -- from 0 to 1; null where none was given
    reason   text,                                       -- the check that is not fulfilled, or why there is no score; no content
    usd      numeric     not null default 0,             -- what the evaluator's models cost
    ended_at timestamptz,                                -- when the evaluation ended
    place    bigint,                                     -- in the order in which the rollout's are judged; null until they are

    constraint evaluation_pkey primary key (task_id),
    constraint known_evaluation_state check (state in ('OPEN', 'ASKED', 'PASSED', 'FAILED', 'UNKNOWN', 'SKIPPED')),
    constraint asked_evaluation_has_tasks check (state <> 'ASKED' or asked is not null),
    constraint ended_evaluation_has_time check ((ended_at is null) = (state in ('OPEN', 'ASKED'))),
    constraint judged_evaluation_has_score check (state not in ('PASSED', 'FAILED') or score is not null)
);
create index evaluation_open on evaluation (at, task_id) where state in ('OPEN', 'ASKED');
create index evaluation_age on evaluation (at);
create index evaluation_paid on evaluation (at) where usd > 0;
create unique index evaluation_place on evaluation (rollout, place) where place is not null;
create index evaluation_unplaced on evaluation (rollout, ended_at, task_id) where place is null and rollout is not null;

-- Whether it was in the sample when it was submitted.
alter table task add column evaluated boolean not null default false;

create function record_evaluation() returns trigger language plpgsql as $$
begin
    insert into evaluation (task_id, workflow, version, rollout)
    values (new.id, new.workflow, coalesce(nullif(split_part(new.track, '@', 2), '')::int, 1), new.rollout)
        on conflict (task_id) do nothing; -- one that is redone has ended before
    return null;
end $$;

-- In the transaction that ends the task, whoever ends it. Another task costs the test of one column.
create trigger record_evaluation after update on task for each row
    when (new.evaluated and new.status in ('COMPLETED', 'DEAD') and old.status <> new.status)
    execute function record_evaluation();
