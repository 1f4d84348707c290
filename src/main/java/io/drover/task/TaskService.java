package io.drover.task;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.eval.EvalsInForce;
import io.drover.journal.Family;
import io.drover.journal.KeyOwner;
import io.drover.journal.Mode;
import io.drover.journal.NewTask;
import io.drover.journal.Recovery;
import io.drover.journal.Submission;
import io.drover.journal.Submitter;
import io.drover.journal.TaskIds;
import io.drover.journal.TaskQueue;
import io.drover.journal.WorkflowVersion;
import io.drover.json.Excerpt;
import io.drover.rollout.Assignment;
import io.drover.rollout.RolloutsInForce;
import io.drover.task.InvalidTaskException.Reason;
import io.drover.trace.Traces;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Accepts tasks: checks them, and passes them to the queue. */
@Service
public class TaskService {

    /** Its tasks may call any tool, so only the database submits them, for an {@code onEnd} or a reminder. */
    private static final String CALLBACKS = "on-end";

    private final TaskQueue queue;
    private final WorkflowRegistry workflows;
    private final TaskProperties properties;
    private final Traces traces;
    private final Recovery recovery;
    private final RolloutsInForce rollouts;
    private final EvalsInForce evals;
    private final Mode usual;

    TaskService(
            TaskQueue queue,
            WorkflowRegistry workflows,
            TaskProperties properties,
            Traces traces,
            Recovery recovery,
            RolloutsInForce rollouts,
            EvalsInForce evals,
            ModeProperties modes) {
        this.queue = queue;
        this.workflows = workflows;
        this.properties = properties;
        this.traces = traces;
        this.recovery = recovery;
        this.rollouts = rollouts;
        this.evals = evals;
        this.usual = modes.mode();
    }

    /**
     * Submits a task. When the future completes, it is durable.
     *
     * @throws InvalidTaskException when it cannot be accepted; a conflict of keys comes with the future, as
     *     {@link Submission.Conflict}
     */
    public CompletableFuture<Submission> submit(Submit request) {
        UUID id = request.key() == null ? TaskIds.random() : keyed(request);
        return queue.submit(checked(request, id, null, assigned(request, id)));
    }

    /** The same for a task that has this id, whatever its key. */
    public CompletableFuture<Submission> submit(Submit request, UUID id) {
        return queue.submit(checked(request, id, null, assigned(request, id)));
    }

    /**
     * Submits a shadow, once.
     *
     * @param id      its own
     * @param rollout that compares it
     */
    public CompletableFuture<Submission> shadow(Submit request, UUID id, String rollout) {
        return queue.submit(checked(request.in(Mode.SHADOW), id, null, new Assignment(request.version(), rollout)));
    }

    /** Submits a task that evaluates another one, once; it is not evaluated itself. @param id its own */
    public CompletableFuture<Submission> evaluate(Submit request, UUID id) {
        Submit live = request.in(Mode.LIVE);
        NewTask task = checked(live, id, null, assigned(live, id));
        return queue.submit(task.unevaluated());
    }

    private UUID keyed(Submit request) {
        String key = Objects.requireNonNull(request.key(), "its key");
        return mode(request).hasNoEffect()
                ? TaskIds.of(request.workflow(), KeyOwner.dryRun(request.keyOwner()), key)
                : TaskIds.of(request.workflow(), key);
    }

    private Mode mode(Submit request) {
        return request.mode() == null ? usual : request.mode();
    }

    /**
     * A task that another one awaits, to be submitted with the call that awaits it.
     *
     * @param id     the id that is its call's alone; null where its key names a task that all callers share
     * @throws InvalidTaskException when it cannot be accepted
     */
    public NewTask child(Submit request, @Nullable UUID id, Family family) {
        UUID own = id == null ? keyed(request) : id;
        return checked(request, own, family, assigned(request, own));
    }

    /** A task without effect is given a version as any other, and compared with none. */
    private Assignment assigned(Submit request, UUID id) {
        if (request.version() != null) {
            return new Assignment(request.version(), null);
        }
        Assignment assigned =
                rollouts.assign(request.workflow(), request.key() == null ? id.toString() : request.key());
        return mode(request).hasNoEffect() ? new Assignment(assigned.version(), null) : assigned;
    }

    private NewTask checked(Submit request, UUID id, @Nullable Family family, Assignment assigned) {
        Workflow workflow = workflow(request, assigned);
        if (request.workflow().equals(CALLBACKS)) {
            throw new InvalidTaskException(
                    Reason.UNKNOWN_WORKFLOW,
                    "tasks of the workflow '%s' are submitted by Drover alone; name the tool as the onEnd of a workflow"
                            .formatted(CALLBACKS),
                    List.of());
        }
        if (workflow == null) {
            throw new InvalidTaskException(
                    Reason.UNKNOWN_WORKFLOW,
                    "there is no workflow '%s'; there are %s"
                            .formatted(
                                    Excerpt.of(request.workflow()),
                                    workflows.all().keySet()),
                    List.of());
        }
        if (request.key() != null) {
            TaskKeys.check("the key", request.key());
        }
        int priority = request.priority() == null ? workflow.spec().priority() : request.priority();
        if (priority < 0 || priority > 9) {
            throw new InvalidTaskException(
                    Reason.BAD_PRIORITY, "priority (%d) must be between 0 and 9".formatted(priority), List.of());
        }
        JsonNode input = TaskInput.parse("the input", request.input(), properties.maxInputBytes());
        if (workflow.spec().inputSchema() != null) {
            List<String> problems = workflow.spec().inputSchema().problems(input);
            if (!problems.isEmpty()) {
                throw new InvalidTaskException(
                        Reason.SCHEMA, "the input breaks the schema of task:" + request.workflow(), problems);
            }
        }
        Mode mode = mode(request);
        if (mode.hasNoEffect()) {
            checkDryRun(workflow);
        } else if (request.mayHaveRun()) {
            doubt(id, request);
        }
        String owner = mode.hasNoEffect() ? KeyOwner.dryRun(request.keyOwner()) : request.keyOwner();
        boolean isCompared = assigned.version() != null
                && assigned.version() == workflow.spec().version();
        return new NewTask(
                id,
                request.workflow(),
                request.key(),
                request.key() == null ? null : owner,
                request.input(),
                priority,
                request.delay(),
                new Submitter(
                        request.submittedBy(),
                        traces.submit(request.workflow(), id),
                        family,
                        request.redone(),
                        mode,
                        workflow.spec().version(),
                        isCompared ? assigned.rollout() : null,
                        mode == Mode.LIVE
                                && (isCompared && assigned.rollout() != null && assigned.scored()
                                        || evals.isSampled(request.workflow(), id))),
                mode.hasNoEffect() ? null : workflow.spec().callback(),
                workflow.spec().redaction());
    }

    private @Nullable Workflow workflow(Submit request, Assignment assigned) {
        Workflow current = workflows.get(request.workflow());
        if (current == null || assigned.version() == null) {
            return current;
        }
        Workflow asked = workflows.get(new WorkflowVersion(request.workflow(), assigned.version()));
        if (asked == null && request.version() == null) {
            return current; // this process has not loaded the version that a rollout names, and its tasks are compared
            // nowhere
        }
        if (asked == null) {
            throw new InvalidTaskException(
                    Reason.UNKNOWN_WORKFLOW,
                    "task:%s has no version %d; there are %s"
                            .formatted(
                                    request.workflow(),
                                    request.version(),
                                    workflows.versions(request.workflow()).stream()
                                            .map(version -> version.spec().version())
                                            .toList()),
                    List.of());
        }
        return asked;
    }

    private static void checkDryRun(Workflow workflow) {
        String outside = workflow.effectOutsideTools();
        if (outside != null) {
            throw new InvalidTaskException(
                    Reason.BAD_MODE,
                    "mode (dry-run): task:%s cannot be run dry, because it has an effect outside a tool: %s; put that into a route from: tool:<name> and call the tool"
                            .formatted(workflow.spec().name(), outside),
                    List.of());
        }
    }

    /**
     * Marks both ids that a task with a key may get.
     * Storing it decides which one it is, and then a worker may already run it.
     */
    private void doubt(UUID id, Submit request) {
        recovery.doubt(id);
        if (request.key() != null && request.keyOwner() != null) {
            recovery.doubt(TaskIds.of(request.workflow(), request.keyOwner(), request.key()));
        }
    }
}
