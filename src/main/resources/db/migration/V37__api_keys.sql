-- The keys of programs. Only a digest is stored: a key is shown once, when it is made.
create table api_key (
    id         bigint generated always as identity,
    name       text        not null,                     -- of the program; two keys of one name may count while one takes the other's place
    digest     bytea       not null,                     -- SHA-256; a key has 256 random bits, so it needs no slower hash
    roles      text[]      not null,
    workflows  text[]      not null,                     -- globs; * for all
    created_at timestamptz not null default now(),
    created_by text        not null,
    expires_at timestamptz not null,
    last_used  timestamptz,                              -- written some seconds later, and not with each request
    revoked_at timestamptz,
    revoked_by text,

    constraint api_key_pkey primary key (id),
    constraint api_key_digest unique (digest)
);
