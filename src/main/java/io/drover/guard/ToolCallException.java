package io.drover.guard;

import io.drover.tool.PermanentFailure;
import io.drover.tool.ToolOutcome;
import org.jspecify.annotations.Nullable;

/** A call that did not succeed, as a workflow sees it. */
public class ToolCallException extends Exception implements PermanentFailure {

    private final String tool;
    private final @Nullable String step;
    private final transient @Nullable FailedStep failed;
    private final transient ToolOutcome outcome;

    /** @param step the id of the workflow's step that made the call */
    public ToolCallException(String tool, @Nullable String step, ToolOutcome outcome) {
        this(tool, step, outcome, (FailedStep) null);
    }

    /** @param failed what the call is known by, or null */
    ToolCallException(String tool, @Nullable String step, ToolOutcome outcome, @Nullable FailedStep failed) {
        super("tool:%s %s".formatted(tool, describe(outcome)), cause(outcome));
        this.tool = tool;
        this.step = step;
        this.failed = failed;
        this.outcome = outcome;
    }

    /** @param message says what failed, where it is no tool of a route */
    protected ToolCallException(String tool, @Nullable String step, ToolOutcome outcome, String message) {
        super(message, cause(outcome));
        this.tool = tool;
        this.step = step;
        this.failed = null;
        this.outcome = outcome;
    }

    public String tool() {
        return tool;
    }

    /** The id of the workflow's step that made the call, or null. */
    public @Nullable String step() {
        return step;
    }

    /** What the call is known by, or null where it is not heard again. */
    @Nullable
    FailedStep failed() {
        return failed;
    }

    public ToolOutcome outcome() {
        return outcome;
    }

    /** Whether another attempt would fail in the same way. */
    @Override
    public boolean isPermanent() {
        return switch (outcome) {
            case ToolOutcome.InvalidArguments i -> true;
            case ToolOutcome.Refused r -> true;
            case ToolOutcome.Unapproved u -> true;
            case ToolOutcome.Failed f -> f.permanent();
            default -> false;
        };
    }

    /** What became of the approval of the call: {@code rejected}, {@code undecided}, or null where it was not that. */
    public @Nullable String getApproval() {
        return outcome instanceof ToolOutcome.Unapproved unapproved ? unapproved.type() : null;
    }

    /** As the failure of a tool that itself called this one (its fallback). */
    Failure failure() {
        Failure.Kind kind =
                switch (outcome) {
                    case ToolOutcome.InvalidArguments i -> Failure.Kind.REJECTED;
                    case ToolOutcome.Refused r -> Failure.Kind.REJECTED;
                    case ToolOutcome.Failed f -> f.permanent() ? Failure.Kind.REJECTED : Failure.Kind.NOT_HAPPENED;
                    case ToolOutcome.Deferred d -> Failure.Kind.THROTTLED;
                    case ToolOutcome.Held h -> Failure.Kind.THROTTLED;
                    case ToolOutcome.Awaiting a -> Failure.Kind.THROTTLED;
                    case ToolOutcome.AlreadyDone a -> Failure.Kind.REJECTED;
                    case ToolOutcome.InDoubt d -> Failure.Kind.UNKNOWN;
                    case ToolOutcome.Unapproved u -> Failure.Kind.REJECTED;
                    case ToolOutcome.Pending p -> Failure.Kind.THROTTLED;
                    case ToolOutcome.Succeeded s -> Failure.Kind.UNKNOWN;
                };
        return new Failure(kind, String.valueOf(getMessage()), this, null);
    }

    private static @Nullable Throwable cause(ToolOutcome outcome) {
        return outcome instanceof ToolOutcome.Failed failed ? failed.cause() : null;
    }

    private static String describe(ToolOutcome outcome) {
        return switch (outcome) {
            case ToolOutcome.Succeeded s -> "succeeded";
            case ToolOutcome.InvalidArguments i -> "received invalid arguments: " + String.join("; ", i.problems());
            case ToolOutcome.Refused r -> "refused: " + r.reason();
            case ToolOutcome.Failed f -> "failed: " + f.summary();
            case ToolOutcome.Deferred d -> "deferred for %s: %s".formatted(d.delay(), d.reason());
            case ToolOutcome.Held h -> "is not made: " + h.reason();
            case ToolOutcome.Awaiting a -> "is not made yet: " + a.reason();
            case ToolOutcome.AlreadyDone a -> "is not made: " + a.reason();
            case ToolOutcome.InDoubt d -> "is in doubt: " + d.summary();
            case ToolOutcome.Pending p -> p.reason();
            case ToolOutcome.Unapproved u -> "is not made: " + u.reason();
        };
    }
}
