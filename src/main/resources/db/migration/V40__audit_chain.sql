-- What happened, as chains of hashes: a row a statement, in the transaction that it describes. See docs/audit.md.
-- A chain belongs to a session, whose commits have one order: so it has no gap, and no lock is needed to continue it.
create table audit_chain (
    writer uuid        not null,
    seq    bigint      not null,                         -- from 1
    at     timestamptz not null,
    hash   bytea       not null,                         -- SHA-256 of the hash before and of all other columns
    body   text        not null,                         -- a JSON array a line

    constraint audit_chain_pkey primary key (writer, seq)
) with (toast_tuple_target = 8160);                      -- it is read as a whole or not at all
alter table audit_chain alter column body set storage external; -- hashes do not get smaller
create index audit_chain_begun on audit_chain (at) where seq = 1;

-- The head of the session's chain is a setting of the session, because settings are undone with their transaction.
-- A chain is continued for an hour, so that whoever looks for what is new need not look at old ones.
-- Returns how many rows it wrote: one statement may write more lines than a text can hold.
create function audit_append(lines text[]) returns integer language plpgsql as $$
declare
    moment constant timestamptz := clock_timestamp();
    head   text;
    since  bigint;
    chain  uuid;
    place  bigint := 1;
    digest bytea := '\x';
    body   text;
begin
    if lines is null then
        return 0;
    elsif cardinality(lines) > 1000 then
        return audit_append(lines[1 : 1000]) + audit_append(lines[1001 : ]);
    end if;
    head := current_setting('drover.audit_head', true);
    body := array_to_string(lines, E'\n');
    since := nullif(split_part(head, ' ', 1), '');
    if since > extract(epoch from moment) - 3600 then
        chain := split_part(head, ' ', 2);
        place := split_part(head, ' ', 3)::bigint + 1;
        digest := decode(split_part(head, ' ', 4), 'hex');
    else
        since := extract(epoch from moment);
        chain := gen_random_uuid();
        body := json_build_array('began', current_user, current_setting('application_name'))::text || E'\n' || body;
    end if;
    digest := sha256(digest || uuid_send(chain) || int8send(place) || timestamptz_send(moment) || convert_to(body, 'UTF8'));
    insert into audit_chain (writer, seq, at, hash, body) values (chain, place, moment, digest, body);
    head := set_config('drover.audit_head', since || ' ' || chain || ' ' || place || ' ' || encode(digest, 'hex'), false);
    return 1;
end $$;

-- Binds whoever recorded a value to it, and tells nobody the value: without the salt it cannot be guessed.
create function audit_commitment(salt uuid, value text) returns text language sql stable as $$
    select encode(sha256(convert_to(salt::text || value, 'UTF8')), 'base64')
$$;

-- The salt is beside what it protects: who erases the one erases the other.
alter table audit add column salt uuid;
alter table audit alter column salt set default gen_random_uuid();

create function audit_decided() returns trigger language plpgsql as $$
declare
    lines text[];
    rows  integer;
begin
    select array_agg(json_build_array('decided', id, action, task_id, audit_commitment(salt, who),
                                      audit_commitment(salt, detail::text))::text order by id)
      into lines from written;
    rows := audit_append(lines);
    return null;
end $$;

create trigger audit_decided after insert on audit referencing new table as written
    for each statement execute function audit_decided();

-- Erases a person from the list of decisions. What the chains hold stays, and says no name.
-- Runs as the owner of the table: the processes may not change it otherwise.
create function audit_erase(name text) returns integer language plpgsql security definer as $$
declare
    lines text[];
    rows  integer;
begin
    with erased as (
        update audit set who = 'erased', detail = null, salt = null where who = name and salt is not null returning id)
    select array_agg(json_build_array('erased', id)::text order by id) into lines from erased;
    rows := audit_append(lines);
    return coalesce(cardinality(lines), 0);
end $$;
