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
 * @param attempts       that were begun
 * @param calls          that it made, children that it awaited included
 * @param broken         names of the rollout's own predicates that it breaks
 */
record Outcome(
        boolean dead,
        boolean inDoubt,
        boolean rejected,
        long durationMillis,
        long costMicros,
        int attempts,
        int calls,
        Set<String> broken) {

    Outcome {
        broken = Set.copyOf(broken);
    }

    Outcome breaking(Set<String> predicates) {
        return new Outcome(dead, inDoubt, rejected, durationMillis, costMicros, attempts, calls, predicates);
    }
}
