-- What dead tasks have in common: the message of the error without its numbers and ids.
create function dead_reason(error json) returns text language sql immutable parallel safe as $$
    select left(regexp_replace(coalesce(error ->> 'message', ''),
                               '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]+', '#', 'g'), 100)
$$;
