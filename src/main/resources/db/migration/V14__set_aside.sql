-- Records of Kafka that could not become tasks, and that their dead letter topic did not take: whole, until an operator is done.
create table set_aside (
    id              bigint      generated always as identity primary key,
    trigger_id      text        not null,
    topic           text        not null,
    kafka_partition integer     not null,
    kafka_offset    bigint      not null,
    kafka_timestamp bigint      not null,
    key             bytea,
    payload         bytea,
    headers         json        not null, -- [[name, value], ...] in base64, in their order
    reason          text        not null,
    error_type      text        not null,
    refusal         text        not null,
    at              timestamptz not null default now(),
    unique (trigger_id, topic, kafka_partition, kafka_offset)
);

-- Records that an operator wants passed over.
create table record_skip (
    trigger_id      text        not null,
    topic           text        not null,
    kafka_partition integer     not null,
    kafka_offset    bigint      not null,
    who             text        not null,
    reason          text        not null,
    at              timestamptz not null default now(),
    primary key (trigger_id, topic, kafka_partition, kafka_offset)
);
