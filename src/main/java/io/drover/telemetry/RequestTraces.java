package io.drover.telemetry;

import io.drover.trace.GenAi;
import io.drover.trace.Traced;
import io.drover.trace.Traces;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;

/** A span for each request over HTTP, except probes and scrapes. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class RequestTraces extends OncePerRequestFilter {

    private static final int SERVER_ERROR = 500;

    private final Traces traces;

    RequestTraces(Traces traces) {
        this.traces = traces;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getRequestURI();
        return !traces.isOn() || path.startsWith("/health/") || path.equals("/metrics");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Traced span = traces.request(request::getHeader, request.getMethod());
        span.says(GenAi.HTTP_METHOD, request.getMethod());
        try (var current = span.context().makeCurrent()) {
            chain.doFilter(request, response);
        } finally {
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new WhenItEnds(() -> end(span, request, response)));
            } else {
                end(span, request, response);
            }
        }
    }

    private static void end(Traced span, HttpServletRequest request, HttpServletResponse response) {
        Object route = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        if (route != null) {
            span.isNamed(request.getMethod() + " " + route);
            span.says(GenAi.HTTP_ROUTE, route.toString());
        }
        span.says(GenAi.HTTP_STATUS, (long) response.getStatus());
        if (response.getStatus() >= SERVER_ERROR) {
            span.failed(Integer.toString(response.getStatus()), null);
        }
        span.close();
    }

    /** An answer that is not ready when the thread leaves the request. */
    private record WhenItEnds(Runnable end) implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            end.run();
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
