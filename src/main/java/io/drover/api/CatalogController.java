package io.drover.api;

import io.drover.camel.RouteFiles;
import io.drover.guard.ToolRegistry;
import io.drover.journal.Fleet;
import io.drover.task.WorkflowRegistry;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Comparator;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows what is loaded in this process, and how it fares. */
@RestController
@Tag(name = "catalog")
class CatalogController {

    /** The tools. */
    @Schema(name = "Tools")
    record Tools(List<ToolInfo> tools) {}

    /** The workflows, and the files that are not in force. */
    @Schema(name = "Workflows")
    record Workflows(
            List<WorkflowInfo> workflows,
            @Schema(description = "Route files that are broken now.") List<Problem> problems) {}

    /** A file that is not in force as it stands. */
    @Schema(name = "RouteProblem")
    record Problem(
            String file,
            int line,
            String message,
            @Schema(description = "Whether an earlier version of the file runs.") boolean runs) {}

    private final ToolRegistry tools;
    private final WorkflowRegistry workflows;
    private final RouteFiles files;
    private final Fleet fleet;

    CatalogController(ToolRegistry tools, WorkflowRegistry workflows, RouteFiles files, Fleet fleet) {
        this.tools = tools;
        this.workflows = workflows;
        this.files = files;
        this.fleet = fleet;
    }

    @GetMapping("/api/tools")
    @Operation(operationId = "listTools", summary = "List the tools with their policy, rate and circuit breaker")
    Tools tools() {
        return new Tools(tools.current().all().values().stream()
                .sorted(Comparator.comparing(tool -> tool.spec().name()))
                .map(tool -> ToolInfo.of(tool, files.fileOf(tool.routeId()), fleet.size()))
                .toList());
    }

    @GetMapping("/api/workflows")
    @Operation(operationId = "listWorkflows", summary = "List the workflows, and the route files that are broken")
    Workflows workflows() {
        return new Workflows(
                workflows.all().values().stream()
                        .sorted(Comparator.comparing(workflow -> workflow.spec().name()))
                        .map(workflow -> WorkflowInfo.of(workflow, files.fileOf(workflow.routeId())))
                        .toList(),
                files.problems().stream()
                        .map(problem -> new Problem(problem.file(), problem.line(), problem.message(), problem.runs()))
                        .toList());
    }
}
