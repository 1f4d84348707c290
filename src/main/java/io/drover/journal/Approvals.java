package io.drover.journal;

import io.drover.who.Actor;
import io.drover.who.Workflows;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Requests for approvals, and the votes on them. */
public interface Approvals {

    /** What came of a vote. */
    sealed interface Verdict {

        /** It counts, or did before. @param decided whether it is the vote that decided */
        record Counted(Approval approval, boolean decided) implements Verdict {}

        /** There is no such request. */
        record Unknown() implements Verdict {}

        /** This person may not vote on it. */
        record NotAllowed(String why) implements Verdict {}

        /** It is decided, or closed, or this person said otherwise before. */
        record TooLate(String why) implements Verdict {}
    }

    /**
     * The open requests, the oldest first.
     *
     * @param after the number after which they begin, or 0
     */
    default List<Approval> open(@Nullable String tool, @Nullable String workflow, long after, int limit) {
        return open(tool, workflow, Workflows.ALL, after, limit);
    }

    /** The same. @param allowed only those of tasks of these workflows */
    List<Approval> open(@Nullable String tool, @Nullable String workflow, Workflows allowed, long after, int limit);

    /**
     * What waits.
     *
     * @param count  of the open requests
     * @param oldest how long the oldest has waited; zero where there is none
     */
    record Backlog(long count, Duration oldest) {}

    Backlog backlog();

    /** The requests of a task's calls, in the order in which they were made; at most 200. */
    List<Approval> of(UUID task);

    /** A request with this number, or null. */
    @Nullable
    Approval find(long id);

    /**
     * Counts the vote of a person; a person who votes the same again has voted once. One no ends the request, and so does
     * the last yes that it needs.
     */
    Verdict vote(long id, boolean approves, @Nullable String reason, Actor who);
}
