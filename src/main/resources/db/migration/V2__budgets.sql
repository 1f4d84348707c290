-- What models have cost, or may yet cost, since the start of an hour or a day; only for budgets that are set.
create table budget (
    scope    text        not null,   -- hour, day, workflow.<name>, user.<name>
    starts   timestamptz not null,
    used_usd numeric     not null,

    constraint budget_pkey primary key (scope, starts)
);
