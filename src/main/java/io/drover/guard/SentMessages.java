package io.drover.guard;

import io.drover.guard.Failure.Kind;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** What the steps of one try have sent. Thread-safe, because steps send in parallel branches. */
final class SentMessages {

    private final AtomicInteger effects = new AtomicInteger(); // without what surely had no effect
    private final Map<Exchange, Message> underWay = Collections.synchronizedMap(new IdentityHashMap<>(4));
    private volatile boolean unseen;
    private volatile boolean reached;
    private volatile @Nullable String unanswered;

    /** A message that a step sends. */
    private static final class Message {

        private final boolean several;
        private volatile boolean left;
        private volatile boolean taken;

        Message(boolean left, boolean several) {
            this.left = left;
            this.several = several;
        }

        /** Whether a failure that names no effect does not speak for all of it. */
        boolean mayHaveEffect() {
            return several || taken;
        }
    }

    /** Some step could send something that Camel does not tell. */
    void mayBeUnseen() {
        unseen = true;
    }

    /**
     * A step is about to send something.
     *
     * @param tells   whether its component tells when the message leaves this process, by {@link #leaves}
     * @param several whether it goes out in parts, the failure of one of which says nothing of the others
     */
    void begins(Exchange exchange, boolean tells, boolean several) {
        effects.incrementAndGet();
        underWay.put(exchange, new Message(!tells, several));
    }

    /** The message that a step is about to send leaves this process now. */
    void leaves(Exchange exchange) {
        Message message = underWay.get(exchange);
        if (message != null) {
            message.left = true;
        }
    }

    /** The other side took the message, and sent the caller elsewhere for the answer: what fails there is no refusal. */
    void isTaken(Exchange exchange) {
        Message message = underWay.get(exchange);
        if (message != null) {
            message.taken = true;
        }
    }

    /**
     * A step has sent it, or failed to.
     *
     * @param thrown why it failed, or null
     */
    void ended(Exchange exchange, @Nullable Exception thrown) {
        Message message = underWay.remove(exchange);
        boolean mayHaveEffect = message != null && message.mayHaveEffect();
        if (thrown == null || mayHaveEffect || !FailureClassifier.isBeforeSending(thrown)) {
            reached = true;
        }
        if (thrown == null || message == null) {
            return;
        }
        Failure failed = FailureClassifier.of(thrown);
        if (!mayHaveEffect && (failed.surelyDidNotHappen() || !message.left)) {
            effects.decrementAndGet();
        } else if (unanswered == null) {
            unanswered = failed.summary();
        }
    }

    /** How the exception that ended the try is to be read. It tells of one step only, so what others have sent counts too. */
    Failure read(Throwable thrown, boolean readOnly) {
        Failure failure = FailureClassifier.of(thrown);
        return switch (failure.kind()) {
            case UNKNOWN ->
                surelyNone() && !leavesStepsBehind(thrown)
                        ? new Failure(Kind.NOT_HAPPENED, failure.summary(), thrown, null)
                        : failure;
            case NOT_HAPPENED, REJECTED, THROTTLED, BREAKER_OPEN ->
                effects.get() > 0 && !readOnly
                        ? new Failure(
                                Kind.UNKNOWN,
                                failure.summary() + "; but what the tool sent before may have taken effect",
                                thrown,
                                null)
                        : failure;
            default -> failure;
        };
    }

    /** Whether no message has reached the other side; @param cause what ended the steps, or null. */
    boolean sentNothing(@Nullable Throwable cause) {
        return !reached && cause != null && FailureClassifier.isBeforeSending(cause);
    }

    private boolean surelyNone() {
        return effects.get() == 0 && !unseen;
    }

    /** Whether the steps may go on although the call has ended. */
    private static boolean leavesStepsBehind(Throwable thrown) {
        return thrown instanceof TimeoutException || thrown instanceof InterruptedException;
    }

    /** Why the first message without an answer has none, or null where there is no such message. */
    @Nullable
    String unanswered() {
        return unanswered;
    }
}
