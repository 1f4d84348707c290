package io.drover.guard;

import io.drover.datasource.NoConnectionException;
import io.drover.guard.Failure.Kind;
import io.drover.journal.LeaseLostException;
import io.drover.json.Excerpt;
import io.drover.tool.HttpAnswerException;
import io.drover.tool.PermanentFailure;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.apache.camel.util.ObjectHelper;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

/**
 * Reads exceptions: did the call surely not happen, or is its end unknown? In doubt it is unknown.
 */
final class FailureClassifier {

    /** Nothing was sent: no connection was made. */
    private static final Set<Class<? extends Throwable>> NOT_CONNECTED = Set.of(
            ConnectException.class,
            NoRouteToHostException.class,
            UnknownHostException.class,
            SSLHandshakeException.class,
            ConnectTimeoutException.class,
            java.net.http.HttpConnectTimeoutException.class,
            ConnectionRequestTimeoutException.class,
            java.util.concurrent.RejectedExecutionException.class);

    /** SQLSTATE classes of statements that the database refused, so that they had no effect: 22 data, 23 constraint, 42 syntax or access. */
    private static final Set<String> REFUSED_STATEMENTS = Set.of("22", "23", "42");

    /** SQLSTATE classes of connections that were not made: 28 authorization, 3D catalog, 53 resources. */
    private static final Set<String> REFUSED_CONNECTIONS = Set.of("28", "3D", "53");

    private static final Set<Class<? extends Throwable>> WRAPPERS = Set.of(
            RuntimeCamelException.class,
            CamelExecutionException.class,
            ExecutionException.class,
            CompletionException.class);

    private FailureClassifier() {}

    static Failure of(Throwable thrown) {
        CannotGetJdbcConnectionException noConnection =
                ObjectHelper.getException(CannotGetJdbcConnectionException.class, thrown);
        if (noConnection != null) { // its cause may be any SQLException, also of a pool that is exhausted
            return failure(Kind.NOT_HAPPENED, noConnection);
        }
        for (Throwable t : ObjectHelper.createExceptionIterable(thrown)) {
            Failure failure = read(t);
            if (failure != null) {
                return failure;
            }
        }
        return new Failure(Kind.UNKNOWN, summary(unwrapped(thrown)), thrown, null);
    }

    /** What was thrown, without what Camel and the JDK put around it on its way. */
    private static Throwable unwrapped(Throwable thrown) {
        Throwable t = thrown;
        while (t.getCause() != null && WRAPPERS.contains(t.getClass())) {
            t = t.getCause();
        }
        return t;
    }

    /** Whether the breaker counts it: faults of the other side, not of the request. */
    static boolean countsAgainstBreaker(Throwable thrown) {
        Kind kind = of(thrown).kind();
        return kind == Kind.UNKNOWN || kind == Kind.NOT_HAPPENED;
    }

    private static @Nullable Failure read(Throwable t) {
        return switch (t) {
            case ToolCallException e -> e.failure();
            case LeaseLostException e -> failure(Kind.LEASE_LOST, e);
            case CallNotPermittedException e -> failure(Kind.BREAKER_OPEN, e);
            case BulkheadFullException e -> failure(Kind.THROTTLED, e);
            case NoConnectionException e -> failure(Kind.THROTTLED, e);
            case ThrottlerRejectedExecutionException e -> failure(Kind.THROTTLED, e);
            case HttpOperationFailedException e ->
                http(e.getStatusCode(), e.getStatusText(), e.getResponseHeaders(), e.getUri(), e.getResponseBody(), e);
            case HttpAnswerException e -> http(e.status(), null, e.headers(), e.url(), e.body(), e);
            case TimeoutException e -> new Failure(Kind.UNKNOWN, "no answer within the tool's timeout", e, null);
            case ResultException e -> failure(Kind.UNKNOWN, e);
            case SQLException e -> sql(e);
            case PermanentFailure refused -> refused.isPermanent() ? failure(Kind.REJECTED, t) : null;
            default ->
                NOT_CONNECTED.stream().anyMatch(type -> type.isInstance(t)) ? failure(Kind.NOT_HAPPENED, t) : null;
        };
    }

    private static Failure http(
            int status,
            @Nullable String statusText,
            @Nullable Map<String, String> headers,
            @Nullable String url,
            @Nullable String body,
            Throwable e) {
        Duration retryAfter = headers == null ? null : RetryAfter.of(headers, Instant.now());
        String reason = AnswerReason.of(body);
        String summary = "HTTP %d%s from %s%s"
                .formatted(status, blankOr(statusText), hostOf(url), reason == null ? "" : ": " + reason);
        Kind kind =
                switch (status) {
                    case 408, 425, 429 -> Kind.NOT_HAPPENED;
                    default -> status >= 400 && status < 500 ? Kind.REJECTED : Kind.UNKNOWN;
                };
        return new Failure(kind, summary, e, retryAfter);
    }

    private static Failure sql(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        String sqlClass = state.length() == 5 ? state.substring(0, 2) : "";
        if (REFUSED_STATEMENTS.contains(sqlClass)) {
            return failure(Kind.REJECTED, e);
        }
        boolean notConnected = state.equals("08001") || state.equals("08004") || REFUSED_CONNECTIONS.contains(sqlClass);
        return failure(notConnected ? Kind.NOT_HAPPENED : Kind.UNKNOWN, e);
    }

    private static Failure failure(Kind kind, Throwable cause) {
        return new Failure(kind, summary(cause), cause, null);
    }

    static String summary(Throwable t) {
        String message = t.getMessage();
        String text = message == null || message.isBlank()
                ? t.getClass().getSimpleName()
                : t.getClass().getSimpleName() + ": " + message;
        return Excerpt.of(text, 500);
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
