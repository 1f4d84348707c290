-- What the models of agents that have begun were told and offered. A definition is stored once, for all tasks: the recorded
-- questions name it by its digest, and it is there before the first of them.
create table agent_definition (
    digest     uuid        not null,
    body       json        not null,
    created_at timestamptz not null default now(),

    constraint agent_definition_pkey primary key (digest)
);
