-- What agents were told to remember, by key: a customer, say. Vectors are plain arrays, so that no extension is needed;
-- where pgvector is there, searches cast them to its type.
create table memory (
    id           uuid        not null,   -- digest of key and fact: the same fact twice is one row
    key          text        not null,
    fact         text        not null,
    embedding    real[]      not null,   -- of length 1, so that the inner product of two is their cosine
    task_id      uuid,                   -- the task that remembered it last
    created_at   timestamptz not null,
    refreshed_at timestamptz not null,   -- when it was remembered last

    constraint memory_pkey primary key (id),
    constraint key_length check (char_length(key) between 1 and 500),
    constraint fact_length check (char_length(fact) between 1 and 2000),
    constraint embedding_dimensions check (cardinality(embedding) = 384),
    constraint refreshed_after_created check (refreshed_at >= created_at)
);
-- The facts of a key, the newest first.
create index memory_key on memory (key, refreshed_at);
-- What retention deletes.
create index memory_age on memory (refreshed_at);
