package io.drover.mcp;

import io.drover.guard.ToolRegistry;
import io.modelcontextprotocol.server.McpRequestHandler;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.DefaultMcpStreamableServerSessionFactory;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Answers clients. The SDK's transport and sessions carry the messages; the requests are answered here, from the tools as
 * they are at that moment, with their JSON Schemas as they stand (the SDK's own server would keep a part of them only).
 */
@Component
@ConditionalOnWebApplication
class McpServer implements SmartLifecycle {

    private static final Duration CLIENT_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(3);

    private final HttpServletStreamableServerTransportProvider transport;
    private final ToolRegistry tools;
    private final ServedTools served;
    private final ClientCalls calls;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean running;

    McpServer(
            HttpServletStreamableServerTransportProvider transport,
            ToolRegistry tools,
            ServedTools served,
            ClientCalls calls) {
        this.transport = transport;
        this.tools = tools;
        this.served = served;
        this.calls = calls;
        transport.setSessionFactory(new DefaultMcpStreamableServerSessionFactory(
                CLIENT_TIMEOUT,
                request -> Mono.fromCallable(() -> initialize(request.protocolVersion())),
                requests(),
                Map.of(McpSchema.METHOD_NOTIFICATION_INITIALIZED, (exchange, params) -> Mono.empty()),
                session -> Mono.empty()));
    }

    private Map<String, McpRequestHandler<?>> requests() {
        return Map.of(
                McpSchema.METHOD_PING,
                (exchange, params) -> Mono.just(Map.of()),
                McpSchema.METHOD_TOOLS_LIST,
                (exchange, params) -> Mono.fromCallable(() -> Map.of("tools", served.list(tools.current()))),
                McpSchema.METHOD_TOOLS_CALL,
                (exchange, params) -> Mono.fromCallable(() -> call(Caller.of(exchange), params)));
    }

    private InitializeResult initialize(String wanted) {
        List<String> versions = transport.protocolVersions();
        String version = McpServer.class.getPackage().getImplementationVersion();
        return new InitializeResult(
                versions.contains(wanted) ? wanted : versions.getLast(),
                McpSchema.ServerCapabilities.builder().tools(true).build(),
                new McpSchema.Implementation("drover", version == null ? "development" : version),
                null);
    }

    /** On the request's own virtual thread, which may wait. */
    private Map<String, Object> call(Caller caller, Object params) throws InterruptedException {
        underWay.incrementAndGet();
        try {
            return calls.call(caller, params);
        } finally {
            underWay.decrementAndGet();
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /** The web server would wait for every open stream, so they are closed before it stops. */
    @Override
    public void stop() {
        calls.stopWaiting();
        long deadline = System.nanoTime() + LAST_ANSWERS.toNanos();
        try {
            while (underWay.get() > 0 && System.nanoTime() < deadline) {
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        transport.closeGracefully().block(LAST_ANSWERS);
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stops after the worker has finished what clients wait for, and before the web server. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 2;
    }
}
