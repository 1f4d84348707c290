package io.drover.rollout;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * A share of tasks that a candidate must not increase. Latency and cost are shares, too: of the tasks over the control's 95th
 * percentile.
 */
sealed interface Guardrail {

    String name();

    /** By how much the candidate's share may exceed the control's in a version that is called good, above 0 and below 1. */
    double tolerance();

    /** The share of tasks of which something is true. */
    record Event(String name, double tolerance, Predicate<Outcome> of) implements Guardrail {}

    /** The share of tasks whose measure is over the control's 95th percentile. */
    record Tail(String name, double tolerance, ToLongFunction<Outcome> of) implements Guardrail {}

    /** What every rollout is judged by. */
    static List<Guardrail> standard() {
        return List.of(
                new Event("dead", 0.02, Outcome::dead),
                new Event("in doubt", 0.02, Outcome::inDoubt),
                new Event("rejected", 0.02, Outcome::rejected),
                new Tail("duration", 0.05, Outcome::durationMillis),
                new Tail("cost", 0.05, Outcome::costMicros));
    }

    /** A predicate of the rollout's own, by which a task is bad. */
    static Guardrail own(String name) {
        return new Event(name, 0.05, outcome -> outcome.broken().contains(name));
    }
}
