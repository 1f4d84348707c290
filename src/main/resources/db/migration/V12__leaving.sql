-- A worker that is stopping finishes what it runs, but takes nothing new: nobody counts on it for its track any more.
alter table worker add column leaving boolean not null default false;
