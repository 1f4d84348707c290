-- The tool that is called when the task ends, or waits for a person; as its workflow said when it was submitted.
alter table task add column on_end text;

-- A callback is a task of the workflow `on-end`: the statement that ends the task submits it, whichever statement that is.
-- It has no on_end of its own, so it makes no further callback.
create function call_back() returns trigger language plpgsql as $$
begin
    insert into task (id, workflow, status, priority, submitted_by, input, input_bytes)
    select gen_random_uuid(), 'on-end', 'QUEUED', new.priority, new.workflow, made.input, octet_length(made.input::text)
      from (select json_strip_nulls(json_build_object('tool', new.on_end, 'task', new.id, 'workflow', new.workflow,
                                                      'key', new.key, 'status', new.status, 'waitReason', new.wait_reason)) as head) told,
   lateral (select json_build_object('told', told.head, 'output', new.output, 'error', new.error) as input) made;
    return null;
end $$;

create trigger call_back after update on task for each row
    when (new.on_end is not null
      and (new.status in ('COMPLETED', 'DEAD', 'CANCELLED') or new.wait_reason in ('IN_DOUBT', 'APPROVAL'))
      and (new.status <> old.status or new.wait_reason is distinct from old.wait_reason))
    execute function call_back();
