-- The content of a task can be erased once it has ended. Its row stays, so that what names it again finds it.
alter table task add column erased_at timestamptz;

-- An ended task may also be erased, a dead one becomes cancelled with that, and nothing changes it afterwards.
drop trigger legal_transition on task;
create trigger legal_transition before update on task for each row
    when (old.erased_at is not null
       or (new.erased_at is not null and new.status not in ('COMPLETED', 'CANCELLED'))
       or (old.status in ('COMPLETED', 'DEAD', 'CANCELLED')
           and not (old.status = 'DEAD' and new.status in ('QUEUED', 'CANCELLED'))
           and not (new.status = old.status and old.awaited and not new.awaited)
           and not (new.status = old.status and new.erased_at is not null))
       or new.token < old.token
       or (new.status = 'RUNNING' and old.status = 'RUNNING' and (new.token <> old.token or new.worker is distinct from old.worker))
       or (new.status = 'RUNNING' and old.status <> 'RUNNING' and (old.status <> 'QUEUED' or new.token = old.token)))
    execute function refuse_transition();

-- What people and rules decided about tasks that are erased. Who decided stays; only erased tasks are reached.
create function audit_erase_tasks(erased uuid[], but_of text) returns integer language plpgsql security definer as $$
declare
    lines text[];
    rows  integer;
begin
    with emptied as (
        update audit set detail = null, salt = null
         where task_id in (select id from task where id = any(erased) and erased_at is not null)
           and who <> but_of and detail is not null returning id)
    select array_agg(json_build_array('erased', id)::text order by id) into lines from emptied;
    rows := audit_append(lines);
    return coalesce(cardinality(lines), 0);
end $$;

-- What a person decided, and what others decided about that person, at most so many entries. 'erased' is no person.
create function audit_erase(name text, most integer) returns integer language plpgsql security definer as $$
declare
    lines text[];
    rows  integer;
begin
    with emptied as (
        update audit set who = case when who = name then 'erased' else who end, detail = null, salt = null
         where id in (select id from audit
                       where name <> 'erased'
                         and (who = name or detail ->> 'who' = name or detail ->> 'givenBy' = name
                              or (detail ->> 'kind' = 'USER' and detail ->> 'name' = name)
                              or strpos(detail ->> 'replaces', ' by ' || name || ' at ') > 0)
                       order by id limit most)
        returning id)
    select array_agg(json_build_array('erased', id)::text order by id) into lines from emptied;
    rows := audit_append(lines);
    return coalesce(cardinality(lines), 0);
end $$;

-- The functions of the owner find its tables.
do $$
begin
    execute format('alter function audit_erase_tasks(uuid[], text) set search_path = %I, pg_temp', current_schema());
    execute format('alter function audit_erase(text, integer) set search_path = %I, pg_temp', current_schema());
end $$;
