package io.drover.datasource;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The tool or route that takes a connection out of a pool. */
public interface Borrower {

    /** The name under which its connections are counted, as in {@code tool:charge}. */
    String name();

    /** How long its statements may still take, or null for no limit. */
    @Nullable
    Duration left();
}
