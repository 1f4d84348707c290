package io.drover.camel;

import io.drover.task.Backlog;
import io.drover.task.IntakeFullException;
import io.drover.task.InvalidTaskException;
import io.drover.tool.Json;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Route;
import org.apache.camel.SafeCopyProperty;
import org.apache.camel.StreamCacheException;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;

/**
 * Around an author's HTTP hook ({@code from: platform-http:}). What a client sends steers nothing: credentials and the
 * headers by which Camel's components are told what to do are dropped, and no request header comes back as a response
 * header. Bad input is answered with a problem (RFC 9457), a result is JSON, and a full backlog says: later.
 */
final class HttpHook extends RoutePolicySupport {

    private static final String RECEIVED = "DroverHookHeaders";
    private static final Set<String> CREDENTIALS = Set.of("authorization", "proxy-authorization", "cookie");

    /** {@code kafka.OVERRIDE_TOPIC} and its like (CVE-2026-49098). */
    private static final String KAFKA = "kafka.";

    /** Methods by which a page of any site can have a browser follow a link, and not always say so. */
    private static final Set<String> LINKS = Set.of("GET", "HEAD", "OPTIONS");

    private static final String RETRY_AFTER_SECONDS = "5";

    private final Backlog backlog;
    private final HookMappings mappings;

    HttpHook(Backlog backlog, HookMappings mappings) {
        this.backlog = backlog;
        this.mappings = mappings;
    }

    /** The headers of the request; no step takes them away. */
    private record Received(Map<String, Object> headers) implements SafeCopyProperty {
        @Override
        public Received safeCopy() {
            return this;
        }
    }

    private static @Nullable Received received(Exchange exchange) {
        return exchange.getExchangeExtension().getSafeCopyProperty(RECEIVED, Received.class);
    }

    /** Whether a client waits for this exchange. */
    static boolean isBehind(Exchange exchange) {
        return received(exchange) != null;
    }

    @Override
    public void onStop(Route route) {
        mappings.stopped(route.getConsumer(), this);
    }

    @Override
    public void onRemove(Route route) {
        mappings.removed(this);
    }

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        Message request = exchange.getMessage();
        request.getHeaders().keySet().removeIf(HttpHook::isDropped);
        exchange.getExchangeExtension()
                .setSafeCopyProperty(RECEIVED, new Received(new HashMap<>(request.getHeaders())));
        String method = request.getHeader(Exchange.HTTP_METHOD, "", String.class);
        if (LINKS.contains(method) && ((PlatformHttpEndpoint) route.getEndpoint()).getHttpMethodRestrict() == null) {
            exchange.setRouteStop(true);
            String detail = "%s is only taken by a hook that names it in httpMethodRestrict".formatted(method);
            answer(exchange, 405, "Method Not Allowed", detail, List.of());
        } else if (backlog.isFull()) {
            exchange.setRouteStop(true);
            answer(exchange, 429, "Too Many Requests", "too many tasks are queued; send it again later", List.of());
            exchange.getMessage().setHeader("Retry-After", RETRY_AFTER_SECONDS);
        }
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        Received received = received(exchange);
        Map<String, Object> headers = received == null ? Map.of() : received.headers();
        headers.forEach((name, value) -> {
            if (value != null && value.equals(exchange.getMessage().getHeader(name))) {
                exchange.getMessage().removeHeader(name);
            }
        });
        Throwable cause = cause(exchange.getException());
        if (cause instanceof InvalidTaskException invalid) {
            exchange.setException(null);
            int status = status(invalid.reason());
            answer(exchange, status, "The task is not accepted", invalid.getMessage(), invalid.problems());
        } else if (ObjectHelper.getException(IntakeFullException.class, cause) != null) {
            exchange.setException(null);
            answer(exchange, 503, "Service Unavailable", "too much is being received; send it again later", List.of());
            exchange.getMessage().setHeader("Retry-After", RETRY_AFTER_SECONDS);
        } else if (cause instanceof StreamCacheException) { // too long, broken off, or not in its encoding
            exchange.setException(null);
            answer(exchange, 400, "Bad Request", "the body cannot be read as text", List.of());
        } else if (cause instanceof TimeoutException) {
            exchange.setException(null);
            answer(
                    exchange,
                    503,
                    "Service Unavailable",
                    "the database does not answer, so it is not known whether the task is stored",
                    List.of());
            exchange.getMessage().setHeader("Retry-After", RETRY_AFTER_SECONDS);
        } else {
            Object body = exchange.getMessage().getBody();
            if (body instanceof Map<?, ?> || body instanceof Collection<?>) {
                exchange.getMessage().setBody(Json.write(body));
                exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
            }
        }
    }

    private static boolean isDropped(String header) {
        String name = header.toLowerCase(java.util.Locale.ROOT);
        return name.startsWith(KAFKA) || CREDENTIALS.contains(name);
    }

    private static @Nullable Throwable cause(@Nullable Exception thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }

    private static int status(InvalidTaskException.Reason reason) {
        return switch (reason) {
            case UNKNOWN_WORKFLOW -> 404;
            case TOO_LARGE -> 413;
            case KEY_CONFLICT -> 409;
            case MALFORMED_INPUT, SCHEMA, BAD_KEY, BAD_PRIORITY -> 400;
        };
    }

    private static void answer(Exchange exchange, int status, String title, String detail, List<String> problems) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "about:blank");
        problem.put("title", title);
        problem.put("status", status);
        problem.put("detail", detail);
        if (!problems.isEmpty()) {
            problem.put("problems", problems);
        }
        exchange.getMessage().setBody(Json.write(problem));
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/problem+json");
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    }
}
