package io.drover.memory;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.ToolInvocation;
import io.drover.tool.BuiltInTool;
import io.drover.tool.BuiltInTools;
import io.drover.tool.ToolOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/** Makes the tools of long memory. */
@Component
class MemoryTools implements BuiltInTools {

    /** The first call in a process loads the embedding model. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final FactStore memory;

    MemoryTools(FactStore memory) {
        this.memory = memory;
    }

    @Override
    public List<BuiltInTool> tools() {
        return Stream.of(MemoryTool.values()).map(this::tool).toList();
    }

    private BuiltInTool tool(MemoryTool tool) {
        ToolOptions options = new ToolOptions();
        options.setTimeout(TIMEOUT);
        if (tool.isReadOnly()) {
            options.setReadOnlyHint(true);
        } else {
            options.setIdempotentHint(true);
            options.setDryRunResult(tool.inDryRun());
        }
        return new BuiltInTool(
                tool.toolName(),
                tool.description(),
                Set.of(),
                tool.arguments(),
                options,
                exchange -> run(tool, exchange));
    }

    private void run(MemoryTool tool, Exchange exchange) throws InterruptedException {
        ToolInvocation current = ToolInvocation.of(exchange);
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
}
