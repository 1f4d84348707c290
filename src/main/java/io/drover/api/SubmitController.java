package io.drover.api;

import io.drover.journal.Submission;
import io.drover.journal.TaskStatus;
import io.drover.journal.TaskStore;
import io.drover.task.Backlog;
import io.drover.task.KeyOwners;
import io.drover.task.OutcomeWait;
import io.drover.task.Submit;
import io.drover.task.TaskProperties;
import io.drover.who.Actor;
import io.drover.who.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Takes tasks in. */
@RestController
@Tag(name = "tasks")
class SubmitController {

    /** The built-in workflow of the calls of MCP clients. */
    private static final String TOOL_CALLS = "mcp";

    private final Submissions submissions;
    private final OutcomeWait outcomes;
    private final TaskStore store;
    private final Backlog backlog;
    private final TaskProperties limits;
    private final KeyOwners owners;

    SubmitController(
            Submissions submissions,
            OutcomeWait outcomes,
            TaskStore store,
            Backlog backlog,
            TaskProperties limits,
            KeyOwners owners) {
        this.owners = owners;
        this.submissions = submissions;
        this.outcomes = outcomes;
        this.store = store;
        this.backlog = backlog;
        this.limits = limits;
    }

    @PostMapping(
            path = "/api/tasks/{workflow}",
            consumes = {MediaType.APPLICATION_JSON_VALUE, "application/*+json"})
    @Operation(
            operationId = "submitTask",
            summary = "Submit a task",
            description =
                    "The body is the task's input: any JSON, checked against the workflow's schema. When the answer is 200 or 202, the task is durable.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            schema = @Schema(description = "Any JSON."))))
    @ApiResponse(
            responseCode = "200",
            description =
                    "The outcome, if it came within the time of Prefer: wait; or the existing task with this Idempotency-Key and this input.")
    @ApiResponse(responseCode = "202", description = "The task is durable. Location is its address.")
    @ApiResponse(
            responseCode = "409",
            description = "You have a task of this workflow with this Idempotency-Key and another input.")
    @ApiResponse(responseCode = "413", description = "The input is longer than drover.queue.max-input-bytes.")
    @ApiResponse(responseCode = "415", description = "The body is not declared as JSON.")
    @ApiResponse(responseCode = "429", description = "Too many tasks are queued; see Retry-After.")
    @ApiResponse(
            responseCode = "503",
            description = "The database does not answer, or the process is still starting; see Retry-After.")
    ResponseEntity<TaskAnswer> submit(
            @PathVariable String workflow,
            @Parameter(
                            description =
                                    "A second submission to this workflow with your same key and input is the same task.")
                    @RequestHeader(name = "Idempotency-Key", required = false)
                    @Nullable
                    String key,
            @Parameter(
                            description =
                                    "`wait=N`: answer with the outcome if it comes within N seconds, at most 60 (RFC 7240).")
                    @RequestHeader(name = "Prefer", required = false)
                    @Nullable
                    String prefer,
            @Parameter(description = "0 to 9, 9 is claimed first; defaults to the workflow's.")
                    @RequestParam(required = false)
                    @Nullable
                    Integer priority,
            @Parameter(
                            description = "The time until the task is due, as in 30s, 5m or PT1H; at most 365 days.",
                            schema = @Schema(type = "string"))
                    @RequestParam(required = false)
                    @Nullable
                    String delay,
            @Parameter(
                            description =
                                    "`dry-run`: nothing is called but tools that only read, and models; the other calls are shown, and answered without being made. Defaults to drover.mode.",
                            schema = @Schema(allowableValues = {"live", "dry-run"}))
                    @RequestParam(required = false)
                    @Nullable
                    String mode,
            @Parameter(
                            description =
                                    "For operators: the key is that of a trigger's task, so that the event, when it comes, is the same task. `trigger`: what the trigger's `key` evaluates to; `record`: `<topic>/<partition>/<offset>`, if the trigger gives no key.",
                            schema = @Schema(allowableValues = {"trigger", "record"}))
                    @RequestParam(required = false)
                    @Nullable
                    String keyOf,
            @Parameter(hidden = true) HttpServletRequest request,
            Actor actor)
            throws IOException, InterruptedException {
        if (workflow.equals(TOOL_CALLS) && !actor.is(Role.OPERATOR)) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN,
                    "forbidden",
                    "a task of the workflow '%s' calls a tool by its name, as POST /mcp does; this needs the role operator"
                            .formatted(TOOL_CALLS));
        }
        if (backlog.isFull()) {
            throw RetryLater.backlogFull(limits.maxBacklog());
        }
        Duration due = Delay.parse(delay);
        String owner = KeyOf.owner(keyOf, key, actor, owners.of(actor.name()));
        String input = InputText.of(request);
        Submission submission = submissions.submit(
                new Submit(workflow, key, input, priority, due, actor.name(), owner).in(ModeText.asked(mode)));
        BodyLimit.handedOver(request);
        Duration wait = Prefer.wait(request.getHeaders("Prefer"));
        return answer(submission, workflow, wait, due);
    }

    private ResponseEntity<TaskAnswer> answer(
            Submission submission, String workflow, @Nullable Duration wait, Duration due) throws InterruptedException {
        Optional<TaskAnswer> outcome = wait == null
                ? Optional.empty()
                : outcomes.await(submission.id(), wait).map(end -> TaskAnswer.of(submission.id(), workflow, end));
        boolean known = submission instanceof Submission.Known;
        if (outcome.isEmpty() && (known || wait != null)) { // it may wait for a person meanwhile
            outcome = store.find(submission.id()).map(TaskAnswer::of);
        }
        boolean ended = outcome.filter(task -> task.status().isTerminal()).isPresent();
        HttpStatus status = known || ended ? HttpStatus.OK : HttpStatus.ACCEPTED;
        ResponseEntity.BodyBuilder response =
                ResponseEntity.status(status).location(URI.create("/api/tasks/" + submission.id()));
        if (wait != null) {
            response.header("Preference-Applied", "wait=" + wait.toSeconds());
        }
        TaskStatus stored = due.isZero() ? TaskStatus.QUEUED : TaskStatus.WAITING;
        return response.body(outcome.orElseGet(() -> new TaskAnswer(submission.id(), workflow, stored, null, null)));
    }
}
