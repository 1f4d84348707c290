-- The fields of a task's input that are not kept once it completes or is cancelled, as its workflow said when it was submitted.
alter table task add column redact text;

-- A document without one field; an array on the way to it stands for each of its elements.
create function redacted(document jsonb, way text[]) returns jsonb language plpgsql immutable as $$
begin
    if jsonb_typeof(document) = 'array' then
        return coalesce((select jsonb_agg(redacted(x.e, way) order by x.n)
                           from jsonb_array_elements(document) with ordinality as x(e, n)), '[]');
    elsif jsonb_typeof(document) = 'object' and document ? way[1] then
        return document || jsonb_build_object(way[1], case when cardinality(way) = 1 then '"(redacted)"'::jsonb
                                                           else redacted(document -> way[1], way[2 : ]) end);
    end if;
    return document;
end $$;

-- Whichever statement ends the task, the input that it writes is the redacted one. What is no jsonb, such as a text with \u0000, and
-- a sealed value, of which no field can be found, is not kept at all.
create function redact_input() returns trigger language plpgsql as $$
declare
    field text;
    kept  jsonb;
begin
    begin
        kept := new.input::jsonb;
        foreach field in array string_to_array(new.redact, ',') loop
            kept := redacted(kept, string_to_array(field, '.'));
        end loop;
        if jsonb_typeof(kept) = 'string' and kept #>> '{}' like 'drv1:%' then
            kept := '"(redacted)"';
        end if;
    exception when data_exception then
        kept := '"(redacted)"';
    end;
    new.input := kept;
    new.input_bytes := octet_length(kept::text);
    return new;
end $$;

create trigger redact_input before update on task for each row
    when (new.redact is not null and new.status in ('COMPLETED', 'CANCELLED') and old.status not in ('COMPLETED', 'CANCELLED'))
    execute function redact_input();
