package io.drover.intake;

import io.drover.guard.BodyTypes;
import io.drover.json.ContentType;
import io.drover.json.Json;
import io.drover.problem.Problem;
import io.drover.task.Backlog;
import io.drover.task.TaskProblems;
import java.io.IOException;
import java.io.Reader;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Route;
import org.apache.camel.SafeCopyProperty;
import org.apache.camel.StreamCache;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Handles the requests of an author's HTTP hook ({@code from: platform-http:}, {@code from: rest:}).
 * Nothing that a client sends steers a route.
 * Credentials and the headers that steer Camel's components are dropped, and no request header becomes a response
 * header.
 * Bad input is answered with a problem (RFC 9457), a result is JSON, and a full backlog is answered with "try later".
 */
public final class HttpHook extends RouteWatch {

    private static final String RECEIVED = "DroverHookHeaders";
    private static final Set<String> CREDENTIALS = Set.of("authorization", "proxy-authorization", "cookie");

    /** {@code kafka.OVERRIDE_TOPIC} and its like (CVE-2026-49098). */
    private static final String KAFKA = "kafka.";

    /**
     * Methods that a link on a page of any site can make a browser use, sometimes without saying where the link was.
     */
    private static final Set<String> LINKS = Set.of("GET", "HEAD", "OPTIONS");

    private final Backlog backlog;
    private final HookMappings mappings;

    HttpHook(Backlog backlog, HookMappings mappings) {
        this.backlog = backlog;
        this.mappings = mappings;
    }

    /** The headers and the path of the request; no step can remove them. */
    private record Received(Map<String, Object> headers, @Nullable String path) implements SafeCopyProperty {
        @Override
        public Received safeCopy() {
            return this;
        }
    }

    private static @Nullable Received received(Exchange exchange) {
        return exchange.getExchangeExtension().getSafeCopyProperty(RECEIVED, Received.class);
    }

    /** Whether a client waits for this exchange. */
    public static boolean isBehind(Exchange exchange) {
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
                .setSafeCopyProperty(
                        RECEIVED,
                        new Received(
                                new HashMap<>(request.getHeaders()),
                                request.getHeader(Exchange.HTTP_URI, String.class)));
        String method = request.getHeader(Exchange.HTTP_METHOD, "", String.class);
        ContentType type = ContentType.of(request.getHeader(Exchange.CONTENT_TYPE));
        Problem refusal = HookBody.isMultipart(type) ? HookBody.noMultipart() : mappings.refusal(exchange);
        if (refusal != null) {
            exchange.setRouteStop(true);
            answer(exchange, refusal);
        } else if (request.getBody() instanceof Reader
                && !(request.getBody()
                        instanceof StreamCache)) { // Camel could not read it, and goes on with what is left
            exchange.setRouteStop(true);
            answer(exchange, TaskProblems.notText());
        } else if (LINKS.contains(method) && !namesMethods(route)) {
            exchange.setRouteStop(true);
            answer(
                    exchange,
                    Problem.of(
                            HttpStatus.METHOD_NOT_ALLOWED,
                            "only a hook that names %s in httpMethodRestrict accepts it".formatted(method)));
        } else if (backlog.isFull()) {
            exchange.setRouteStop(true);
            answer(exchange, TaskProblems.backlogFull(backlog.max()));
        } else if (HookBody.isForm(type) && takesForms(route)) {
            readForm(exchange, type);
        }
    }

    /** {@code rest:} always names its method. */
    private static boolean namesMethods(Route route) {
        return !(Delegates.innermost(route.getEndpoint()) instanceof PlatformHttpEndpoint hook)
                || hook.getHttpMethodRestrict() != null;
    }

    private static boolean takesForms(Route route) {
        return !(Delegates.innermost(route.getEndpoint()) instanceof PlatformHttpEndpoint hook)
                || hook.isPopulateBodyWithForm();
    }

    private void readForm(Exchange exchange, ContentType type) {
        try {
            String text = mappings.text(exchange);
            if (text != null) {
                exchange.getMessage().setBody(HookBody.form(text, type));
            }
        } catch (IOException | IllegalArgumentException e) {
            exchange.setRouteStop(true);
            answer(exchange, HookBody.noForm());
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
        Problem problem = HookFailures.problem(route, exchange);
        if (problem != null) {
            exchange.setException(null);
            answer(exchange, problem);
            return;
        }
        if (BodyTypes.isStale(exchange)) {
            exchange.getMessage().removeHeader(Exchange.CONTENT_TYPE);
        }
        Object body = exchange.getMessage().getBody();
        if (body instanceof Map<?, ?> || body instanceof Collection<?>) {
            exchange.getMessage().setBody(Json.write(body));
            exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
        }
    }

    private static boolean isDropped(String header) {
        String name = header.toLowerCase(java.util.Locale.ROOT);
        return name.startsWith(KAFKA) || CREDENTIALS.contains(name);
    }

    private static void answer(Exchange exchange, Problem problem) {
        Received received = received(exchange);
        exchange.getMessage().setBody(problem.json(received == null ? null : received.path()));
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, Problem.MEDIA_TYPE);
        exchange.getMessage()
                .setHeader(Exchange.HTTP_RESPONSE_CODE, problem.status().value());
        if (problem.retryAfter() != null) {
            exchange.getMessage().setHeader("Retry-After", Problem.seconds(problem.retryAfter()));
        }
    }
}
