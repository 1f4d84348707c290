package io.drover.api;

import io.drover.journal.TaskCursor;
import io.drover.journal.TaskStatus;
import io.drover.journal.TaskStore;
import io.drover.journal.TaskView;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
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
class TaskController {

    private static final Pattern WORKFLOW = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

    private final TaskStore store;

    TaskController(TaskStore store) {
        this.store = store;
    }

    @GetMapping("/api/tasks")
    @Operation(operationId = "listTasks", summary = "List tasks, newest first")
    @ApiResponse(responseCode = "200")
    TaskPage list(
            @Parameter(schema = @Schema(implementation = TaskStatus.class)) @RequestParam(required = false) @Nullable
                    String status,
            @RequestParam(required = false) @Nullable String workflow,
            @RequestParam(defaultValue = "50")
                    @Min(value = 1, message = "must be a whole number between 1 and 200")
                    @Max(value = 200, message = "must be a whole number between 1 and 200")
                    int limit,
            @Parameter(description = "`next` of the part before.") @RequestParam(required = false) @Nullable
                    String cursor) {
        if (workflow != null && !WORKFLOW.matcher(workflow).matches()) {
            throw ProblemException.badField(
                    "workflow", workflow, "is not a workflow's name", "1 to 64 letters, digits, '_' and '-'");
        }
        return TaskPage.of(store.list(status(status), workflow, limit, cursor(cursor)), limit);
    }

    @GetMapping("/api/tasks/{id}")
    @Operation(operationId = "getTask", summary = "Show a task and its calls")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "There is no such task.")
    TaskInfo get(@PathVariable UUID id) {
        TaskView task = store.find(id)
                .orElseThrow(() -> ProblemException.of(HttpStatus.NOT_FOUND, "unknown-task", "there is no task " + id));
        return TaskInfo.of(task, store.calls(id), store.lateResults(id));
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
