-- A child that only its parent awaits is the pending call itself: no other row says so until it has ended.

-- Of such a child, the number and the branch of its parent's call; its id is the address of that call.
alter table task add column parent_n integer;
alter table task add column parent_branch text;

-- What the child whose end is the result cost, with its own children.
alter table call add column usd numeric;
alter table call add column tokens bigint;

-- As before, but of a task that has ended the row may say that its parent has heard it.
drop trigger legal_transition on task;
create trigger legal_transition before update on task for each row
    when (old.status in ('COMPLETED', 'DEAD', 'CANCELLED')
          and not (old.status = 'DEAD' and new.status in ('QUEUED', 'CANCELLED'))
          and not (new.status = old.status and old.awaited and not new.awaited)
       or new.token < old.token
       or (new.status = 'RUNNING' and old.status = 'RUNNING' and (new.token <> old.token or new.worker is distinct from old.worker))
       or (new.status = 'RUNNING' and old.status <> 'RUNNING' and (old.status <> 'QUEUED' or new.token = old.token)))
    execute function refuse_transition();

alter table pending_call drop column owned;
alter table pending_call drop column cost_usd;
alter table pending_call drop column tokens;
