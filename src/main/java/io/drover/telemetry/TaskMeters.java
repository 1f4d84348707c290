package io.drover.telemetry;

import io.drover.journal.Mode;
import io.drover.journal.WorkflowVersion;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** The meters of tasks, each made once. */
@Component
class TaskMeters {

    /** From a task of three local calls to one that waited for a person overnight. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(15),
        Duration.ofHours(1),
        Duration.ofHours(12)
    };

    /** The types that Drover itself gives to failures of any workflow. */
    private static final List<String> COMMON_ERRORS =
            List.of("ToolFailed", "ToolInDoubt", "ToolRefused", "ToolArgumentsInvalid", "AttemptTimeout", "WorkerLost");

    static final String MODE = "mode";

    private static final String VERSION = "version";

    /** How many versions of a workflow have a label of their own in a process; the rest share one. */
    private static final int MOST_VERSIONS = 20;

    private static final String OTHERS = "other";

    record OfWorkflow(Counter started, Counter completed, Timer duration) {}

    private record Failure(WorkflowVersion workflow, Mode mode, String errorType) {}

    private final MeterRegistry registry;
    private final Map<String, Set<Integer>> labelled = new ConcurrentHashMap<>();
    private final Map<Mode, Map<WorkflowVersion, OfWorkflow>> workflows = new EnumMap<>(Mode.class);
    private final Map<Failure, Counter> failures = new ConcurrentHashMap<>();
    private final LastSuccess lastSuccess;

    TaskMeters(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        for (Mode mode : Mode.values()) {
            workflows.put(mode, new ConcurrentHashMap<>());
        }
        this.lastSuccess = new LastSuccess(
                registry,
                clock,
                "agent.task.last.success.timestamp",
                "workflow",
                "When this process last completed a task of the workflow, in seconds since 1970.");
    }

    /** Begins the workflow's counters at zero. */
    void begin(WorkflowVersion workflow) {
        of(workflow, Mode.LIVE);
        COMMON_ERRORS.forEach(type -> failed(workflow, Mode.LIVE, type));
    }

    OfWorkflow of(WorkflowVersion workflow, Mode mode) {
        Map<WorkflowVersion, OfWorkflow> all = Objects.requireNonNull(workflows.get(mode), "each mode has its own");
        OfWorkflow known = all.get(workflow);
        return known != null ? known : all.computeIfAbsent(workflow, name -> create(name, mode));
    }

    void completed(WorkflowVersion workflow, Mode mode) {
        of(workflow, mode).completed().increment();
        if (!mode.hasNoEffect()) {
            lastSuccess.now(workflow.workflow());
        }
    }

    Counter failed(WorkflowVersion workflow, Mode mode, String errorType) {
        return failures.computeIfAbsent(
                new Failure(workflow, mode, errorType), failure -> Counter.builder("agent.tasks.failed")
                        .description("Tasks that are dead: they failed, and no attempt follows.")
                        .tag("workflow", workflow.workflow())
                        .tag(VERSION, label(workflow))
                        .tag(MODE, mode.word())
                        .tag("error_type", errorType)
                        .register(registry));
    }

    private String label(WorkflowVersion version) {
        Set<Integer> known = labelled.computeIfAbsent(version.workflow(), name -> new HashSet<>());
        synchronized (known) {
            if (known.size() < MOST_VERSIONS) {
                known.add(version.version());
            }
            return known.contains(version.version()) ? Integer.toString(version.version()) : OTHERS;
        }
    }

    private OfWorkflow create(WorkflowVersion workflow, Mode mode) {
        return new OfWorkflow(
                Counter.builder("agent.tasks.started")
                        .description("Tasks whose first attempt began.")
                        .tag("workflow", workflow.workflow())
                        .tag(VERSION, label(workflow))
                        .tag(MODE, mode.word())
                        .register(registry),
                Counter.builder("agent.tasks.completed")
                        .description("Tasks that ended with an output.")
                        .tag("workflow", workflow.workflow())
                        .tag(VERSION, label(workflow))
                        .tag(MODE, mode.word())
                        .register(registry),
                Timer.builder("agent.task.duration")
                        .description("From the submission of a task to its end, completed or dead.")
                        .tag("workflow", workflow.workflow())
                        .tag(VERSION, label(workflow))
                        .tag(MODE, mode.word())
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry));
    }
}
