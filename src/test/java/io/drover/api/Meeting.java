package io.drover.api;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

/** Where two branches of a route wait for each other. */
public final class Meeting {

    private static final CyclicBarrier BOTH = new CyclicBarrier(2);

    public static void meet() throws Exception {
        BOTH.await(2, TimeUnit.MINUTES);
    }
}
