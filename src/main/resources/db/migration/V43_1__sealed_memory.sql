-- The vector of a sealed fact, sealed: it gives the words away.
alter table memory alter column embedding drop not null;
alter table memory add column sealed_embedding text;
-- A sealed fact is longer than its words.
alter table memory drop constraint fact_length;
alter table memory add constraint fact_length
    check (char_length(fact) between 1 and case when fact like 'drv1:%' then 20000 else 2000 end) not valid;
alter table memory add constraint has_embedding
    check (embedding is not null or sealed_embedding is not null) not valid;
