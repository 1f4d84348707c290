package io.drover.route;

import io.drover.guard.Steps;
import io.drover.route.check.RouteKind;
import io.drover.route.check.Unawaited;
import io.drover.route.check.UnawaitedComponents;
import java.util.Collection;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.model.CircuitBreakerDefinition;
import org.apache.camel.model.DelayDefinition;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.Resilience4jConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ThrottleDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.support.PluginHelper;

/**
 * Sees to it that a route's message counts as done when its work is, whatever way the route came in: what cannot be waited
 * for is refused by the table of {@link Unawaited}, and the other steps go on in the thread of the message.
 */
final class AwaitedRoutes {

    /** The name that Camel looks for. */
    private static final String BREAKER_DEFAULTS = "resilience4j-configuration";

    private AwaitedRoutes() {}

    /** @throws RuntimeCamelException when a step cannot be waited for; it says which and what to write instead */
    static void prepare(RouteDefinition route) {
        CamelContext context = route.getCamelContext();
        if (route.isErrorHandlerFactorySet() && !(route.getErrorHandlerFactory() instanceof NoErrorHandlerDefinition)) {
            throw refusal(route, Unawaited.ERROR_HANDLER);
        }
        boolean hasGuard = RouteKind.of(
                        context.resolvePropertyPlaceholders(route.getInput().getEndpointUri()))
                == RouteKind.TOOL; // which has a circuit breaker
        if (hasGuard && hasBreakerDefaults(context)) {
            throw refusal(route, Unawaited.BREAKER_DEFAULTS);
        }
        for (ProcessorDefinition<?> step : Steps.all(route.getOutputs())) {
            prepare(route, step, context);
        }
    }

    private static void prepare(RouteDefinition route, ProcessorDefinition<?> step, CamelContext context) {
        String problem = step instanceof CircuitBreakerDefinition && hasBreakerDefaults(context)
                ? Unawaited.BREAKER_DEFAULTS
                : Unawaited.problem(step.getShortName(), name -> option(step, name, context));
        if (problem == null && step instanceof EndpointRequiredDefinition sends && sends.getEndpointUri() != null) {
            problem = UnawaitedComponents.problem(context.resolvePropertyPlaceholders(sends.getEndpointUri()));
        }
        if (problem != null) {
            throw refusal(route, problem);
        }
        stayInThread(step);
        FailingBranches.heed(step, context);
    }

    /** Camel puts them under what a circuit breaker says itself. */
    static boolean hasBreakerDefaults(CamelContext context) {
        return context.getCamelContextExtension().getContextPlugin(Model.class).getResilience4jConfiguration(null)
                        != null
                || context.getRegistry().lookupByName(BREAKER_DEFAULTS) != null;
    }

    /** Camel would leave the thread and call back from another one, which an intake or an attempt does not expect. */
    private static void stayInThread(ProcessorDefinition<?> step) {
        switch (step) {
            case DelayDefinition delay -> delay.setAsyncDelayed("false");
            case ThrottleDefinition throttle -> throttle.setAsyncDelayed("false");
            case SplitDefinition split -> split.setSynchronous("true");
            case MulticastDefinition multicast -> multicast.setSynchronous("true");
            case RecipientListDefinition<?> list -> list.setSynchronous("true");
            case CircuitBreakerDefinition breaker -> {
                if (breaker.getResilience4jConfiguration() == null) {
                    breaker.setResilience4jConfiguration(new Resilience4jConfigurationDefinition());
                }
                breaker.getResilience4jConfiguration().setTimeoutEnabled("false"); // whatever the defaults say
                // Camel's default lets the message through an open one without fallback, as if its steps were done.
                breaker.getResilience4jConfiguration().setThrowExceptionWhenHalfOpenOrOpenState("true");
            }
            default -> {}
        }
    }

    private static String option(Object step, String path, CamelContext context) {
        Object value = step;
        for (String name : path.split("\\.")) {
            value = value == null
                    ? null
                    : PluginHelper.getBeanIntrospection(context).getOrElseProperty(value, name, null, false);
        }
        return value == null || value instanceof Collection<?> none && none.isEmpty()
                ? ""
                : context.resolvePropertyPlaceholders(value.toString());
    }

    private static RuntimeCamelException refusal(RouteDefinition route, String problem) {
        return new RuntimeCamelException(
                "route '%s': %s".formatted(RouteIds.logical(String.valueOf(route.getId())), problem));
    }
}
