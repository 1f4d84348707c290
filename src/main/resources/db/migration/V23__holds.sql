-- What a person stopped for the whole fleet. A hold that is released or over leaves its row in `audit`, and goes.
create table hold (
    id      bigint      generated always as identity primary key,
    kind    text        not null,
    name    text,
    subject text        not null generated always as (lower(kind) || coalesce(':' || name, '')) stored,
    reason  text        not null,
    who     text        not null,
    since   timestamptz not null default now(),
    until   timestamptz,                                 -- null: until it is released

    constraint known_kind check (kind in ('TOOL', 'WORKFLOW', 'MODEL', 'AGENT', 'USER', 'ALL')),
    constraint all_has_no_name check ((kind = 'ALL') = (name is null)),
    constraint name_length check (char_length(name) between 1 and 500),
    constraint reason_length check (char_length(reason) between 1 and 500)
);

-- The subjects of the holds in force, as they are when the caller's transaction has the lock: who sets a hold takes the table in
-- exclusive mode, so either the caller's commit comes before that of the hold, or the caller sees the hold. A query of its own inside a
-- volatile function sees what was committed since the caller's statement began.
create function holds_in_force() returns setof text language plpgsql volatile as $$
begin
    lock table hold in row share mode;
    return query select hold.subject from hold where hold.until is null or hold.until > clock_timestamp();
end $$;

-- The subject of the hold that a task waits for.
alter table task add column held_by text;
-- What was allowed before still is, so no row has to be read again.
alter table task drop constraint known_wait_reason;
alter table task add constraint known_wait_reason
    check (wait_reason in ('DELAY', 'RETRY', 'IN_DOUBT', 'APPROVAL', 'HELD')) not valid;
