package io.drover.guard;

import java.util.Set;
import org.apache.hc.client5.http.impl.DefaultRedirectStrategy;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Follows redirects of requests that only read, where an endpoint says {@code followRedirects=true}, and 303, which is
 * followed by a GET. Any other request would be repeated elsewhere, or become a GET, without a word about it.
 */
final class SafeRedirects extends DefaultRedirectStrategy {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final int SEE_OTHER = 303;

    /** Whether the other side may have done what was asked, and says elsewhere what came of it. */
    static boolean wasTaken(HttpRequest request, HttpResponse answer) {
        return answer.getCode() == SEE_OTHER && !READING.contains(request.getMethod());
    }

    @Override
    public boolean isRedirected(HttpRequest request, HttpResponse answer, HttpContext context)
            throws ProtocolException {
        return super.isRedirected(request, answer, context)
                && (READING.contains(request.getMethod()) || answer.getCode() == SEE_OTHER);
    }
}
