-- What the addresses of a task's calls are made with where encryption is on, sealed; null: digests that anyone can make.
alter table task add column address_key text;

-- A callback's call holds what its task ended with, so its address is made with the same key.
create or replace function call_back() returns trigger language plpgsql as $$
begin
    insert into task (id, workflow, status, priority, submitted_by, input, input_bytes, address_key)
    select gen_random_uuid(), 'on-end', 'QUEUED', new.priority, coalesce(new.submitted_by, new.workflow), made.input,
           octet_length(made.input::text), new.address_key
      from (select json_strip_nulls(json_build_object('tool', new.on_end, 'task', new.id, 'workflow', new.workflow,
                                                      'key', new.key, 'status', new.status, 'waitReason', new.wait_reason)) as head) told,
   lateral (select json_build_object('told', told.head, 'output', new.output, 'error', new.error) as input) made;
    return null;
end $$;
