package io.drover.intake;

import io.drover.problem.Problem;
import io.drover.problem.Refusal;
import io.drover.task.IntakeFullException;
import io.drover.task.InvalidTaskException;
import io.drover.task.TaskProblems;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.StreamCacheException;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client is told when a hook's request failed. */
final class HookFailures {

    private static final Logger LOG = LoggerFactory.getLogger(HttpHook.class); // an operator looks for the hook

    private HookFailures() {}

    /** Why the request failed, or null if it did not. */
    static @Nullable Problem problem(Route route, Exchange exchange) {
        Throwable cause = cause(exchange.getException());
        if (cause == null) {
            return null;
        }
        for (Throwable t : ObjectHelper.createExceptionIterable(cause)) {
            if (t instanceof Refusal refusal) {
                return refusal.problem();
            }
        }
        InvalidTaskException invalid = ObjectHelper.getException(InvalidTaskException.class, cause);
        if (invalid != null) {
            return TaskProblems.of(invalid);
        }
        IntakeFullException full = ObjectHelper.getException(IntakeFullException.class, cause);
        if (full != null) {
            return TaskProblems.intakeFull(full);
        }
        if (cause instanceof StreamCacheException) { // broken off, or not in its encoding
            return TaskProblems.notText();
        }
        if (cause instanceof TimeoutException) {
            return TaskProblems.unconfirmed("it may still be stored; a hook with a key makes one task of both");
        }
        if (cause instanceof IllegalStateException && isStopping(route)) { // it came in while the steps were stopped
            return HookMappings.stopped();
        }
        if (!exchange.getExchangeExtension().isRedeliveryExhausted()) { // else the route's error handler has logged it
            LOG.error("a hook's request failed", cause);
        }
        return Problem.internal();
    }

    private static boolean isStopping(Route route) {
        ServiceStatus status = route.getCamelContext().getRouteController().getRouteStatus(route.getId());
        return status == null || !status.isStarted();
    }

    private static @Nullable Throwable cause(@Nullable Exception thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
