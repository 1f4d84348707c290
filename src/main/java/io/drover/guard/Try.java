package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.Failure.Kind;
import io.drover.guard.Try.Settlement.Returned;
import io.drover.tool.ToolOutcome.Origin;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.SafeCopyProperty;
import org.jspecify.annotations.Nullable;

/**
 * One try of a call: one exchange through the tool's route. It is settled once, by the result or by the failure,
 * whichever comes first; what comes second is late.
 */
public final class Try implements SafeCopyProperty {

    private static final String PROPERTY = "DroverTry";

    /** How a try came out. */
    sealed interface Settlement {

        /** There is a result. */
        record Returned(@Nullable Object value, String document, Origin origin) implements Settlement {}

        /** They did not, or not in time. */
        record Broke(Failure failure) implements Settlement {}
    }

    final GuardedCall call;
    private final TaskContext context;
    private final AtomicInteger effects = new AtomicInteger(); // what the steps sent, without what surely had no effect
    private final AtomicReference<@Nullable Settlement> settlement = new AtomicReference<>();

    private volatile @Nullable Thread runs;
    private volatile boolean sendsUnseen;
    private @Nullable Failure failure;

    Try(GuardedCall call) {
        this.call = call;
        this.context = call.context.within(call.address);
    }

    /** Settles this try unless it is settled, and returns how it is settled. */
    Settlement settle(Settlement how) {
        Settlement before = settlement.compareAndExchange(null, how);
        return before == null ? how : before;
    }

    /** The result, or null when there is none yet, or none will be. */
    @Nullable
    Returned result() {
        return settlement.get() instanceof Returned returned ? returned : null;
    }

    /**
     * The author's steps begin, on this thread.
     *
     * @param sendsUnseen whether some of them could send something that Camel does not tell
     */
    void entered(boolean sendsUnseen) {
        this.sendsUnseen = sendsUnseen;
        this.runs = Thread.currentThread();
    }

    /** A step is about to send something. */
    void sends() {
        effects.incrementAndGet();
    }

    /** What a step was about to send has failed. */
    void failedToSend(Throwable thrown) {
        if (Failures.of(thrown).surelyDidNotHappen()) {
            effects.decrementAndGet();
        }
    }

    /** Whether the author's steps have ended, or end within this time. After a timeout they go on. */
    boolean endsWithin(Duration patience) throws InterruptedException {
        Thread thread = runs;
        return thread == null || thread == Thread.currentThread() || thread.join(patience);
    }

    /** How the exception that ended this try is to be read. An exception tells of one step only, so what others have sent counts too. */
    Failure read(Throwable thrown) {
        Failure failure = Failures.of(thrown);
        return switch (failure.kind()) {
            case UNKNOWN ->
                nothingSent() && !leavesStepsBehind(thrown)
                        ? new Failure(Kind.NOT_HAPPENED, failure.summary(), thrown, null)
                        : failure;
            case NOT_HAPPENED, REJECTED ->
                effects.get() > 0 && !call.tool.spec().readOnly()
                        ? new Failure(
                                Kind.UNKNOWN,
                                failure.summary() + "; but another step of the tool has sent something",
                                thrown,
                                null)
                        : failure;
            default -> failure;
        };
    }

    private boolean nothingSent() {
        return runs == null || effects.get() == 0 && !sendsUnseen;
    }

    /** Whether the steps may go on although the call has ended. */
    private static boolean leavesStepsBehind(Throwable thrown) {
        return thrown instanceof TimeoutException || thrown instanceof InterruptedException;
    }

    /** To be called when the exchange has come out of the guard. */
    public void ended(Exchange exchange) {
        if (call.outcome == null) {
            Exception thrown = exchange.getException();
            failure = thrown == null
                    ? new Failure(Failure.Kind.UNKNOWN, "the tool's steps ended without a result", null, null)
                    : read(thrown);
        }
    }

    /** Why the call's outcome is not known, or null. */
    @Nullable
    Failure failure() {
        return failure;
    }

    /** The arguments of the call, valid against the tool's schema. */
    public JsonNode arguments() {
        return call.request.arguments();
    }

    /** The same for every try of the call, in every attempt and process. */
    public UUID idempotencyKey() {
        return call.address;
    }

    /** In whose name it is made. */
    public TaskContext context() {
        return context;
    }

    /** What the caller gave beside the arguments, or null. */
    public @Nullable Object payload() {
        return call.request.payload();
    }

    @Override
    public Try safeCopy() {
        return this;
    }

    /** Puts this try on the exchange that carries it; no step takes it away. */
    public void bindTo(Exchange exchange) {
        exchange.getExchangeExtension().setSafeCopyProperty(PROPERTY, this);
    }

    /** The try in whose steps an exchange is, or null. */
    static @Nullable Try find(Exchange exchange) {
        return exchange.getExchangeExtension().getSafeCopyProperty(PROPERTY, Try.class);
    }

    /** The try that an exchange carries through the guard. */
    public static Try of(Exchange exchange) {
        Try found = find(exchange);
        if (found == null) {
            throw new IllegalStateException(
                    "an exchange reached the guard of %s without a call: call tools by to: tool:<name> only"
                            .formatted(exchange.getFromRouteId()));
        }
        return found;
    }
}
