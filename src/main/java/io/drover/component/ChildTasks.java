package io.drover.component;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.TaskContext;
import io.drover.journal.CallRecord;
import io.drover.journal.Submission;
import io.drover.json.Json;
import io.drover.json.Recorded;
import io.drover.task.InvalidTaskException;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;

/**
 * Tasks that a task submits.
 * Each is recorded like a call, together with the answer that the workflow gets.
 * A later attempt gets the same answer, and submits nothing again.
 */
@Component
class ChildTasks {

    private final TaskService tasks;
    private final RecordedSteps steps;

    ChildTasks(TaskService tasks, RecordedSteps steps) {
        this.tasks = tasks;
        this.steps = steps;
    }

    /** What a workflow is told of a task that it submitted. */
    static Map<String, Object> answer(UUID id, boolean known) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", id.toString());
        answer.put("known", known);
        return answer;
    }

    /** A task that is being submitted, and what its submission is known by. */
    record Child(String tool, String document, UUID address, CompletableFuture<Submission> submitted) {}

    /**
     * @param request without a key, the child's is the address of this submission: another attempt makes no second task
     * @throws InvalidTaskException when it cannot be accepted; a conflict of keys comes with the future
     */
    Child submit(TaskContext context, Submit request) {
        String tool = "task:" + request.workflow();
        String document = request.key() == null ? request.input() : request.key() + '\0' + request.input();
        UUID address = context.nextAddress(tool, document);
        CallRecord known = steps.known(context, tool, address, document);
        if (known != null) {
            return new Child(tool, document, address, CompletableFuture.completedFuture(recorded(known)));
        }
        try {
            return new Child(tool, document, address, submit(context, tool, address, document, request));
        } catch (RuntimeException e) {
            throw refused(context, tool, address, document, request, e);
        }
    }

    private RuntimeException refused(
            TaskContext context, String tool, UUID address, String document, Submit request, RuntimeException e) {
        return steps.refused(context, tool, address, document, Json.write(Map.of("key", key(request, address))), e);
    }

    private static String key(Submit request, UUID address) {
        return request.key() == null ? address.toString() : request.key();
    }

    /**
     * The step that submitted these has failed as a whole.
     * After they have ended, the next equal submissions are these again, and create no second task.
     */
    void giveBack(TaskContext context, List<Child> children) {
        for (Child child : children) {
            child.submitted().handle((submission, failure) -> null).join();
            context.scope().giveBack(child.address(), child.tool(), child.document());
        }
    }

    private CompletableFuture<Submission> submit(
            TaskContext context, String tool, UUID address, String document, Submit request) {
        String key = key(request, address);
        Instant began = steps.now();
        return tasks.submit(request.keyed(key)).thenCompose(submission -> switch (submission) {
            case Submission.Accepted accepted ->
                record(context, tool, address, key, began, answer(accepted.id(), false), submission);
            case Submission.Known one -> record(context, tool, address, key, began, answer(one.id(), true), submission);
            case Submission.Conflict conflict ->
                CompletableFuture.failedFuture(refused(
                        context, tool, address, document, request, InvalidTaskException.keyConflict(conflict.id())));
        });
    }

    private CompletableFuture<Submission> record(
            TaskContext context,
            String tool,
            UUID address,
            String key,
            Instant began,
            Map<String, Object> answer,
            Submission submission) {
        return steps.done(context, tool, address, began, Json.write(Map.of("key", key)), Json.write(answer))
                .thenApply(written -> {
                    if (!written) {
                        throw RecordedSteps.lost(context.attempt(), tool);
                    }
                    return submission;
                });
    }

    private static Submission recorded(CallRecord call) {
        JsonNode answer = Recorded.tree(String.valueOf(call.result()), () -> "call %d of task %s: the recorded result"
                .formatted(call.n(), call.taskId()));
        UUID id = UUID.fromString(answer.path("id").asText());
        return answer.path("known").asBoolean() ? new Submission.Known(id) : new Submission.Accepted(id);
    }
}
