package io.drover.api;

import io.drover.guard.GuardedTool;
import io.drover.guard.ToolCalls;
import io.drover.guard.ToolRegistry;
import io.drover.journal.CallState;
import io.drover.journal.TaskRedo;
import io.drover.journal.TaskRedo.Plan;
import io.drover.tool.ToolSpec;
import io.drover.who.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Dead tasks that forget a part of their calls, so that their models are asked again. */
@RestController
@Tag(name = "decisions")
public class RedoController {

    private final TaskRedo redo;
    private final TaskController tasks;
    private final ToolRegistry tools;
    private final ToolCalls calls;

    RedoController(TaskRedo redo, TaskController tasks, ToolRegistry tools, ToolCalls calls) {
        this.redo = redo;
        this.tasks = tasks;
        this.tools = tools;
        this.calls = calls;
    }

    @GetMapping("/api/tasks/{id}/retry")
    @Operation(
            operationId = "previewRedo",
            summary = "Show what a redo of a dead task would do",
            description =
                    "Changes nothing. Shows which calls `POST` with the same `from` would forget, which it would keep, and which tools would need an approval afterwards.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "The task or call does not exist.")
    @ApiResponse(responseCode = "409", description = "The task is not DEAD, or the call cannot be forgotten.")
    public RedoPreview preview(
            @PathVariable UUID id,
            @Parameter(description = "The number of the first call to forget.") @RequestParam int from,
            Actor actor) {
        checkNumber(from);
        String workflow = tasks.get(id, actor).workflow();
        Plan.Calls plan = done(redo.plan(id, from, tools.reading()));
        return RedoPreview.of(id, from, plan.calls(), effects(workflow, false), effects(workflow, true));
    }

    /** Redoes the task. */
    TaskInfo redo(UUID id, int from, Actor actor) {
        checkNumber(from);
        done(redo.redo(id, from, tools.reading(), actor));
        return tasks.get(id, actor);
    }

    /** The calls from which a dead task may be redone, as far as is known here. */
    public List<TaskInfo.Call> starts(TaskInfo task) {
        Set<String> reads = tools.reading();
        return task.calls().stream()
                .filter(call -> call.state() != CallState.FORGOTTEN)
                .filter(call -> call.tool().startsWith(ToolSpec.MODEL)
                        || reads.contains(call.tool()) && call.state() != CallState.IN_DOUBT)
                .toList();
    }

    private List<String> effects(String workflow, boolean keyed) {
        return tools.current().all().values().stream()
                .map(GuardedTool::spec)
                .filter(tool -> !tool.readOnly() && !tool.name().startsWith(ToolSpec.MODEL))
                .filter(tool -> (tool.effectKey() != null) == keyed && calls.isAllowed(workflow, tool))
                .map(ToolSpec::name)
                .sorted()
                .toList();
    }

    private static void checkNumber(int from) {
        if (from < 1) {
            throw ProblemException.badField(
                    "from", from, "is not the number of a call", "a whole number from 1, as `n` of a call of the task");
        }
    }

    private static Plan.Calls done(Plan plan) {
        return switch (plan) {
            case Plan.Calls all -> all;
            case Plan.Unknown unknown ->
                throw ProblemException.of(HttpStatus.NOT_FOUND, "unknown-task", unknown.what());
            case Plan.WrongState wrong -> throw ProblemException.of(HttpStatus.CONFLICT, "wrong-state", wrong.why());
            case Plan.Kept kept -> throw ProblemException.of(HttpStatus.CONFLICT, "call-is-kept", kept.why());
        };
    }
}
