package io.drover.journal;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The call that has an effect.
 *
 * @param effect    its {@code tool} is the one that this call was made for
 * @param n         its number in its task
 * @param tool      that was called
 * @param arguments a JSON document
 * @param result    a JSON document, exactly when it succeeded
 */
public record EffectHolder(
        Effect effect,
        UUID task,
        UUID address,
        int n,
        String tool,
        CallState state,
        String arguments,
        @Nullable String result) {

    /** For people. */
    @Override
    public String toString() {
        return "call %d (tool:%s) of task %s".formatted(n, tool, task);
    }
}
