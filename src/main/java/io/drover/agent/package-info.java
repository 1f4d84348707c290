/**
 * The agent step: a model chooses among tools until it has an answer.
 *
 * <p>The loop ({@link io.drover.agent.Agents}) is ordinary code that runs again from its start in every attempt. What it
 * asked and what it called is in the journal, so an attempt goes on at the first call that was not made. A question is
 * known by its run and turn, see {@link io.drover.agent.AgentRun}; a call of a tool by its content.
 */
@org.jspecify.annotations.NullMarked
package io.drover.agent;
