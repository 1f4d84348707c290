package io.drover.guard;

import io.drover.guard.Failure.Kind;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What each tool's breaker saw fail last, so that a call that an open one refuses can say why it is open. */
final class BreakerCauses {

    private final Map<String, String> last = new ConcurrentHashMap<>();

    void watch(CircuitBreaker breaker) {
        breaker.getEventPublisher()
                .onError(failed -> last.put(
                        breaker.getName(),
                        FailureClassifier.of(failed.getThrowable()).summary()));
    }

    /** The same failure; of an open breaker with what opened it. */
    Failure explained(String tool, Failure failure) {
        if (failure.kind() != Kind.BREAKER_OPEN) {
            return failure;
        }
        String cause = last.get(tool);
        String summary = "the circuit breaker of tool:%s is open%s"
                .formatted(tool, cause == null ? "" : "; the last failure was: " + cause);
        return new Failure(failure.kind(), summary, failure.cause(), failure.retryAfter());
    }
}
