-- The address of a call is a digest of its tool and its arguments, and stays the same. The salt is that of its task.
create function audit_called() returns trigger language plpgsql as $$
declare
    lines text[];
    rows  integer;
begin
    select array_agg('["called", "' || task_id || '", ' || n || ', ' || to_json(tool) || ', "' || state || '", ' || tries
                     || ', ' || definition || ', ' || coalesce(to_json(rule)::text, 'null')
                     || ', ' || coalesce(to_json(fallback)::text, 'null')
                     || ', ' || coalesce('"' || audit_commitment(salt, address::text) || '"', 'null')
                     || ']')
      into lines
      from (select written.*, case when tg_op = 'INSERT' then (select salt from task where id = task_id) end as salt
              from written) w;
    rows := audit_append(lines);
    return null;
end $$;

create trigger audit_called after insert on call referencing new table as written
    for each statement execute function audit_called();
create trigger audit_called_again after update on call referencing new table as written
    for each statement execute function audit_called();
