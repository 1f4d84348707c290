package io.drover.guard;

import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** What this thread is sending now: an HTTP client does not tell for whom it sends. */
final class Sending {

    private static final ThreadLocal<@Nullable Exchange> NOW = new ThreadLocal<>();

    private Sending() {}

    static void begin(Exchange exchange) {
        NOW.set(exchange);
    }

    static void end() {
        NOW.remove();
    }

    /** The exchange whose message this thread is sending, or null. */
    static @Nullable Exchange now() {
        return NOW.get();
    }
}
