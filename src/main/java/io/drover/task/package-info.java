/**
 * The life of a task: submitted, claimed, run, retried, suspended, taken over, ended.
 *
 * <p>One virtual thread runs one attempt. A task that waits has no thread; a worker that dies loses its leases, and
 * what it did is in the journal. Nothing here knows Camel: a workflow is a name, limits, and something that can run an
 * attempt.
 */
@org.jspecify.annotations.NullMarked
package io.drover.task;
