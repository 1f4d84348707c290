package io.drover.task;

import io.drover.task.InvalidTaskException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a key must be. */
final class TaskKeys {

    private static final int LONGEST = 500;

    private TaskKeys() {}

    /** @param what for the message, such as {@code the key} */
    static void check(String what, String key) {
        if (key.isBlank()
                || key.length() > LONGEST
                || key.chars().anyMatch(Character::isISOControl)
                || !StandardCharsets.UTF_8.newEncoder().canEncode(key)) {
            throw new InvalidTaskException(
                    Reason.BAD_KEY,
                    "%s must be 1 to %d characters, not blank, without control characters".formatted(what, LONGEST),
                    List.of());
        }
    }
}
