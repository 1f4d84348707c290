-- The id under which a topic of Kafka was first read. A topic that was deleted and made again has another id, and its offsets begin
-- again: what identifies its records then holds the id, too.
create table kafka_topic (
    owner    text        not null, -- whose records they are: those of the brokers of all triggers, or of a trigger with brokers of its own
    name     text        not null,
    first_id text        not null,
    at       timestamptz not null default now(),
    primary key (owner, name)
);
