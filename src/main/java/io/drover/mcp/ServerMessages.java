package io.drover.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.BoundedHttp;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.hc.client5.http.classic.methods.HttpDelete;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;

/** JSON-RPC over MCP's streamable HTTP: a request is a POST, answered by JSON or by events, read on the caller's thread. */
final class ServerMessages {

    private static final String SESSION = "Mcp-Session-Id";
    private static final String VERSION = "MCP-Protocol-Version";
    private static final String EVENTS = "text/event-stream";
    private static final String JSON = "application/json";
    private static final int LONGEST_ERROR = 500;

    /** Of a stream that brings notifications only. */
    private static final int LONGEST_NOTIFICATION = 65_536;

    private static final Duration REPLY = Duration.ofSeconds(5);

    private final ServerSettings settings;
    private final ServerHttp http;
    private final Runnable listChanged;
    private final AtomicLong ids = new AtomicLong();
    private volatile @Nullable String session;
    private volatile @Nullable String version;

    /** @param listChanged is told when the server says that its tools have changed */
    ServerMessages(ServerSettings settings, ServerHttp http, Runnable listChanged) {
        this.settings = settings;
        this.http = http;
        this.listChanged = listChanged;
    }

    /** The version that both sides agreed upon goes along with all that is sent from now on. */
    void agreed(String agreed) {
        version = agreed;
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
        HttpPost post = post(message("id", id, "method", method, "params", params));
        headers.forEach(post::setHeader);
        return http.send(post, patience, answer -> {
            check(post, answer);
            Header opened = answer.getFirstHeader(SESSION);
            if (session == null && opened != null) {
                session = opened.getValue();
            }
            return ServerFailures.result(read(post, answer, id, longest));
        });
    }

    /** Sends a message that has no answer. */
    void send(Map<String, Object> message, Duration patience) throws Exception {
        HttpPost post = post(message);
        http.send(post, patience, answer -> {
            check(post, answer);
            return answer.getCode();
        });
    }

    /** Ends the session. */
    void end(Duration patience) throws Exception {
        if (session != null) {
            HttpDelete delete = new HttpDelete(settings.url());
            dress(delete);
            http.send(delete, patience, ClassicHttpResponse::getCode);
        }
    }

    /**
     * Reads what the server says by itself, until its stream ends.
     *
     * @param opened gets the request, which can be aborted
     * @return false when the server has no such stream
     */
    boolean listen(Consumer<HttpUriRequestBase> opened) throws Exception {
        HttpGet get = new HttpGet(settings.url());
        dress(get);
        get.setHeader(HttpHeaders.ACCEPT, EVENTS);
        opened.accept(get);
        return http.send(get, Duration.ZERO, answer -> {
            if (answer.getCode() != 200 || !isEvents(answer)) {
                return answer.getCode() >= 500;
            }
            EventStream events = new EventStream(answer.getEntity().getContent(), LONGEST_NOTIFICATION, Long.MAX_VALUE);
            for (String data = events.next(); data != null; data = events.next()) {
                heard(Json.envelope(data));
            }
            return true;
        });
    }

    private JsonNode read(HttpPost post, ClassicHttpResponse answer, long id, int longest) throws Exception {
        if (answer.containsHeader(HttpHeaders.CONTENT_ENCODING)) {
            throw new ServerErrorException("the answer has the Content-Encoding %s, which was not asked for"
                    .formatted(Excerpt.of(
                            answer.getFirstHeader(HttpHeaders.CONTENT_ENCODING).getValue())));
        }
        try {
            if (isEvents(answer)) {
                return awaited(new EventStream(answer.getEntity().getContent(), longest, longest), id);
            }
            byte[] body = BoundedHttp.body(post, answer, longest);
            if (body.length > longest) {
                throw new EventStream.AnswerTooLongException();
            }
            return Json.envelope(new String(body, StandardCharsets.UTF_8));
        } catch (EventStream.AnswerTooLongException e) {
            throw new ServerErrorException(
                    "the answer is longer than %d bytes; raise max-result-bytes of the server".formatted(longest));
        } catch (JsonProcessingException e) {
            throw new ServerErrorException("the answer is not JSON that can be used: " + Json.reason(e));
        }
    }

    private JsonNode awaited(EventStream events, long id) throws Exception {
        for (String data = events.next(); data != null; data = events.next()) {
            JsonNode message = Json.envelope(data);
            if (!message.has("method") && message.path("id").asText().equals(Long.toString(id))) {
                return message;
            }
            heard(message);
        }
        throw new ServerErrorException("the server ended its events before the answer");
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
            send(message("id", message.get("id"), known ? "result" : "error", value), REPLY);
        }
    }

    private static boolean isEvents(ClassicHttpResponse answer) {
        Header type = answer.getFirstHeader(HttpHeaders.CONTENT_TYPE);
        return answer.getEntity() != null
                && type != null
                && type.getValue().toLowerCase(Locale.ROOT).startsWith(EVENTS);
    }

    static Map<String, Object> message(Object... members) {
        Map<String, Object> message = new LinkedHashMap<>(Map.of("jsonrpc", "2.0"));
        for (int i = 0; i < members.length; i += 2) {
            message.put((String) members[i], members[i + 1]);
        }
        return message;
    }

    private HttpPost post(Map<String, Object> message) {
        HttpPost post = new HttpPost(settings.url());
        dress(post);
        post.setHeader(HttpHeaders.ACCEPT, JSON + ", " + EVENTS);
        post.setEntity(new StringEntity(Json.write(message), ContentType.APPLICATION_JSON));
        return post;
    }

    private void dress(HttpUriRequestBase request) {
        settings.headers().forEach(request::setHeader);
        if (settings.authorization() != null) {
            request.setHeader(HttpHeaders.AUTHORIZATION, settings.authorization());
        }
        if (session != null) {
            request.setHeader(SESSION, session);
        }
        if (version != null) {
            request.setHeader(VERSION, version);
        }
    }

    private void check(HttpUriRequestBase request, ClassicHttpResponse answer) throws IOException {
        int status = answer.getCode();
        if (session != null && (status == 404 || status == 400)) { // servers say 400, too
            throw new ForgottenSessionException();
        }
        if (status < 200 || status > 299) {
            byte[] body = BoundedHttp.body(request, answer, LONGEST_ERROR);
            throw BoundedHttp.failure(answer, settings.origin(), new String(body, StandardCharsets.UTF_8));
        }
    }
}
