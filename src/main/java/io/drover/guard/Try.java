package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.Failure.Kind;
import io.drover.guard.Settlement.Broke;
import io.drover.guard.Settlement.Returned;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.SafeCopyProperty;
import org.jspecify.annotations.Nullable;

/**
 * One try of a call: one exchange through the tool's route. It is settled once, by the result or by the failure,
 * whichever comes first; what comes second is late.
 */
final class Try implements DispatchedCall, SafeCopyProperty {

    private static final String PROPERTY = "DroverTry";

    /** How long the steps of a call in doubt go on after its timeout: a late answer helps who decides about it. */
    private static final Duration LATE = Duration.ofSeconds(5);

    /** What the other side is told to stop a little before the timeout has an outcome: then it is no question. */
    private static final Duration BEFORE_TIMEOUT = Duration.ofMillis(200);

    /** The steps of each try have a thread of their own, which ends with them. */
    private static final ThreadLocal<@Nullable Try> HERE = new ThreadLocal<>();

    private final GuardedCall call;
    private final TaskContext context;
    private final SentMessages messages = new SentMessages();
    private final RunningSteps steps = new RunningSteps();
    private final AtomicReference<@Nullable Settlement> settlement = new AtomicReference<>();

    private volatile boolean refused;
    private volatile boolean inSteps;
    private volatile boolean trial;
    private volatile long entered = System.nanoTime();
    private @Nullable Failure failure;

    Try(GuardedCall call) {
        this.call = call;
        this.context = call.identity().context().within(call.identity().address());
    }

    GuardedCall call() {
        return call;
    }

    RunningSteps steps() {
        return steps;
    }

    /** Settles this try unless it is settled, and returns how it is settled. */
    Settlement settle(Settlement how) {
        Settlement before = settlement.compareAndExchange(null, how);
        if (before == null && how instanceof Broke) {
            // what is called again is cut immediately, anything else a little later
            boolean soon = call.spec().isRepeatable() && !call.attempt().hasEnded();
            steps.cutAfter(soon ? Duration.ZERO : LATE);
        }
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
        entered = System.nanoTime();
        inSteps = true;
        HERE.set(this);
        if (sendsUnseen) {
            messages.mayBeUnseen();
        }
        trial = call.identity().tool().breaker().getState() == CircuitBreaker.State.HALF_OPEN;
        steps.begin();
    }

    /** Whether a breaker that was open let it through to find out whether calls succeed again. */
    boolean isTrial() {
        return trial;
    }

    /** Whether the author's steps have begun. */
    boolean hasEntered() {
        return inSteps;
    }

    /** Whether something may have reached the other side; steps that send nothing count as sent. */
    boolean hasSent() {
        return inSteps && (failure == null || !messages.sentNothing(failure.cause()));
    }

    /** How long a statement may take that begins now, so that its end is known when the timeout is over. */
    Duration left() {
        Duration timeout = call.spec().timeout();
        Duration margin = timeout.dividedBy(10);
        return timeout.minusNanos(System.nanoTime() - entered)
                .minus(margin.compareTo(BEFORE_TIMEOUT) < 0 ? margin : BEFORE_TIMEOUT);
    }

    /** The try whose steps run on this thread, or null. */
    static @Nullable Try onThisThread() {
        return HERE.get();
    }

    /** A step of a route that the steps call, or of a fallback, could send something that Camel does not tell. */
    void runsCode() {
        messages.mayBeUnseen();
    }

    /**
     * A step is about to send something, on this thread.
     *
     * @param tells   whether its component tells by {@link #leaves} when it does
     * @param several whether it goes out in parts
     */
    void sends(Exchange exchange, boolean tells, boolean several) {
        messages.begins(exchange, tells, several);
        steps.sends(exchange);
    }

    /** What a step sends leaves this process now. */
    void leaves(Exchange exchange) {
        messages.leaves(exchange);
    }

    /** The other side took what a step sends, and its answer is elsewhere. */
    void isTaken(Exchange exchange) {
        messages.isTaken(exchange);
    }

    /** A step has sent it, or failed to. */
    void sent(Exchange exchange) {
        steps.sent(exchange);
        messages.ended(exchange, exchange.getException());
    }

    /** Why this try may not send what it is about to send, or null. Once it may not, it has no result any more. */
    @Nullable
    Exception refusalToSend() {
        String why = messages.unanswered();
        if (why == null || call.spec().isRepeatable()) {
            return null;
        }
        refused = true;
        UnansweredException refusal = new UnansweredException(call.spec().name(), why);
        settle(new Broke(new Failure(Kind.UNKNOWN, String.valueOf(refusal.getMessage()), refusal, null)));
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

    /**
     * How the end of the guarded block is to be read.
     *
     * @param thrown what ended it, or null when the steps came to their end
     */
    Failure read(@Nullable Throwable thrown) {
        return thrown == null
                ? new Failure(Kind.UNKNOWN, "the tool's steps ended without a result", null, null)
                : messages.read(thrown, call.spec().readOnly());
    }

    @Override
    public void ended(Exchange exchange) {
        if (!call.isAnswered()) {
            failure = settlement.get() instanceof Broke broke
                    ? broke.failure()
                    : read(exchange.getException()); // perhaps of steps that were cut after the try was settled
        }
    }

    /** Why the call's outcome is not known, or null. */
    @Nullable
    Failure failure() {
        return failure;
    }

    @Override
    public JsonNode arguments() {
        return call.identity().arguments();
    }

    @Override
    public UUID idempotencyKey() {
        return call.identity().address();
    }

    @Override
    public TaskContext context() {
        return context;
    }

    @Override
    public @Nullable Object payload() {
        return call.identity().request().payload();
    }

    @Override
    public Try safeCopy() {
        return this;
    }

    @Override
    public void bindTo(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
        exchange.getExchangeExtension().setSafeCopyProperty(PROPERTY, this); // removeProperties does not reach it
    }

    /** The try in whose steps an exchange is, or null. */
    static @Nullable Try find(Exchange exchange) {
        return exchange.getExchangeExtension().getSafeCopyProperty(PROPERTY, Try.class);
    }

    /** The try that an exchange carries through the guard. */
    static Try of(Exchange exchange) {
        Try found = find(exchange);
        if (found == null) {
            throw new IllegalStateException(
                    "an exchange reached the guard of %s without a call; call tools only by to: tool:<name>"
                            .formatted(exchange.getFromRouteId()));
        }
        return found;
    }
}
