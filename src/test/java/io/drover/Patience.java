package io.drover;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * How long a test waits for what must happen, unless it says more: tests assert no timings, and a machine may be slow.
 * Registered in {@code META-INF/services}.
 */
public final class Patience implements TestExecutionListener {

    static final Duration LONG = Duration.ofMinutes(5);

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        set();
    }

    /** For what waits outside of tests. */
    public static void set() {
        Awaitility.setDefaultTimeout(LONG);
    }
}
