package io.drover.telemetry;

import io.drover.hold.HoldsInForce;
import io.drover.journal.Fleet;
import io.drover.journal.TaskStatus;
import io.drover.journal.TaskStore;
import io.drover.journal.TaskStore.Depth;
import io.drover.journal.TaskStore.Waits;
import io.drover.journal.WaitReason;
import io.drover.task.Worker;
import io.drover.task.WorkflowRegistry;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The gauges of the queue, read in the background: a scrape never waits for the database. */
@Component
class QueueMeters implements Look {

    private static final List<TaskStatus> OPEN = List.of(TaskStatus.QUEUED, TaskStatus.RUNNING, TaskStatus.WAITING);

    private record Wait(String workflow, WaitReason reason) {}

    private record Line(String workflow, TaskStatus status) {}

    private final TaskStore store;
    private final WorkflowRegistry workflows;
    private final HoldsInForce holds;
    private final MultiGauge depth;
    private final MultiGauge due;
    private final MultiGauge held;
    private final MultiGauge oldest;
    private final MultiGauge waiting;
    private final MultiGauge waitingOldest;
    private final MultiGauge lost;
    private final Set<String> seen = new TreeSet<>();

    QueueMeters(
            TaskStore store,
            WorkflowRegistry workflows,
            HoldsInForce holds,
            Worker worker,
            Fleet fleet,
            MeterRegistry registry) {
        this.store = store;
        this.workflows = workflows;
        this.holds = holds;
        this.depth = MultiGauge.builder("agent.queue.depth")
                .description("Unfinished tasks by status, counted up to " + TaskStore.MOST_COUNTED + ".")
                .register(registry);
        this.due = MultiGauge.builder("agent.tasks.due")
                .description("Tasks that need a worker now: running ones, and queued ones that no hold keeps.")
                .register(registry);
        this.held = MultiGauge.builder("agent.workflow.held")
                .description(
                        "1 while a hold on the workflow, or on everything, keeps its tasks from beginning; else 0.")
                .register(registry);
        this.oldest = MultiGauge.builder("agent.queue.oldest.age")
                .description("How long the queued task that has been due longest has been due.")
                .baseUnit("seconds")
                .register(registry);
        this.waiting = MultiGauge.builder("agent.tasks.waiting")
                .description("Waiting tasks by what they wait for, counted up to " + TaskStore.MOST_COUNTED + ".")
                .register(registry);
        this.waitingOldest = MultiGauge.builder("agent.tasks.waiting.oldest.age")
                .description("How long ago the latest attempt of the longest-waiting task began.")
                .baseUnit("seconds")
                .register(registry);
        this.lost = MultiGauge.builder("agent.tasks.lost")
                .description("Running tasks whose workers died while they ran them, twice in a row or more.")
                .register(registry);
        Gauge.builder("agent.tasks.in.flight", worker, Worker::running)
                .description("Attempts that this process runs now.")
                .strongReference(true)
                .register(registry);
        Gauge.builder("agent.attempt.oldest.age", worker, w -> w.longest().toMillis() / 1000.0)
                .description("How long the longest-running attempt in this process has run.")
                .baseUnit("seconds")
                .strongReference(true)
                .register(registry);
        FunctionCounter.builder("agent.workers.lost", fleet, Fleet::lost)
                .description("Workers that this process found dead: their lease ended, and they had not left.")
                .register(registry);
        Gauge.builder("agent.workers", fleet, Fleet::size)
                .description("Living workers, as this process sees them.")
                .strongReference(true)
                .register(registry);
    }

    private void readWaits() {
        Map<Wait, Waits> waits = new HashMap<>();
        store.waits().forEach(line -> waits.put(new Wait(line.workflow(), line.reason()), line));
        List<Row<?>> counts = new ArrayList<>();
        List<Row<?>> ages = new ArrayList<>();
        for (String workflow : seen) {
            for (WaitReason reason : WaitReason.values()) {
                Waits line = waits.get(new Wait(workflow, reason));
                Tags tags = Tags.of("workflow", workflow, "reason", reason.name());
                counts.add(Row.of(tags, line == null ? 0 : line.count()));
                ages.add(Row.of(tags, line == null ? 0 : line.oldest().toMillis() / 1000.0));
            }
        }
        waiting.register(counts, true);
        waitingOldest.register(ages, true);
    }

    @Override
    public String what() {
        return "queue";
    }

    /** Reads the queue. A workflow that was seen once keeps its lines, so that an empty queue shows as zero. */
    @Override
    public void look() {
        Map<Line, Depth> depths = new HashMap<>();
        for (Depth line : store.depths()) {
            depths.put(new Line(line.workflow(), line.status()), line);
            seen.add(line.workflow());
        }
        seen.addAll(workflows.all().keySet());
        List<Row<?>> counts = new ArrayList<>();
        List<Row<?>> needs = new ArrayList<>();
        List<Row<?>> stops = new ArrayList<>();
        List<Row<?>> ages = new ArrayList<>();
        for (String workflow : seen) {
            for (TaskStatus status : OPEN) {
                counts.add(Row.of(
                        Tags.of("workflow", workflow, "status", status.name()),
                        count(depths.get(new Line(workflow, status)))));
            }
            Depth queued = depths.get(new Line(workflow, TaskStatus.QUEUED));
            boolean isHeld = holds.holdsWorkflow(workflow);
            stops.add(Row.of(Tags.of("workflow", workflow), isHeld ? 1 : 0));
            long begins = isHeld ? 0 : count(queued);
            long runs = count(depths.get(new Line(workflow, TaskStatus.RUNNING)));
            needs.add(Row.of(Tags.of("workflow", workflow), begins + runs));
            ages.add(Row.of(
                    Tags.of("workflow", workflow),
                    queued == null ? 0 : queued.oldest().toMillis() / 1000.0));
        }
        depth.register(counts, true);
        due.register(needs, true);
        held.register(stops, true);
        oldest.register(ages, true);
        readWaits();
        Map<String, Integer> lostNow = store.lost();
        List<Row<?>> losses = new ArrayList<>();
        seen.forEach(workflow -> losses.add(Row.of(Tags.of("workflow", workflow), lostNow.getOrDefault(workflow, 0))));
        lost.register(losses, true);
    }

    private static long count(@Nullable Depth line) {
        return line == null ? 0 : line.count();
    }
}
