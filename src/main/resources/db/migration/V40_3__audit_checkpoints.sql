-- The leaves of a Merkle tree (RFC 9162): heads of chains, as they were when somebody sealed them.
create table audit_leaf (
    index  bigint not null,                              -- from 0
    writer uuid   not null,
    seq    bigint not null,
    hash   bytea  not null,

    constraint audit_leaf_pkey primary key (index),
    constraint audit_leaf_head unique (writer, seq)
);

create table audit_checkpoint (
    size     bigint      not null,                       -- of the tree
    at       timestamptz not null default now(),
    frontier bytea       not null,                       -- the roots of its complete subtrees, the largest first
    note     text        not null,                       -- as it was published

    constraint audit_checkpoint_pkey primary key (size)
);

-- Rows of these tables stay as they are for whoever is not their owner, and the function of the owner finds its tables.
do $$
declare
    granted record;
begin
    for granted in
        select distinct table_name, grantee from information_schema.table_privileges
         where table_schema = current_schema() and grantee <> current_user
           and table_name in ('audit', 'audit_chain', 'audit_leaf', 'audit_checkpoint')
    loop
        execute format('revoke update, delete, truncate on %I from %s', granted.table_name,
                       case when granted.grantee = 'PUBLIC' then 'public' else quote_ident(granted.grantee) end);
    end loop;
    execute format('alter function audit_erase(text) set search_path = %I, pg_temp', current_schema());
end $$;
