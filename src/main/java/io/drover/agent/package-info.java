/**
 * The agent step: a model chooses among tools until it has an answer.
 *
 * <p>The loop ({@link io.drover.agent.Agents}) is ordinary code that runs again from its start in every attempt. What it
 * asked and what it called is in the journal, addressed by content, so an attempt goes on at the first call that was not
 * made.
 */
@org.jspecify.annotations.NullMarked
package io.drover.agent;
