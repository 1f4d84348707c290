-- The tools that are called while a request waits for its decision. The row goes in the statement that submits the callback.
create table approval_notice (
    approval_id bigint      not null,
    occasion    text        not null,
    tool        text        not null,
    due_at      timestamptz not null,

    constraint approval_notice_pkey primary key (approval_id, occasion),
    constraint known_occasion check (occasion in ('reminder', 'escalation'))
);
create index approval_notice_due on approval_notice (due_at);

-- Approvals in advance: a person approved some calls of a tool, up to a number, a sum and a time.
-- The rows of those that are revoked or over stay: requests name them.
create table standing_grant (
    id         bigint      generated always as identity primary key,
    tool       text        not null,
    definition bigint      not null,                     -- of the tool: an edited one asks again
    condition  text,                                     -- in the Simple language; null for all calls
    most_calls int         not null,
    calls      int         not null default 0,           -- that were drawn
    sum_of     text,                                     -- the argument that is added up
    most_sum   numeric,
    sum        numeric     not null default 0,
    reason     text        not null,
    who        text        not null,
    since      timestamptz not null default now(),
    until      timestamptz not null,
    revoked_at timestamptz,
    revoked_by text,

    constraint most_calls_positive check (most_calls > 0 and calls between 0 and most_calls),
    constraint sum_has_limit check ((sum_of is null) = (most_sum is null) and (most_sum is null or sum between 0 and most_sum)),
    constraint condition_length check (char_length(condition) between 1 and 500),
    constraint standing_reason_length check (char_length(reason) between 1 and 500)
);
create index standing_grant_tool on standing_grant (tool) where revoked_at is null;

-- The standing grant that a call was drawn from.
alter table approval add column standing_id bigint;
