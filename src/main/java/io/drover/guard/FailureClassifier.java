package io.drover.guard;

import io.drover.datasource.NoConnectionException;
import io.drover.guard.Failure.Kind;
import io.drover.journal.LeaseLostException;
import io.drover.journal.PendingException;
import io.drover.json.Excerpt;
import io.drover.tool.BusyFailure;
import io.drover.tool.HttpAnswerException;
import io.drover.tool.PermanentFailure;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;

/**
 * Reads exceptions: did the call surely not happen, or is its end unknown? In doubt it is unknown.
 */
final class FailureClassifier {

    private static final Set<Class<? extends Throwable>> WRAPPERS = Set.of(
            RuntimeCamelException.class,
            CamelExecutionException.class,
            ExecutionException.class,
            CompletionException.class);

    /** The answer to a request that was taken is elsewhere (RFC 9110, section 15.4.4). */
    private static final int SEE_OTHER = 303;

    private FailureClassifier() {}

    static Failure of(Throwable thrown) {
        // Outermost first: what a tool that was called says of itself counts more than what it died of,
        // and the cause of a connection that was not made may be any SQLException.
        List<Throwable> chain = new ArrayList<>();
        ObjectHelper.createExceptionIterable(thrown).forEach(chain::addFirst); // it begins with the cause
        for (Throwable t : chain) {
            Failure failure = read(t);
            if (failure != null) {
                return failure;
            }
        }
        return new Failure(Kind.UNKNOWN, FailureText.of(unwrapped(thrown)), thrown, null);
    }

    /** What was thrown, without what Camel and the JDK put around it on its way. */
    private static Throwable unwrapped(Throwable thrown) {
        Throwable t = thrown;
        while (t.getCause() != null && WRAPPERS.contains(t.getClass())) {
            t = t.getCause();
        }
        return t;
    }

    /** Whether it came before anything was sent: no connection, no place for one, a message that the client refuses. */
    static boolean isBeforeSending(Throwable thrown) {
        for (Throwable t : ObjectHelper.createExceptionIterable(thrown)) {
            Failure failure = read(t);
            if (failure != null) {
                boolean heldBack = failure.kind() == Kind.THROTTLED || failure.kind() == Kind.BREAKER_OPEN;
                return heldBack && !(t instanceof ToolCallException) || NotSent.kind(t) != null;
            }
        }
        return false;
    }

    /** Whether the breaker counts it: faults of the other side, not of the request. */
    static boolean countsAgainstBreaker(Throwable thrown) {
        Kind kind = of(thrown).kind();
        return kind == Kind.UNKNOWN || kind == Kind.NOT_HAPPENED;
    }

    private static @Nullable Failure read(Throwable t) {
        return switch (t) {
            case ToolCallException e -> e.failure();
            case PendingException e -> failure(Kind.THROTTLED, e);
            case LeaseLostException e -> failure(Kind.LEASE_LOST, e);
            case CallNotPermittedException e -> failure(Kind.BREAKER_OPEN, e);
            case BulkheadFullException e -> failure(Kind.THROTTLED, e);
            case NoConnectionException e -> failure(Kind.THROTTLED, e);
            case ThrottlerRejectedExecutionException e -> failure(Kind.THROTTLED, e);
            case HttpOperationFailedException e ->
                http(e.getStatusCode(), e.getStatusText(), e.getResponseHeaders(), e.getUri(), e.getResponseBody(), e);
            case HttpAnswerException e -> answer(e);
            case TimeoutException e -> new Failure(Kind.UNKNOWN, "no answer within the tool's timeout", e, null);
            case SQLException e -> failure(SqlFailures.kind(e), e);
            case RuntimeException e when SqlFailures.isWithoutEffect(e) -> failure(Kind.REJECTED, e);
            case ResultException e -> failure(Kind.UNKNOWN, e);
            case BusyFailure busy when busy.isBusy() -> failure(Kind.NOT_HAPPENED, t);
            case PermanentFailure refused -> refused.isPermanent() ? failure(Kind.REJECTED, t) : null;
            default -> {
                Kind kind = NotSent.kind(t);
                yield kind == null ? null : failure(kind, t);
            }
        };
    }

    private static Failure answer(HttpAnswerException e) {
        Failure failure = http(e.status(), null, e.headers(), e.url(), e.body(), e);
        return e instanceof PermanentFailure known && known.isPermanent()
                ? new Failure(Kind.REJECTED, failure.summary() + e.remedy(), e, null)
                : failure;
    }

    private static Failure http(
            int status,
            @Nullable String statusText,
            @Nullable Map<String, String> headers,
            @Nullable String url,
            @Nullable String body,
            Throwable e) {
        Duration retryAfter = headers == null ? null : RetryAfter.of(status, headers, Instant.now());
        String reason = AnswerReason.of(body);
        String summary = "HTTP %d%s from %s%s"
                .formatted(status, blankOr(statusText), hostOf(url), reason == null ? "" : ": " + reason);
        if (status >= 300 && status < 400) {
            return new Failure(
                    status == SEE_OTHER ? Kind.UNKNOWN : Kind.REJECTED, summary + redirect(status, headers), e, null);
        }
        Kind kind =
                switch (status) {
                    case 408, 425, 429 -> Kind.NOT_HAPPENED;
                    default -> status >= 400 && status < 500 ? Kind.REJECTED : Kind.UNKNOWN;
                };
        return new Failure(kind, summary, e, retryAfter);
    }

    private static Failure failure(Kind kind, Throwable cause) {
        return new Failure(kind, FailureText.of(cause), cause, null);
    }

    /** Where an answer that was not followed points to, and what to do. */
    private static String redirect(int status, @Nullable Map<String, String> headers) {
        String location = header(headers, "Location");
        if (location == null) {
            return "";
        }
        String to = location.contains("//") ? hostOf(location) : "another path of the same host";
        return status == SEE_OTHER
                ? "; it sends the caller to %s, perhaps after it has done what was asked".formatted(to)
                : "; it redirects to %s, which is not followed: set the new URL in the tool, or followRedirects=true if it is a GET"
                        .formatted(to);
    }

    private static @Nullable String header(@Nullable Map<String, String> headers, String name) {
        return headers == null
                ? null
                : headers.entrySet().stream()
                        .filter(header -> header.getKey().equalsIgnoreCase(name))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(null);
    }

    private static String blankOr(@Nullable String statusText) {
        return statusText == null || statusText.isBlank() ? "" : " " + Excerpt.of(statusText, 100);
    }

    /** Without path and query, which may hold personal data. */
    private static String hostOf(@Nullable String url) {
        String uri = url == null ? "" : url;
        int scheme = uri.indexOf("//");
        int path = scheme < 0 ? -1 : uri.indexOf('/', scheme + 2);
        return path < 0 ? uri : uri.substring(0, path);
    }
}
