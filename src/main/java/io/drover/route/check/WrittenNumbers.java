package io.drover.route.check;

import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Steps that count are given numbers, where the number is written and not computed.
 * Camel reads it when the step runs: the route would load, and each of its tasks would fail there.
 */
final class WrittenNumbers implements Check {

    private static final Set<String> WRITTEN_IN = Set.of("constant", "simple");

    /**
     * By step, as Camel takes it: with a negative number a loop runs no round, and a delay does not wait.
     * A throttle keeps an object for each message, and with none it would wait for ever.
     */
    private static final Map<String, Count> STEPS = Map.of(
            "loop", new Count("rounds", Integer.MIN_VALUE, Integer.MAX_VALUE, 3),
            "throttle", new Count("messages", 1, Integer.MAX_VALUE, 10),
            "delay", new Count("milliseconds", Long.MIN_VALUE, Long.MAX_VALUE, 500));

    private record Count(String ofWhat, long least, long most, long example) {

        @Nullable
        String problem(String step, String text) {
            if (!text.matches("[+-]?\\d{1,40}")) {
                return "%s (%s) must be a number of %s, as in %s".formatted(step, text, ofWhat, example);
            }
            BigInteger number = new BigInteger(text);
            return number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0
                    ? "%s (%s) must be from %s to %s, as in %s".formatted(step, text, least, most, example)
                    : null;
        }
    }

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        for (Element step : route.elements()) {
            Count count = step.isStep() ? STEPS.get(step.name()) : null;
            if (count == null || step.isWhile()) {
                continue; // it is a condition
            }
            for (Element language : step.languages()) {
                Yaml written = WRITTEN_IN.contains(language.name()) ? language.expression() : null;
                if (written != null) {
                    check(route, step, count, written, routes.settings.resolve(written.text()), findings);
                }
            }
        }
    }

    private static void check(
            RouteSource route, Element step, Count count, Yaml written, String resolved, Findings findings) {
        if (resolved.contains("$") || resolved.contains("{{")) {
            return; // it is computed, or not known here
        }
        String problem = count.problem(step.name(), resolved.strip());
        if (problem != null) {
            findings.add(route, written.line(), problem);
        }
    }
}
