package io.drover.mcp;

import io.drover.guard.ToolRegistry;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import jakarta.annotation.PreDestroy;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** Tells clients when the tools they are offered have changed: once for all the files of a reload. */
@Component
@ConditionalOnWebApplication
class ListChanged implements ToolRegistry.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(ListChanged.class);
    private static final int SETTLED_MS = 200;

    private final HttpServletStreamableServerTransportProvider transport;
    private final ServedTools served;
    private final ScheduledExecutorService teller = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("mcp-list-changed").factory());
    private List<?> told = List.of();
    private final AtomicReference<ToolRegistry.@Nullable Generation> latest = new AtomicReference<>();

    ListChanged(HttpServletStreamableServerTransportProvider transport, ServedTools served) {
        this.transport = transport;
        this.served = served;
    }

    @Override
    public void changed(ToolRegistry.Generation now) {
        if (latest.getAndSet(now) == null && !teller.isShutdown()) {
            teller.schedule(this::tell, SETTLED_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void tell() {
        ToolRegistry.Generation now = latest.getAndSet(null);
        try {
            List<?> list = now == null ? told : served.list(now);
            if (!list.equals(told)) {
                told = list;
                transport
                        .notifyClients(McpSchema.METHOD_NOTIFICATION_TOOLS_LIST_CHANGED, null)
                        .block();
            }
        } catch (RuntimeException | Error e) {
            LOG.warn("MCP clients could not be told that the tools have changed: {}", e.toString());
        }
    }

    @PreDestroy
    void stop() {
        teller.shutdownNow();
    }
}
