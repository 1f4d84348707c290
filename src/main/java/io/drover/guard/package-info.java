/**
 * What stands around every call of a tool: policy, replay from the journal, fleet throttle, circuit breaker and timeout.
 *
 * <p>The guard is built from Camel's own EIPs around the author's steps when a {@code from: tool:} route is added
 * ({@link io.drover.guard.Guard}), so it cannot be left out and Hawtio draws it. {@link io.drover.guard.ToolCalls} is the
 * only way in: it addresses the call, tries it, and turns an unknown end into a question instead of a repetition.
 */
@org.jspecify.annotations.NullMarked
package io.drover.guard;
