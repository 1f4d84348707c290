package io.drover.task;

import io.drover.problem.Problem;
import io.drover.problem.Problem.Part;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.HttpStatus;

/**
 * The answers to a client whose task is not accepted.
 * The API and a hook use the same words.
 */
public final class TaskProblems {

    private static final Duration AFTER_THE_DATABASE = Duration.ofSeconds(5);

    private TaskProblems() {}

    public static Problem of(InvalidTaskException refused) {
        String detail = String.valueOf(refused.getMessage());
        return switch (refused.reason()) {
            case UNKNOWN_WORKFLOW -> Problem.of(HttpStatus.NOT_FOUND, "unknown-workflow", detail);
            case TOO_LARGE -> Problem.of(HttpStatus.PAYLOAD_TOO_LARGE, "too-large", detail);
            case KEY_CONFLICT ->
                Problem.of(
                        HttpStatus.CONFLICT,
                        "key-conflict",
                        detail,
                        new Part(
                                "Idempotency-Key",
                                null,
                                "is taken by a task with another input",
                                "use a separate key for each task"));
            case SCHEMA ->
                new Problem(
                        HttpStatus.BAD_REQUEST,
                        "schema",
                        detail,
                        refused.problems().stream().map(TaskProblems::part).toList(),
                        null);
            case MALFORMED_INPUT -> bad("$", detail);
            case BAD_KEY -> bad("Idempotency-Key", detail);
            case BAD_NAME -> bad("name", detail);
            case BAD_PRIORITY -> bad("priority", detail);
            case BAD_MODE -> bad("mode", detail);
        };
    }

    /** The body of a request is not text. */
    public static Problem notText() {
        return Problem.of(
                HttpStatus.BAD_REQUEST,
                "bad-field",
                "body is not UTF-8; it must be a JSON document in UTF-8",
                new Part("body", null, "is not UTF-8", "a JSON document in UTF-8"));
    }

    /**
     * The body of a request cannot be read as text.
     *
     * @param charsetKnown false when its {@code Content-Type} names a charset that does not exist here
     */
    public static Problem unreadable(IOException why, boolean charsetKnown) {
        String reason = String.valueOf(why.getMessage());
        return charsetKnown
                ? Problem.of(
                        HttpStatus.BAD_REQUEST,
                        "bad-field",
                        "the body cannot be read: " + reason,
                        new Part(
                                "body",
                                null,
                                reason,
                                "a JSON document in UTF-8, or in the charset of its Content-Type"))
                : Problem.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "the body cannot be read: " + reason);
    }

    public static Problem intakeFull(IntakeFullException full) {
        HttpStatus status = full.isOfCaller() ? HttpStatus.TOO_MANY_REQUESTS : HttpStatus.SERVICE_UNAVAILABLE;
        return Problem.of(status, "intake-full", String.valueOf(full.getMessage()))
                .retryAfter(Duration.ofSeconds(1));
    }

    /** @param max {@code drover.queue.max-input-bytes} */
    public static Problem bodyTooLarge(int max) {
        return Problem.of(
                HttpStatus.PAYLOAD_TOO_LARGE,
                "too-large",
                "the body is longer than drover.queue.max-input-bytes (%d); put large content elsewhere and send a reference"
                        .formatted(max));
    }

    /** @param max {@code drover.queue.max-backlog} */
    public static Problem backlogFull(int max) {
        return Problem.of(
                        HttpStatus.TOO_MANY_REQUESTS,
                        "backlog-full",
                        "more than %d tasks are queued (drover.queue.max-backlog); send it again later".formatted(max))
                .retryAfter(AFTER_THE_DATABASE);
    }

    /**
     * The submission waits for the database, and may still succeed.
     *
     * @param wayOut how to send it again safely
     */
    public static Problem unconfirmed(String wayOut) {
        return Problem.of(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "unconfirmed",
                        "the database does not answer, so it is not known whether the task is stored; " + wayOut)
                .retryAfter(AFTER_THE_DATABASE);
    }

    private static Problem bad(String field, String detail) {
        return Problem.of(HttpStatus.BAD_REQUEST, "bad-field", detail, new Part(field, null, detail, null));
    }

    /** The validator says {@code $.path: what is wrong}. */
    private static Part part(String problem) {
        int colon = problem.startsWith("$") ? problem.indexOf(": ") : -1;
        return colon < 0
                ? new Part("$", null, problem, null)
                : new Part(problem.substring(0, colon), null, problem.substring(colon + 2), null);
    }
}
