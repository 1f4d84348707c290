package io.drover.route.check;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Steps that are refused with some of their options only. */
final class UnawaitedOptions {

    /**
     * One row of the table.
     *
     * @param steps   the steps that it is about
     * @param applies whether it applies to a step, by its options
     * @param message what is wrong, and what to write instead
     */
    private record Rule(Set<String> steps, Predicate<Options> applies, String message) {}

    /** The options of a step: the value of one by its name, or an empty string. */
    private interface Options {

        String get(String name);

        default boolean is(String name) {
            return is(name, "true");
        }

        default boolean is(String name, String value) {
            return get(name).strip().equalsIgnoreCase(value);
        }

        default boolean has(String name) {
            return !get(name).isBlank();
        }
    }

    private static final Set<String> BRANCHES = Set.of("split", "multicast", "recipientList");

    private static final String RESILIENCE = "resilience4jConfiguration.";

    private static final List<Rule> RULES = List.of(
            new Rule(
                    BRANCHES,
                    options -> options.has("timeout")
                            && !options.get("timeout").strip().equals("0"),
                    "%s with a timeout continues while its branches still run; "
                            + "leave timeout out, and write timeout at the tools that the branches call"),
            new Rule(
                    BRANCHES,
                    options -> options.is("parallelProcessing") && options.is("stopOnException"),
                    "%s with parallelProcessing and stopOnException continues while its branches still run; "
                            + "leave one of the two out"),
            new Rule(
                    BRANCHES,
                    options -> options.is("parallelAggregate"),
                    "%s with parallelAggregate joins branches concurrently, so that the failure of one may be lost; "
                            + "leave parallelAggregate out"),
            new Rule(
                    Set.of("circuitBreaker"),
                    options -> options.is("resilience4jConfiguration.timeoutEnabled")
                            || options.is("faultToleranceConfiguration.timeoutEnabled"),
                    "%s with timeoutEnabled continues while its steps still run; "
                            + "leave timeoutEnabled out, and write timeout at the tools that its steps call"),
            new Rule(
                    Set.of("circuitBreaker"),
                    options -> options.has("configuration"),
                    "%s with a configuration by name may continue while its steps still run; "
                            + "write resilience4jConfiguration in its place, without timeoutEnabled"),
            new Rule(
                    Set.of("circuitBreaker"),
                    options -> options.has(RESILIENCE + "config") || options.has(RESILIENCE + "circuitBreaker"),
                    "%s with a bean as config or circuitBreaker may treat failures as success; "
                            + "write its options in resilience4jConfiguration"),
            new Rule(
                    Set.of("circuitBreaker"),
                    options -> options.is(RESILIENCE + "throwExceptionWhenHalfOpenOrOpenState", "false"),
                    "%s without throwExceptionWhenHalfOpenOrOpenState drops the message while it is open; leave it out"),
            new Rule(
                    Set.of("circuitBreaker"),
                    options -> Stream.of("ignoreException", "ignoreExceptions", "recordException", "recordExceptions")
                            .anyMatch(option -> options.has(RESILIENCE + option)),
                    "%s with ignoreException or recordException treats failures as success; "
                            + "leave them out, and write doTry with doCatch around the steps that may fail"),
            new Rule(
                    Set.of("loop"),
                    options -> options.is("breakOnShutdown"),
                    "%s with breakOnShutdown ends in the middle as if it were done; write loop without it: "
                            + "the next attempt continues where this one stopped"),
            new Rule(
                    Set.of("enrich", "pollEnrich"),
                    options -> options.is("aggregateOnException"),
                    "%s with aggregateOnException hides failures; "
                            + "leave it out, and write doTry with doCatch around the step"),
            new Rule(
                    Set.of("pollEnrich"),
                    options -> !options.has("timeout")
                            || options.get("timeout").strip().startsWith("-"),
                    "%s without a timeout waits for ever; add timeout, in milliseconds"),
            new Rule(
                    Set.of("poll"),
                    options -> options.get("timeout").strip().startsWith("-"),
                    "%s with a negative timeout waits for ever; write a timeout in milliseconds"),
            new Rule(
                    Set.of("rollback"),
                    options -> options.is("markRollbackOnly") || options.is("markRollbackOnlyLast"),
                    "%s with markRollbackOnly ends the route without an exception, as if the work were done; "
                            + "write throwException"),
            new Rule(
                    Set.of("recipientList", "routingSlip", "dynamicRouter"),
                    options -> options.is("ignoreInvalidEndpoints"),
                    "%s with ignoreInvalidEndpoints drops messages that it cannot send; leave it out"),
            new Rule(
                    Set.of("toD", "enrich", "pollEnrich"),
                    options -> options.is("ignoreInvalidEndpoint"),
                    "%s with ignoreInvalidEndpoint drops messages that it cannot send; leave it out"));

    private UnawaitedOptions() {}

    /** What is wrong with a step's options, or null. */
    static @Nullable String problem(String step, UnaryOperator<String> option) {
        Options options = option::apply;
        return RULES.stream()
                .filter(rule -> rule.steps.contains(step) && rule.applies.test(options))
                .map(rule -> rule.message.formatted(step))
                .findFirst()
                .orElse(null);
    }
}
