package io.drover.journal;

import java.util.UUID;

/** Addresses a call by its content: task, tool, canonical arguments, and the how-manieth equal call of the task it is. */
final class CallAddress {

    private CallAddress() {}

    /** @param occurrence from 1 */
    static UUID of(UUID task, String tool, String canonicalArguments, int occurrence) {
        return TaskIds.digest(task.toString(), tool, canonicalArguments, Integer.toString(occurrence));
    }
}
