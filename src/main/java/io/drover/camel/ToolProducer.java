package io.drover.camel;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.GuardedTool;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolCallException;
import io.drover.guard.ToolRequest;
import io.drover.tool.Json;
import io.drover.tool.ToolOutcome;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Calls a tool in the name of the task that the exchange belongs to; the result is the new body. */
class ToolProducer extends DefaultProducer {

    private final ToolEndpoint endpoint;
    private final Map<String, Expression> expressions = new LinkedHashMap<>();
    private final Map<String, String> constants = new LinkedHashMap<>();

    ToolProducer(ToolEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        endpoint.arguments().forEach((name, value) -> {
            String text = value.toString();
            if (text.contains("${")) {
                Expression expression =
                        endpoint.getCamelContext().resolveLanguage("simple").createExpression(text);
                expression.init(endpoint.getCamelContext());
                expressions.put(name, expression);
            } else {
                constants.put(name, text);
            }
        });
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        TaskContext context = TaskContext.of(exchange);
        if (context == null) {
            throw new IllegalStateException(
                    "to: tool:%s works only in a task: submit one with to: task:<workflow>, and call the tool from its route"
                            .formatted(endpoint.getName()));
        }
        String step = exchange.getExchangeExtension().getHistoryNodeId();
        ToolOutcome outcome;
        try (var stepField = MDC.putCloseable("step_name", step);
                var toolField = MDC.putCloseable("tool_name", endpoint.getName())) {
            outcome = endpoint.getComponent()
                    .calls
                    .call(
                            context,
                            new ToolRequest(
                                    endpoint.getName(),
                                    arguments(exchange, context.tools().get(endpoint.getName()))));
        }
        if (!(outcome instanceof ToolOutcome.Succeeded done)) {
            context.parkFor(endpoint.getName(), outcome);
            throw new ToolCallException(endpoint.getName(), step, outcome);
        }
        exchange.getMessage().setBody(done.value());
    }

    /** The arguments as an object; a null value counts as left out. */
    private JsonNode arguments(Exchange exchange, @Nullable GuardedTool tool) {
        if (endpoint.arguments().isEmpty()) {
            Object body = exchange.getMessage().getBody();
            return Json.tree(body == null ? Map.of() : body);
        }
        Map<String, Object> values = new LinkedHashMap<>();
        expressions.forEach((name, expression) -> {
            Object value = expression.evaluate(exchange, Object.class);
            if (value != null) {
                values.put(name, value);
            }
        });
        constants.forEach((name, text) ->
                values.put(name, tool == null ? text : tool.spec().arguments().constant(name, text)));
        return Json.tree(values);
    }
}
