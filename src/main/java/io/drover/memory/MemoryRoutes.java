package io.drover.memory;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.Try;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** A route for each tool of memory, so that it has a guard like any tool, and shows where tools show. */
@Component
class MemoryRoutes extends RouteBuilder {

    private final Memory memory;

    MemoryRoutes(Memory memory) {
        this.memory = memory;
    }

    @Override
    public void configure() {
        for (MemoryTool tool : MemoryTool.values()) {
            from(uri(tool)).routeId(tool.toolName()).process(exchange -> run(tool, exchange));
        }
    }

    private void run(MemoryTool tool, Exchange exchange) throws InterruptedException {
        Try current = Try.of(exchange);
        JsonNode arguments = current.arguments();
        String key = arguments.path("key").asText();
        exchange.getMessage()
                .setBody(
                        switch (tool) {
                            case RECALL ->
                                memory.recall(key, arguments.path("query").asText()).stream()
                                        .map(RecalledFact::toValue)
                                        .toList();
                            case REMEMBER -> {
                                memory.remember(
                                        key,
                                        arguments.path("fact").asText(),
                                        current.context().attempt().task().id());
                                yield Map.of("remembered", true);
                            }
                            case FORGET -> Map.of("forgotten", memory.forget(key));
                        });
    }

    private static String uri(MemoryTool tool) {
        StringBuilder uri = new StringBuilder("tool:%s?description=RAW(%s)&%s=true"
                .formatted(tool.toolName(), tool.description(), tool.isReadOnly() ? "readOnlyHint" : "idempotentHint"));
        tool.types().forEach((name, type) -> uri.append("&parameter.%s=%s".formatted(name, type)));
        return uri.append("&timeout=30s").toString(); // the first call in a process loads the embedding model
    }
}
