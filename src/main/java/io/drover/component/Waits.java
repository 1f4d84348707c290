package io.drover.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.guard.AttemptWork;
import io.drover.guard.TaskContext;
import io.drover.journal.Attempt;
import io.drover.journal.AttemptEnd;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.LeaseLostException;
import io.drover.journal.PendingCall;
import io.drover.journal.PendingCalls;
import io.drover.journal.WaitReason;
import io.drover.json.Json;
import io.drover.json.Recorded;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The waits of workflows: each is a pending call, addressed by what it waits for. */
@Component
class Waits {

    private final PendingCalls calls;
    private final RecordedSteps steps;

    Waits(PendingCalls calls, RecordedSteps steps) {
        this.calls = calls;
        this.steps = steps;
    }

    /**
     * What a wait has come to.
     *
     * @param name      of the step, such as {@code wait:signal}
     * @param arguments what it waits for: the same in each attempt
     * @param pending   makes a pending call of its record
     * @param reason    of the task while it waits
     * @param why       for people who look at the task
     * @param inDryRun  the result in a dry run, which does not wait
     * @return a JSON object whose {@code outcome} says what it is
     * @throws io.drover.journal.PendingException while there is no result: this branch of the attempt ends here
     */
    JsonNode await(
            @Nullable TaskContext context,
            String name,
            ObjectNode arguments,
            Function<CallRecord, PendingCall> pending,
            WaitReason reason,
            String why,
            ObjectNode inDryRun) {
        if (context == null) {
            throw new IllegalStateException(
                    "to: %s works only in a task: submit one with to: task:<workflow>, and wait in its route"
                            .formatted(name));
        }
        if (!context.isOfWorkflow()) {
            throw new IllegalStateException(
                    "to: %s stands in a tool's route; a tool cannot wait, so let the workflow wait before or after the step that calls the tool or the agent"
                            .formatted(name));
        }
        AttemptWork.begin(context, name);
        try {
            AttemptWork.mustGoOn(context);
            String document = Json.canonical(arguments);
            UUID address = context.nextAddress(name, document);
            CallRecord known = context.attempt().recorded(address);
            Attempt attempt = context.attempt();
            if (known == null && attempt.task().mode().hasNoEffect()) {
                return passed(context, name, address, document, inDryRun);
            }
            CallRecord now = known != null
                    ? known
                    : begin(attempt, pending.apply(steps.pending(context, name, address, document)));
            if (now.state() == CallState.SUCCEEDED) {
                return Recorded.tree(String.valueOf(now.result()), () -> "call %d of task %s: the recorded result"
                        .formatted(now.n(), now.taskId()));
            }
            String error = Json.write(Map.of("tool", name, "message", why));
            throw context.pend(new AttemptEnd.Waiting(reason, null, error));
        } finally {
            context.attempt().done();
        }
    }

    private JsonNode passed(TaskContext context, String name, UUID address, String document, ObjectNode result) {
        if (!steps.done(context, name, address, steps.now(), document, result.toString())
                .join()) {
            throw RecordedSteps.lost(context.attempt(), name);
        }
        return result;
    }

    private CallRecord begin(Attempt attempt, PendingCall call) {
        CallRecord recorded = calls.begin(call).join();
        if (recorded == null) {
            attempt.end("the lease is lost");
            throw new LeaseLostException(
                    attempt.lease(), "recording " + call.call().tool());
        }
        attempt.remember(recorded);
        return recorded;
    }
}
