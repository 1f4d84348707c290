package io.drover.api;

import io.drover.problem.Problem;
import io.drover.task.IntakeFullException;
import io.drover.task.IntakeRoom;
import io.drover.task.TaskProperties;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Refuses bodies over {@code drover.queue.max-input-bytes}: by their declared length, else while they are read. And it counts
 * what is read of all of them, so that many allowed bodies do not fill the memory.
 */
@Component
@ConditionalOnWebApplication
class BodyLimit extends OncePerRequestFilter {

    private static final int MAX_SWALLOWED = 10_000_000;

    /** How long a body may take, and after that only while it comes faster than the slowest lines do. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int SLOWEST_BYTES_A_SECOND = 10_000;

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
        if (request.getContentLengthLong() > max) {
            errors.resolveException(request, response, null, tooLarge());
        } else if (request.getContentLengthLong() == 0) {
            chain.doFilter(request, response);
        } else {
            IntakeFullException full = room.refusal(Math.max(0, request.getContentLengthLong()));
            if (full != null) {
                errors.resolveException(request, response, null, full);
            } else {
                count(new Bounded(request), response, chain);
            }
        }
    }

    private static void count(Bounded request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        request.setAttribute(BODY, request);
        try {
            chain.doFilter(request, response);
        } finally {
            if (request.isAsyncStarted()) { // a hook reads its body on another thread
                request.getAsyncContext().addListener(request);
            } else {
                request.close();
            }
        }
    }

    /** Its body is in other hands: the request may wait for something else without being counted. */
    static void handedOver(HttpServletRequest request) {
        if (request.getAttribute(BODY) instanceof Bounded bounded) {
            bounded.handedOver();
        }
    }

    private static ProblemException tooSlow() {
        return ProblemException.of(
                HttpStatus.REQUEST_TIMEOUT,
                "too-slow",
                "the body takes longer than %d s, and comes at less than %d bytes a second"
                        .formatted(PATIENCE.toSeconds(), SLOWEST_BYTES_A_SECOND));
    }

    private ProblemException tooLarge() {
        return ProblemException.of(
                HttpStatus.PAYLOAD_TOO_LARGE,
                "too-large",
                "the body is longer than drover.queue.max-input-bytes (%d); put large content elsewhere and send a reference"
                        .formatted(max));
    }

    private final class Bounded extends HttpServletRequestWrapper implements AsyncListener {

        private final AtomicLong taken = new AtomicLong();
        private final long since = System.nanoTime();
        private long read;
        private volatile boolean closed;

        Bounded(HttpServletRequest request) {
            super(request);
        }

        void take(int bytes) {
            room.take(bytes);
            taken.addAndGet(bytes);
            if (closed) {
                handedOver();
            }
        }

        /** Whether the body does not come: the connection's own timeout counts from the last byte. */
        boolean isTooSlow(int bytes) {
            read += bytes;
            return System.nanoTime() - since
                    > PATIENCE.plusSeconds(read / SLOWEST_BYTES_A_SECOND).toNanos();
        }

        void close() {
            closed = true;
            handedOver();
        }

        @Override
        public void onComplete(AsyncEvent event) {
            close();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            close();
        }

        @Override
        public void onError(AsyncEvent event) {
            close();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }

        void handedOver() {
            room.giveBack(taken.getAndSet(0));
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new BoundedStream(super.getInputStream(), this);
        }

        @Override
        public BufferedReader getReader() throws IOException {
            String encoding = getCharacterEncoding();
            Charset charset = encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding);
            return new BufferedReader(new InputStreamReader(getInputStream(), charset.newDecoder()));
        }
    }

    private final class BoundedStream extends ServletInputStream {

        private final ServletInputStream body;
        private final Bounded request;
        private long left = max;

        BoundedStream(ServletInputStream body, Bounded request) {
            this.body = body;
            this.request = request;
        }

        @Override
        public int read() throws IOException {
            int b = body.read();
            count(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = body.read(buffer, offset, length);
            count(Math.max(0, n));
            return n;
        }

        private void count(int n) throws IOException {
            left -= n;
            if (left < 0) {
                swallow();
                throw refused(request, tooLarge());
            }
            request.take(n);
            if (n > 0 && request.isTooSlow(n)) {
                throw refused(request, tooSlow());
            }
        }

        private static ProblemException refused(Bounded request, ProblemException refusal) {
            request.setAttribute(Problem.ATTRIBUTE, refusal.problem());
            return refusal;
        }

        /** A client that is still sending when the connection is closed may never see the answer. */
        private void swallow() throws IOException {
            byte[] ignored = new byte[8192];
            int swallowed = 0;
            for (int n = 0; n >= 0 && swallowed < MAX_SWALLOWED; n = body.read(ignored)) {
                swallowed += n;
            }
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
