package io.drover.journal;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What keeps the plans of the hot statements good. PostgreSQL keeps a plan for as long as it knows nothing new of a
 * table, and it learns once a minute. A plan made when the table was small reads the whole table, or the index of the
 * running tasks with all that is dead in it, while thousands of tasks arrive. A look at the primary key for each row is
 * what such a statement needs, whatever the table was once:
 *
 * <ul>
 *   <li>The rows of a statement stand under a {@code limit ?}. Where it is not known PostgreSQL takes a tenth of the rows,
 *       so one, and for one row no other way is cheaper.
 *   <li>{@link #RUNNING} hides from the choice of an index.
 *   <li>Sequential scans are off for our connections (application.yaml).
 * </ul>
 */
final class Plans {

    /** Whether the task {@code t} runs. No index is used for it. */
    static final String RUNNING = "t.status || '' = 'RUNNING'";

    /** Whether a task waits, and a result from outside makes it due: any of those that it waits for. */
    static final String WAITS_FOR_A_RESULT = Arrays.stream(WaitReason.values())
            .filter(WaitReason::endsByAResult)
            .map(reason -> "'" + reason + "'")
            .collect(Collectors.joining(", ", "status = 'WAITING' and wait_reason in (", ")"));

    private Plans() {}
}
