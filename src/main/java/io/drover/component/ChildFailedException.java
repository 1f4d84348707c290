package io.drover.component;

import io.drover.guard.ToolCallException;
import io.drover.tool.ToolOutcome;
import io.drover.tool.TypedFailure;

/** A child task that did not complete. Another attempt of its parent hears the same. */
final class ChildFailedException extends ToolCallException implements TypedFailure {

    private final String type;

    /** @param message names the child's workflow and task, and the cause */
    ChildFailedException(String name, String type, String message) {
        super(name, null, new ToolOutcome.Failed(message, true, null), message);
        this.type = type;
    }

    @Override
    public String errorType() {
        return type;
    }
}
