package io.drover.rollout;

import java.time.Instant;
import java.util.List;

/**
 * How a rollout stood at some time.
 *
 * @param pairs how many tasks of each side had been compared
 */
public record RolloutLook(long pairs, Instant at, List<Evidence> evidence) {}
