package io.drover.component;

import io.drover.agent.AgentResult;
import io.drover.agent.AgentSpec;
import io.drover.agent.Agents;
import io.drover.guard.TaskContext;
import io.drover.json.Json;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Expression;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Runs an agent for the task that the exchange belongs to; its answer is the new body. */
class AgentProducer extends DefaultProducer {

    private final AgentSpec spec;
    private final Agents agents;
    private final @Nullable KeyTemplate memory;
    private final AgentEndpoint endpoint;
    private final @Nullable Expression model;

    AgentProducer(AgentEndpoint endpoint, AgentSpec spec) {
        super(endpoint);
        this.spec = spec;
        this.endpoint = endpoint;
        this.model = endpoint.computedModel();
        this.agents = endpoint.getComponent().agents;
        this.memory =
                endpoint.getMemory() == null ? null : new KeyTemplate(endpoint.getMemory(), endpoint.getCamelContext());
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        TaskContext context = TaskContext.of(exchange);
        if (context == null) {
            throw new IllegalStateException(
                    "to: agent:%s works only in a task: submit one with to: task:<workflow>, and use the agent in its route"
                            .formatted(spec.name()));
        }
        Object body = exchange.getMessage().getBody();
        AgentResult result;
        try (var step =
                MDC.putCloseable("step_name", exchange.getExchangeExtension().getHistoryNodeId())) {
            result = agents.run(
                    context,
                    model == null ? spec : spec.on(endpoint.known(model.evaluate(exchange, String.class))),
                    memory == null ? null : memory.of(exchange),
                    body instanceof String text ? text : Json.write(body),
                    branch(exchange));
        }
        exchange.getMessage().setBody(result.value());
        exchange.setProperty("agentIterations", result.iterations());
        exchange.setProperty("agentInputTokens", result.usage().in());
        exchange.setProperty("agentOutputTokens", result.usage().out());
        exchange.setProperty("agentCostUsd", result.usd());
    }

    /** Empty outside of splits and multicasts. */
    private static String branch(Exchange exchange) {
        Integer branch = exchange.getProperty(ExchangePropertyKey.MULTICAST_INDEX, Integer.class);
        Integer part = exchange.getProperty(ExchangePropertyKey.SPLIT_INDEX, Integer.class);
        return branch == null && part == null
                ? ""
                : "%s/%s".formatted(Objects.toString(branch, ""), Objects.toString(part, ""));
    }
}
