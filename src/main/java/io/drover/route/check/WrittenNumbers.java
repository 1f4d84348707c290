package io.drover.route.check;

import io.drover.start.Bounds;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Steps that count are given numbers, where the number is written and not computed.
 * Camel reads it when the step runs: the route would load, and each of its tasks would fail there.
 */
final class WrittenNumbers implements Check {

    private static final Set<String> WRITTEN_IN = Set.of("constant", "simple");

    /** By step: what its number may be. */
    private static final Map<String, Bounds<Integer>> STEPS = Map.of(
            "loop", Bounds.of(0, Integer.MAX_VALUE, 3),
            "throttle", Bounds.of(1, Integer.MAX_VALUE, 10),
            "delay", Bounds.of(0, Integer.MAX_VALUE, 500));

    private static final Map<String, String> WHAT = Map.of(
            "loop", "a number of rounds",
            "throttle", "a number of messages",
            "delay", "a number of milliseconds");

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        for (Element step : route.elements()) {
            Bounds<Integer> bounds = step.isStep() ? STEPS.get(step.name()) : null;
            if (bounds == null || step.text("doWhile").equals("true")) {
                continue; // with doWhile it is a condition
            }
            for (Element language : step.languages()) {
                Yaml written = WRITTEN_IN.contains(language.name()) ? language.expression() : null;
                String text = written == null
                        ? "$"
                        : routes.settings.resolve(written.text()).strip();
                if (written != null && !text.contains("$") && !text.contains("{{")) {
                    String problem = problem(step.name(), bounds, text);
                    if (problem != null) {
                        findings.add(route, written.line(), problem);
                    }
                }
            }
        }
    }

    private static @Nullable String problem(String step, Bounds<Integer> bounds, String text) {
        if (!text.matches("[+-]?\\d{1,40}")) {
            return "%s (%s) must be %s, as in %s".formatted(step, text, WHAT.get(step), bounds.example());
        }
        return bounds.problem(step, text);
    }
}
