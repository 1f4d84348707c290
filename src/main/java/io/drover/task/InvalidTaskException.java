package io.drover.task;

import io.drover.tool.PermanentFailure;
import java.util.List;
import java.util.UUID;

/** A task, or a signal, that cannot be accepted: the request is wrong, and sending it again does not help. */
public class InvalidTaskException extends RuntimeException implements PermanentFailure {

    /** What is wrong with it. */
    public enum Reason {
        /** The workflow does not exist. */
        UNKNOWN_WORKFLOW,
        /** The input is not JSON, or contains characters that cannot be stored. */
        MALFORMED_INPUT,
        /** The input breaks the workflow's schema. */
        SCHEMA,
        /** The input is too long. */
        TOO_LARGE,
        /** The key is empty, too long, or holds control characters. */
        BAD_KEY,
        /** The name of a signal is none. */
        BAD_NAME,
        /** The priority is out of range. */
        BAD_PRIORITY,
        /** The workflow cannot be run in this mode. */
        BAD_MODE,
        /** The key is taken by a task with another input. */
        KEY_CONFLICT
    }

    private final Reason reason;
    private final String summary;
    private final transient List<String> problems;

    public InvalidTaskException(Reason reason, String message, List<String> problems) {
        super(problems.isEmpty() ? message : message + ": " + String.join("; ", problems));
        this.reason = reason;
        this.summary = message;
        this.problems = List.copyOf(problems);
    }

    /** @param task which has the key */
    public static InvalidTaskException keyConflict(UUID task) {
        return new InvalidTaskException(
                Reason.KEY_CONFLICT,
                "task %s has this key and another input; a new task needs a new key".formatted(task),
                List.of());
    }

    public Reason reason() {
        return reason;
    }

    /** What is wrong, without the single problems. */
    public String summary() {
        return summary;
    }

    /** The single problems, in words for the sender. */
    public List<String> problems() {
        return problems;
    }

    @Override
    public boolean isPermanent() {
        return true;
    }
}
