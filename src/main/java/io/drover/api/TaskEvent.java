package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.drover.journal.CallState;
import io.drover.journal.TaskChanges;
import io.drover.journal.TaskStatus;
import io.drover.journal.TaskView;
import io.drover.journal.WaitReason;
import io.drover.who.Payload;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The data of one event of a task. */
@JsonInclude(JsonInclude.Include.NON_NULL)
sealed interface TaskEvent {

    /** The name of the event. */
    String name();

    /** The task's status changed. */
    record Status(
            TaskStatus status,
            @Nullable WaitReason waitReason,
            @Nullable Instant dueAt,
            int attempts,
            @Payload(keeps = {"type", "tool"}) @JsonRawValue @Nullable String error)
            implements TaskEvent {

        static Status of(TaskView task) {
            return new Status(
                    task.status(),
                    task.waitReason(),
                    task.status().isTerminal() ? null : task.runAt(),
                    task.attempt(),
                    task.error());
        }

        @Override
        public String name() {
            return "status";
        }
    }

    /** A call began, waits for its result, or ended. */
    record Call(
            int n,
            String tool,
            CallState state,
            int tries,
            @Nullable String fallback,
            Instant startedAt,
            @Nullable Instant finishedAt,
            @Payload(keeps = {"type", "tool"}) @JsonRawValue @Nullable String error)
            implements TaskEvent {

        static TaskEvent of(TaskChanges.Call call) {
            return call.body() == null
                    ? new Call(
                            call.n(),
                            call.tool(),
                            call.state(),
                            call.tries(),
                            call.fallback(),
                            call.startedAt(),
                            call.finishedAt(),
                            call.error())
                    : new Progress(call.n(), call.startedAt(), call.body());
        }

        @Override
        public String name() {
            return "call";
        }
    }

    /** The workflow published its progress. */
    record Progress(int n, Instant at, @Payload(json = true) @JsonRawValue String body) implements TaskEvent {

        @Override
        public String name() {
            return "progress";
        }
    }

    /** An attempt ended without bringing the task to its end. */
    record Attempt(
            int n,
            Instant endedAt,
            String ending,
            @Payload(keeps = {"type", "tool"}) @JsonRawValue @Nullable String error)
            implements TaskEvent {

        static Attempt of(TaskChanges.Ended attempt) {
            return new Attempt(attempt.n(), attempt.endedAt(), attempt.ending(), attempt.error());
        }

        @Override
        public String name() {
            return "attempt";
        }
    }

    /** The task has ended; nothing comes after it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record End(
            TaskStatus status,
            @Payload(json = true) @JsonRawValue @Nullable String output,
            @Payload(keeps = {"type", "tool"}) @JsonRawValue @Nullable String error)
            implements TaskEvent {

        static End of(TaskView task) {
            return new End(task.status(), task.output(), task.error());
        }

        @Override
        public String name() {
            return "end";
        }
    }
}
