package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.drover.journal.Approval;
import io.drover.who.Payload;
import io.drover.who.Submitted;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A call that waits for an approval, or did. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Approval", description = "A call that waits for the decision of people, or did.")
public record ApprovalInfo(
        long id,
        Approval.State state,
        String tool,
        @Payload @Schema(description = "What the tool's author wrote for the approver.") @Nullable String summary,
        @Payload(json = true)
                @Schema(implementation = Object.class, description = "The arguments of the call.")
                @JsonRawValue
                String arguments,
        @Schema(description = "The digest of the tool's definition that is asked about.", example = "5f2a90c1d4e7b836")
                String definition,
        UUID task,
        @Schema(description = "The number of the call in its task.") int n,
        String workflow,
        @Schema(description = "Who or what submitted the task.") @Nullable String submittedBy,
        @Schema(description = "What the task's models cost so far; only where one request is asked for.") @Nullable
                BigDecimal costUsd,
        @Schema(description = "The number of people who have to approve.") int need,
        @Schema(description = "The users who may vote; empty for all with the role approver.") Set<String> approvers,
        Instant askedAt,
        @Schema(description = "Until when it waits; missing where it waits for ever.") @Nullable Instant decideBy,
        @Nullable Instant decidedAt,
        @Schema(description = "Until when an approved call may begin.") @Nullable Instant useBy,
        @Schema(description = "When the call began.") @Nullable Instant spentAt,
        @Schema(description = "The standing grant that approved it.") @Nullable Long standingGrant,
        List<Approval.Vote> votes)
        implements Submitted {

    static ApprovalInfo of(Approval approval, @Nullable BigDecimal costUsd) {
        return new ApprovalInfo(
                approval.id(),
                approval.state(),
                approval.tool(),
                approval.summary(),
                PlainNumbers.in(approval.arguments()),
                TaskInfo.hex(approval.definition()),
                approval.task(),
                approval.n(),
                approval.workflow(),
                approval.submittedBy(),
                costUsd,
                approval.need(),
                approval.approvers(),
                approval.askedAt(),
                approval.decideBy(),
                approval.decidedAt(),
                approval.useBy(),
                approval.spentAt(),
                approval.standing(),
                approval.votes());
    }
}
