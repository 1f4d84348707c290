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

    /** The same with another tolerance. */
    Guardrail within(double other);

    /** The share of tasks of which something is true. */
    record Event(String name, double tolerance, Predicate<Outcome> of) implements Guardrail {

        @Override
        public Guardrail within(double other) {
            return new Event(name, other, of);
        }
    }

    /** The share of tasks whose measure is over the control's 95th percentile. */
    record Tail(String name, double tolerance, ToLongFunction<Outcome> of) implements Guardrail {

        @Override
        public Guardrail within(double other) {
            return new Tail(name, other, of);
        }
    }

    /** The share of evaluated tasks whose evaluation failed. Scores come later than outcomes, and not for all tasks. */
    record Score(double tolerance) implements Guardrail {

        @Override
        public String name() {
            return SCORE;
        }

        @Override
        public Guardrail within(double other) {
            return new Score(other);
        }
    }

    /** Of the guardrail of evaluations. */
    String SCORE = "score";

    /** What every rollout is judged by. */
    static List<Guardrail> standard() {
        return List.of(
                new Event("dead", 0.02, Outcome::dead),
                new Event("in-doubt", 0.02, Outcome::inDoubt),
                new Event("rejected", 0.02, Outcome::rejected),
                new Tail("duration", 0.05, Outcome::durationMillis),
                new Tail("cost", 0.05, Outcome::costMicros));
    }

    /** A predicate of the rollout's own, by which a task is bad. */
    static Guardrail own(String name, double tolerance) {
        return new Event(name, tolerance, outcome -> outcome.broken().contains(name));
    }
}
