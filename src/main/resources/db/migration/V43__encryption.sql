-- Encryption at rest: payloads are sealed in the columns where they were. What is sealed begins with 'drv1:'.

-- The keys with which processes sealed something, so a process without one of them is seen before it meets a value.
create table sealing_key (
    id    text        not null,   -- of the key in its keyset
    since timestamptz not null default now(),

    constraint sealing_key_pkey primary key (id)
);

-- A sealed error says only by a keyed digest what it has in common with others.
create or replace function dead_cause(error json) returns text language sql immutable parallel safe as $$
    select coalesce(error ->> 'drv1:cause',
                    left(regexp_replace(coalesce(error ->> 'message', ''),
                                        '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![0-9])(?<!HTTP )[0-9]+', '#', 'g'), 100))
$$;

-- The length of a payload that may be sealed.
alter table set_aside add column payload_bytes integer;
