package io.drover.intake;

import io.drover.route.check.UnawaitedComponents;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.DelegateEndpoint;
import org.apache.camel.Endpoint;
import org.apache.camel.Producer;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.support.DefaultInterceptSendToEndpoint;
import org.apache.camel.support.LifecycleStrategySupport;
import org.jspecify.annotations.Nullable;

/**
 * Prevents what a component would do without the route's knowledge.
 * Sending to endpoints that keep messages in memory is refused, even if the endpoint is known only at run time
 * ({@code toD}).
 * The HTTP client does not repeat a request by itself.
 */
@org.springframework.stereotype.Component
class UnawaitedEndpoints extends LifecycleStrategySupport {

    @Override
    public void onContextInitializing(CamelContext context) {
        context.getCamelContextExtension().registerEndpointCallback((uri, endpoint) -> {
            String problem = problem(endpoint);
            return problem == null ? endpoint : new Refusing(endpoint, problem);
        });
    }

    /** An option may come from the component, and another component may stand behind. */
    private static @Nullable String problem(Endpoint endpoint) {
        return switch (endpoint) {
            case DelegateEndpoint delegating -> problem(delegating.getEndpoint());
            case DirectEndpoint direct ->
                UnawaitedComponents.problem("direct", option -> String.valueOf(direct.isFailIfNoConsumers()));
            case KafkaTriggerEndpoint kafka -> null; // it refuses by itself, where it is sent to
            default -> UnawaitedComponents.problem(endpoint.getEndpointUri());
        };
    }

    /** The client would repeat on 429 and 503, whatever the method, and where a connection breaks after a PUT or DELETE. */
    @Override
    public void onComponentAdd(String name, Component component) {
        if (component instanceof HttpComponent http) {
            http.setAutomaticRetriesDisabled(true);
        }
    }

    /** Takes messages from the endpoint, and sends none to it. */
    private static final class Refusing extends DefaultInterceptSendToEndpoint {

        private final String problem;

        Refusing(Endpoint endpoint, String problem) {
            super(endpoint, false);
            this.problem = problem;
        }

        @Override
        public Producer createProducer() {
            throw new IllegalArgumentException(problem);
        }

        @Override
        public AsyncProducer createAsyncProducer() {
            throw new IllegalArgumentException(problem);
        }
    }
}
