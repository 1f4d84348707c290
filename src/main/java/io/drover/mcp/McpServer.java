package io.drover.mcp;

import io.drover.guard.ToolRegistry;
import io.drover.start.Sequence;
import io.drover.start.Version;
import io.drover.who.Actor;
import io.modelcontextprotocol.server.McpRequestHandler;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.DefaultMcpStreamableServerSessionFactory;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Answers clients.
 * The SDK's transport and sessions carry the messages.
 * This class answers the requests from the current tools, with their whole JSON Schemas; the SDK's own server would
 * keep
 * only a part of them.
 */
@Component
@ConditionalOnWebApplication
class McpServer implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(McpServer.class);
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
                (exchange, params) -> answer(() -> Map.of("tools", served.list(tools.current()))),
                McpSchema.METHOD_TOOLS_CALL,
                (exchange, params) -> answer(() -> call(Caller.of(exchange), params)));
    }

    /** An error in here is for the log, not for the client. */
    private static <T> Mono<T> answer(Callable<T> request) {
        return Mono.fromCallable(request).onErrorMap(e -> !(e instanceof McpError), e -> {
            LOG.error("a request of an MCP client failed", e);
            return McpError.builder(McpSchema.ErrorCodes.INTERNAL_ERROR)
                    .message("the request failed inside Drover; the log has the cause")
                    .build();
        });
    }

    private InitializeResult initialize(String wanted) {
        List<String> versions = transport.protocolVersions();
        return new InitializeResult(
                versions.contains(wanted) ? wanted : versions.getLast(),
                McpSchema.ServerCapabilities.builder().tools(true).build(),
                new McpSchema.Implementation("drover", Version.text()),
                null);
    }

    /** On the request's own virtual thread, which may wait. */
    private Map<String, Object> call(Actor caller, Object params) throws InterruptedException {
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
        return Sequence.MCP_SERVER.phase();
    }
}
