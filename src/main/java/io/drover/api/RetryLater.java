package io.drover.api;

import io.drover.task.IntakeFullException;
import io.drover.task.TaskProblems;
import java.time.Duration;
import org.springframework.http.HttpStatus;

/** Answers that ask the client to try again later. */
final class RetryLater {

    private RetryLater() {}

    static ProblemException database() {
        return ProblemException.of(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "database-away",
                        "the database does not answer; the change may or may not have been made: check, then try again")
                .retryAfter(Duration.ofSeconds(5));
    }

    /** The submission waits for the database, and may still succeed. */
    static ProblemException unconfirmed(boolean hasKey) {
        return ProblemException.of(TaskProblems.unconfirmed(
                hasKey
                        ? "send it again with the same Idempotency-Key: it will be one task"
                        : "it may still be stored; send an Idempotency-Key so that you can repeat it safely"));
    }

    /** The server answers before the routes are loaded, so an unknown workflow means nothing yet. */
    static ProblemException starting() {
        return ProblemException.of(
                        HttpStatus.SERVICE_UNAVAILABLE, "starting", "the routes are not loaded yet; send it again")
                .retryAfter(Duration.ofSeconds(1));
    }

    static ProblemException tooManyStreams(int most) {
        return ProblemException.of(
                        HttpStatus.TOO_MANY_REQUESTS,
                        "too-many-streams",
                        "%d clients follow tasks here (drover.events.max-streams); come back later, or ask for the task's state"
                                .formatted(most))
                .retryAfter(Duration.ofSeconds(5));
    }

    static ProblemException intakeFull(IntakeFullException full) {
        return ProblemException.of(TaskProblems.intakeFull(full));
    }

    static ProblemException backlogFull(int max) {
        return ProblemException.of(TaskProblems.backlogFull(max));
    }
}
