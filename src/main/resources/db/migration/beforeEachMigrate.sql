-- Whoever waits for a lock is a wall for all who come later. A migration that does not get its lock soon gives up, and is tried again.
select set_config('lock_timeout', '3s', true); -- of this migration, where it is a transaction
