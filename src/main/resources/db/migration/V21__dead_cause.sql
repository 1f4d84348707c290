-- What dead tasks have in common: dead_reason, with the status of an HTTP answer, because 404 and 503 have different remedies.
create function dead_cause(error json) returns text language sql immutable parallel safe as $$
    select left(regexp_replace(coalesce(error ->> 'message', ''),
                               '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![0-9])(?<!HTTP )[0-9]+', '#', 'g'), 100)
$$;
