package io.drover.mcp;

import io.drover.egress.Egress;
import io.drover.json.Schema;
import io.drover.route.ToolRoutes;
import io.drover.secret.Secrets;
import io.drover.start.Part;
import io.drover.start.Periodic;
import io.drover.start.Sequence;
import io.drover.tool.ResultSchemas;
import jakarta.annotation.PreDestroy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Keeps the tools of the configured MCP servers here, from before the worker starts until after it has stopped. */
@Component
class ExternalServers implements Part, ResultSchemas {

    /** A server that does not answer in this time is tried later, so that it does not hold up the start. */
    private static final int PATIENCE_SECONDS = 5;

    private final McpClientProperties properties;
    private final ToolRoutes routes;
    private final ServerStates states;
    private final List<ExternalServer> servers = new CopyOnWriteArrayList<>();
    private final Executor threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("mcp-server-", 0).factory());
    private final ServerHttp http;
    private final List<Periodic> refreshes = new ArrayList<>();
    private volatile boolean running;

    ExternalServers(
            McpClientProperties properties, ToolRoutes routes, ServerStates states, Egress egress, Secrets secrets) {
        this.properties = properties;
        this.routes = routes;
        this.states = states;
        this.http = new ServerHttp(egress.ofConfigured(), secrets);
    }

    @Override
    public Sequence place() {
        return Sequence.EXTERNAL_SERVERS;
    }

    @Override
    public void start() {
        List<CompletableFuture<?>> first = new ArrayList<>();
        properties.mcp().forEach((name, settings) -> {
            ExternalServer server = new ExternalServer(name, settings, routes, states, threads, http);
            servers.add(server);
            first.add(CompletableFuture.runAsync(server::refresh, threads));
            Periodic refresh = new Periodic("mcp-server-" + name, settings.refresh(), server::refreshSoon);
            refreshes.add(refresh);
            refresh.start();
        });
        CompletableFuture.allOf(first.toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
        running = true;
    }

    @Override
    public void stop() {
        refreshes.forEach(Periodic::close);
        refreshes.clear();
        servers.forEach(ExternalServer::close);
        running = false;
    }

    @Override
    public @Nullable Schema resultOf(String tool) {
        return servers.stream()
                .map(server -> server.resultOf(tool))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @PreDestroy
    void closeHttp() {
        http.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
