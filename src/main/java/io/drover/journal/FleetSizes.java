package io.drover.journal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How many workers there were lately, as the heartbeats of this one told. Rates are divided by it, so it must never be too small: not
 * while others do not know of this worker yet, and not as long as the calls of one that left still count.
 */
final class FleetSizes {

    /** How far back it is known. A newcomer waits no longer than this for its share, however long a rate's period is. */
    private static final Duration MEMORY = Duration.ofSeconds(10);

    /** @param workers 0 for a time in which this worker had no share */
    private record Told(long nanos, int workers) {}

    private volatile int now = 1;
    private volatile boolean known = true;
    private volatile List<Told> history = List.of();

    /** This worker comes to others that do not know of it. */
    synchronized void joining() {
        known = false;
        history = List.of();
    }

    /** A heartbeat has counted this number of workers. */
    synchronized void told(long nanos, int workers, boolean knownByAll) {
        boolean first = history.isEmpty();
        now = workers;
        known = knownByAll;
        if (first && workers == 1) {
            return; // alone from the start: nobody else's calls count
        }
        List<Told> next = new ArrayList<>(history);
        next.add(new Told(nanos, knownByAll ? workers : 0));
        while (next.size() > 1 && nanos - next.get(1).nanos > MEMORY.toNanos()) {
            next.removeFirst();
        }
        history = List.copyOf(next);
    }

    int now() {
        return now;
    }

    boolean isKnown() {
        return known;
    }

    /** The most workers in the last so long; 0 when this worker had no share for a part of it. */
    int most(long nanos, Duration within) {
        long begin = nanos - Math.min(within.toNanos(), MEMORY.toNanos());
        List<Told> all = history;
        int most = 0;
        for (int i = all.size() - 1; i >= 0; i--) {
            Told told = all.get(i);
            if (told.workers == 0) {
                return 0;
            }
            most = Math.max(most, told.workers);
            if (told.nanos - begin <= 0) {
                return most; // what was told before was over by then
            }
        }
        return most == 0 && known ? now : most;
    }
}
