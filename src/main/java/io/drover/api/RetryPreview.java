package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.drover.guard.GuardedTool;
import io.drover.journal.CallState;
import io.drover.journal.DeadTasks;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a retry of dead tasks would do with their recorded calls. */
@Schema(description = "What a retry of dead tasks would do with their recorded calls.")
public record RetryPreview(
        @Schema(description = "How many tasks would be retried.") int tasks,
        @Schema(description = "Whether more match than `limit`.") boolean more,
        @Schema(description = "The time of this preview; as `until` of the retry it excludes tasks that died later.")
                Instant until,
        @Schema(description = "The recorded calls of all these tasks, by tool and state.") List<Calls> calls,
        @Schema(description = "The first of the tasks, those that died first.") List<Item> first) {

    /** What a retry does with recorded calls. */
    public enum Then {
        /** The call is done: its result is replayed, and it is not made again. */
        SKIPPED,
        /** The call had no effect, or may be repeated without harm: it is made again. */
        MADE_AGAIN,
        /**
         * It is unknown whether the call took effect: it is repeated if that is safe, reconciled, or a person is
         * asked.
         */
        IN_DOUBT,
        /** A person decided that it failed: it fails again. */
        FAILS_AGAIN,
        /** Its result comes from outside. */
        WAITS,
        /** It is forgotten: no attempt finds it. */
        FORGOTTEN;

        /** What a retry does with a call in this state. */
        public static Then of(CallState state) {
            return switch (state) {
                case SUCCEEDED -> SKIPPED;
                case FAILED, AGAIN -> MADE_AGAIN;
                case STARTED, IN_DOUBT -> IN_DOUBT;
                case REJECTED -> FAILS_AGAIN;
                case PENDING -> WAITS;
                case FORGOTTEN -> FORGOTTEN;
            };
        }
    }

    /** Recorded calls of one tool. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "RetryCalls", description = "Recorded calls of one tool.")
    public record Calls(
            String tool,
            @Schema(description = "Whether the tool only reads; absent if it is not loaded.") @Nullable
                    Boolean readOnly,
            CallState state,
            @Schema(description = "What the retry does with them.") Then then,
            int calls,
            @Schema(description = "The number of tasks that made them.") int tasks) {

        private static Calls of(DeadTasks.Calls calls, Map<String, GuardedTool> tools) {
            GuardedTool tool = tools.get(calls.tool());
            return new Calls(
                    calls.tool(),
                    tool == null ? null : tool.spec().readOnly(),
                    calls.state(),
                    Then.of(calls.state()),
                    calls.calls(),
                    calls.tasks());
        }
    }

    /** A task that would be retried. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "RetryItem", description = "A task that would be retried.")
    public record Item(
            UUID id,
            String workflow,
            @Nullable String key,
            @Schema(description = "Of its error.") String message,
            Instant finishedAt,
            List<Calls> calls) {}

    private static final Comparator<Calls> EFFECTS_FIRST =
            Comparator.comparing((Calls calls) -> Boolean.TRUE.equals(calls.readOnly()));

    static RetryPreview of(DeadTasks.Preview preview, int details, Map<String, GuardedTool> tools) {
        return new RetryPreview(
                preview.tasks().size(),
                preview.more(),
                preview.until(),
                preview.sums().stream()
                        .map(sum -> Calls.of(sum, tools))
                        .sorted(EFFECTS_FIRST)
                        .toList(),
                preview.tasks().stream()
                        .limit(details)
                        .map(task -> new Item(
                                task.id(),
                                task.workflow(),
                                task.key(),
                                task.message(),
                                task.finishedAt(),
                                preview.first().stream()
                                        .filter(calls -> task.id().equals(calls.task()))
                                        .map(calls -> Calls.of(calls, tools))
                                        .toList()))
                        .toList());
    }
}
