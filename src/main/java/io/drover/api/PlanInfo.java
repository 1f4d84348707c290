package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.drover.journal.Executions;
import io.drover.who.Payload;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What executing the plan of a dry run would do. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "What executing the plan of a dry run would do.")
public record PlanInfo(
        @Schema(description = "The dry run.") UUID plan,
        String workflow,
        @Schema(description = "The live task that executes it; absent if it is not executed yet.") @Nullable
                UUID executedBy,
        @Schema(
                        description =
                                "The calls that it did not make, and its signals; those of its children come after its own.")
                List<Call> calls) {

    /** A call that would be made. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "PlannedCall", description = "A call that would be made.")
    public record Call(
            @Schema(description = "The dry run, or a child of it.") UUID task,
            @Schema(description = "Its number in that task.") int n,
            String tool,
            @Payload(json = true) @JsonRawValue @Schema(implementation = Object.class, description = "Any JSON.")
                    String arguments,
            @Payload @Schema(description = "Why a person is asked about it.") @Nullable String asks) {

        static Call of(Executions.Shown call) {
            return new Call(call.task(), call.n(), call.tool(), call.arguments(), call.asks());
        }
    }
}
