package io.drover.api;

import io.drover.journal.DeadTasks;
import io.drover.who.Payload;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Why tasks are dead, largest group first. */
@Schema(description = "Why tasks are dead, largest group first.")
public record DeadGroups(
        List<Group> groups,
        @Schema(description = "Whether there are more dead tasks than the 10000 latest, which are grouped.")
                boolean more) {

    /** Tasks that died of the same cause. */
    @Schema(name = "DeadGroup", description = "Tasks that died of the same cause.")
    public record Group(
            String workflow,
            @Schema(description = "The type of the error; empty if it has none.") String type,
            @Payload @Schema(description = "The beginning of its message, with # for numbers and ids.") String reason,
            int count,
            Instant oldest,
            Instant newest,
            @Schema(description = "The one that died last.") Example example) {}

    /** One of a group. */
    @Schema(name = "DeadExample")
    public record Example(UUID id, @Payload String message) {}

    static DeadGroups of(List<DeadTasks.Group> groups) {
        return new DeadGroups(
                groups.stream()
                        .map(group -> new Group(
                                group.workflow(),
                                group.type(),
                                group.reason(),
                                group.count(),
                                group.oldest(),
                                group.newest(),
                                new Example(group.example(), group.message())))
                        .toList(),
                groups.stream().mapToInt(DeadTasks.Group::count).sum() == DeadTasks.MOST_GROUPED);
    }
}
