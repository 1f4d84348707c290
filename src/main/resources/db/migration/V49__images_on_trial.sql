-- Images on trial are judged as versions are: the canary's tasks are the candidate's (1), those of the stable track the control's (0).
create or replace function record_outcome() returns trigger language plpgsql as $$
begin
    insert into outcome (task_id, rollout, version, dead, in_doubt, rejected, duration_ms, usd, attempts, calls)
    select new.id, new.rollout,
           case when new.rollout like 'image:%' then (new.track like 'canary%')::int
                else coalesce(nullif(split_part(new.track, '@', 2), '')::int, 1) end,
           new.status = 'DEAD',
           coalesce(new.wait_reason = 'IN_DOUBT', false) or coalesce(made.in_doubt, false),
           coalesce(made.rejected, false) or exists (select from approval where task_id = new.id and state = 'REJECTED'),
           greatest(0, extract(epoch from now() - new.created_at) * 1000)::bigint,
           coalesce(made.usd, 0), new.attempt, made.calls
      from (select bool_or(c.state = 'IN_DOUBT') as in_doubt,
                   bool_or(c.state = 'REJECTED' and c.decided_by is not null) as rejected,
                   sum(case when c.tool like 'task:%' then c.usd
                            when c.tool like 'model.%' and c.fallback is null then (c.result ->> 'usd')::numeric end) as usd,
                   count(*) as calls
              from call c where c.task_id = new.id) made
        on conflict (task_id) do nothing; -- one that is redone has ended before
    return null;
end $$;
