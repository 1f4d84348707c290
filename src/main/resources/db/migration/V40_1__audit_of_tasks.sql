alter table task add column salt uuid;
alter table task alter column salt set default gen_random_uuid();

create function audit_submitted() returns trigger language plpgsql as $$
declare
    lines text[];
    rows  integer;
begin
    select array_agg('["submitted", "' || id || '", ' || to_json(workflow) || ', "' || mode || '", '
                     || coalesce('"' || parent || '"', 'null') || ', '
                     || coalesce('"' || audit_commitment(salt, concat(submitted_by, E'\n', key, E'\n', input)) || '"', 'null') || ']')
      into lines from written;
    rows := audit_append(lines);
    return null;
end $$;

create trigger audit_submitted after insert on task referencing new table as written
    for each statement execute function audit_submitted();

-- A task ends once, and nothing but its end writes the time of its transaction there.
create function audit_ended() returns trigger language plpgsql as $$
declare
    lines text[];
    rows  integer;
begin
    select array_agg('["ended", "' || id || '", "' || status || '", ' || attempt || ', '
                     || coalesce(definition::text, 'null') || ']')
      into lines from written where status in ('COMPLETED', 'DEAD', 'CANCELLED') and finished_at = now();
    rows := audit_append(lines);
    return null;
end $$;

create trigger audit_ended after update on task referencing new table as written
    for each statement execute function audit_ended();
