package io.drover.guard;

import io.drover.tool.Rate;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.apache.camel.Exchange;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.apache.camel.support.ExpressionAdapter;

/**
 * This worker's share of a tool's rate; it follows when workers come or go.
 *
 * <p>Camel's throttler, which asks for its limit before each call, is given the whole rate and so draws and counts; a call beyond the
 * share is rejected here. The throttler itself would block every caller until it has got back the permits that a smaller share takes
 * away (an hour, for {@code 5000/1h}), and hand out the permits of a larger one at once.
 */
final class FleetRate extends ExpressionAdapter {

    private final Rate rate;
    private final ToIntFunction<Duration> sharing;
    private final LongSupplier nanoTime;
    private final long[] latest; // times of the last calls, in a ring
    private long made;
    private long nextSlot;

    /** @param sharing {@link io.drover.journal.Fleet#sharing} */
    FleetRate(Rate rate, ToIntFunction<Duration> sharing) {
        this(rate, sharing, System::nanoTime);
    }

    FleetRate(Rate rate, ToIntFunction<Duration> sharing, LongSupplier nanoTime) {
        this.rate = rate;
        this.sharing = sharing;
        this.nanoTime = nanoTime;
        this.latest = new long[rate.calls()];
        this.nextSlot = nanoTime.getAsLong();
    }

    boolean is(Rate other) {
        return rate.equals(other);
    }

    @Override
    public Object evaluate(Exchange exchange) {
        if (!take()) {
            throw new ThrottlerRejectedExecutionException("this worker's share of " + rate + " is spent");
        }
        return rate.calls();
    }

    /** Takes one call of the share, unless it is spent. */
    synchronized boolean take() {
        int workers = sharing.applyAsInt(rate.period());
        if (workers == 0) {
            return false;
        }
        Rate share = rate.share(workers);
        long now = nanoTime.getAsLong();
        if (made >= share.calls()
                && now - latest[index(made - share.calls())] < share.period().toNanos()) {
            return false;
        }
        latest[index(made++)] = now;
        return true;
    }

    private int index(long call) {
        return (int) (call % latest.length);
    }

    /**
     * When a call that found the rate spent should come back. Callers get slots one after the other, so that they do not all come back
     * at once; a quarter more slots than the rate has calls, because a slot that comes too early or to a worker that has spent its share
     * is lost.
     */
    synchronized Duration nextSlot() {
        Rate share = rate.share(Math.max(1, sharing.applyAsInt(rate.period())));
        long distance = share.period().toNanos() / share.calls() * 4 / 5;
        long now = nanoTime.getAsLong();
        nextSlot = Math.max(nextSlot - now, 0) + now + distance;
        return Duration.ofNanos(nextSlot - now);
    }

    @Override
    public String toString() {
        return rate + " for the whole fleet";
    }
}
