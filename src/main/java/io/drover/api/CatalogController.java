package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.drover.guard.ToolRegistry;
import io.drover.journal.CallState;
import io.drover.journal.Fleet;
import io.drover.journal.TaskStore;
import io.drover.route.RouteFiles;
import io.drover.task.WorkflowRegistry;
import io.drover.who.Payload;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows what is loaded in this process, and its state. */
@RestController
@Tag(name = "catalog")
public class CatalogController {

    /** The tools. */
    @Schema(name = "Tools")
    public record Tools(List<ToolInfo> tools) {}

    /** The calls that failed last. */
    @Schema(name = "ToolErrors")
    public record ToolErrors(List<ToolError> errors) {}

    /** A call that failed, or whose outcome is unknown. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "ToolError", description = "A call that failed, or whose outcome is unknown.")
    public record ToolError(
            String tool,
            UUID taskId,
            @Schema(description = "The number of the call in the task.") int n,
            CallState state,
            Instant at,
            @Payload(keeps = {"type", "tool"}) @JsonRawValue @Schema(implementation = Object.class) @Nullable
                    String error) {}

    /** The workflows, and the files whose current version is not in force. */
    @Schema(name = "Workflows")
    public record Workflows(
            List<WorkflowInfo> workflows,
            @Schema(description = "Route files that are broken now.") List<Problem> problems,
            @Schema(description = "Routes that are loaded but not started, because their files say so.")
                    List<AtRest> notStarted) {}

    /** A route that is not started. */
    @Schema(name = "RouteAtRest", description = "A route that is loaded but not started.")
    public record AtRest(String file, @Schema(description = "The option in the file that says so.") String reason) {}

    /** A file whose current version is not in force. */
    @Schema(name = "RouteProblem")
    public record Problem(
            String file,
            int line,
            String message,
            @Schema(description = "Whether an earlier version of the file runs.") boolean runs) {}

    private static final int ERRORS_EACH = 3;

    private final ToolRegistry tools;
    private final WorkflowRegistry workflows;
    private final RouteFiles files;
    private final Fleet fleet;
    private final TaskStore store;

    CatalogController(ToolRegistry tools, WorkflowRegistry workflows, RouteFiles files, Fleet fleet, TaskStore store) {
        this.store = store;
        this.tools = tools;
        this.workflows = workflows;
        this.files = files;
        this.fleet = fleet;
    }

    @GetMapping("/api/tools")
    @Operation(operationId = "listTools", summary = "List the tools with their policy, rate and circuit breaker")
    public Tools tools() {
        return new Tools(tools.current().all().values().stream()
                .sorted(Comparator.comparing(tool -> tool.spec().name()))
                .map(tool -> ToolInfo.of(tool, files.fileOf(tool.routeId()), fleet.size()))
                .toList());
    }

    @GetMapping("/api/tools/errors")
    @Operation(
            operationId = "listToolErrors",
            summary = "List the last errors of each tool, in the whole fleet",
            description =
                    "The last three calls of each tool that failed or are in doubt, by tool and newest first, among the latest dead and waiting tasks.")
    public ToolErrors toolErrors() {
        return new ToolErrors(store.lastErrors(ERRORS_EACH).stream()
                .map(call -> new ToolError(
                        call.tool(),
                        call.taskId(),
                        call.n(),
                        call.state(),
                        call.finishedAt() == null ? call.startedAt() : call.finishedAt(),
                        call.error()))
                .toList());
    }

    @GetMapping("/api/workflows")
    @Operation(operationId = "listWorkflows", summary = "List the workflows, and the route files that are broken")
    public Workflows workflows() {
        return new Workflows(
                workflows.versions().stream()
                        .map(workflow -> WorkflowInfo.of(
                                workflow,
                                workflow.equals(workflows.get(workflow.spec().name())),
                                files.fileOf(workflow.routeId())))
                        .toList(),
                files.problems().stream()
                        .map(problem -> new Problem(problem.file(), problem.line(), problem.message(), problem.runs()))
                        .toList(),
                files.atRest().stream()
                        .map(rest -> new AtRest(rest.file(), rest.reason()))
                        .toList());
    }
}
