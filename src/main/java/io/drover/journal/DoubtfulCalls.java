package io.drover.journal;

import io.drover.journal.TaskDecisions.Resolution;
import io.drover.who.Actor;
import io.drover.who.Payload;
import io.drover.who.Workflows;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The calls in doubt that tasks wait for, as a whole: a restored database may have a thousand of them. */
public interface DoubtfulCalls {

    /** The maximum number that one decision settles. */
    int MOST = 1_000;

    /** Matching calls are counted up to here. */
    int MOST_COUNTED = 10_000;

    /**
     * Selects the calls that match all fields.
     *
     * @param tool     null for any
     * @param workflow of their tasks, or null for any
     * @param since    null, or only those that began then or later
     * @param until    null, or only those that began then or earlier
     * @param allowed  only those of tasks of these workflows
     */
    record Filter(
            @Nullable String tool,
            @Nullable String workflow,
            @Nullable Instant since,
            @Nullable Instant until,
            Workflows allowed) {

        /** Of all workflows. */
        public Filter(
                @Nullable String tool, @Nullable String workflow, @Nullable Instant since, @Nullable Instant until) {
            this(tool, workflow, since, until, Workflows.ALL);
        }
    }

    /**
     * A call in doubt.
     *
     * @param n       its number in its task
     * @param key     of the task
     * @param address the {@code Idempotency-Key} that it was made under
     */
    record Doubt(
            UUID task,
            int n,
            String tool,
            String workflow,
            @Nullable String key,
            UUID address,
            @Payload String reason,
            Instant startedAt) {}

    /**
     * What matches.
     *
     * @param count how many, up to {@link #MOST_COUNTED}
     * @param first the oldest of them
     */
    record Doubts(int count, List<Doubt> first) {}

    /** Looks at the oldest calls that match. */
    Doubts look(Filter filter, int limit);

    /**
     * Decides about all calls that match, as {@link TaskDecisions#resolve} does about one; or about none of them.
     *
     * @param expected how many were seen
     * @param result   a JSON document, for {@link Resolution#HAPPENED}; null counts as JSON null
     * @return how many match; they are settled if that is the expected number
     */
    int settle(Filter filter, int expected, Resolution resolution, @Nullable String result, Actor who);
}
