package io.drover.rollout;

/**
 * A rollout as the file says it.
 *
 * @param ready whether files define both versions; until then the candidate, should it come, is kept from being the current version
 */
public record DeclaredRollout(Rollout rollout, boolean ready) {}
