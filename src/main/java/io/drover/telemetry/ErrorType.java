package io.drover.telemetry;

import io.drover.guard.ToolCallException;
import io.drover.tool.ToolOutcome;
import io.drover.tool.TypedFailure;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Names a failure in one word out of a small set: the kinds of a failed call, and the classes of exceptions. */
final class ErrorType {

    private static final String SUFFIX = "Exception";

    private ErrorType() {}

    static String of(@Nullable Throwable cause) {
        return switch (cause) {
            case null -> "WorkerLost";
            case TypedFailure e -> e.errorType();
            case ToolCallException e -> of(e.outcome());
            case CompletionException e -> e.getCause() == null ? name(e) : of(e.getCause());
            default -> name(cause);
        };
    }

    private static String of(@Nullable ToolOutcome outcome) {
        return switch (outcome) {
            case ToolOutcome.InvalidArguments i -> "ToolArgumentsInvalid";
            case ToolOutcome.Refused r -> "ToolRefused";
            case ToolOutcome.InDoubt d -> "ToolInDoubt";
            case ToolOutcome.Deferred d -> "ToolDeferred";
            case ToolOutcome.Held h -> "ToolHeld";
            case ToolOutcome.Pending p -> "ToolPending";
            case ToolOutcome.Unapproved u -> u.rejected() ? "ToolRejected" : "ToolUndecided";
            case ToolOutcome.Awaiting a -> "ToolAwaiting";
            case ToolOutcome.AlreadyDone a -> "ToolAlreadyDone";
            case null -> "ToolFailed";
            default -> "ToolFailed";
        };
    }

    private static String name(Throwable cause) {
        String name = cause.getClass().getSimpleName();
        return name.endsWith(SUFFIX) && name.length() > SUFFIX.length()
                ? name.substring(0, name.length() - SUFFIX.length())
                : name;
    }
}
