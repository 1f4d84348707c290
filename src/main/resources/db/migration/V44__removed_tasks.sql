-- The content of a task that has ended is removed when it is old enough. Its row stays for as long as outcomes are kept: so that its
-- key finds it, and for what it cost, with its children.
alter table task add column removed_at timestamptz, add column usd numeric, add column tokens bigint;

-- An ended task may also be removed, a dead one becomes cancelled with that, and afterwards it can only be erased.
drop trigger legal_transition on task;
create trigger legal_transition before update on task for each row
    when ((old.erased_at is not null and (new.removed_at is null or old.removed_at is not null))
       or (old.removed_at is not null and new.erased_at is null)
       or (coalesce(new.erased_at, new.removed_at) is not null and new.status not in ('COMPLETED', 'CANCELLED'))
       or (old.status in ('COMPLETED', 'DEAD', 'CANCELLED')
           and not (old.status = 'DEAD' and new.status in ('QUEUED', 'CANCELLED'))
           and not (new.status = old.status and old.awaited and not new.awaited)
           and not (new.status = old.status and coalesce(new.erased_at, new.removed_at) is not null)
           -- or be sealed again, with another key
           and not (new.status = old.status and new.token = old.token and new.attempt = old.attempt
                    and new.run_at = old.run_at and new.finished_at = old.finished_at
                    and (strpos(old.input::text, 'drv1:') > 0 or strpos(new.input::text, 'drv1:') > 0)))
       or new.token < old.token
       or (new.status = 'RUNNING' and old.status = 'RUNNING' and (new.token <> old.token or new.worker is distinct from old.worker))
       or (new.status = 'RUNNING' and old.status <> 'RUNNING' and (old.status <> 'QUEUED' or new.token = old.token)))
    execute function refuse_transition();
