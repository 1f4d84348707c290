package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.drover.journal.QueueState.Progress;
import io.drover.journal.TaskStatus;
import io.drover.journal.TaskView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The state of a submitted task. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "The state of a submitted task.")
public record TaskAnswer(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) UUID id,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String workflow,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) TaskStatus status,
        @JsonRawValue
                @Schema(implementation = Object.class, description = "Any JSON; present if the task is COMPLETED.")
                @Nullable
                String output,
        @JsonRawValue
                @Schema(implementation = Object.class, description = "Why the task is DEAD, waits, or is tried again.")
                @Nullable
                String error) {

    static TaskAnswer of(TaskView task) {
        return new TaskAnswer(task.id(), task.workflow(), task.status(), task.output(), task.error());
    }

    static TaskAnswer of(UUID id, String workflow, Progress progress) {
        return new TaskAnswer(id, workflow, progress.status(), progress.output(), progress.error());
    }
}
