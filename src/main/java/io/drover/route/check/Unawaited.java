package io.drover.route.check;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Camel's steps and options that let a message count as done while its work goes on, is put off or is dropped, and what
 * to write instead. One table for {@code validate}, for the loader and for the documentation. Anything that is not here
 * is waited for; {@link UnawaitedComponents} is the same for what messages are sent to.
 */
public final class Unawaited {

    /**
     * One row of the table.
     *
     * @param steps   the steps that it is about
     * @param applies whether it applies to a step, by its options
     * @param message what is wrong, and what to write instead
     */
    private record Rule(Set<String> steps, Predicate<Options> applies, String message) {}

    /** The options of a step: the value of one by its name, or an empty string. */
    public interface Options {

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
            never(
                    "aggregate",
                    "keeps messages in memory, and each counts as done before its group is done; "
                            + "collect the parts of one message by split with an aggregationStrategy, "
                            + "or submit a task for each message"),
            never(
                    "wireTap",
                    "sends on another thread, and nothing waits for it; write to, or multicast with parallelProcessing"),
            never(
                    "threads",
                    "continues in another thread while the message counts as done; leave it out, or write split or "
                            + "multicast with parallelProcessing"),
            never(
                    "resequence",
                    "keeps messages in memory, and each counts as done before it is sent on; "
                            + "leave it out: records of one partition stay in order"),
            never("sample", "drops messages by the clock; write filter with a condition on the message"),
            never(
                    "saga",
                    "compensates on another thread, and nothing waits for it; "
                            + "write doTry, and call the tool that compensates in doCatch"),
            never(
                    "idempotentConsumer",
                    "skips work that a failed attempt began; leave it out: the journal makes a call once, "
                            + "and a task is submitted once by its key (to: task:<workflow> with the parameter key)"),
            never(
                    "onCompletion",
                    "runs when the message counts as done, and its failure is lost; write its steps at the end of the "
                            + "route, or into doFinally"),
            never(
                    "onException",
                    "repeats or hides failures; write doTry with doCatch around the steps that may fail, "
                            + "retries at the tool or maxAttempts at the workflow"),
            never(
                    "pausable",
                    "suspends a consumer and skips messages; leave it out: a trigger pauses while the backlog is full"),
            never(
                    "resumable",
                    "keeps its own offsets, which say nothing about the tasks; "
                            + "leave it out: an offset is committed when the tasks of its record are durable"),
            never(
                    "transacted",
                    "rolls back what Drover records in the same transaction; "
                            + "write the changes as one statement of sql, such as a call of a function"),
            never(
                    "kamelet",
                    "shares its steps with other uses of the same kamelet; write to with kamelet:<name>, and the steps "
                            + "behind it"),
            never(
                    "policy",
                    "hands its steps to code that may repeat them, leave them out or let them go on by themselves; "
                            + "write the steps without it: a tool has retries, throttle and a circuit breaker"),
            never(
                    "intercept",
                    "runs its steps before every other step, also before those that guard a tool; "
                            + "write its steps into the route, where they are to run"),
            never(
                    "interceptFrom",
                    "runs its steps before a message is guarded, and may drop it; "
                            + "write its steps at the beginning of the route"),
            never(
                    "interceptSendToEndpoint",
                    "changes the messages of all other routes; write its steps into the routes that send"),
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

    /** What is wrong with an error handler of the author's. */
    public static final String ERROR_HANDLER =
            "errorHandler repeats or hides failures; write retries at the tool, maxAttempts at the workflow, or "
                    + "doTry with doCatch around the steps that may fail; a record that fails goes to the dead letter topic";

    /** What is wrong with a configuration of several routes. */
    public static final String ROUTE_CONFIGURATION =
            "routeConfiguration changes how routes of other files end; write doTry with doCatch around the steps that "
                    + "may fail, or steps in each route";

    /** What is wrong with one configuration for all circuit breakers. */
    public static final String BREAKER_DEFAULTS =
            "circuitBreaker takes its options from the default configuration of all circuit breakers, which may take what "
                    + "failed for done, also in the guard of tools; remove the bean resilience4j-configuration, and write "
                    + "resilience4jConfiguration at the step, or drover.tools.<name>.breaker";

    private Unawaited() {}

    private static Rule never(String step, String message) {
        return new Rule(Set.of(step), options -> true, "%s " + message);
    }

    /**
     * What is wrong with a step, or null.
     *
     * @param step   its name in YAML
     * @param option the value of an option; a dot leads into an option that is an object
     */
    public static @Nullable String problem(String step, UnaryOperator<String> option) {
        Options options = option::apply;
        return RULES.stream()
                .filter(rule -> rule.steps.contains(step) && rule.applies.test(options))
                .map(rule -> rule.message.formatted(step))
                .findFirst()
                .orElse(null);
    }
}
