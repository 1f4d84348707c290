package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.drover.guard.ModelCost;
import io.drover.journal.Approval;
import io.drover.journal.Approvals;
import io.drover.journal.Approvals.Verdict;
import io.drover.journal.TaskStore;
import io.drover.who.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Calls that wait for an approval, and the votes on them. */
@RestController
@Tag(name = "approvals")
public class ApprovalController {

    private static final int MOST = 1000;
    private static final int LONGEST_REASON = 500;

    /** A vote. */
    @Schema(name = "Vote", description = "A person's vote on a call that waits for an approval.")
    public record Vote(
            @Schema(
                            allowableValues = {"approve", "reject"},
                            requiredMode = Schema.RequiredMode.REQUIRED)
                    @Nullable
                    String vote,
            @Schema(description = "Why; up to 500 characters. The workflow and the model hear why a call is rejected.")
                    @Nullable
                    String reason) {}

    /** The same vote on many requests. */
    @Schema(name = "VoteOnMany", description = "A person's vote on several calls that wait for an approval.")
    public record VoteOnMany(
            @Schema(description = "1 to 1000 numbers.", requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
                    Set<Long> ids,
            @Schema(
                            allowableValues = {"approve", "reject"},
                            requiredMode = Schema.RequiredMode.REQUIRED)
                    @Nullable
                    String vote,
            @Nullable String reason) {}

    /** What became of each of many votes. */
    @Schema(name = "VotedOnMany")
    public record VotedOnMany(List<Counted> counted, List<NotCounted> refused) {

        /** A vote that counts. */
        @Schema(name = "CountedVote")
        public record Counted(long id, Approval.State state) {}

        /** A vote that does not. */
        @Schema(name = "RefusedVote")
        public record NotCounted(long id, String why) {}
    }

    /** The open requests. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Approvals")
    public record Open(
            List<ApprovalInfo> approvals,
            @Schema(description = "The value of `after` for those that follow; missing at the end.") @Nullable
                    Long next) {}

    private final Approvals approvals;
    private final TaskStore tasks;

    ApprovalController(Approvals approvals, TaskStore tasks) {
        this.approvals = approvals;
        this.tasks = tasks;
    }

    @GetMapping("/api/approvals")
    @Operation(operationId = "listApprovals", summary = "List the calls that wait for an approval, the oldest first")
    public Open list(
            @RequestParam(required = false) @Nullable String tool,
            @RequestParam(required = false) @Nullable String workflow,
            @Parameter(description = "`next` of the page before.") @RequestParam(defaultValue = "0") long after,
            @Parameter(description = "The maximum number; 1 to 1000.") @RequestParam(defaultValue = "100") int limit,
            Actor actor) {
        if (limit < 1 || limit > MOST) {
            throw ProblemException.badField("limit", limit, "is out of range", "1 to 1000");
        }
        List<Approval> open = approvals.open(tool, workflow, actor.workflows(), after, limit);
        return new Open(
                open.stream().map(approval -> ApprovalInfo.of(approval, null)).toList(),
                open.size() < limit ? null : Long.valueOf(open.getLast().id()));
    }

    @GetMapping("/api/approvals/{id}")
    @Operation(operationId = "getApproval", summary = "Show a call that waits for an approval, or did")
    public ApprovalInfo get(@PathVariable long id) {
        Approval approval = approvals.find(id);
        if (approval == null) {
            throw unknown(id);
        }
        return ApprovalInfo.of(approval, ModelCost.usd(tasks.calls(approval.task()).stream()));
    }

    @PostMapping("/api/approvals/{id}/vote")
    @Operation(
            operationId = "vote",
            summary = "Approve or reject a call",
            description =
                    "The vote is that of the user who logged in, who needs the role approver and did not submit the task. The same vote again changes nothing. One rejection ends the request; `need` approvals let the call begin, once, with exactly these arguments and this definition of the tool.")
    @ApiResponse(responseCode = "200", description = "The vote counts.")
    @ApiResponse(responseCode = "403", description = "This user may not vote on this call.")
    @ApiResponse(responseCode = "409", description = "It is decided, or closed, or this user voted otherwise before.")
    public ApprovalInfo vote(@PathVariable long id, @RequestBody Vote vote, Actor actor) {
        String reason = reason(vote.reason());
        return switch (approvals.vote(id, approves(vote.vote()), reason, actor)) {
            case Verdict.Counted counted -> ApprovalInfo.of(counted.approval(), null);
            case Verdict.Unknown u -> throw unknown(id);
            case Verdict.NotAllowed not -> throw ProblemException.of(HttpStatus.FORBIDDEN, "may-not-vote", not.why());
            case Verdict.TooLate late -> throw ProblemException.of(HttpStatus.CONFLICT, "wrong-state", late.why());
        };
    }

    @PostMapping("/api/approvals/vote")
    @Operation(
            operationId = "voteOnMany",
            summary = "Approve or reject several calls",
            description = "Each is decided by itself, so some of the votes may count and others may not.")
    @ApiResponse(responseCode = "200", description = "Says which votes count, and why others do not.")
    public VotedOnMany voteOnMany(@RequestBody VoteOnMany body, Actor actor) {
        Set<Long> ids = body.ids() == null ? Set.of() : body.ids();
        if (ids.isEmpty() || ids.size() > MOST || ids.contains(null)) {
            throw ProblemException.badField("$.ids", null, "is missing or too long", "1 to 1000 numbers of approvals");
        }
        boolean approves = approves(body.vote());
        String reason = reason(body.reason());
        VotedOnMany answer = new VotedOnMany(new ArrayList<>(), new ArrayList<>());
        for (long id : ids.stream().sorted().toList()) {
            switch (approvals.vote(id, approves, reason, actor)) {
                case Verdict.Counted counted ->
                    answer.counted.add(
                            new VotedOnMany.Counted(id, counted.approval().state()));
                case Verdict.Unknown u -> answer.refused.add(new VotedOnMany.NotCounted(id, nothing(id)));
                case Verdict.NotAllowed not -> answer.refused.add(new VotedOnMany.NotCounted(id, not.why()));
                case Verdict.TooLate late -> answer.refused.add(new VotedOnMany.NotCounted(id, late.why()));
            }
        }
        return answer;
    }

    private static boolean approves(@Nullable String vote) {
        if ("approve".equals(vote) || "reject".equals(vote)) {
            return "approve".equals(vote);
        }
        throw ProblemException.badField(
                "$.vote", vote, vote == null ? "is missing" : "is unknown", "approve or reject");
    }

    private static @Nullable String reason(@Nullable String reason) {
        if (reason == null || reason.isBlank()) {
            return null;
        }
        if (reason.length() > LONGEST_REASON || reason.indexOf('\0') >= 0) {
            throw ProblemException.badField(
                    "$.reason", null, "is too long, or holds U+0000", "1 to 500 characters without U+0000");
        }
        return reason.strip();
    }

    private static ProblemException unknown(long id) {
        return ProblemException.of(HttpStatus.NOT_FOUND, "unknown-approval", nothing(id));
    }

    private static String nothing(long id) {
        return "there is no approval " + id;
    }
}
