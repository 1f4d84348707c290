-- A canary: a second version of Drover that works on a part of the tasks. docs/release.md says how it is used.
alter table task add column track text not null default 'stable' check (track in ('stable', 'canary'));
alter table worker add column track text not null default 'stable' check (track in ('stable', 'canary'));

-- A worker claims its own track.
create index task_claimable_by_track on task (workflow, track, priority desc, run_at) where status = 'QUEUED';
drop index task_claimable;
-- What goes back to the stable track when no canary works.
create index task_canary on task (id) where track = 'canary' and status in ('QUEUED', 'WAITING');
