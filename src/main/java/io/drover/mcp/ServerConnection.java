package io.drover.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.tool.Excerpt;
import io.drover.tool.Json;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpClientSession;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * A session with a server. The SDK's transport and session carry the messages; tools and results are read here as they
 * come, because the SDK's own client keeps only a part of a JSON Schema.
 */
final class ServerConnection implements AutoCloseable {

    private static final TypeRef<JsonNode> ANY = new TypeRef<>() {};
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int MOST_PAGES = 100;
    private static final String IDEMPOTENCY_KEY_HEADER = "Idempotency-Key";

    private final HttpClientStreamableHttpTransport transport;
    private final McpClientSession session;
    private final String version;

    /** The calls under way, and one for who holds the connection. */
    private final AtomicInteger users = new AtomicInteger(1);

    /** @param listChanged is told when the server says that its tools have changed */
    ServerConnection(ServerSettings settings, Runnable listChanged) {
        this.transport = transport(settings);
        this.session = new McpClientSession(
                settings.timeout().plus(ANSWER), // the guard's timeout comes first
                transport,
                Map.of(McpSchema.METHOD_PING, params -> Mono.just(Map.of())),
                Map.of(McpSchema.METHOD_NOTIFICATION_TOOLS_LIST_CHANGED, params -> Mono.fromRunnable(listChanged)),
                Function.identity());
        try {
            this.version = initialize();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static HttpClientStreamableHttpTransport transport(ServerSettings settings) {
        URI url = settings.url();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        HttpRequest.Builder request = HttpRequest.newBuilder();
        settings.headers().forEach(request::setHeader);
        if (settings.authorization() != null) {
            request.setHeader("Authorization", settings.authorization());
        }
        return HttpClientStreamableHttpTransport.builder(url.getScheme() + "://" + url.getRawAuthority())
                .endpoint((url.getRawPath().isEmpty() ? "/" : url.getRawPath()) + query)
                .jsonMapper(new JacksonMcpJsonMapper(Json.envelopes()))
                .requestBuilder(request)
                .httpRequestCustomizer((builder, method, uri, body, context) -> {
                    if (context.get(IDEMPOTENCY_KEY_HEADER) instanceof String key) {
                        builder.setHeader(IDEMPOTENCY_KEY_HEADER, key);
                    }
                })
                .connectTimeout(CONNECT)
                .maxResponseSize(Math.max(settings.maxResultBytes() * 2, 1 << 22)) // lists of tools are long, too
                .build();
    }

    private String initialize() {
        JsonNode answer = session.sendRequest(
                        McpSchema.METHOD_INITIALIZE,
                        Map.of(
                                "protocolVersion", transport.protocolVersions().getLast(),
                                "capabilities", Map.of(),
                                "clientInfo", Map.of("name", "drover", "version", "1")),
                        ANY)
                .block(ANSWER);
        String agreed = answer.path("protocolVersion").asText();
        if (!transport.protocolVersions().contains(agreed)) {
            throw new IllegalStateException("it speaks version '%s' of the protocol, and here are %s"
                    .formatted(Excerpt.of(agreed), transport.protocolVersions()));
        }
        session.sendNotification(McpSchema.METHOD_NOTIFICATION_INITIALIZED, null)
                .contextWrite(Context.of(McpAsyncClient.NEGOTIATED_PROTOCOL_VERSION, agreed))
                .block(ANSWER);
        return agreed;
    }

    /** The descriptions of all its tools. */
    List<JsonNode> tools() {
        List<JsonNode> tools = new ArrayList<>();
        Map<String, Object> page = Map.of();
        for (int i = 0; i < MOST_PAGES; i++) {
            JsonNode answer = request(McpSchema.METHOD_TOOLS_LIST, page, McpTransportContext.EMPTY)
                    .block(ANSWER);
            answer.path("tools").forEach(tools::add);
            String next = answer.path("nextCursor").asText("");
            if (next.isEmpty()) {
                return tools;
            }
            page = Map.of("cursor", next);
        }
        throw new IllegalStateException("its list of tools does not end after %d pages".formatted(MOST_PAGES));
    }

    /** The result of a call as it comes; the caller's timeout ends the wait. */
    JsonNode call(String tool, JsonNode arguments, String idempotencyKey) {
        users.incrementAndGet();
        try {
            return request(
                            McpSchema.METHOD_TOOLS_CALL,
                            Map.of(
                                    "name", tool,
                                    "arguments", arguments,
                                    "_meta", Map.of(ClientCalls.IDEMPOTENCY_KEY, idempotencyKey)),
                            McpTransportContext.create(Map.of(IDEMPOTENCY_KEY_HEADER, idempotencyKey)))
                    .block();
        } finally {
            release();
        }
    }

    /** Closes when the last call has ended. */
    void release() {
        if (users.decrementAndGet() == 0) {
            close();
        }
    }

    private Mono<JsonNode> request(String method, Object params, McpTransportContext context) {
        return session.sendRequest(method, params, ANY)
                .contextWrite(Context.of(
                        McpAsyncClient.NEGOTIATED_PROTOCOL_VERSION, version, McpTransportContext.KEY, context));
    }

    @Override
    public void close() {
        session.close();
        transport.closeGracefully().onErrorComplete().subscribe();
    }
}
