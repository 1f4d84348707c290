package io.drover.guard;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Runs the steps of a tool on a thread of their own, with the log context (MDC) of their caller, and has the caller wait.
 * The caller waits for the end of the steps, for the tool's timeout at most, and need not wait for them again.
 */
final class StepsExecutor extends AbstractExecutorService {

    private static final Thread.Builder.OfVirtual THREADS = Thread.ofVirtual().name("tool-", 0);

    private final Deadlines deadlines;
    private final Duration timeout;

    StepsExecutor(Deadlines deadlines, Duration timeout) {
        this.deadlines = deadlines;
        this.timeout = timeout;
    }

    @Override
    public void execute(Runnable steps) {
        Map<String, String> context = MDC.getCopyOfContextMap();
        Deadlines.Wait wait = deadlines.begin(timeout);
        THREADS.start(() -> {
            set(context);
            try {
                steps.run();
            } finally {
                MDC.clear();
                wait.end();
            }
        });
        if (wait.isTooLong()) {
            throw StepsExecutor.<RuntimeException>unchecked(
                    new TimeoutException("no end within %d ms".formatted(timeout.toMillis())));
        }
    }

    /** Camel knows a timeout by the type of its exception, which an executor may not declare. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException unchecked(Throwable failure) throws T {
        throw (T) failure;
    }

    private static void set(@Nullable Map<String, String> context) {
        if (context != null) {
            MDC.setContextMap(context);
        }
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }
}
