package io.drover.task;

import io.drover.journal.TaskStatus;
import io.drover.start.BoundSettings;
import io.drover.start.Bounds;
import io.drover.tool.ToolName;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/**
 * How long the content of tasks that have ended is kept, and what is left of them after that.
 *
 * @param completed content of tasks that completed; for ever if it is not set
 * @param dead      content of dead tasks, which then can no longer be redriven; for ever if it is not set
 * @param cancelled content of cancelled tasks; for ever if it is not set
 * @param outcomes  what is left of a task after its content, with its key; for ever if it is not set
 * @param workflows the same by workflow, before the times above
 */
@ConfigurationProperties("drover.keep")
public record KeepProperties(
        @Nullable Duration completed,
        @Nullable Duration dead,
        @Nullable Duration cancelled,
        @Nullable Duration outcomes,
        @DefaultValue Map<String, OfWorkflow> workflows) {

    private static final String PREFIX = "drover.keep";
    private static final Bounds<Duration> KEEP = Bounds.ofTime("1m", "36500d", "30d");

    /**
     * Of one workflow.
     *
     * @param completed content of tasks that completed
     * @param dead      content of dead tasks
     * @param cancelled content of cancelled tasks
     */
    public record OfWorkflow(@Nullable Duration completed, @Nullable Duration dead, @Nullable Duration cancelled) {

        private void check(String prefix) {
            KEEP.check(prefix + ".completed", completed);
            KEEP.check(prefix + ".dead", dead);
            KEEP.check(prefix + ".cancelled", cancelled);
        }

        private @Nullable Duration of(TaskStatus outcome) {
            return switch (outcome) {
                case COMPLETED -> completed;
                case DEAD -> dead;
                case CANCELLED -> cancelled;
                case QUEUED, RUNNING, WAITING -> null;
            };
        }
    }

    public KeepProperties {
        new OfWorkflow(completed, dead, cancelled).check(PREFIX);
        KEEP.check(PREFIX + ".outcomes", outcomes);
        workflows.forEach((name, times) -> {
            String prefix = "%s.workflows.%s".formatted(PREFIX, name);
            ToolName.check(prefix, name);
            times.check(prefix);
        });
    }

    /** For {@code validate}. @throws io.drover.start.RefusedToStartException when a setting breaks a rule */
    public static KeepProperties in(Environment environment) {
        return BoundSettings.of(environment, PREFIX, KeepProperties.class);
    }

    /** How long the content of a workflow's tasks is kept that ended so, or null for ever. */
    @Nullable
    Duration of(String workflow, TaskStatus outcome) {
        OfWorkflow own = workflows.get(workflow);
        Duration said = own == null ? null : own.of(outcome);
        return said != null ? said : new OfWorkflow(completed, dead, cancelled).of(outcome);
    }

    /** Whether everything is kept for ever. */
    boolean isEverything() {
        return Stream.concat(Stream.of(new OfWorkflow(completed, dead, cancelled)), workflows.values().stream())
                .allMatch(times -> times.completed == null && times.dead == null && times.cancelled == null);
    }
}
