-- Whoever waits for a lock is a wall for all who come later. A migration that does not get its lock soon gives up, and is tried again.
set local lock_timeout = '3s';
