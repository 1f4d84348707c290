create index concurrently task_tried on task (workflow, created_at);
