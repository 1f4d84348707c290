-- The tables of the sample domain. They are not Drover's: its own come from db/migration.
create schema if not exists support;

create table if not exists support.customer_copy (
    email text primary key,
    name  text not null,
    tier  text not null
);
insert into support.customer_copy
select format('%s@crm-down.example', lower(name)), name, 'standard'
  from unnest(array['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald', 'Frances', 'Alan', 'Radia']) as name
    on conflict do nothing;

create table if not exists support.answer (
    id      integer primary key,
    topic   text not null,
    message text not null
);
insert into support.answer values
    (1, 'delivery parcel shipping arrive tracking', 'parcels take two to four working days; the link in your order shows where yours is.'),
    (2, 'password login account sign in', 'use "forgot password" on the sign-in page; the mail with the link comes within five minutes.'),
    (3, 'invoice receipt tax bill', 'every invoice is in your account under "orders"; we have also sent you a copy.'),
    (4, 'opening hours phone call reach', 'we answer the phone from 8 to 18 o''clock on working days.')
    on conflict do nothing;

create table if not exists support.ticket (
    ticket_id text        primary key,
    email     text        not null,
    category  text        not null,
    outcome   text        not null,
    saved_at  timestamptz not null default now()
);
create index if not exists ticket_email on support.ticket (email);
