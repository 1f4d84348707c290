package io.drover.guard;

import io.drover.tool.PermanentFailure;
import io.drover.tool.ToolOutcome;

/** A call that did not succeed, as a workflow sees it. */
public class ToolCallException extends Exception implements PermanentFailure {

    private final String tool;
    private final transient ToolOutcome outcome;

    public ToolCallException(String tool, ToolOutcome outcome) {
        super("tool:%s %s".formatted(tool, describe(outcome)), cause(outcome));
        this.tool = tool;
        this.outcome = outcome;
    }

    public String tool() {
        return tool;
    }

    public ToolOutcome outcome() {
        return outcome;
    }

    /** Whether the next attempt cannot go better. */
    @Override
    public boolean isPermanent() {
        return switch (outcome) {
            case ToolOutcome.InvalidArguments i -> true;
            case ToolOutcome.Refused r -> true;
            case ToolOutcome.Failed f -> f.permanent();
            default -> false;
        };
    }

    /** As the failure of a tool that itself called this one (its fallback). */
    Failure failure() {
        Failure.Kind kind =
                switch (outcome) {
                    case ToolOutcome.InvalidArguments i -> Failure.Kind.REJECTED;
                    case ToolOutcome.Refused r -> Failure.Kind.REJECTED;
                    case ToolOutcome.Failed f -> f.permanent() ? Failure.Kind.REJECTED : Failure.Kind.NOT_HAPPENED;
                    case ToolOutcome.Deferred d -> Failure.Kind.THROTTLED;
                    case ToolOutcome.InDoubt d -> Failure.Kind.UNKNOWN;
                    case ToolOutcome.Succeeded s -> Failure.Kind.UNKNOWN;
                };
        return new Failure(kind, getMessage(), this, null);
    }

    private static Throwable cause(ToolOutcome outcome) {
        return outcome instanceof ToolOutcome.Failed failed ? failed.cause() : null;
    }

    private static String describe(ToolOutcome outcome) {
        return switch (outcome) {
            case ToolOutcome.Succeeded s -> "succeeded";
            case ToolOutcome.InvalidArguments i -> "got invalid arguments: " + String.join("; ", i.problems());
            case ToolOutcome.Refused r -> "refused: " + r.reason();
            case ToolOutcome.Failed f -> "failed: " + f.summary();
            case ToolOutcome.Deferred d -> "deferred for %s: %s".formatted(d.delay(), d.reason());
            case ToolOutcome.InDoubt d -> "is in doubt: " + d.summary();
        };
    }
}
