package io.drover.guard;

import io.drover.journal.Fleet;
import io.drover.tool.Rate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.support.ExpressionAdapter;

/** This worker's share of a tool's rate; it follows when workers come or go. */
final class FleetRate extends ExpressionAdapter {

    private final Rate rate;
    private final Fleet fleet;
    private final AtomicLong nextSlot = new AtomicLong();

    FleetRate(Rate rate, Fleet fleet) {
        this.rate = rate;
        this.fleet = fleet;
    }

    boolean is(Rate other) {
        return rate.equals(other);
    }

    @Override
    public Object evaluate(Exchange exchange) {
        return rate.share(fleet.size());
    }

    /**
     * When a call that found the rate spent should come back. Callers get slots one after the other, at the distance of
     * the rate, so that they do not all come back at once.
     */
    Duration nextSlot(long nowNanos) {
        long distance = rate.period().toNanos() / rate.share(fleet.size());
        long slot = nextSlot.accumulateAndGet(nowNanos, (next, now) -> Math.max(next, now) + distance);
        return Duration.ofNanos(slot - nowNanos);
    }

    @Override
    public String toString() {
        return rate + " for the whole fleet";
    }
}
