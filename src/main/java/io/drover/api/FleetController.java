package io.drover.api;

import io.drover.journal.Fleet;
import io.drover.journal.TaskStatus;
import io.drover.journal.TaskStore;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows the workers and the backlog. */
@RestController
@Tag(name = "fleet")
public class FleetController {

    /** The workers. */
    @Schema(name = "Workers")
    public record Workers(List<Worker> workers) {}

    /** A running process. */
    @Schema(name = "Worker", description = "A running process.")
    public record Worker(
            UUID id,
            String name,
            String version,
            @Schema(description = "The track whose tasks it claims: stable or canary.") String track,
            Instant startedAt,
            @Schema(type = "string", example = "PT2.1S", description = "Time since its last sign of life.")
                    Duration heartbeatAge,
            @Schema(description = "Attempts that it runs.") int running) {}

    /** The queue. */
    @Schema(name = "Queue")
    public record Queue(List<Depth> depths) {

        /** How many tasks have a status, over all workflows. */
        public long count(TaskStatus status) {
            return depths.stream()
                    .filter(depth -> depth.status == status)
                    .mapToLong(Depth::count)
                    .sum();
        }
    }

    /** How many tasks of a workflow have a status. */
    @Schema(name = "QueueDepth", description = "How many tasks of a workflow have a status.")
    public record Depth(
            String workflow,
            TaskStatus status,
            @Schema(description = "At most 100000: counting stops there.") long count,
            @Schema(type = "string", example = "PT3S", description = "How long the oldest QUEUED task has been due.")
                    Duration oldest) {}

    private final Fleet fleet;
    private final TaskStore store;

    FleetController(Fleet fleet, TaskStore store) {
        this.fleet = fleet;
        this.store = store;
    }

    @GetMapping("/api/workers")
    @Operation(operationId = "listWorkers", summary = "List the workers with their last sign of life")
    public Workers workers() {
        return new Workers(fleet.workers().stream()
                .map(member -> new Worker(
                        member.id(),
                        member.name(),
                        member.version(),
                        member.track(),
                        member.startedAt(),
                        member.heartbeatAge(),
                        member.running()))
                .toList());
    }

    @GetMapping("/api/queue")
    @Operation(
            operationId = "countTasks",
            summary = "Count the tasks that are not done, by workflow and status",
            description = "QUEUED, RUNNING, WAITING and DEAD; finished tasks are not counted.")
    public Queue queue() {
        return new Queue(Stream.concat(store.depths().stream(), store.dead().stream())
                .map(depth -> new Depth(depth.workflow(), depth.status(), depth.count(), depth.oldest()))
                .sorted(Comparator.comparing(Depth::workflow).thenComparing(Depth::status))
                .toList());
    }
}
