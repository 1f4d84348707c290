-- A callback belongs to the person who submitted the task that it tells of: who may not approve a call of that task
-- may not approve one of the callback either.
create or replace function call_back() returns trigger language plpgsql as $$
begin
    insert into task (id, workflow, status, priority, submitted_by, input, input_bytes)
    select gen_random_uuid(), 'on-end', 'QUEUED', new.priority, coalesce(new.submitted_by, new.workflow), made.input,
           octet_length(made.input::text)
      from (select json_strip_nulls(json_build_object('tool', new.on_end, 'task', new.id, 'workflow', new.workflow,
                                                      'key', new.key, 'status', new.status, 'waitReason', new.wait_reason)) as head) told,
   lateral (select json_build_object('told', told.head, 'output', new.output, 'error', new.error) as input) made;
    return null;
end $$;
