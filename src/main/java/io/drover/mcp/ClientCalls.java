package io.drover.mcp;

import io.drover.guard.ToolRegistry;
import io.drover.hold.Hold;
import io.drover.hold.HoldsInForce;
import io.drover.journal.KeyOwner;
import io.drover.journal.QueueState.Progress;
import io.drover.journal.Submission;
import io.drover.journal.TaskIds;
import io.drover.journal.TaskStatus;
import io.drover.journal.TaskStore;
import io.drover.journal.TaskView;
import io.drover.journal.WaitReason;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.task.Backlog;
import io.drover.task.InvalidTaskException;
import io.drover.task.KeyOwners;
import io.drover.task.OutcomeWait;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import io.drover.who.Actor;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Submits a task for each {@code tools/call}, and answers with its outcome if that comes in time. */
@Component
@EnableConfigurationProperties(McpServerProperties.class)
class ClientCalls {

    /** In {@code _meta} of a call: a second call with this key and the same input is the same task. */
    static final String IDEMPOTENCY_KEY = "io.drover/idempotencyKey";

    private static final int DURABLE_SECONDS = 5;

    private final TaskService tasks;
    private final OutcomeWait outcomes;
    private final TaskStore store;
    private final Backlog backlog;
    private final ToolRegistry tools;
    private final KeyOwners owners;
    private final HoldsInForce holds;
    private final Duration patience;
    private volatile boolean stopping;

    ClientCalls(
            TaskService tasks,
            OutcomeWait outcomes,
            TaskStore store,
            Backlog backlog,
            ToolRegistry tools,
            KeyOwners owners,
            HoldsInForce holds,
            McpServerProperties properties) {
        this.owners = owners;
        this.holds = holds;
        this.tasks = tasks;
        this.outcomes = outcomes;
        this.store = store;
        this.backlog = backlog;
        this.tools = tools;
        this.patience = properties.callWait();
    }

    /** From now on a call is answered within a second; its task continues elsewhere. */
    void stopWaiting() {
        stopping = true;
    }

    /** @param params of {@code tools/call}, as they came */
    Map<String, Object> call(Actor caller, @Nullable Object params) throws InterruptedException {
        if (!(params instanceof Map<?, ?> request) || !(request.get("name") instanceof String name)) {
            throw invalid("tools/call needs the name of a tool");
        }
        Object arguments = request.get("arguments") == null ? Map.of() : request.get("arguments");
        if (!(arguments instanceof Map<?, ?>)) {
            throw invalid("the arguments of a call are an object");
        }
        if (!ServedTools.isServed(tools.current().get(name))) {
            throw invalid("Unknown tool: " + Excerpt.of(name));
        }
        if (!caller.mayOperate()) {
            return CallResult.problem("refused", "a viewer may only read; a call needs the role operator", null);
        }
        if (backlog.isFull()) {
            return CallResult.problem("busy", "too many tasks are queued; call again later", null);
        }
        String key = key(request);
        Hold hold = held(caller, name);
        if (hold != null && !isKnown(caller, key)) {
            return CallResult.problem("held", hold.text() + "; call again when it is released", null);
        }
        Map<String, Object> input = new LinkedHashMap<>(); // a repeated call must read the same
        input.put(CallStep.TOOL, name);
        input.put(CallStep.ARGUMENTS, arguments);
        return submit(new Submit(
                CallWorkflow.NAME,
                key,
                Json.write(input),
                null,
                Duration.ZERO,
                caller.name(),
                owners.of(caller.name())));
    }

    private @Nullable Hold held(Actor caller, String tool) {
        return holds.onAny(List.of(
                Hold.ALL,
                Hold.Kind.TOOL.subject(tool),
                Hold.Kind.WORKFLOW.subject(CallWorkflow.NAME),
                Hold.Kind.USER.subject(caller.name())));
    }

    /** What was accepted before the hold is not refused by it: it may have ended, or waits. */
    private boolean isKnown(Actor caller, @Nullable String key) {
        return key != null
                && (store.find(TaskIds.of(CallWorkflow.NAME, key)).isPresent()
                        || store.find(TaskIds.of(CallWorkflow.NAME, owners.of(caller.name()), key))
                                .isPresent()
                        || store.find(TaskIds.of(CallWorkflow.NAME, KeyOwner.dryRun(owners.of(caller.name())), key))
                                .isPresent());
    }

    private Map<String, Object> submit(Submit request) throws InterruptedException {
        Submission submission;
        try {
            submission = tasks.submit(request).get(DURABLE_SECONDS, TimeUnit.SECONDS);
        } catch (InvalidTaskException e) {
            return switch (e.reason()) {
                case BAD_KEY -> throw invalid("_meta." + IDEMPOTENCY_KEY + ": " + e.getMessage());
                case UNKNOWN_WORKFLOW -> CallResult.problem("busy", "the process is still starting; call again", null);
                default -> CallResult.problem("invalid_arguments", String.valueOf(e.getMessage()), null);
            };
        } catch (TimeoutException e) {
            return CallResult.problem(
                    "unconfirmed",
                    "the database did not confirm in time whether the call is accepted; it is safe to call again with the same _meta."
                            + IDEMPOTENCY_KEY,
                    null);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a call could not be stored", e.getCause());
        }
        if (submission instanceof Submission.Conflict) {
            throw invalid("task %s has this _meta.%s and another input; a new call needs a new key"
                    .formatted(submission.id(), IDEMPOTENCY_KEY));
        }
        try {
            return outcome(submission.id());
        } catch (DataAccessException | TransactionException e) {
            return CallResult.problem(
                    "waiting",
                    "task %s is accepted, but its outcome could not be read: GET /api/tasks/%s shows it"
                            .formatted(submission.id(), submission.id()),
                    submission.id());
        }
    }

    private Map<String, Object> outcome(UUID task) throws InterruptedException {
        Progress end =
                outcomes.await(task, patience, this::isEnough).orElse(new Progress(TaskStatus.WAITING, null, null));
        return switch (end.status()) {
            case COMPLETED ->
                CallResult.success(task, Objects.requireNonNull(end.output(), "a completed task has an output"));
            case DEAD -> CallResult.failure(task, end.error());
            case CANCELLED -> CallResult.problem("cancelled", "the task was cancelled", task);
            default -> stillWaiting(task);
        };
    }

    private boolean isEnough(TaskView task) {
        return stopping || task.status().isTerminal() || waitsForAPerson(task);
    }

    private static boolean waitsForAPerson(TaskView task) {
        return task.waitReason() == WaitReason.IN_DOUBT
                || task.waitReason() == WaitReason.APPROVAL
                || task.waitReason() == WaitReason.HELD;
    }

    private Map<String, Object> stillWaiting(UUID id) {
        Optional<TaskView> task = store.find(id);
        WaitReason reason = task.filter(ClientCalls::waitsForAPerson)
                .map(TaskView::waitReason)
                .orElse(null);
        String why =
                task.map(TaskView::error).map(error -> " (%s)".formatted(error)).orElse("");
        return CallResult.problem(
                reason == null ? "waiting" : reason.name().toLowerCase(java.util.Locale.ROOT),
                "task %s %s%s; do not call again, because it continues by itself: GET /api/tasks/%s shows it"
                        .formatted(id, reason == null ? "has not ended yet" : "waits for a person", why, id),
                id);
    }

    private static @Nullable String key(Map<?, ?> request) {
        Object key = request.get("_meta") instanceof Map<?, ?> meta ? meta.get(IDEMPOTENCY_KEY) : null;
        if (key == null || key instanceof String) {
            return (String) key;
        }
        throw invalid("_meta.%s must be a string".formatted(IDEMPOTENCY_KEY));
    }

    private static McpError invalid(String message) {
        return McpError.builder(ErrorCodes.INVALID_PARAMS).message(message).build();
    }
}
