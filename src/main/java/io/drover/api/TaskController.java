package io.drover.api;

import io.drover.evaluation.Evaluations;
import io.drover.journal.Approvals;
import io.drover.journal.AuditTrail;
import io.drover.journal.Executions;
import io.drover.journal.Executions.Execution;
import io.drover.journal.KeptPreviews;
import io.drover.journal.KeyOwner;
import io.drover.journal.TaskChildren;
import io.drover.journal.TaskCursor;
import io.drover.journal.TaskFilter;
import io.drover.journal.TaskSearch;
import io.drover.journal.TaskStatus;
import io.drover.journal.TaskStore;
import io.drover.journal.TaskView;
import io.drover.json.Json;
import io.drover.task.KeyOwners;
import io.drover.task.WorkflowRegistry;
import io.drover.who.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows tasks. */
@RestController
@Tag(name = "tasks")
public class TaskController {

    private static final Pattern WORKFLOW = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

    private static final int LONGEST_TEXT = 200;
    private static final int MOST_DECISIONS = 200;

    private final TaskStore store;
    private final TaskSearch search;
    private final WorkflowRegistry workflows;
    private final KeyOwners owners;
    private final AuditTrail audit;
    private final Approvals approvals;
    private final TaskChildren children;
    private final KeptPreviews previews;
    private final Evaluations evaluations;
    private final Executions executions;

    TaskController(
            TaskStore store,
            TaskSearch search,
            WorkflowRegistry workflows,
            KeyOwners owners,
            AuditTrail audit,
            Approvals approvals,
            TaskChildren children,
            KeptPreviews previews,
            Executions executions,
            Evaluations evaluations) {
        this.evaluations = evaluations;
        this.children = children;
        this.previews = previews;
        this.executions = executions;
        this.owners = owners;
        this.audit = audit;
        this.approvals = approvals;
        this.store = store;
        this.search = search;
        this.workflows = workflows;
    }

    @GetMapping("/api/tasks")
    @Operation(
            operationId = "listTasks",
            summary = "List tasks, newest first",
            description =
                    "With `q`, the tasks with this id or this whole key; if there are none, those with this text in their key or error (for who may read payloads), among the next 10000 in the list. `next` continues from there, even if a part is empty. A submitter sees its own tasks only, and a caller that is limited to workflows sees theirs.")
    @ApiResponse(responseCode = "200")
    public TaskPage list(
            @Parameter(schema = @Schema(implementation = TaskStatus.class)) @RequestParam(required = false) @Nullable
                    String status,
            @RequestParam(required = false) @Nullable String workflow,
            @Parameter(description = "Of the workflow. Looks through the next 10000 in the list, as `q` does.")
                    @RequestParam(required = false)
                    @Min(value = 1, message = "must be a whole number between 1 and 999999")
                    @Max(value = 999_999, message = "must be a whole number between 1 and 999999")
                    @Nullable
                    Integer version,
            @Parameter(
                            description =
                                    "Looks through the next 10000 in the list, as `q` does. `next` continues from there.",
                            schema = @Schema(allowableValues = {"live", "dry-run", "shadow"}))
                    @RequestParam(required = false)
                    @Nullable
                    String mode,
            @Parameter(description = "An id, a key, or a part of a key or an error; at most 200 characters.")
                    @RequestParam(required = false)
                    @Nullable
                    String q,
            @RequestParam(defaultValue = "50")
                    @Min(value = 1, message = "must be a whole number between 1 and 200")
                    @Max(value = 200, message = "must be a whole number between 1 and 200")
                    int limit,
            @Parameter(description = "`next` of the previous part.") @RequestParam(required = false) @Nullable
                    String cursor,
            Actor actor) {
        checkWorkflow(workflow);
        TaskFilter filter = new TaskFilter(
                status(status),
                workflow,
                version,
                ModeText.listed(mode),
                actor.seesAllTasks() ? null : actor.name(),
                actor.workflows());
        if (q != null && !q.isBlank()) {
            return TaskPage.of(search(text(q), filter, limit, cursor(cursor), actor));
        }
        if (!filter.isOfColumns()) {
            return TaskPage.of(search.matching(filter, limit, cursor(cursor)));
        }
        return TaskPage.of(store.list(filter.status(), workflow, limit, cursor(cursor)), limit);
    }

    @GetMapping("/api/tasks/{id}")
    @Operation(operationId = "getTask", summary = "Show a task and its calls")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "The task does not exist.")
    public TaskInfo get(@PathVariable UUID id, Actor actor) {
        TaskView task = visible(id, actor);
        List<AuditTrail.Entry> decisions =
                audit.list(new AuditTrail.Filter(null, null, id, null, null), MOST_DECISIONS, null);
        return TaskInfo.of(
                task,
                store.attempts(id),
                store.calls(id),
                store.lateResults(id),
                decisions,
                store.replaceable(id),
                store.effectKeys(id),
                task.submitter().mode().hasNoEffect() ? previews.of(id) : Map.of(),
                execution(task),
                approvals.of(id),
                task.submitter().family() == null
                        ? List.of()
                        : children.above(id).stream()
                                .filter(above -> actor.workflows().allow(above.workflow()))
                                .toList(),
                children.usd(id),
                task.submitter().evaluated()
                        ? evaluations.of(id).map(EvaluationInfo::of).orElse(null)
                        : null);
    }

    @GetMapping("/api/tasks/{id}/children")
    @Operation(operationId = "listChildren", summary = "List the tasks that a task awaits or awaited, newest first")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "The task does not exist.")
    public TaskPage children(
            @PathVariable UUID id,
            @RequestParam(defaultValue = "50")
                    @Min(value = 1, message = "must be a whole number between 1 and 200")
                    @Max(value = 200, message = "must be a whole number between 1 and 200")
                    int limit,
            @Parameter(description = "`next` of the previous part.") @RequestParam(required = false) @Nullable
                    String cursor,
            Actor actor) {
        visible(id, actor);
        return TaskPage.of(children.list(id, limit, cursor(cursor), actor.workflows()), children.counts(id), limit);
    }

    private @Nullable Execution execution(TaskView task) {
        return task.submitter().mode().hasNoEffect()
                ? executions.ofPlan(task.id())
                : task.submitter().redone() ? executions.ofTask(task.id()) : null;
    }

    TaskView visible(UUID id, Actor actor) {
        String who = actor.seesAllTasks() ? null : actor.name();
        return store.find(id)
                .filter(found -> who == null || who.equals(found.submitter().name()))
                .orElseThrow(() -> ProblemException.of(HttpStatus.NOT_FOUND, "unknown-task", "there is no task " + id));
    }

    private Set<String> owners() {
        Set<String> all = new TreeSet<>(KeyOwner.FIXED);
        all.addAll(owners.all());
        return all;
    }

    private TaskSearch.Found search(
            String text, TaskFilter filter, int limit, @Nullable TaskCursor cursor, Actor actor) {
        Set<String> keyed = new TreeSet<>(workflows.all().keySet());
        if (filter.workflow() != null) {
            keyed.add(filter.workflow());
        }
        String json = Json.write(text);
        return search.find(
                text,
                actor.seesPayloads() ? json.substring(1, json.length() - 1) : null,
                keyed,
                owners(),
                filter,
                limit,
                cursor);
    }

    private static String text(String q) {
        String text = q.strip();
        if (text.length() > LONGEST_TEXT
                || text.indexOf('\0') >= 0
                || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw ProblemException.badField("q", q, "cannot be looked for", "text of at most 200 characters");
        }
        return text;
    }

    static void checkWorkflow(@Nullable String workflow) {
        if (workflow != null && !WORKFLOW.matcher(workflow).matches()) {
            throw ProblemException.badField(
                    "workflow", workflow, "is not a workflow's name", "1 to 64 letters, digits, '_' and '-'");
        }
    }

    private static @Nullable TaskStatus status(@Nullable String status) {
        try {
            return status == null ? null : TaskStatus.valueOf(status);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badField("status", status, "is unknown", "one of " + List.of(TaskStatus.values()));
        }
    }

    private static @Nullable TaskCursor cursor(@Nullable String cursor) {
        try {
            return cursor == null ? null : TaskCursor.parse(cursor);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badField("cursor", cursor, "is not a cursor", "`next` of an earlier answer");
        }
    }
}
