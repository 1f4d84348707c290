package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.drover.journal.TaskChildren;
import io.drover.journal.TaskCursor;
import io.drover.journal.TaskSearch;
import io.drover.journal.TaskStatus;
import io.drover.journal.TaskView;
import io.drover.journal.WaitReason;
import io.drover.who.Payload;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A part of the list of tasks, newest first. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "A part of the list of tasks, newest first.")
public record TaskPage(
        List<Item> tasks,
        @Schema(description = "The cursor of the next part; absent at the end.") @Nullable String next,
        @Schema(description = "In the list of a task's children: how many it has, by status.") @Nullable
                Map<TaskStatus, Long> counts) {

    /** A task in the list. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "TaskItem", description = "A task in the list, without input, output and calls.")
    public record Item(
            UUID id,
            String workflow,
            @Schema(description = "The version of its workflow.") int version,
            @Nullable String key,
            @Schema(description = "live, dry-run or shadow.") String mode,
            TaskStatus status,
            @Nullable WaitReason waitReason,
            @Nullable Instant dueAt,
            int priority,
            int attempts,
            @Payload(keeps = {"type", "tool"}) @JsonRawValue @Schema(implementation = Object.class) @Nullable
                    String error,
            Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Schema(description = "When its content was erased; absent if it was not.") @Nullable Instant erasedAt,
            @Schema(description = "When its content was removed because of its age; absent if it is there.") @Nullable
                    Instant removedAt,
            @Schema(description = "In the list of a task's children: how many children it has itself.") @Nullable
                    Integer children) {

        static Item of(TaskView task) {
            return of(task, null);
        }

        static Item of(TaskView task, @Nullable Integer children) {
            return new Item(
                    task.id(),
                    task.workflow(),
                    task.submitter().version(),
                    task.key(),
                    task.submitter().mode().word(),
                    task.status(),
                    task.waitReason(),
                    task.status().isTerminal() ? null : task.runAt(),
                    task.priority(),
                    task.attempt(),
                    task.error(),
                    task.createdAt(),
                    task.startedAt(),
                    task.finishedAt(),
                    task.erasedAt(),
                    task.removedAt(),
                    children);
        }
    }

    static TaskPage of(TaskSearch.Found found) {
        return new TaskPage(
                found.tasks().stream().map(Item::of).toList(),
                found.next() == null ? null : found.next().toString(),
                null);
    }

    static TaskPage of(List<TaskView> tasks, int limit) {
        return new TaskPage(tasks.stream().map(Item::of).toList(), next(tasks, limit), null);
    }

    static TaskPage of(List<TaskChildren.Child> children, Map<TaskStatus, Long> counts, int limit) {
        return new TaskPage(
                children.stream()
                        .map(child -> Item.of(child.task(), child.children()))
                        .toList(),
                next(children.stream().map(TaskChildren.Child::task).toList(), limit),
                counts);
    }

    private static @Nullable String next(List<TaskView> tasks, int limit) {
        return tasks.size() < limit ? null : TaskCursor.behind(tasks.getLast()).toString();
    }
}
