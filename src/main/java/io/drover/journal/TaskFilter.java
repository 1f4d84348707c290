package io.drover.journal;

import io.drover.who.Workflows;
import org.jspecify.annotations.Nullable;

/**
 * Selects the tasks that match all fields. Null means any.
 *
 * @param version of the workflow, from 1
 * @param who     only what this one submitted
 * @param allowed only tasks of these workflows
 */
public record TaskFilter(
        @Nullable TaskStatus status,
        @Nullable String workflow,
        @Nullable Integer version,
        @Nullable Mode mode,
        @Nullable String who,
        Workflows allowed) {

    /** Whether status and workflow are all that it asks for. */
    public boolean isOfColumns() {
        return version == null && mode == null && who == null && allowed.isAll();
    }
}
