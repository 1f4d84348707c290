package io.drover.api;

import io.drover.journal.Executions;
import io.drover.journal.Executions.Outside;
import io.drover.journal.Mode;
import io.drover.journal.Submission;
import io.drover.journal.TaskIds;
import io.drover.journal.TaskStatus;
import io.drover.task.Submit;
import io.drover.who.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Executes the plans of dry runs. */
@RestController
@Tag(name = "decisions")
public class ExecuteController {

    /** The owner of the ids of tasks that execute plans. */
    private static final String PLAN = "plan";

    private final TaskController tasks;
    private final Executions executions;
    private final Submissions submissions;

    ExecuteController(TaskController tasks, Executions executions, Submissions submissions) {
        this.tasks = tasks;
        this.executions = executions;
        this.submissions = submissions;
    }

    @GetMapping("/api/tasks/{id}/execute")
    @Operation(
            operationId = "previewPlan",
            summary = "Show the plan of a dry run",
            description =
                    "Changes nothing. Shows which calls `POST` would have made: those that the dry run, and the children that it awaited, did not make.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "The task does not exist.")
    @ApiResponse(responseCode = "409", description = "The task has no plan that can be executed.")
    public PlanInfo preview(@PathVariable UUID id, Actor actor) {
        TaskInfo plan = executable(id, actor);
        return new PlanInfo(
                id,
                plan.workflow(),
                plan.executedBy(),
                executions.shown(id).stream().map(PlanInfo.Call::of).toList());
    }

    @PostMapping("/api/tasks/{id}/execute")
    @Operation(
            operationId = "executePlan",
            summary = "Execute the plan of a dry run",
            description =
                    "Submits a live task with the same input. The calls that the dry run did not make are made, each as often as there; an approver who executes the plan votes for them. A person is asked about any other call. Executing a plan again is the same task.")
    @ApiResponse(responseCode = "200", description = "It is executed already.")
    @ApiResponse(responseCode = "202", description = "The live task is durable. Location is its address.")
    @ApiResponse(responseCode = "404", description = "The task does not exist.")
    @ApiResponse(responseCode = "409", description = "The task has no plan that can be executed.")
    public ResponseEntity<TaskAnswer> execute(@PathVariable UUID id, @Parameter(hidden = true) Actor actor)
            throws InterruptedException {
        TaskInfo plan = executable(id, actor);
        UUID live = TaskIds.of(plan.workflow(), PLAN, id.toString());
        executions.keep(id, live, actor); // before the task is there, which must not begin without its plan
        Submission submission = submissions.submit(
                new Submit(
                        plan.workflow(),
                        null,
                        plan.input(),
                        plan.priority(),
                        Duration.ZERO,
                        plan.submittedBy(),
                        null,
                        false,
                        true,
                        Mode.LIVE,
                        plan.version()),
                live);
        boolean known = submission instanceof Submission.Known;
        return ResponseEntity.status(known ? HttpStatus.OK : HttpStatus.ACCEPTED)
                .location(URI.create("/api/tasks/" + live))
                .body(new TaskAnswer(
                        live,
                        plan.workflow(),
                        known ? tasks.get(live, actor).status() : TaskStatus.QUEUED,
                        null,
                        null));
    }

    /** The dry run, if it has a plan that can be executed. */
    private TaskInfo executable(UUID id, Actor actor) {
        TaskInfo plan = tasks.get(id, actor);
        String why = refusal(plan);
        if (why != null) {
            throw ProblemException.of(HttpStatus.CONFLICT, "wrong-state", why);
        }
        return plan;
    }

    private @Nullable String refusal(TaskInfo plan) {
        if (!plan.mode().equals(Mode.DRY_RUN.word())) {
            return "task %s is live; only a dry run has a plan that can be executed".formatted(plan.id());
        }
        if (plan.erasedAt() != null) {
            return "the dry run %s was erased at %s, so it has no plan any more; submit a live task instead"
                    .formatted(plan.id(), plan.erasedAt());
        }
        if (plan.removedAt() != null) {
            return "the content of the dry run %s was removed at %s, so it has no plan any more; submit a live task instead"
                    .formatted(plan.id(), plan.removedAt());
        }
        if (plan.status() != TaskStatus.COMPLETED) {
            return "the dry run %s is %s; only the plan of one that is COMPLETED can be executed"
                    .formatted(plan.id(), plan.status());
        }
        if (plan.parent() != null) {
            return "the dry run %s is a child of %s, and its plan is a part of that one's; execute the plan of %s"
                    .formatted(plan.id(), plan.parent(), plan.root());
        }
        Outside outside = executions.outside(plan.id());
        return outside == null ? null : refusal(plan, outside);
    }

    private static String refusal(TaskInfo plan, Outside outside) {
        String what = outside.status() == null
                ? "without waiting for it, or shares it with others, and a plan holds only children that are awaited and not shared"
                : "which is %s; only the plan of a child that is COMPLETED can be executed".formatted(outside.status());
        return "the dry run %s cannot be executed: call %d of %s submits %s %s; submit a live task instead"
                .formatted(plan.id(), outside.n(), outside.parent(), outside.tool(), what);
    }
}
