-- Approvals: the decisions of people that calls wait for. The call itself is PENDING, and its task waits.
-- A request is open while its state is OPEN, its call is PENDING and its task has not ended.
create table approval (
    id               bigint      generated always as identity primary key,
    task_id          uuid        not null,
    address          uuid        not null,               -- of the call
    tool             text        not null,
    arguments_digest uuid        not null,               -- what is approved: these arguments
    definition       bigint      not null,               -- and this definition of the tool
    summary          text,
    need             int         not null,
    approvers        text[],                             -- who may vote; null for all with the role
    asked_at         timestamptz not null default now(),
    decide_by        timestamptz not null,               -- 'infinity' where it may wait for ever
    use_within_ms    bigint,
    state            text        not null default 'OPEN',
    decided_at       timestamptz,
    use_by           timestamptz,                        -- of one that is approved
    spent_at         timestamptz,

    constraint known_approval_state check (state in ('OPEN', 'APPROVED', 'SPENT', 'REJECTED', 'UNDECIDED', 'CLOSED')),
    constraint approved_has_end check (state <> 'APPROVED' or use_by is not null),
    constraint need_is_positive check (need > 0)
);
-- A call has one request that is not closed.
create unique index approval_alive on approval (task_id, address) where state in ('OPEN', 'APPROVED');
create index approval_call on approval (task_id, address);
create index approval_open on approval (id) where state = 'OPEN';
create index approval_decided on approval (decided_at);

-- Who said what. A person has one vote.
create table vote (
    approval_id bigint      not null,
    who         text        not null,
    approves    boolean     not null,
    reason      text,
    at          timestamptz not null default now(),

    constraint vote_pkey primary key (approval_id, who),
    constraint vote_reason_length check (char_length(reason) <= 500)
);
