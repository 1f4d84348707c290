package io.drover.guard;

import io.drover.tool.ToolOutcome;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where a call enters the guard, be it a workflow's or one that a call leads to. */
interface Entrance {

    /**
     * @param address  what the call is known by
     * @param document its canonical arguments; both are null where the arguments cannot be recorded
     */
    ToolOutcome enter(TaskContext context, ToolRequest request, @Nullable UUID address, @Nullable String document);
}
