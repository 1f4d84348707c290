package io.drover.journal;

import java.time.Duration;

/** Hears of decisions about calls, in the process in which they were made. */
@FunctionalInterface
public interface ApprovalListener {

    /** @param waited since people were asked */
    void decided(boolean approved, Duration waited);

    /** A tool is called because a call waits. @param occasion {@code reminder} or {@code escalation} */
    default void told(String occasion) {}
}
