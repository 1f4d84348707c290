package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.Try.Settlement.Returned;
import io.drover.tool.ToolOutcome.Origin;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.jspecify.annotations.Nullable;

/**
 * One try of a call: one exchange through the tool's route. It is settled once, by the result or by the failure,
 * whichever comes first; what comes second is late.
 */
public final class Try {

    private static final String PROPERTY = "DroverTry";

    /** How a try came out. */
    sealed interface Settlement {

        /** There is a result. */
        record Returned(@Nullable Object value, String document, Origin origin) implements Settlement {}

        /** They did not, or not in time. */
        record Broke(Failure failure) implements Settlement {}
    }

    final GuardedCall call;
    private final AtomicReference<@Nullable Settlement> settlement = new AtomicReference<>();

    private volatile @Nullable Exchange steps;
    private @Nullable Failure failure;

    Try(GuardedCall call) {
        this.call = call;
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

    /** The author's steps begin, on this exchange. */
    void entered(Exchange exchange) {
        steps = exchange;
    }

    /** How the exception that ended this try is to be read. */
    Failure read(Throwable thrown) {
        Failure failure = Failures.of(thrown);
        // Camel notes the endpoint just before it sends to it; before that a step can only have failed here.
        boolean nothingSent = steps != null && steps.getProperty(ExchangePropertyKey.TO_ENDPOINT) == null;
        return failure.kind() == Failure.Kind.UNKNOWN && nothingSent && !(thrown instanceof TimeoutException)
                ? new Failure(Failure.Kind.NOT_HAPPENED, failure.summary(), thrown, null)
                : failure;
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
        return call.context;
    }

    /** What the caller gave beside the arguments, or null. */
    public @Nullable Object payload() {
        return call.request.payload();
    }

    /** Puts this try on the exchange that carries it. */
    public void bindTo(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
    }

    /** The try that an exchange carries through the guard. */
    public static Try of(Exchange exchange) {
        Try found = exchange.getProperty(PROPERTY, Try.class);
        if (found == null) {
            throw new IllegalStateException(
                    "an exchange reached the guard of %s without a call: call tools by to: tool:<name> only"
                            .formatted(exchange.getFromRouteId()));
        }
        return found;
    }
}
