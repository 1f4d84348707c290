package io.drover.telemetry;

import java.time.Duration;

/** Looks at one thing that the process depends on. {@link Watch} repeats it on a thread of its own. */
interface Look {

    /** The name of its thread and of its failures, after {@code watch-}. */
    String what();

    /** The time between the end of a look and the next. */
    default Duration every() {
        return Duration.ofSeconds(5);
    }

    void look() throws Exception;
}
