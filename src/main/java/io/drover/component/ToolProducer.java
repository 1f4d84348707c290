package io.drover.component;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.drover.guard.GuardedTool;
import io.drover.guard.RecordedCalls;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolRequest;
import io.drover.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Calls a tool for the task that the exchange belongs to; the result is the new body. */
class ToolProducer extends DefaultProducer {

    private static final Logger LOG = LoggerFactory.getLogger(ToolProducer.class);

    /** Each doubles the number of ways in which a call may be recorded. */
    private static final int MOST_FORMS = 6;

    private final ToolEndpoint endpoint;
    private final Map<String, Expression> expressions = new LinkedHashMap<>();
    private final Map<String, String> constants = new LinkedHashMap<>();

    /** Constants that the schema may make text: their values when they are not text. */
    private final Map<String, JsonNode> otherForms = new LinkedHashMap<>();

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
                Expression expression = endpoint.getCamelContext()
                        .resolveLanguage("simple")
                        .createExpression(MissingFields.areNull(text));
                expression.init(endpoint.getCamelContext());
                expressions.put(name, expression);
            } else {
                constants.put(name, text);
                rememberForm(name, text);
            }
        });
    }

    private void rememberForm(String name, String text) {
        try {
            JsonNode parsed = Json.parse(text);
            if (otherForms.size() < MOST_FORMS) {
                otherForms.put(name, parsed);
            }
        } catch (JsonProcessingException e) {
            LOG.trace("the constant of arg.{} is text, whatever its type", name);
        }
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
        try (var stepField = MDC.putCloseable("step_name", step);
                var toolField = MDC.putCloseable("tool_name", endpoint.getName())) {
            ToolRequest request = new ToolRequest(endpoint.getName(), arguments(exchange, context));
            exchange.getMessage()
                    .setBody(endpoint.getComponent()
                            .calls
                            .demand(context, request, step)
                            .value());
        }
    }

    /** The arguments as an object; a null value counts as left out. */
    private JsonNode arguments(Exchange exchange, TaskContext context) {
        if (endpoint.arguments().isEmpty()) {
            return body(exchange, context);
        }
        Map<String, Object> values = new LinkedHashMap<>();
        expressions.forEach((name, expression) -> {
            Object value = expression.evaluate(exchange, Object.class);
            if (value != null) {
                values.put(name, value);
            }
        });
        GuardedTool tool = tool(context);
        Map<String, Object> declared = new LinkedHashMap<>(values);
        constants.forEach((name, text) ->
                declared.put(name, tool == null ? text : tool.spec().arguments().constant(name, text)));
        return asRecorded(context, Json.tree(declared));
    }

    /**
     * The body, which holds the arguments where none stands at the step; a tool that takes none gets none. If it took some when an
     * earlier attempt made the call, they stay: the call must not be made again.
     */
    private JsonNode body(Exchange exchange, TaskContext context) {
        Object body = exchange.getMessage().getBody();
        GuardedTool tool = tool(context);
        if (tool == null || !tool.spec().arguments().takesNothing()) {
            return Json.tree(body == null ? Map.of() : body);
        }
        JsonNode none = Json.tree(Map.of());
        if (body == null || !context.attempt().isResumed() || isRecorded(context, none)) {
            return none;
        }
        JsonNode given = Json.tree(body);
        return isRecorded(context, given) ? given : none;
    }

    private @Nullable GuardedTool tool(TaskContext context) {
        return context.tools().get(endpoint.getName());
    }

    /**
     * The arguments as an earlier attempt sent them, if the schema gave the type of a constant and has changed since.
     * A call that was made with 5 was not made with "5", and must not be made again.
     */
    private JsonNode asRecorded(TaskContext context, JsonNode declared) {
        if (!context.attempt().isResumed() || isRecorded(context, declared)) {
            return declared;
        }
        List<String> names = List.copyOf(otherForms.keySet());
        for (int forms = 0; forms < 1 << names.size(); forms++) {
            ObjectNode other = declared.deepCopy();
            for (int i = 0; i < names.size(); i++) {
                String name = names.get(i);
                other.set(name, (forms >> i & 1) == 0 ? TextNode.valueOf(constants.get(name)) : otherForms.get(name));
            }
            if (isRecorded(context, other)) {
                return other;
            }
        }
        return declared;
    }

    private boolean isRecorded(TaskContext context, JsonNode arguments) {
        return RecordedCalls.isRecorded(context, endpoint.getName(), arguments);
    }
}
