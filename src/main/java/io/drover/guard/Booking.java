package io.drover.guard;

import org.jspecify.annotations.Nullable;

/** The call of a tool's rate that is kept for a caller which waits for it, if there is one. */
final class Booking {

    private @Nullable FleetRate rate;

    /** A call of this rate is kept. */
    void made(FleetRate of) {
        rate = of;
    }

    /** Whether a call of this rate is kept. */
    boolean isOf(FleetRate other) {
        return rate == other;
    }

    /** It was taken. */
    void used() {
        rate = null;
    }

    /** It is not needed any more, and free for others. */
    void giveBack() {
        if (rate != null) {
            rate.unbook();
            rate = null;
        }
    }
}
