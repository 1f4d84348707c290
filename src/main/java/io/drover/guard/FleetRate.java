package io.drover.guard;

import io.drover.tool.Rate;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.apache.camel.Exchange;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.apache.camel.support.ExpressionAdapter;
import org.jspecify.annotations.Nullable;

/**
 * This worker's share of a tool's rate; it follows when workers come or go.
 *
 * <p>Camel's throttler, which asks for its limit before each call, draws and counts; a call beyond the share is
 * rejected here. The throttler itself would block every caller until it has got back the permits that a smaller share
 * takes away (an hour, for {@code 5000/1h}), and hand out the permits of a larger one all together. It is given twice
 * the rate, because it counts each call a moment later, and would reject the next one that comes just in time.
 */
final class FleetRate extends ExpressionAdapter {

    /** A newcomer's first calls come one after the other over the period, but over no more than this. */
    private static final Duration BEGINNING = Duration.ofSeconds(10);

    private final Rate rate;
    private final ToIntFunction<Duration> sharing;
    private final LongSupplier nanoTime;
    private final DoubleSupplier random;
    private final long[] latest; // times of the last calls, in a ring
    private long made;
    private int booked; // callers that wait here for the calls that the share allows next
    private long nextBooked;
    private long nextSlot;
    private boolean hadNoShare;

    /** @param sharing {@link io.drover.journal.Fleet#sharing} */
    FleetRate(Rate rate, ToIntFunction<Duration> sharing) {
        this(rate, sharing, System::nanoTime, () -> ThreadLocalRandom.current().nextDouble());
    }

    FleetRate(Rate rate, ToIntFunction<Duration> sharing, LongSupplier nanoTime, DoubleSupplier random) {
        this.rate = rate;
        this.sharing = sharing;
        this.nanoTime = nanoTime;
        this.random = random;
        this.latest = new long[rate.calls()];
        this.nextBooked = nanoTime.getAsLong();
        this.nextSlot = nextBooked;
    }

    boolean is(Rate other) {
        return rate.equals(other);
    }

    @Override
    public Object evaluate(Exchange exchange) {
        GuardedCall call = Try.of(exchange).call();
        boolean isBooked = call.booking().isOf(this);
        if (!take(isBooked)) {
            throw new ThrottlerRejectedExecutionException("this worker's share of " + rate + " is spent");
        }
        if (isBooked) {
            call.booking().used();
        }
        return 2 * rate.calls();
    }

    /**
     * Takes one call of the share, unless it is spent.
     *
     * @param isBooked whether the caller waited here for its call, which is no longer booked once it is taken; others must leave what is
     *                 booked
     */
    synchronized boolean take(boolean isBooked) {
        long now = nanoTime.getAsLong();
        Long free = freeAt(isBooked ? 0 : booked, now);
        if (free == null || free - now > 0) {
            return false;
        }
        // A booked call counts from when it was free, so that the moments it takes to come do not add up; but from no
        // earlier than a tenth of the period, so that no period has more than a tenth too many.
        long late = isBooked ? Math.min(now - free, rate.period().toNanos() / 10) : 0;
        latest[index(made++)] = now - late;
        if (isBooked) {
            booked--;
        }
        return true;
    }

    /**
     * Books a call that the share will allow soon, for a caller that waits for it here. So a worker has callers at hand whenever a call
     * becomes free, and uses its share up. They come one after the other, even where calls become free together.
     *
     * @return how long to wait; null when nothing is left within that time
     */
    synchronized @Nullable Duration book(Duration within) {
        long now = nanoTime.getAsLong();
        Long free = freeAt(booked, now);
        if (free == null) {
            return null;
        }
        long slot = Math.max(free - now, nextBooked - now);
        if (slot > within.toNanos()) {
            return null;
        }
        booked++;
        nextBooked = now + Math.max(slot, 0) + distance();
        return Duration.ofNanos(Math.max(slot, 0));
    }

    /** The caller will not take the call that it had booked. */
    synchronized void unbook() {
        booked--;
    }

    /** When the call after that number of others is free; null if that is not known yet. */
    private @Nullable Long freeAt(int others, long now) {
        int workers = sharing.applyAsInt(rate.period());
        if (workers == 0) {
            hadNoShare = true;
            return null;
        }
        Rate share = rate.share(workers);
        if (hadNoShare) {
            hadNoShare = false;
            begin(share, now);
        }
        long before = made + others - share.calls(); // the call that has to be a period ago
        if (before >= made) {
            return null;
        }
        return before < 0 ? now : latest[index(before)] + share.period().toNanos();
    }

    /**
     * Spreads the first calls of a worker that tasks have waited for. Newcomers often come together, and would spend
     * all their shares in one moment: twenty workers, of whom each may make one call in two seconds of 10/1s, would
     * make twenty concurrently.
     */
    private void begin(Rate share, long now) {
        double over = Math.min(share.period().toNanos(), BEGINNING.toNanos());
        double offset = random.getAsDouble();
        for (int i = 0; i < share.calls(); i++) {
            long free = now + (long) ((i + offset) * over / share.calls());
            latest[index(made++)] = free - share.period().toNanos();
        }
    }

    /** When a call that found the rate spent, and nothing to book, should come back. */
    synchronized Duration nextSlot() {
        long now = nanoTime.getAsLong();
        nextSlot = Math.max(nextSlot - now, 0) + now + distance();
        return Duration.ofNanos(nextSlot - now);
    }

    /** Between callers that come one after the other. A quarter more come than the share has calls, so that none is left unused. */
    private long distance() {
        Rate share = rate.share(Math.max(1, sharing.applyAsInt(rate.period())));
        return share.period().toNanos() / share.calls() * 4 / 5;
    }

    private int index(long call) {
        return (int) (call % latest.length);
    }

    @Override
    public String toString() {
        return rate + " for the whole fleet";
    }
}
