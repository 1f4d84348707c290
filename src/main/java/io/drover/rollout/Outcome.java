package io.drover.rollout;

import java.util.Set;

/**
 * How a task ended, as far as guardrails ask.
 *
 * @param dead           its attempts are spent, or its failure cannot get better
 * @param inDoubt        the end of one of its calls was unknown
 * @param rejected       a person rejected one of its calls
 * @param durationMillis from its submission to its end
 * @param costMicros     what its models cost, in millionths of a dollar
 * @param broken         names of the rollout's own predicates that it breaks
 */
record Outcome(
        boolean dead, boolean inDoubt, boolean rejected, long durationMillis, long costMicros, Set<String> broken) {

    Outcome {
        broken = Set.copyOf(broken);
    }
}
