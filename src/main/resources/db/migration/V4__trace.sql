-- The span that submitted the task (W3C traceparent), so that attempts in whatever process belong to its trace.
alter table task add column trace text;
