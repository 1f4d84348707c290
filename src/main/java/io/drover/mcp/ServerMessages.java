package io.drover.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import io.drover.tool.HttpAnswerException;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

/**
 * JSON-RPC over MCP's streamable HTTP.
 * A request is a POST; its answer is JSON or events, and is read on the caller's thread.
 */
final class ServerMessages {

    private static final Logger LOG = LoggerFactory.getLogger(ServerMessages.class);

    /** The limit for a message of a stream that brings notifications only. */
    private static final int LONGEST_NOTIFICATION = 65_536;

    private static final Duration CANCEL = Duration.ofSeconds(2);
    private static final String CANCELLED = "notifications/cancelled";
    private static final int UNAUTHORIZED = 401;

    /** Of a credential that changes, a full server, or one that is slow: none says that there are no events. */
    private static final Set<Integer> PASSING = Set.of(401, 403, 408, 425, 429);

    private final ServerSession session;
    private final ServerHttp http;
    private final HeardMessages others;
    private final AtomicLong ids = new AtomicLong();

    /** @param listChanged is told when the server says that its tools have changed */
    ServerMessages(ServerSettings settings, ServerHttp http, Runnable listChanged) {
        this.session = new ServerSession(settings);
        this.http = http;
        this.others = new HeardMessages(listChanged, this);
    }

    /** Sets the version that both sides agreed on; all further messages name it. */
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
            AwaitedAnswer awaited = new AwaitedAnswer(id, longest, patience, others);
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

    /**
     * Sends a message.
     * A request that was refused for its credential was not begun, so it is sent again if the credential has changed.
     */
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

    /** Whether the caller has stopped waiting for the answer, which the server cannot know. */
    private static boolean isGivenUp(Exception e) {
        return e instanceof InterruptedException
                || e instanceof SocketTimeoutException
                || Thread.currentThread().isInterrupted();
    }

    /** Runs on another thread, because the time of this one is over. */
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
     * Reads the messages that the server sends by itself, until its stream ends.
     *
     * @param opened gets the request, which can be aborted
     * @return false when the server has no stream of this kind
     */
    boolean listen(Consumer<HttpUriRequestBase> opened) throws Exception {
        HttpGet get = session.events(null);
        opened.accept(get);
        return http.send(get, Duration.ZERO, answer -> {
            if (answer.getCode() != 200 || !EventStream.isOn(answer)) {
                return answer.getCode() >= 500 || PASSING.contains(answer.getCode());
            }
            EventStream events = new EventStream(answer.getEntity().getContent(), LONGEST_NOTIFICATION, Long.MAX_VALUE);
            for (String data = events.next(); data != null; data = events.next()) {
                others.heard(Json.envelope(data));
            }
            return true;
        });
    }

    static Map<String, Object> message(Object... members) {
        Map<String, Object> message = new LinkedHashMap<>(Map.of("jsonrpc", "2.0"));
        for (int i = 0; i < members.length; i += 2) {
            message.put((String) members[i], members[i + 1]);
        }
        return message;
    }
}
