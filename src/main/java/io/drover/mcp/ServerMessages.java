package io.drover.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import io.drover.tool.HttpAnswerException;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.hc.client5.http.classic.methods.HttpDelete;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** JSON-RPC over MCP's streamable HTTP: a request is a POST, answered by JSON or by events, read on the caller's thread. */
final class ServerMessages {

    private static final Logger LOG = LoggerFactory.getLogger(ServerMessages.class);

    /** Of a stream that brings notifications only. */
    private static final int LONGEST_NOTIFICATION = 65_536;

    private static final Duration REPLY = Duration.ofSeconds(5);
    private static final Duration CANCEL = Duration.ofSeconds(2);
    private static final String CANCELLED = "notifications/cancelled";
    private static final int UNAUTHORIZED = 401;

    private final ServerSession session;
    private final ServerHttp http;
    private final Runnable listChanged;
    private final AtomicLong ids = new AtomicLong();

    /** @param listChanged is told when the server says that its tools have changed */
    ServerMessages(ServerSettings settings, ServerHttp http, Runnable listChanged) {
        this.session = new ServerSession(settings);
        this.http = http;
        this.listChanged = listChanged;
    }

    /** The version that both sides agreed upon goes along with all that is sent from now on. */
    void agreed(String agreed) {
        session.agreed(agreed);
    }

    /**
     * Sends a request and returns its result.
     *
     * @param headers  beside the configured ones
     * @param patience until the whole answer is here
     * @param longest  bytes of the answer, other messages that come with it included
     */
    JsonNode request(String method, Object params, Map<String, String> headers, Duration patience, int longest)
            throws Exception {
        long id = ids.incrementAndGet();
        Map<String, Object> message = message("id", id, "method", method, "params", params);
        try {
            AwaitedAnswer awaited = new AwaitedAnswer(id, longest, patience, this::heard);
            JsonNode found = sent(message, headers, awaited, patience);
            while (found == null) {
                found = resumed(awaited);
            }
            return ServerFailures.result(found);
        } catch (InterruptedException | IOException e) {
            if (isGivenUp(e) && !method.equals(McpSchema.METHOD_INITIALIZE)) {
                cancel(id, e);
            }
            throw e;
        }
    }

    /** A request that was refused for its credential was not begun: it is sent again if there is another one by now. */
    private @Nullable JsonNode sent(
            Map<String, Object> message, Map<String, String> headers, AwaitedAnswer awaited, Duration patience)
            throws Exception {
        HttpPost post = session.post(message);
        try {
            return posted(post, headers, awaited, patience);
        } catch (HttpAnswerException e) {
            if (e.status() != UNAUTHORIZED || !session.isOutdated(post)) {
                throw e;
            }
            return posted(session.post(message), headers, awaited, awaited.left());
        }
    }

    private @Nullable JsonNode posted(
            HttpPost post, Map<String, String> headers, AwaitedAnswer awaited, Duration patience) throws Exception {
        headers.forEach(post::setHeader);
        return http.send(post, patience, answer -> {
                    session.check(post, answer);
                    return Optional.ofNullable(awaited.read(post, answer));
                })
                .orElse(null);
    }

    /** Whether no caller waits for the answer any more, which the server cannot know. */
    private static boolean isGivenUp(Exception e) {
        return e instanceof InterruptedException
                || e instanceof SocketTimeoutException
                || Thread.currentThread().isInterrupted();
    }

    /** On a thread of its own: this one's time is up. */
    private void cancel(long id, Exception why) {
        String reason = why instanceof SocketTimeoutException ? ServerFailures.summary(why) : "the call's time is up";
        Map<String, Object> params = Map.of("requestId", id, "reason", reason);
        Thread.ofVirtual().name("mcp-cancel").start(() -> {
            try {
                send(message("method", CANCELLED, "params", params), CANCEL);
            } catch (Exception e) {
                LOG.debug("A cancellation was not taken", e);
            }
        });
    }

    private @Nullable JsonNode resumed(AwaitedAnswer awaited) throws Exception {
        HttpGet get = session.events(awaited.next());
        try {
            return http.send(get, awaited.left(), answer -> {
                        if (answer.getCode() != 200 || !EventStream.isOn(answer)) {
                            throw awaited.notResumed("HTTP " + answer.getCode());
                        }
                        return Optional.ofNullable(awaited.read(get, answer));
                    })
                    .orElse(null);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            throw awaited.notResumed(ServerFailures.summary(e));
        }
    }

    /** Sends a message that has no answer. */
    void send(Map<String, Object> message, Duration patience) throws Exception {
        HttpPost post = session.post(message);
        http.send(post, patience, answer -> {
            session.check(post, answer);
            return answer.getCode();
        });
    }

    /** Ends the session. */
    void end(Duration patience) throws Exception {
        HttpDelete delete = session.end();
        if (delete != null) {
            http.send(delete, patience, ClassicHttpResponse::getCode);
        }
    }

    /**
     * Reads what the server says by itself, until its stream ends.
     *
     * @param opened gets the request, which can be aborted
     * @return false when the server has no stream of this kind
     */
    boolean listen(Consumer<HttpUriRequestBase> opened) throws Exception {
        HttpGet get = session.events(null);
        opened.accept(get);
        return http.send(get, Duration.ZERO, answer -> {
            if (answer.getCode() != 200 || !EventStream.isOn(answer)) {
                return answer.getCode() >= 500;
            }
            EventStream events = new EventStream(answer.getEntity().getContent(), LONGEST_NOTIFICATION, Long.MAX_VALUE);
            for (String data = events.next(); data != null; data = events.next()) {
                heard(Json.envelope(data));
            }
            return true;
        });
    }

    /** A message that the server sends by itself. */
    private void heard(JsonNode message) throws Exception {
        String method = message.path("method").asText();
        if (method.equals(McpSchema.METHOD_NOTIFICATION_TOOLS_LIST_CHANGED)) {
            listChanged.run();
        } else if (message.has("method") && message.has("id")) {
            boolean known = method.equals(McpSchema.METHOD_PING);
            Object value = known
                    ? Map.of()
                    : Map.of("code", ErrorCodes.METHOD_NOT_FOUND, "message", "Drover answers ping only");
            reply(message("id", message.get("id"), known ? "result" : "error", value));
        }
    }

    /** What becomes of it says nothing of the call under way, whose answer still comes. */
    private void reply(Map<String, Object> message) throws Exception {
        try {
            send(message, REPLY);
        } catch (IOException | HttpAnswerException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            LOG.debug("A reply to the server was not taken", e);
        }
    }

    static Map<String, Object> message(Object... members) {
        Map<String, Object> message = new LinkedHashMap<>(Map.of("jsonrpc", "2.0"));
        for (int i = 0; i < members.length; i += 2) {
            message.put((String) members[i], members[i + 1]);
        }
        return message;
    }
}
