package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.task.Workflow;
import io.drover.task.WorkflowSpec;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A workflow as it is loaded in this process. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Workflow", description = "A workflow as it is loaded in this process.")
public record WorkflowInfo(
        String name,
        @Schema(description = "The version; several stand side by side, each in a file of its own.") int version,
        @Schema(description = "Whether new tasks get this version.") boolean current,
        @Schema(description = "Below the routes directory.") @Nullable String file,
        @Schema(description = "Digest of its definition.") String definition,
        int maxAttempts,
        @Schema(type = "string", example = "PT15M") Duration timeout,
        @Schema(type = "string", example = "PT1S") Duration backoff,
        int concurrency,
        int priority,
        @Schema(description = "Attempts that this process runs on this version now.") int running,
        @Schema(implementation = Object.class, description = "JSON Schema of the input.") @Nullable
                JsonNode inputSchema) {

    static WorkflowInfo of(Workflow workflow, boolean current, @Nullable String file) {
        WorkflowSpec spec = workflow.spec();
        return new WorkflowInfo(
                spec.name(),
                spec.version(),
                current,
                file,
                TaskInfo.hex(workflow.definition()),
                spec.maxAttempts(),
                spec.timeout(),
                spec.backoff(),
                spec.concurrency(),
                spec.priority(),
                workflow.running(),
                spec.inputSchema() == null ? null : spec.inputSchema().schema());
    }
}
