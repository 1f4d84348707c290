package io.drover.rollout;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import io.drover.cel.Condition;
import io.drover.cel.ConditionLanguage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** A condition in CEL over the outcome of a task, by which the task is bad. */
final class OutcomeCondition {

    /** In characters. */
    private static final int LONGEST = 500;

    private static final int MOST_ITERATIONS = 100;

    private static final ConditionLanguage LANGUAGE =
            new ConditionLanguage(names(), LONGEST, MOST_ITERATIONS, "calls > 20");

    private final Condition condition;

    private OutcomeCondition(Condition condition) {
        this.condition = condition;
    }

    private static SequencedMap<String, CelType> names() {
        SequencedMap<String, CelType> names = new LinkedHashMap<>();
        names.put("dead", SimpleType.BOOL);
        names.put("inDoubt", SimpleType.BOOL);
        names.put("rejected", SimpleType.BOOL);
        names.put("seconds", SimpleType.DOUBLE);
        names.put("usd", SimpleType.DOUBLE);
        names.put("attempts", SimpleType.INT);
        names.put("calls", SimpleType.INT);
        return names;
    }

    /** @throws IllegalArgumentException if it is none */
    static OutcomeCondition of(String condition) {
        return new OutcomeCondition(LANGUAGE.condition(condition));
    }

    /** What is wrong with it, or null. */
    static @Nullable String problem(String condition) {
        return LANGUAGE.problem(condition);
    }

    /** Whether a task is bad. One of which it cannot be said is. */
    boolean isBad(Outcome outcome) {
        return condition
                .holds(Map.of(
                        "dead",
                        outcome.dead(),
                        "inDoubt",
                        outcome.inDoubt(),
                        "rejected",
                        outcome.rejected(),
                        "seconds",
                        outcome.durationMillis() / 1e3,
                        "usd",
                        outcome.costMicros() / 1e6,
                        "attempts",
                        (long) outcome.attempts(),
                        "calls",
                        (long) outcome.calls()))
                .orElse(true);
    }
}
