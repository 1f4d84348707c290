package io.drover.route.check;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Camel's steps and options by which a message counts as done while its work continues, is postponed or is dropped,
 * and what to write instead.
 * {@code validate}, the loader and the documentation share this table.
 * A step that is not in the table is waited for.
 * {@link UnawaitedComponents} is the same for the endpoints that messages are sent to.
 */
public final class Unawaited {

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

    /**
     * What is wrong with a step, or null.
     *
     * @param step   its name in YAML
     * @param option the value of an option; a dot leads into an option that is an object
     */
    public static @Nullable String problem(String step, UnaryOperator<String> option) {
        String why = UnawaitedSteps.WHY.get(step);
        return why == null ? UnawaitedOptions.problem(step, option) : "%s %s".formatted(step, why);
    }
}
