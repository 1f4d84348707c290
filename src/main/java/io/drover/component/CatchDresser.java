package io.drover.component;

import io.drover.guard.CaughtFailures;
import io.drover.guard.FailedStep;
import io.drover.guard.Steps;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolCallException;
import io.drover.route.check.RouteKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.SafeCopyProperty;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.CircuitBreakerDefinition;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Has every {@code doCatch} and {@code onFallback} of an author tell {@link CaughtFailures} when it begins and ends. */
@Component
class CatchDresser {

    private static final String NAME = "caught-";

    private final CaughtFailures failures;

    CatchDresser(CaughtFailures failures) {
        this.failures = failures;
    }

    void dress(RouteDefinition route, RouteKind kind) {
        if (kind == RouteKind.TRIGGER) {
            return;
        }
        String owner = route.getId() == null ? Integer.toHexString(System.identityHashCode(route)) : route.getId();
        int n = 0;
        for (ProcessorDefinition<?> step : Steps.all(route.getOutputs())) {
            String name = NAME + owner + "-" + n++;
            if (step instanceof CatchDefinition caught) {
                surround(name, caught.getOutputs(), caught, types(caught, route.getCamelContext()));
            } else if (step instanceof CircuitBreakerDefinition breaker && breaker.getOnFallback() != null) {
                surround(name, breaker.getOnFallback().getOutputs(), breaker, List.of(Throwable.class));
            }
        }
    }

    private void surround(
            String name, List<ProcessorDefinition<?>> steps, ProcessorDefinition<?> caught, List<Class<?>> types) {
        boolean dressed = !steps.isEmpty()
                && steps.getFirst().getId() != null
                && steps.getFirst().getId().startsWith(NAME);
        if (!dressed) {
            steps.addFirst(step(name, caught, new Begin(failures, name, types)));
            steps.addLast(step(name + "-end", caught, new End(failures, name)));
        }
    }

    private static ProcessDefinition step(String id, ProcessorDefinition<?> parent, Processor processor) {
        ProcessDefinition step = new ProcessDefinition(processor);
        step.setId(id);
        step.setParent(parent);
        return step;
    }

    private static List<Class<?>> types(CatchDefinition caught, CamelContext context) {
        List<Class<?>> types = new ArrayList<>();
        for (String name : caught.getExceptions()) {
            types.add(context.getClassResolver().resolveClass(context.resolvePropertyPlaceholders(name)));
        }
        types.removeIf(Objects::isNull);
        return caught.getExceptions().isEmpty() ? List.of(Throwable.class) : types;
    }

    private record Handle(UUID address) implements SafeCopyProperty {
        @Override
        public SafeCopyProperty safeCopy() {
            return this;
        }
    }

    private record Begin(CaughtFailures failures, String name, List<Class<?>> types) implements Processor {

        @Override
        public void process(Exchange exchange) {
            TaskContext context = TaskContext.of(exchange);
            FailedStep failed = context == null
                    ? null
                    : step(exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class));
            UUID address = context == null || failed == null ? null : failures.caught(context, failed);
            exchange.getExchangeExtension().setSafeCopyProperty(name, address == null ? null : new Handle(address));
        }

        /** The failed step, if this catch would also catch it when it is heard again: then it has no cause. */
        private @Nullable FailedStep step(@Nullable Throwable caught) {
            boolean matches = false;
            for (Throwable next = caught; next != null; next = next.getCause()) {
                Throwable one = next;
                matches |= types.stream().anyMatch(type -> type.isInstance(one));
                FailedStep failed = failures.step(next);
                if (failed != null || next instanceof ToolCallException) {
                    return matches ? failed : null;
                }
            }
            return null;
        }
    }

    private record End(CaughtFailures failures, String name) implements Processor {

        @Override
        public void process(Exchange exchange) {
            TaskContext context = TaskContext.of(exchange);
            Handle handle = exchange.getExchangeExtension().getSafeCopyProperty(name, Handle.class);
            if (context != null && handle != null) {
                failures.handled(context, handle.address());
            }
        }
    }
}
