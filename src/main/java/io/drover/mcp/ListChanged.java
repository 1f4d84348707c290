package io.drover.mcp;

import io.drover.guard.ToolRegistry;
import io.drover.start.Periodic;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** Tells clients that the tools they are offered have changed, once for all the files of a reload. */
@Component
@ConditionalOnWebApplication
class ListChanged implements ToolRegistry.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(ListChanged.class);
    private static final Duration SETTLED = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpServletStreamableServerTransportProvider transport;
    private final ServedTools served;
    private final Periodic teller = new Periodic("mcp-list-changed", SETTLED, this::tellOnceSettled);
    private List<?> told = List.of();
    private final AtomicReference<ToolRegistry.@Nullable Generation> latest = new AtomicReference<>();
    private ToolRegistry.@Nullable Generation seen;

    ListChanged(HttpServletStreamableServerTransportProvider transport, ServedTools served) {
        this.transport = transport;
        this.served = served;
    }

    @PostConstruct
    void start() {
        teller.start();
    }

    @Override
    public void changed(ToolRegistry.Generation now) {
        latest.set(now);
    }

    private void tellOnceSettled() {
        ToolRegistry.Generation now = latest.get();
        if (now == null || now != seen) {
            seen = now;
            return;
        }
        latest.compareAndSet(now, null);
        try {
            tell(now);
        } catch (RuntimeException e) {
            LOG.warn("MCP clients could not be notified that the tools have changed: {}", e.toString());
        }
    }

    private void tell(ToolRegistry.Generation now) {
        List<?> list = served.list(now);
        if (!list.equals(told)) {
            told = list;
            transport
                    .notifyClients(McpSchema.METHOD_NOTIFICATION_TOOLS_LIST_CHANGED, null)
                    .block(PATIENCE);
        }
    }

    @PreDestroy
    void stop() {
        teller.close();
    }
}
