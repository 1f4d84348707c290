package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.drover.journal.TaskCursor;
import io.drover.journal.TaskSearch;
import io.drover.journal.TaskStatus;
import io.drover.journal.TaskView;
import io.drover.journal.WaitReason;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A part of the list of tasks, newest first. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "A part of the list of tasks, newest first.")
public record TaskPage(
        List<Item> tasks,
        @Schema(description = "The cursor of the next part; absent at the end.") @Nullable String next) {

    /** A task in the list. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "TaskItem", description = "A task in the list, without input, output and calls.")
    public record Item(
            UUID id,
            String workflow,
            @Nullable String key,
            TaskStatus status,
            @Nullable WaitReason waitReason,
            @Nullable Instant dueAt,
            int priority,
            int attempts,
            @JsonRawValue @Schema(implementation = Object.class) @Nullable String error,
            Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt) {

        static Item of(TaskView task) {
            return new Item(
                    task.id(),
                    task.workflow(),
                    task.key(),
                    task.status(),
                    task.waitReason(),
                    task.status().isTerminal() ? null : task.runAt(),
                    task.priority(),
                    task.attempt(),
                    task.error(),
                    task.createdAt(),
                    task.startedAt(),
                    task.finishedAt());
        }
    }

    static TaskPage of(TaskSearch.Found found) {
        return new TaskPage(
                found.tasks().stream().map(Item::of).toList(),
                found.next() == null ? null : found.next().toString());
    }

    static TaskPage of(List<TaskView> tasks, int limit) {
        String next = tasks.size() < limit
                ? null
                : TaskCursor.behind(tasks.get(tasks.size() - 1)).toString();
        return new TaskPage(tasks.stream().map(Item::of).toList(), next);
    }
}
