package io.drover.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.BoundedHttp;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.json.UnreadableTextException;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request, read over as many connections as it takes.
 * If a stream of events ends before the answer, reading continues from its last event, if the server gave that an id.
 */
final class AwaitedAnswer {

    /** The wait between two connections, if the server does not set one. */
    private static final long PAUSE_MS = 500;

    /** Hears a message that is not the answer. */
    interface Other {
        void heard(JsonNode message) throws Exception;
    }

    private final long id;
    private final int longest;
    private final Duration patience;
    private final long deadline;
    private final Other other;
    private long left;
    private long pauseMs = PAUSE_MS;
    private @Nullable String lastEvent;
    private String end = "";

    /**
     * @param id       of the request
     * @param longest  bytes of the answer, other messages that come with it included
     * @param patience until the whole answer is here
     */
    AwaitedAnswer(long id, int longest, Duration patience, Other other) {
        this.id = id;
        this.longest = longest;
        this.left = longest;
        this.patience = patience;
        this.deadline = System.nanoTime() + patience.toNanos();
        this.other = other;
    }

    /**
     * Reads what a connection brings.
     *
     * @return null when it ended before the answer, and can be resumed
     */
    @Nullable
    JsonNode read(HttpUriRequestBase request, ClassicHttpResponse answer) throws Exception {
        for (Header coding : answer.getHeaders(HttpHeaders.CONTENT_ENCODING)) {
            if (!coding.getValue().equalsIgnoreCase("identity")) {
                throw new ServerErrorException("the answer has the Content-Encoding %s, which was not requested"
                        .formatted(Excerpt.of(coding.getValue())));
            }
        }
        try {
            if (EventStream.isOn(answer)) {
                return awaited(new EventStream(answer.getEntity().getContent(), longest, left));
            }
            byte[] body = BoundedHttp.body(request, answer, longest);
            if (body.length > longest) {
                throw new EventStream.AnswerTooLongException();
            }
            return mine(Json.envelope(BoundedHttp.text(answer, body)));
        } catch (EventStream.AnswerTooLongException e) {
            throw new ServerErrorException(
                    "the answer is longer than %d bytes; raise max-result-bytes of the server".formatted(longest));
        } catch (UnreadableTextException e) {
            throw new ServerErrorException("the answer cannot be read: " + e.getMessage());
        } catch (JsonProcessingException e) {
            throw new ServerErrorException("the answer is not usable JSON: " + Json.reason(e));
        }
    }

    /** The message that answers the request; up to 2025-03-26 a body may hold several. */
    private JsonNode mine(JsonNode body) throws Exception {
        JsonNode mine = null;
        for (JsonNode message : body.isArray() ? body : List.of(body)) {
            if (mine == null && isMine(message)) {
                mine = message;
            } else {
                other.heard(message);
            }
        }
        if (mine == null) {
            throw new ServerErrorException(
                    body.has("id") || body.isArray()
                            ? "the answer belongs to another request"
                            : "the answer has no id, so it need not be the answer of an MCP server to this request");
        }
        return mine;
    }

    /**
     * Whether a message answers the request; some servers write the id 1 as "1" or 1.0.
     * An error may lack the id, where the server could not read the request; what else lacks it was not made for the
     * request, and perhaps by no MCP server: a gateway answers 200, too.
     */
    private boolean isMine(JsonNode message) {
        JsonNode to = message.path("id");
        if (message.has("method")) {
            return false;
        }
        return to.isMissingNode() || to.isNull()
                ? message.hasNonNull("error") && !message.hasNonNull("result")
                : to.asText().equals(Long.toString(id))
                        || to.isNumber() && to.decimalValue().compareTo(BigDecimal.valueOf(id)) == 0;
    }

    private @Nullable JsonNode awaited(EventStream events) throws Exception {
        end = "the server ended its events before the answer";
        try {
            for (String data = events.next(); data != null; data = events.next()) {
                JsonNode message = Json.envelope(data);
                if (isMine(message)) {
                    return message;
                }
                other.heard(message);
            }
        } catch (JsonProcessingException e) {
            if (!events.isCutOff() || events.lastId() == null && lastEvent == null) {
                throw e;
            }
        } catch (EventStream.AnswerTooLongException | UnreadableTextException e) {
            throw e;
        } catch (IOException e) { // the connection broke
            if (Thread.currentThread().isInterrupted() || events.lastId() == null && lastEvent == null) {
                throw e;
            }
            end = "the events of the server broke off before the answer";
        }
        left = events.left();
        lastEvent = events.lastId() == null ? lastEvent : events.lastId();
        pauseMs = events.retryMs() == null ? pauseMs : events.retryMs();
        if (lastEvent == null) {
            throw new ServerErrorException(end);
        }
        return null;
    }

    /**
     * Waits as long as the server wants between two connections.
     *
     * @return the id of the event after which the next connection begins
     */
    String next() throws IOException, InterruptedException {
        long leftMs = Math.max(0, left().toMillis());
        TimeUnit.MILLISECONDS.sleep(Math.min(pauseMs, leftMs));
        if (pauseMs >= leftMs) {
            throw new SocketTimeoutException("no answer within " + patience);
        }
        return Objects.requireNonNull(lastEvent, "only events with an id are read on");
    }

    /** How much of the patience is left. */
    Duration left() {
        return Duration.ofNanos(deadline - System.nanoTime());
    }

    /** The call has begun, so the failure of a further connection must not say that it has not. */
    ServerErrorException notResumed(String why) {
        return new ServerErrorException("%s, and cannot be read on: %s".formatted(end, why));
    }
}
