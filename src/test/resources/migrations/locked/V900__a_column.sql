alter table task add column tried text;
