/**
 * The durable record of tasks and their calls in PostgreSQL, and nothing else.
 *
 * <p>Promised after a crash at any point: a task whose submission was confirmed exists; a call whose result was
 * confirmed is replayed; a call that was confirmed as started and has no result is known to be in doubt. Every write by
 * an attempt carries the fencing token of its claim, and a write with an old token changes nothing.
 *
 * <p>Writes are group-committed ({@link io.drover.journal.GroupCommit}): what waits while one commit is under way goes
 * out together in the next, as one statement.
 */
@org.jspecify.annotations.NullMarked
package io.drover.journal;
