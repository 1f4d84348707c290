package io.drover.api;

import io.drover.task.IntakeFullException;
import io.drover.task.IntakeRoom;
import io.drover.task.TaskProperties;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Refuses bodies over {@code drover.queue.max-input-bytes}: by their declared length, else while they are read.
 * It also counts the bytes of all bodies together, so that many allowed bodies do not fill the memory.
 * Compressed bodies are inflated within the same limit.
 */
@Component
@ConditionalOnWebApplication
class BodyLimit extends OncePerRequestFilter {

    private static final String BODY = BodyLimit.class.getName();

    private final int max;
    private final IntakeRoom room;
    private final HandlerExceptionResolver errors;

    BodyLimit(
            TaskProperties limits,
            IntakeRoom room,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver errors) {
        this.max = limits.maxInputBytes();
        this.room = room;
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        ContentCodings codings = ContentCodings.of(request);
        String unknown = codings.unknown();
        if (request.getContentLengthLong() > max) {
            errors.resolveException(request, response, null, BoundedRequest.tooLarge(max));
        } else if (unknown != null) {
            response.setHeader(HttpHeaders.ACCEPT_ENCODING, ContentCodings.ACCEPTED);
            errors.resolveException(request, response, null, ContentCodings.refusal(unknown));
        } else if (request.getContentLengthLong() == 0) {
            chain.doFilter(request, response);
        } else {
            IntakeFullException full =
                    room.refusal(BoundedRequest.caller(request), Math.max(0, request.getContentLengthLong()));
            if (full != null) {
                errors.resolveException(request, response, null, full);
            } else {
                count(new BoundedRequest(request, codings, max, room), response, chain);
            }
        }
    }

    private static void count(BoundedRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        request.setAttribute(BODY, request.room());
        try {
            chain.doFilter(request, response);
        } finally {
            if (request.isAsyncStarted()) { // a hook reads its body on another thread
                request.getAsyncContext().addListener(request.room());
            } else {
                request.room().close();
            }
        }
    }

    /** The body was handed over: the request may wait for something else without being counted. */
    static void handedOver(HttpServletRequest request) {
        if (request.getAttribute(BODY) instanceof RequestRoom room) {
            room.handedOver();
        }
    }
}
