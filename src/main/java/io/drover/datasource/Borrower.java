package io.drover.datasource;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** For whom a connection is taken out of a pool. */
public interface Borrower {

    /** By this name its connections are counted, as in {@code tool:charge}. */
    String name();

    /** How long its statements may still take, or null for no limit. */
    @Nullable
    Duration left();
}
