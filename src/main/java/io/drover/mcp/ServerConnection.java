package io.drover.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Excerpt;
import io.modelcontextprotocol.spec.McpSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session with a server.
 * Tools and results are read as they come.
 * The SDK's own client keeps only a part of a JSON Schema, bounds single messages only, and continues to read when no
 * caller waits any more.
 */
final class ServerConnection {

    private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);

    /** The supported versions, the newest last. */
    private static final List<String> VERSIONS = List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25");

    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    private static final int MOST_PAGES = 100;
    private static final int MOST_TOOLS = 1_000;
    private static final int LONGEST_LIST = 1 << 22;
    private static final String IDEMPOTENCY_KEY_HEADER = "Idempotency-Key";

    private final ServerSettings settings;
    private final ServerMessages messages;

    /** The number of current calls, plus one for the owner of the connection. */
    private final AtomicInteger users = new AtomicInteger(1);

    private volatile @Nullable HttpUriRequestBase listening;
    private volatile @Nullable Thread listener;
    private volatile boolean silent;
    private volatile boolean closed;

    private ServerConnection(ServerSettings settings, ServerMessages messages) {
        this.settings = settings;
        this.messages = messages;
    }

    /** @param listChanged is told when the server says that its tools have changed */
    static ServerConnection open(ServerSettings settings, ServerHttp http, Runnable listChanged) throws Exception {
        ServerConnection connection = new ServerConnection(settings, new ServerMessages(settings, http, listChanged));
        try {
            connection.initialize();
        } catch (Exception e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    private void initialize() throws Exception {
        Map<String, Object> params = Map.of(
                "protocolVersion",
                VERSIONS.getLast(),
                "capabilities",
                Map.of(),
                "clientInfo",
                Map.of("name", "drover", "version", "1"));
        JsonNode answer = messages.request(McpSchema.METHOD_INITIALIZE, params, Map.of(), ANSWER, LONGEST_LIST);
        String agreed = answer.path("protocolVersion").asText();
        if (!VERSIONS.contains(agreed)) {
            throw new IllegalStateException("it speaks version '%s' of the protocol; Drover supports %s"
                    .formatted(Excerpt.of(agreed), VERSIONS));
        }
        messages.agreed(agreed);
        messages.send(ServerMessages.message("method", McpSchema.METHOD_NOTIFICATION_INITIALIZED), ANSWER);
    }

    /**
     * The descriptions of all its tools.
     * The limits of length and time hold for all pages together.
     */
    List<JsonNode> tools() throws Exception {
        listen();
        List<JsonNode> tools = new ArrayList<>();
        Map<String, Object> page = Map.of();
        long deadline = System.nanoTime() + ANSWER.toNanos();
        int left = LONGEST_LIST;
        for (int i = 0; i < MOST_PAGES; i++) {
            Duration patience = Duration.ofMillis(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            JsonNode answer = messages.request(McpSchema.METHOD_TOOLS_LIST, page, Map.of(), patience, left);
            left = Math.max(1, left - answer.toString().length());
            answer.path("tools").forEach(tools::add);
            if (tools.size() > MOST_TOOLS) {
                throw new IllegalStateException("it has more than %d tools".formatted(MOST_TOOLS));
            }
            String next = answer.path("nextCursor").asText("");
            if (next.isEmpty()) {
                return tools;
            }
            page = Map.of("cursor", next);
        }
        throw new IllegalStateException("its list of tools does not end after %d pages".formatted(MOST_PAGES));
    }

    /**
     * The result of a call as it comes.
     * The caller's timeout, which interrupts this thread, is shorter than this one.
     */
    JsonNode call(String tool, JsonNode arguments, String idempotencyKey) throws Exception {
        users.incrementAndGet();
        try {
            return messages.request(
                    McpSchema.METHOD_TOOLS_CALL,
                    Map.of(
                            "name", tool,
                            "arguments", arguments,
                            "_meta", Map.of(ClientCalls.IDEMPOTENCY_KEY, idempotencyKey)),
                    Map.of(IDEMPOTENCY_KEY_HEADER, idempotencyKey),
                    settings.timeout().plus(ANSWER),
                    (int) Math.clamp(2L * settings.maxResultBytes(), LONGEST_LIST, Integer.MAX_VALUE - 8));
        } finally {
            release();
        }
    }

    /** Listens to what the server sends by itself, on another thread, which is started again when it has ended. */
    private void listen() {
        Thread before = listener;
        if (silent || closed || before != null && before.isAlive()) {
            return;
        }
        listener = Thread.ofVirtual().name("mcp-events").start(() -> {
            try {
                silent = !messages.listen(request -> {
                    listening = request;
                    if (closed) {
                        request.abort();
                    }
                });
            } catch (Exception e) {
                LOG.debug("The events of {} have ended", settings, e);
            }
        });
    }

    /** Closes when the last call has ended. */
    void release() {
        if (users.decrementAndGet() == 0) {
            close();
        }
    }

    void close() {
        closed = true;
        HttpUriRequestBase events = listening;
        if (events != null) {
            events.abort();
        }
        Thread.ofVirtual().name("mcp-farewell").start(() -> {
            try {
                messages.end(FAREWELL);
            } catch (Exception e) {
                LOG.debug("The session with {} was not ended", settings, e);
            }
        });
    }
}
