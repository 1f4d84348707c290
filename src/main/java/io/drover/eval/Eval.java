package io.drover.eval;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a workflow's tasks are evaluated.
 *
 * @param sample     of its tasks that are evaluated, in millionths
 * @param checks     conditions in CEL by name, in their order, that a good task fulfils
 * @param with       the workflow that gives a score, or null where the checks alone decide
 * @param trials     how often it is asked about a task
 * @param threshold  the score from which a task is good, from 0 to 1
 * @param maxCostUsd what the evaluator may spend on models within 24 hours; null without one
 */
public record Eval(
        String workflow,
        int sample,
        Map<String, String> checks,
        @Nullable String with,
        int trials,
        double threshold,
        @Nullable BigDecimal maxCostUsd) {

    /** The check that each eval has: the task has completed. */
    public static final String COMPLETED = "completed";

    /** Of the tasks, in millionths. */
    public static final int ALL = 1_000_000;

    public Eval {
        checks = Collections.unmodifiableMap(new LinkedHashMap<>(checks));
    }

    /** Whether a task with this score is good. */
    public boolean isGood(BigDecimal score) {
        return score.compareTo(BigDecimal.valueOf(threshold)) >= 0;
    }

    /**
     * Whether a check can be used.
     *
     * @return what is wrong with it, or null
     */
    public static @Nullable String problem(String check) {
        return Checks.LANGUAGE.problem(check);
    }
}
