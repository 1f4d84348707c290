package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.journal.CallRecord;
import io.drover.json.Digest;
import io.drover.json.Json;
import io.drover.json.Recorded;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the journal holds of a task's calls, for those who have to know before they call. */
public final class RecordedCalls {

    private RecordedCalls() {}

    /** Whether the journal holds the next call of a tool with these arguments, so that it is not made again. */
    public static boolean isRecorded(TaskContext context, String tool, JsonNode arguments) {
        if (Json.problem(arguments) != null) {
            return false;
        }
        UUID address = context.peekAddress(tool, Json.canonical(arguments));
        return context.attempt().recorded(address) != null;
    }

    /** The record that holds the result of a call, its own or its fallback's; null where it has none. */
    public static @Nullable CallRecord finished(TaskContext context, UUID address) {
        CallRecord known = context.attempt().recorded(address);
        if (known == null || known.state().isFinal()) {
            return known;
        }
        String fallback = Fallbacks.decided(known);
        return fallback == null ? null : finished(context, fallbackAddress(address, fallback));
    }

    /**
     * Takes the next call of a tool with these arguments where an earlier attempt has dispatched it, so that it is not
     * judged again whether it may be made.
     *
     * @return its address, or null where the call would be a new one
     */
    public static @Nullable UUID takeDispatched(TaskContext context, String tool, JsonNode arguments) {
        if (Json.problem(arguments) != null) {
            return null;
        }
        String document = Json.canonical(arguments);
        UUID address = context.nextAddress(tool, document);
        CallRecord known = context.attempt().recorded(address);
        boolean dispatched = known != null
                && switch (known.state()) {
                    case SUCCEEDED, REJECTED, STARTED, IN_DOUBT, PENDING -> true;
                    case FAILED -> known.fallback() != null;
                    case AGAIN, FORGOTTEN -> false;
                };
        if (!dispatched) {
            context.scope().giveBack(address, tool, document);
        }
        return dispatched ? address : null;
    }

    /** Takes the address of a call that its caller was already told of, so that no equal call gets it. */
    public static void take(TaskContext context, UUID address) {
        CallRecord known = context.attempt().recorded(address);
        if (known != null) {
            context.scope().take(address, known.tool(), known.arguments());
        }
    }

    /** Whether the next call of the tool with the arguments of a recorded one would be that one, because it is not taken yet. */
    public static boolean isNext(TaskContext context, CallRecord known) {
        return context.peekAddress(known.tool(), known.arguments()).equals(known.address());
    }

    /** Gives the address of a recorded call back: the next equal call is this one. */
    public static void giveBack(TaskContext context, UUID address) {
        CallRecord known = context.attempt().recorded(address);
        if (known != null) {
            context.scope().giveBack(address, known.tool(), known.arguments());
        }
    }

    /** The arguments of a recorded call. */
    public static JsonNode arguments(CallRecord known) {
        return Recorded.tree(known.arguments(), () -> "call %d of task %s: the record of the arguments"
                .formatted(known.n(), known.taskId()));
    }

    static UUID fallbackAddress(UUID call, String fallback) {
        return Digest.uuid(call.toString(), "fallback", fallback);
    }
}
