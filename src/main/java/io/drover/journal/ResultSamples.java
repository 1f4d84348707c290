package io.drover.journal;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a tool's calls returned lately: what a person's result of a call is compared with. */
public interface ResultSamples {

    /** The maximum number of results that are compared with. */
    int MOST = 20;

    /**
     * The recorded results of a tool's latest successful calls, the newest first: JSON documents, at most {@link #MOST}.
     * A fallback's results and those that a person gave are left out. Calls of the same task or workflow come before
     * those of others. Empty if none is found among the latest tasks, or not in time.
     *
     * @param task     whose call it is, or null for any
     * @param workflow of the task, or null for any
     */
    List<String> latest(String tool, @Nullable UUID task, @Nullable String workflow);
}
