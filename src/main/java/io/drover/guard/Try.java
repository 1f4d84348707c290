package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.Failure.Kind;
import io.drover.guard.Try.Settlement.Returned;
import io.drover.tool.ToolOutcome.Origin;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
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

    /** How long the steps of a call in doubt go on after its timeout: a late answer helps who decides about it. */
    private static final Duration LATE = Duration.ofSeconds(5);

    /** How long a step may take to end after it was cancelled, before its connection is closed. */
    private static final Duration CANCEL = Duration.ofSeconds(1);

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

    private final Map<Exchange, Thread> senders = new IdentityHashMap<>();
    private final Set<Runnable> cancels = ConcurrentHashMap.newKeySet();

    private volatile @Nullable Thread runs;
    private volatile boolean cut;
    private volatile boolean sendsUnseen;
    private volatile @Nullable String unanswered; // what may have taken effect without an answer
    private volatile boolean refused;
    private @Nullable Failure failure;

    Try(GuardedCall call) {
        this.call = call;
        this.context = call.context.within(call.address);
    }

    /** Settles this try unless it is settled, and returns how it is settled. */
    Settlement settle(Settlement how) {
        Settlement before = settlement.compareAndExchange(null, how);
        if (before == null && how instanceof Settlement.Broke) {
            cutWhatGoesOn();
        }
        return before == null ? how : before;
    }

    /** After a timeout the steps go on: what is called again is cut immediately, anything else a little later. */
    private void cutWhatGoesOn() {
        Thread thread = runs;
        if (thread == null || thread == Thread.currentThread() || !thread.isAlive()) {
            return;
        }
        boolean soon = call.tool.spec().isRepeatable() && !call.attempt().hasEnded();
        Duration patience = soon ? Duration.ZERO : LATE;
        Thread.ofVirtual().name("cut").start(() -> {
            try {
                if (!thread.join(patience)) {
                    cut(thread);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Interrupts all that the steps do. A virtual thread that is interrupted while it reads or writes closes its socket. */
    private void cut(Thread thread) throws InterruptedException {
        cut = true;
        if (!cancels.isEmpty()) {
            cancels.forEach(Runnable::run);
            if (thread.join(CANCEL)) {
                return;
            }
        }
        synchronized (senders) {
            thread.interrupt();
            senders.values().forEach(Thread::interrupt);
        }
    }

    /** What has the other side stop what it does for a step, while the step waits for it. */
    void cancelBy(Runnable cancel) {
        cancels.add(cancel);
    }

    /** The step does not wait any more. */
    void cancelNoMore(Runnable cancel) {
        cancels.remove(cancel);
    }

    /** Whether nobody waits for what the steps do any more. */
    boolean isCut() {
        return cut;
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

    /** A step of a route that the steps call, or of a fallback, could send something that Camel does not tell. */
    void runsCode() {
        sendsUnseen = true;
    }

    /** A step is about to send something, on this thread. */
    void sends(Exchange exchange) {
        effects.incrementAndGet();
        synchronized (senders) {
            senders.put(exchange, Thread.currentThread());
        }
    }

    /** A step has sent it, or failed to. */
    void sent(Exchange exchange) {
        synchronized (senders) {
            senders.remove(exchange);
            if (cut && Thread.currentThread() != runs) {
                Thread.interrupted(); // it goes on to do something else
            }
        }
        Exception thrown = exchange.getException();
        if (thrown == null) {
            return;
        }
        Failure failed = FailureClassifier.of(thrown);
        if (failed.surelyDidNotHappen()) {
            effects.decrementAndGet();
        } else if (unanswered == null) {
            unanswered = failed.summary();
        }
    }

    /** Why this try may not send what it is about to send, or null. Once it may not, it has no result any more. */
    @Nullable
    Exception refusalToSend() {
        String why = unanswered;
        if (why == null || call.tool.spec().isRepeatable()) {
            return null;
        }
        refused = true;
        UnansweredException refusal = new UnansweredException(call.tool.spec().name(), why);
        settle(new Settlement.Broke(new Failure(Kind.UNKNOWN, String.valueOf(refusal.getMessage()), refusal, null)));
        return refusal;
    }

    /** Why a result of the steps does not count, if it does not. */
    String whyLate() {
        String over = call.attempt().over();
        return over != null
                ? over
                : refused
                        ? "a message of the tool had no answer, and a step tried to send again"
                        : "it came after the timeout";
    }

    /** Whether the author's steps have ended, or end within this time. After a timeout they go on. */
    boolean endsWithin(Duration patience) throws InterruptedException {
        Thread thread = runs;
        return thread == null || thread == Thread.currentThread() || thread.join(patience);
    }

    /** How the exception that ended this try is to be read. An exception tells of one step only, so what others have sent counts too. */
    Failure read(Throwable thrown) {
        Failure failure = FailureClassifier.of(thrown);
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
            Exception thrown = exchange.getException(); // perhaps of steps that were cut after the try was settled
            failure = settlement.get() instanceof Settlement.Broke broke
                    ? broke.failure()
                    : thrown == null
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
        exchange.setProperty(PROPERTY, this);
        exchange.getExchangeExtension().setSafeCopyProperty(PROPERTY, this); // removeProperties does not reach it
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
