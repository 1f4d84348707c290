package io.drover.telemetry;

import io.drover.guard.ToolCallException;
import io.drover.journal.AttemptEnd;
import io.drover.journal.ClaimedTask;
import io.drover.journal.WaitReason;
import io.drover.json.Excerpt;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** One line for each ended attempt, at a high level only if a person may have to look. No payloads. */
final class TaskLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.drover.attempts");
    private static final int LONGEST_MESSAGE = 1000;

    private TaskLog() {}

    static void ended(ClaimedTask task, AttemptEnd end, @Nullable Throwable cause, Duration duration) {
        Level level = level(end);
        if (!LOG.isEnabledForLevel(level)) {
            return;
        }
        LoggingEventBuilder line = LOG.atLevel(level)
                .addKeyValue("task_id", task.id())
                .addKeyValue("workflow", task.workflow())
                .addKeyValue("retry_count", task.attempt() - 1)
                .addKeyValue("duration_ms", duration.toMillis());
        if (task.mode().hasNoEffect()) {
            line = line.addKeyValue("mode", task.mode().word());
        }
        if (cause != null || end instanceof AttemptEnd.Dead) {
            line = line.addKeyValue("error_type", ErrorType.of(cause));
        }
        if (cause != null) {
            line = line.addKeyValue("error_message", Excerpt.of(cause.getMessage(), LONGEST_MESSAGE));
            if (cause instanceof ToolCallException call) {
                line = line.addKeyValue("tool_name", call.tool()).addKeyValue("step_name", call.step());
            }
        }
        line.log("task {} of {}: attempt {} ended, {}", task.id(), task.workflow(), task.attempt(), describe(end));
    }

    private static Level level(AttemptEnd end) {
        return switch (end) {
            case AttemptEnd.Dead dead -> Level.WARN;
            case AttemptEnd.Waiting waiting -> waiting.reason() == WaitReason.IN_DOUBT ? Level.WARN : Level.DEBUG;
            case AttemptEnd.Retry retry -> Level.INFO;
            default -> Level.DEBUG;
        };
    }

    private static String describe(AttemptEnd end) {
        return switch (end) {
            case AttemptEnd.Completed completed -> "completed";
            case AttemptEnd.Retry retry -> "tried again in " + retry.backoff();
            case AttemptEnd.Dead dead -> "dead";
            case AttemptEnd.Waiting waiting ->
                "waits: %s%s%s"
                        .formatted(
                                waiting.reason(),
                                waiting.isForAPerson() ? ", for a person" : "",
                                waiting.delay() == null ? "" : " for " + waiting.delay());
            case AttemptEnd.Released released -> "given back";
        };
    }
}
