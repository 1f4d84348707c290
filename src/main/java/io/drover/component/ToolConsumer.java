package io.drover.component;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.DispatchedCall;
import io.drover.guard.Guard;
import io.drover.guard.GuardedTool;
import io.drover.json.Json;
import io.drover.tool.ToolSpec;
import io.drover.trace.Traces;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultExchange;
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
                        call -> send(spec, call),
                        effectKeys(spec)));
    }

    private @Nullable Function<JsonNode, @Nullable String> effectKeys(ToolSpec spec) {
        if (spec.effectKey() == null) {
            return null;
        }
        KeyTemplate template =
                new KeyTemplate(spec.effectKey().key(), getEndpoint().getCamelContext());
        return arguments -> {
            Exchange exchange = new DefaultExchange(getEndpoint().getCamelContext());
            set(arguments, exchange);
            arguments.properties().stream()
                    .filter(argument -> argument.getValue().isNumber())
                    .forEach(argument -> exchange.setVariable(argument.getKey(), digits(argument.getValue())));
            return template.of(exchange);
        };
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
            set(call.arguments(), exchange);
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

    /** A number as people write it, in a key that they read. */
    private static String digits(JsonNode number) {
        return number.decimalValue().stripTrailingZeros().toPlainString();
    }

    private static void set(JsonNode arguments, Exchange exchange) {
        for (var argument : arguments.properties()) {
            if (argument.getKey().indexOf(':') < 0) { // the policy refuses it, and Camel would keep it elsewhere
                exchange.setVariable(argument.getKey(), plain(argument.getValue()));
            }
        }
        exchange.getMessage().setBody(Json.value(arguments));
    }

    private static @Nullable Object plain(JsonNode value) {
        return value.isTextual() ? value.textValue() : Json.value(value);
    }
}
