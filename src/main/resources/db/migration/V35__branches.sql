-- The part of a split or multicast in which a call was made: among equal calls each part finds its own again.
alter table call add column branch text;
