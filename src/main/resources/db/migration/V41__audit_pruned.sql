-- How far the owner of the tables has removed old rows of the audit log: those under the first leaves of the tree.
create table audit_pruned (
    size        bigint      not null,                    -- of the tree
    at          timestamptz not null default now(),
    who         text        not null default current_user,
    finished_at timestamptz,                             -- null where it was cut off, or is under way

    constraint audit_pruned_pkey primary key (size)
);

-- The processes read it, and export what is left.
do $$
declare
    granted record;
begin
    for granted in
        select distinct grantee from information_schema.table_privileges
         where table_schema = current_schema() and grantee <> current_user and table_name = 'audit_pruned'
    loop
        execute format('revoke insert, update, delete, truncate on audit_pruned from %s',
                       case when granted.grantee = 'PUBLIC' then 'public' else quote_ident(granted.grantee) end);
    end loop;
end $$;
