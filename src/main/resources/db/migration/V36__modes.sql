-- Whether a task takes effect: live, or dry-run. A constant default, so no row is written.
alter table task add column mode text not null default 'live';

-- Calls of dry runs that were not made, and what answered in their place. Live tasks write nothing here.
create table preview (
    task_id     uuid not null,
    address     uuid not null,
    answered_by text not null,                           -- tool:<name>, dryRunResult or echo
    asks        text,                                    -- why a person would have been asked about it; null: no one would

    constraint preview_pkey primary key (task_id, address)
);

-- A worker of an earlier release would make the calls of a dry run, so it claims none: its statement finds no such row.
alter table worker add column runs_dry boolean not null default false;

create function only_where_it_runs_dry() returns trigger language plpgsql as $$
begin
    return case when exists (select from worker where id = new.worker and runs_dry) then new end;
end $$;

create trigger only_where_it_runs_dry before update on task for each row
    when (new.mode <> 'live' and new.status = 'RUNNING' and old.status = 'QUEUED')
    execute function only_where_it_runs_dry();

-- The live tasks that execute the plan of a dry run, and who had them do so. One row a plan: it is executed once.
create table execution (
    plan        uuid        not null,                    -- the dry run
    task_id     uuid        not null,
    who         text        not null,
    votes       boolean     not null,                    -- whether that person may approve calls
    at          timestamptz not null default now(),

    constraint execution_pkey primary key (plan)
);

create index execution_task on execution (task_id);
