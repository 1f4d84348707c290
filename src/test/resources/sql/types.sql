select array[1, 2] as numbers, array['a', 'b, c'] as texts, array[[1, 2], [3, 4]] as grid,
       '{"a": {"b": [1]}}'::jsonb as doc, '[1.50]'::json as plain, '10.0.0.1/8'::inet as net, decode('ff00', 'hex') as bytes,
       '00000000-0000-0000-0000-000000000001'::uuid as id, '2026-10-25 01:30:00.123456+00'::timestamptz as at,
       'infinity'::timestamptz as never, '2026-11-28'::date as day, 'NaN'::numeric as nan, 'Infinity'::float8 as inf,
       '[1,5)'::int4range as span, '(1,2)'::point as place, B'101' as bits, '1 day 2 hours'::interval as took,
       null::text[] as nothing
