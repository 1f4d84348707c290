package io.drover.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the file of rollouts says of one of them. It is kept as it is when the rollout begins.
 *
 * @param id         salts the buckets; another rollout has another id, also of the same versions
 * @param candidate  the version on trial
 * @param control    the version that it is compared with
 * @param steps      shares of the new tasks that the candidate gets, one after the other, in millionths
 * @param tasks      that have to be compared in each step
 * @param rails      what the candidate must not increase
 * @param inFlight   what becomes of its tasks that no worker has begun when it is rolled back
 * @param window     the time after which a step that is still open is overdue
 * @param tell       the tool that is called with each decision, or null
 * @param shadow     where the candidate gets no task, but shadows of tasks; null where it gets its share
 */
public record Rollout(
        String id,
        String workflow,
        int candidate,
        int control,
        List<Integer> steps,
        int tasks,
        List<Rail> rails,
        InFlight inFlight,
        Duration window,
        @Nullable String tell,
        @Nullable Shadow shadow) {

    /** What the candidate's shadows may use. Its first step is the share of the live tasks that are mirrored. */
    public record Shadow(int perMinute, BigDecimal maxCostUsd) {}

    /** One in which the candidate gets a share of the new tasks. */
    public Rollout(
            String id,
            String workflow,
            int candidate,
            int control,
            List<Integer> steps,
            int tasks,
            List<Rail> rails,
            InFlight inFlight,
            Duration window,
            @Nullable String tell) {
        this(id, workflow, candidate, control, steps, tasks, rails, inFlight, window, tell, null);
    }

    private static final String ALL_WORKFLOWS = "*";

    /** Of the new tasks, in millionths. */
    public static final int ALL = Buckets.ALL;

    /** What becomes of a candidate's tasks that no worker has begun when it is rolled back. */
    public enum InFlight {
        /** The candidate runs them. */
        FINISH,
        /** The control runs them. */
        MOVE
    }

    /**
     * A share of tasks that the candidate must not increase.
     *
     * @param name      of a standard guardrail, or of one's own
     * @param tolerance by how much it may exceed the control's in a version that is called good, in points of a hundred
     * @param when      a condition in CEL over the outcome, by which a task is bad; null for a standard guardrail
     */
    public record Rail(String name, double tolerance, @Nullable String when) {}

    public Rollout {
        steps = List.copyOf(steps);
        rails = List.copyOf(rails);
    }

    /** The standard guardrails by name, with their tolerances in points of a hundred. */
    public static Map<String, Double> standardRails() {
        Map<String, Double> rails = new LinkedHashMap<>();
        Guardrail.standard().forEach(rail -> rails.put(rail.name(), rail.tolerance() * 100));
        return rails;
    }

    /** The name of the guardrail of evaluations, which a rollout has only if it names it. */
    public static final String SCORE = Guardrail.SCORE;

    /**
     * Whether a condition over the outcome of a task can be used.
     *
     * @return what is wrong with it, or null
     */
    public static @Nullable String problem(String condition) {
        return OutcomeCondition.problem(condition);
    }

    /** The trial of an image: the canary's tasks are version 1, and those of the stable track version 0. */
    static Rollout ofImage(String id, int percent) {
        List<Rail> rails = new ArrayList<>();
        standardRails().forEach((name, tolerance) -> rails.add(new Rail(name, tolerance, null)));
        return new Rollout(
                id,
                ALL_WORKFLOWS,
                1,
                0,
                List.of(percent * (ALL / 100)),
                200,
                rails,
                InFlight.FINISH,
                Duration.ofDays(1),
                null);
    }

    /** Whether an image is on trial, and no version of a workflow. */
    public boolean isOfImage() {
        return workflow.equals(ALL_WORKFLOWS);
    }

    /** The first share at which the candidate runs. */
    int firstShare() {
        return steps.getFirst();
    }

    /** What is kept with the rollout's row. */
    String settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("steps", steps);
        settings.put("tasks", tasks);
        settings.put("rails", rails.stream().map(Rollout::document).toList());
        settings.put("inFlight", inFlight.name());
        settings.put("windowMs", window.toMillis());
        settings.put("tell", tell);
        if (shadow != null) {
            settings.put("perMinute", shadow.perMinute());
            settings.put("maxCostUsd", shadow.maxCostUsd());
        }
        return Json.write(settings);
    }

    private static Map<String, Object> document(Rail rail) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", rail.name());
        document.put("tolerance", rail.tolerance());
        document.put("when", rail.when());
        return document;
    }

    /** The inverse of {@link #settings()}. */
    static Rollout of(String id, String workflow, int candidate, int control, JsonNode settings) {
        List<Rail> rails = new ArrayList<>();
        settings.path("rails")
                .forEach(rail -> rails.add(new Rail(
                        rail.path("name").asText(),
                        rail.path("tolerance").asDouble(),
                        rail.path("when").textValue())));
        JsonNode steps = settings.path("steps");
        return new Rollout(
                id,
                workflow,
                candidate,
                control,
                IntStream.range(0, steps.size())
                        .mapToObj(i -> steps.path(i).asInt())
                        .toList(),
                settings.path("tasks").asInt(),
                rails,
                InFlight.valueOf(settings.path("inFlight").asText()),
                Duration.ofMillis(settings.path("windowMs").asLong()),
                settings.path("tell").textValue(),
                settings.has("perMinute")
                        ? new Shadow(
                                settings.path("perMinute").asInt(),
                                settings.path("maxCostUsd").decimalValue())
                        : null);
    }

    /** Whether the evaluations of its tasks are a guardrail. */
    boolean isScored() {
        return rails.stream().anyMatch(rail -> rail.name().equals(SCORE));
    }

    List<Guardrail> guardrails() {
        return rails.stream().map(Rollout::guardrail).toList();
    }

    private static Guardrail guardrail(Rail rail) {
        double tolerance = rail.tolerance() / 100;
        if (rail.when() != null) {
            return Guardrail.own(rail.name(), tolerance);
        }
        if (rail.name().equals(SCORE)) {
            return new Guardrail.Score(tolerance);
        }
        return Guardrail.standard().stream()
                .filter(one -> one.name().equals(rail.name()))
                .findAny()
                .orElseThrow()
                .within(tolerance);
    }
}
