package io.drover.component;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.DispatchedCall;
import io.drover.guard.Guard;
import io.drover.guard.GuardedTool;
import io.drover.json.Json;
import io.drover.tool.ToolSpec;
import io.drover.trace.Traces;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/** Registers a tool when its route starts, and sends calls into the route. */
class ToolConsumer extends DefaultConsumer {

    static final String IDEMPOTENCY_KEY_HEADER = "Idempotency-Key";
    private static final String IDEMPOTENCY_KEY_VARIABLE = "idempotencyKey";

    private final ToolEndpoint endpoint;

    ToolConsumer(ToolEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ToolSpec spec = endpoint.spec();
        RouteDefinition route = getEndpoint()
                .getCamelContext()
                .getCamelContextExtension()
                .getContextPlugin(Model.class)
                .getRouteDefinition(getRouteId());
        if (route == null || !Guard.isAround(route)) {
            throw new IllegalStateException(
                    "tool:%s has no guard around its steps and is not offered".formatted(spec.name()));
        }
        endpoint.getComponent()
                .registry
                .put(new GuardedTool(
                        spec,
                        getRouteId(),
                        endpoint.getComponent().files.definition(getRouteId()),
                        endpoint.getComponent().guard.breaker(spec.name()),
                        call -> send(spec, call)));
    }

    @Override
    protected void doStop() throws Exception {
        endpoint.getComponent().registry.remove(getRouteId());
        super.doStop();
    }

    /** The steps get a clean message: arguments are the body and variables, never headers. */
    private void send(ToolSpec spec, DispatchedCall call) {
        Exchange exchange = createExchange(false);
        try {
            exchange.setPattern(ExchangePattern.InOut);
            call.context().bindTo(exchange);
            call.bindTo(exchange);
            exchange.setVariable(IDEMPOTENCY_KEY_VARIABLE, call.idempotencyKey().toString());
            for (var argument : call.arguments().properties()) {
                if (argument.getKey().indexOf(':') < 0) { // the policy refuses it, and Camel would keep it elsewhere
                    exchange.setVariable(argument.getKey(), plain(argument.getValue()));
                }
            }
            exchange.getMessage().setBody(Json.value(call.arguments()));
            if (!spec.readOnly()) {
                exchange.getMessage()
                        .setHeader(IDEMPOTENCY_KEY_HEADER, call.idempotencyKey().toString());
            }
            Traces.tell(call.context().trace(), exchange.getMessage()::setHeader);
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        } finally {
            call.ended(exchange);
            releaseExchange(exchange, false);
        }
    }

    private static @Nullable Object plain(JsonNode value) {
        return value.isTextual() ? value.textValue() : Json.value(value);
    }
}
