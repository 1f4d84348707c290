package io.drover.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.drover.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Holds back a caller that sends more requests than it may.
 * A second's requests may come together; after that they come at the rate.
 */
final class CallerRates extends OncePerRequestFilter {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final int MOST_CALLERS = 10_000;

    private final int perSecond;
    private final LongSupplier nanos;

    /** When the requests that a caller has sent would all have come, had they come at the rate. */
    private final Cache<String, AtomicLong> sent = Caffeine.newBuilder()
            .maximumSize(MOST_CALLERS)
            .expireAfterAccess(Duration.ofMinutes(1))
            .executor(Runnable::run)
            .build();

    CallerRates(int perSecond, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.nanos = nanos;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String caller = request.getRemoteUser();
        if (caller == null || takes(caller)) {
            chain.doFilter(request, response);
            return;
        }
        ProblemResponse.write(
                request,
                response,
                Problem.of(
                                HttpStatus.TOO_MANY_REQUESTS,
                                "%s sends more than %d requests a second (drover.security.limits.requests-per-second); send it again later"
                                        .formatted(caller, perSecond))
                        .retryAfter(Duration.ofSeconds(1)));
    }

    /** Counts a request, unless it is one too many. */
    boolean takes(String caller) {
        long now = nanos.getAsLong();
        long one = SECOND / perSecond;
        AtomicLong until = sent.get(caller, name -> new AtomicLong(now));
        while (true) {
            long before = until.get();
            long after = Math.max(0, before - now) + one; // differences: nanoTime has any origin
            if (after > SECOND) {
                return false;
            }
            if (until.compareAndSet(before, now + after)) {
                return true;
            }
        }
    }
}
