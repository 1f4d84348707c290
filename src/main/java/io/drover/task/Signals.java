package io.drover.task;

import io.drover.journal.Signal;
import io.drover.journal.Signal.Outcome;
import io.drover.json.Digest;
import io.drover.task.InvalidTaskException.Reason;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Accepts signals: checks them, and stores them for the tasks that wait for them, now or later. */
@Service
public class Signals {

    /** The name under which a task publishes its progress, which nobody waits for. */
    public static final String PROGRESS = "progress";

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");

    private final io.drover.journal.Signals stored;
    private final TaskProperties limits;

    Signals(io.drover.journal.Signals stored, TaskProperties limits) {
        this.stored = stored;
        this.limits = limits;
    }

    /**
     * What is sent.
     *
     * @param key     whom it concerns
     * @param body    a JSON document
     * @param source  what makes it the same signal when it is sent again, or null
     * @param owner   of the source's name, or null
     * @param sentBy  the user, the trigger or the workflow, or null
     */
    public record Send(
            String name,
            String key,
            String body,
            @Nullable String source,
            @Nullable String owner,
            @Nullable String sentBy) {}

    /**
     * Sends a signal. When the future completes it is durable.
     *
     * @throws InvalidTaskException when it cannot be accepted
     */
    public CompletableFuture<Outcome> send(Send signal) {
        checkName("the signal", signal.name());
        TaskKeys.check("the key", signal.key());
        if (signal.source() != null) {
            TaskKeys.check("the Idempotency-Key", signal.source());
        }
        TaskInput.parse("the body", signal.body(), limits.maxInputBytes());
        UUID source = signal.source() == null
                ? UUID.randomUUID()
                : Digest.uuid("signal", String.valueOf(signal.owner()), signal.source(), signal.name());
        return stored.send(new Signal(source, signal.name(), signal.key(), signal.body(), signal.sentBy()));
    }

    /** @throws InvalidTaskException when it is none. @param what the thing that has it, for the message */
    public static void checkName(String what, String name) {
        if (name.equals(PROGRESS)) {
            throw new InvalidTaskException(
                    Reason.BAD_NAME,
                    "%s needs another name: 'progress' is what a workflow publishes of its own task with signal:progress"
                            .formatted(what),
                    List.of());
        }
        if (!NAME.matcher(name).matches()) {
            throw new InvalidTaskException(
                    Reason.BAD_NAME,
                    "%s needs a name of 1 to 64 letters, digits and ._- that begins with a letter; '%s' is none"
                            .formatted(what, io.drover.json.Excerpt.of(name)),
                    List.of());
        }
    }

    /** @throws InvalidTaskException for one whose source sent another signal before */
    public static long id(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Accepted accepted -> accepted.id();
            case Outcome.Known known -> known.id();
            case Outcome.Conflict conflict ->
                throw new InvalidTaskException(
                        Reason.KEY_CONFLICT,
                        "signal %d was sent with this Idempotency-Key, and another key or body; a new signal needs a new one"
                                .formatted(conflict.id()),
                        List.of());
        };
    }
}
