package io.drover.telemetry;

import io.drover.journal.AttemptEnd;
import io.drover.journal.ClaimedTask;
import io.drover.task.TaskListener;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Turns the life of attempts into metrics and log lines. */
@Component
class TaskTelemetry implements TaskListener {

    private final TaskMeters meters;
    private final Clock clock;

    TaskTelemetry(TaskMeters meters, Clock clock) {
        this.meters = meters;
        this.clock = clock;
    }

    @Override
    public void began(ClaimedTask task) {
        LogContext.set(task);
        if (task.token() == 1) { // later attempts of the task have a higher token
            meters.of(task.workflowVersion(), task.mode()).started().increment();
        }
    }

    @Override
    public void ended(ClaimedTask task, AttemptEnd end, @Nullable Throwable cause, Duration duration) {
        switch (end) {
            case AttemptEnd.Completed completed -> {
                meters.completed(task.workflowVersion(), task.mode());
                meters.of(task.workflowVersion(), task.mode()).duration().record(age(task));
            }
            case AttemptEnd.Dead dead -> {
                meters.failed(task.workflowVersion(), task.mode(), ErrorType.of(cause))
                        .increment();
                meters.of(task.workflowVersion(), task.mode()).duration().record(age(task));
            }
            default -> {}
        }
        TaskLog.ended(task, end, cause, duration);
        LogContext.clear(task);
    }

    /** From submission to end: the latency the caller experiences. */
    private Duration age(ClaimedTask task) {
        Duration age = Duration.between(task.createdAt(), clock.instant());
        return age.isNegative() ? Duration.ZERO : age; // the database's clock may be ahead of ours
    }
}
