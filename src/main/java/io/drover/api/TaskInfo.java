package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.drover.guard.ModelCost;
import io.drover.guard.TaskFlags;
import io.drover.journal.Approval;
import io.drover.journal.AuditTrail;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.Executions.Execution;
import io.drover.journal.Preview;
import io.drover.journal.TaskAttempt;
import io.drover.journal.TaskStatus;
import io.drover.journal.TaskStore;
import io.drover.journal.TaskView;
import io.drover.journal.WaitReason;
import io.drover.json.Recorded;
import io.drover.who.Payload;
import io.drover.who.Submitted;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A task with everything that is known about it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "A task with everything that is known about it.")
public record TaskInfo(
        UUID id,
        String workflow,
        @Nullable String key,
        @Schema(description = "live, dry-run or shadow.") String mode,
        TaskStatus status,
        @Nullable WaitReason waitReason,
        @Schema(description = "When it was or will be due; absent while the task waits for a person.") @Nullable
                Instant dueAt,
        int priority,
        @Schema(description = "Attempts begun, without those that a wait gave back.") int attempts,
        @Schema(description = "Digest of the workflow definition of the latest attempt.") @Nullable String definition,
        @Nullable String submittedBy,
        @Schema(description = "The task that awaits this one.") @Nullable UUID parent,
        @Schema(description = "The first task of its family; absent if no task awaits it.") @Nullable UUID root,
        @Schema(
                        description =
                                "true if it, or the task that submitted it, was redone: each of its calls with effects and without an effect key asks for an approval.")
                @Nullable
                Boolean redone,
        @Schema(description = "The dry run whose plan it executes.") @Nullable UUID plan,
        @Schema(description = "Of a dry run: the live task that executes it.") @Nullable UUID executedBy,
        @Schema(
                        description =
                                "The tasks above it, from the first of its family to its parent; absent if no task awaits it.")
                @Nullable
                List<TaskPage.Item> ancestors,
        @Schema(description = "The trace of its attempts; absent if nothing is traced.") @Nullable String traceId,
        @Schema(description = "The track of the workers that claim it: stable or canary.") String track,
        @Schema(description = "The version of its workflow, which it keeps.") int version,
        @Payload(json = true) @JsonRawValue @Schema(implementation = Object.class, description = "Any JSON.")
                String input,
        @Payload(json = true)
                @JsonRawValue
                @Schema(implementation = Object.class, description = "Any JSON; present if the task is COMPLETED.")
                @Nullable
                String output,
        @Payload(keeps = {"type", "tool"})
                @JsonRawValue
                @Schema(implementation = Object.class, description = "Why the task is DEAD, waits, or is tried again.")
                @Nullable
                String error,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Schema(description = "When its content was erased; absent if it was not.") @Nullable Instant erasedAt,
        @Schema(description = "When its content was removed because of its age; absent if it is there.") @Nullable
                Instant removedAt,
        @Schema(
                        description =
                                "The cost of its model calls so far, and of its children that have ended, in dollars; absent if no model was asked.")
                @Nullable
                BigDecimal costUsd,
        @Schema(description = "Its attempts, in order; the newest 50, and the one that runs, waits or ended the task.")
                List<AttemptInfo> attemptHistory,
        @Schema(description = "The calls of its tools, in order.") List<Call> calls,
        @Schema(description = "The approvals of its calls, in order; at most 200.") List<CallApproval> approvals,
        @Schema(description = "Results that came too late; they are kept and never applied.")
                List<LateResult> lateResults,
        @Schema(description = "What people and rules decided about it, in order; the last 200.")
                List<Decision> decisions,
        @Schema(description = "The flags that it asked for, in order; absent if it asked for none.") @Nullable
                List<Flag> flags,
        @Schema(description = "How it was evaluated; absent if it is not in the sample, or has not ended.") @Nullable
                EvaluationInfo evaluation)
        implements Submitted {

    /** What a flag is for the task. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Flag", description = "What a flag is for the task, in all its attempts.")
    public record Flag(
            String name,
            @Payload @Schema(implementation = Object.class, description = "Any JSON.") JsonNode value,
            @Nullable String variant,
            @Schema(description = "As OpenFeature names it.", example = "TARGETING_MATCH") String reason,
            @Payload @Schema(description = "Why it could not be asked as usual.") @Nullable String problem,
            Instant at) {

        private static @Nullable List<Flag> of(List<CallRecord> calls) {
            List<Flag> flags = calls.stream()
                    .filter(call -> call.tool().startsWith(TaskFlags.PREFIX))
                    .map(Flag::of)
                    .toList();
            return flags.isEmpty() ? null : flags;
        }

        private static Flag of(CallRecord call) {
            JsonNode flag = Recorded.tree(String.valueOf(call.result()), () -> "call %d of task %s: the recorded flag"
                    .formatted(call.n(), call.taskId()));
            return new Flag(
                    call.tool().substring(TaskFlags.PREFIX.length()),
                    flag.path("value"),
                    flag.path("variant").textValue(),
                    flag.path("reason").asText(),
                    flag.path("problem").textValue(),
                    call.startedAt());
        }
    }

    /** What a person or a rule decided about the task, or about one of its calls. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(
            name = "Decision",
            description = "What a person or a rule decided about the task, or about one of its calls.")
    public record Decision(
            Instant at,
            @Schema(description = "A user; rule:<id> where a rule decided.") String actor,
            @Schema(
                            description =
                                    "cancel, redrive, redo, resolve, approve or reject; forbid or ask where a rule decided.")
                    String what,
            @Schema(description = "The number of the call; of a redo, of the first that was forgotten.") @Nullable
                    Integer call,
            @Nullable String tool,
            @Schema(description = "happened, again or fail.") @Nullable String resolution,
            @Schema(description = "The decision that this one replaced.") @Nullable String replaces,
            @Schema(description = "What a redo forgot: numbers and tools of calls, the first 200.") @Nullable
                    String forgotten,
            @Schema(description = "The id and the digest of the rule that decided.") @Nullable String rule,
            @Payload @Schema(description = "Why the rule decided so.") @Nullable String reason,
            @Payload @Schema(description = "A digest of the arguments about which the rule decided.") @Nullable
                    String arguments) {

        static Decision of(AuditTrail.Entry entry) {
            JsonNode detail = entry.detail() == null ? MissingNode.getInstance() : AuditPage.tree(entry.detail());
            return new Decision(
                    entry.at(),
                    entry.actor(),
                    entry.what(),
                    detail.has("n") ? detail.get("n").intValue() : null,
                    detail.path("tool").textValue(),
                    detail.path("resolution").textValue(),
                    detail.path("replaces").textValue(),
                    detail.has("forgotten") ? forgotten(detail.path("forgotten")) : null,
                    detail.path("rule").textValue(),
                    detail.path("rule").isTextual() ? detail.path("reason").textValue() : null,
                    detail.path("rule").isTextual() ? detail.path("arguments").textValue() : null);
        }

        private static String forgotten(JsonNode calls) {
            List<String> all = new ArrayList<>();
            calls.forEach(call -> all.add(call.asText()));
            return String.join(", ", all);
        }
    }

    /** One call of a tool. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Call", description = "One call of a tool.")
    public record Call(
            @Schema(description = "Its number, for /calls/{n}/resolve.") int n,
            String tool,
            CallState state,
            @Schema(description = "How often it was sent, over all attempts; 0 if nothing was sent yet.") int tries,
            @Schema(description = "The fallback tool that answered.") @Nullable String fallback,
            @Schema(description = "The same in every try, attempt and process.") UUID idempotencyKey,
            @Schema(description = "Digest of the tool definition it ran under.") String definition,
            @Payload(json = true) @JsonRawValue @Schema(implementation = Object.class) String arguments,
            @Payload(json = true) @JsonRawValue @Schema(implementation = Object.class) @Nullable String result,
            @Payload(keeps = {"type", "tool"}) @JsonRawValue @Schema(implementation = Object.class) @Nullable
                    String error,
            Instant startedAt,
            @Nullable Instant finishedAt,
            @Schema(
                            description = "The id and the digest of the rule that decided that it may be made.",
                            example = "large-refunds@5f2a90c1d4e7b836")
                    @Nullable
                    String rule,
            @Payload @Schema(description = "The effect key that it has taken.") @Nullable String effectKey,
            @Schema(description = "When a person decided about it; absent once an attempt has used the decision.")
                    @Nullable
                    Instant replaceable,
            @Schema(
                            description =
                                    "In a dry run, of a call that was not made: what its result comes from, which is tool:<name>, dryRunResult or echo.")
                    @Nullable
                    String answeredBy,
            @Payload @Schema(description = "In a dry run: why a person would have been asked about it.") @Nullable
                    String wouldAsk) {

        /** Whether it is no call: a flag that the task asked for is recorded among them. */
        public boolean asksForFlag() {
            return tool.startsWith(TaskFlags.PREFIX);
        }

        static Call of(
                CallRecord call, @Nullable String effectKey, @Nullable Instant replaceable, @Nullable Preview preview) {
            return new Call(
                    call.n(),
                    call.tool(),
                    call.state(),
                    call.tries(),
                    call.fallback(),
                    call.address(),
                    hex(call.definition()),
                    call.arguments(),
                    call.result(),
                    call.error(),
                    call.startedAt(),
                    call.finishedAt(),
                    call.rule(),
                    effectKey,
                    replaceable,
                    preview == null ? null : preview.answeredBy(),
                    preview == null ? null : preview.asks());
        }
    }

    /** A request for the approval of a call. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "CallApproval", description = "A request for the approval of a call.")
    public record CallApproval(
            long id,
            @Schema(description = "The number of the call.") int call,
            String tool,
            Approval.State state,
            @Payload @Nullable String summary,
            int need,
            Instant askedAt,
            @Nullable Instant decidedAt,
            @Schema(description = "When the call began.") @Nullable Instant spentAt,
            @Schema(description = "The standing grant that approved it.") @Nullable Long standingGrant,
            List<Approval.Vote> votes) {

        static CallApproval of(Approval approval) {
            return new CallApproval(
                    approval.id(),
                    approval.n(),
                    approval.tool(),
                    approval.state(),
                    approval.summary(),
                    approval.need(),
                    approval.askedAt(),
                    approval.decidedAt(),
                    approval.spentAt(),
                    approval.standing(),
                    approval.votes());
        }
    }

    /** A result that was not applied. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "LateResult", description = "A result that came too late; it is kept and never applied.")
    public record LateResult(
            String tool,
            UUID idempotencyKey,
            String reason,
            @Payload(json = true) @JsonRawValue @Schema(implementation = Object.class) @Nullable String result,
            Instant receivedAt) {

        static LateResult of(TaskStore.Late late) {
            return new LateResult(
                    late.result().tool(),
                    late.result().address(),
                    late.result().reason(),
                    late.result().result(),
                    late.receivedAt());
        }
    }

    static TaskInfo of(
            TaskView task,
            List<TaskAttempt> attempts,
            List<CallRecord> calls,
            List<TaskStore.Late> late,
            List<AuditTrail.Entry> decisions,
            Map<Integer, Instant> replaceable,
            Map<Integer, String> effectKeys,
            Map<Integer, Preview> previews,
            @Nullable Execution execution,
            List<Approval> approvals,
            List<TaskView> above,
            @Nullable BigDecimal ofChildren,
            @Nullable EvaluationInfo evaluation) {
        return new TaskInfo(
                task.id(),
                task.workflow(),
                task.key(),
                task.submitter().mode().word(),
                task.status(),
                task.waitReason(),
                task.status().isTerminal() ? null : task.runAt(),
                task.priority(),
                task.attempt(),
                task.definition() == null ? null : hex(task.definition()),
                task.submitter().name(),
                task.submitter().family() == null
                        ? null
                        : task.submitter().family().parent(),
                task.submitter().family() == null
                        ? null
                        : task.submitter().family().root(),
                task.submitter().redone() ? true : null,
                execution == null || execution.plan().equals(task.id()) ? null : execution.plan(),
                execution == null || execution.task().equals(task.id()) ? null : execution.task(),
                above.isEmpty() ? null : above.stream().map(TaskPage.Item::of).toList(),
                traceId(task.submitter().trace()),
                task.track(),
                task.submitter().version(),
                task.input(),
                task.output(),
                task.error(),
                task.createdAt(),
                task.startedAt(),
                task.finishedAt(),
                task.erasedAt(),
                task.removedAt(),
                sum(task.usd(), sum(ModelCost.usd(calls.stream()), ofChildren)),
                attempts.stream().map(AttemptInfo::of).toList(),
                calls.stream()
                        .map(call -> Call.of(
                                call, effectKeys.get(call.n()), replaceable.get(call.n()), previews.get(call.n())))
                        .toList(),
                approvals.stream().map(CallApproval::of).toList(),
                late.stream().map(LateResult::of).toList(),
                decisions.reversed().stream().map(Decision::of).toList(),
                Flag.of(calls),
                evaluation);
    }

    private static @Nullable BigDecimal sum(@Nullable BigDecimal one, @Nullable BigDecimal other) {
        return one == null || other == null ? (one == null ? other : one) : one.add(other);
    }

    /** The second field of a W3C traceparent. */
    private static @Nullable String traceId(@Nullable String traceparent) {
        return traceparent == null ? null : traceparent.split("-")[1];
    }

    /** A digest in the form that people see. */
    static String hex(long digest) {
        return HexFormat.of().toHexDigits(digest);
    }
}
