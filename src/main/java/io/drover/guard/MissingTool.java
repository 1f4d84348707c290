package io.drover.guard;

import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.json.Redaction;
import io.drover.tool.ToolOutcome;
import java.time.Duration;
import java.util.UUID;

/** What becomes of a call whose tool is not there, or not yet: what is recorded of it stands. */
final class MissingTool {

    private static final Duration UNTIL_THE_TOOL_IS_HERE = Duration.ofSeconds(10);

    private final JournalRepository journal;
    private final Fallbacks fallbacks;
    private final AwaitedTools awaited;

    MissingTool(JournalRepository journal, Fallbacks fallbacks, AwaitedTools awaited) {
        this.journal = journal;
        this.fallbacks = fallbacks;
        this.awaited = awaited;
    }

    /** Whether a tool of this name is about to be loaded. */
    boolean isAwaited(String tool) {
        return awaited.awaited(tool) != null;
    }

    ToolOutcome outcome(TaskContext context, ToolRequest request, UUID address, String document) {
        CallRecord known = context.attempt().recorded(address);
        if (known != null && known.state().isFinal()) {
            return JournalRepository.replay(known);
        }
        String fallback = Fallbacks.decided(known);
        if (known != null
                && fallback != null
                && known.arguments().contains(Redaction.MARK)) { // which fields, only the tool says
            return new ToolOutcome.Deferred(
                    false,
                    "tool:%s redacts, and is not loaded; tool:%s would be recorded in its place with all fields"
                            .formatted(request.tool(), fallback),
                    UNTIL_THE_TOOL_IS_HERE);
        }
        if (fallback != null) {
            return fallbacks.make(
                    context, request.of(fallback, request.effect(), request.redaction()), address, document);
        }
        String reason = awaited.awaited(request.tool());
        if (reason != null) {
            return new ToolOutcome.Deferred(false, reason, UNTIL_THE_TOOL_IS_HERE);
        }
        if (known != null && (known.state() == CallState.STARTED || known.state() == CallState.IN_DOUBT)) {
            String why = "it may have taken effect, and a tool with this name no longer exists";
            journal.doubt(context.attempt(), known, why);
            return new ToolOutcome.InDoubt(why);
        }
        return new ToolOutcome.Refused("there is no tool with this name; there are "
                + context.tools().all().keySet());
    }
}
