package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.drover.journal.TaskAttempt;
import io.drover.who.Payload;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One attempt at a task. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Attempt", description = "One attempt at the task.")
public record AttemptInfo(
        @Schema(description = "Its number; an attempt that does not count has the number of the next one.") int n,
        @Schema(description = "The worker that ran it; absent once it has completed the task.") @Nullable String worker,
        @Nullable Instant beganAt,
        @Schema(description = "Absent while it runs or waits.") @Nullable Instant endedAt,
        @Schema(description = "How it ended; absent while it runs or waits.") TaskAttempt.@Nullable Ending ending,
        @Payload(keeps = {"type", "tool"})
                @JsonRawValue
                @Schema(implementation = Object.class, description = "Why it failed.")
                @Nullable
                String error) {

    static AttemptInfo of(TaskAttempt attempt) {
        return new AttemptInfo(
                attempt.n(), attempt.worker(), attempt.beganAt(), attempt.endedAt(), attempt.ending(), attempt.error());
    }
}
