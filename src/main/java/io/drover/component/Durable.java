package io.drover.component;

import io.drover.intake.HttpHook;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;

/** Waits until something is durable. */
final class Durable {

    private static final long HOOK_PATIENCE_SECONDS = 5;

    private Durable() {}

    /** Waits without a limit, unless a client is waiting too. */
    static <T> T join(Exchange exchange, CompletableFuture<T> durable) {
        return HttpHook.isBehind(exchange)
                ? durable.copy()
                        .orTimeout(HOOK_PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .join()
                : durable.join();
    }
}
