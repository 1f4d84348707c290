package io.drover.journal;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tasks whose content was erased or removed: no attempt can go on with them. */
final class ErasedTasks {

    private static final String ERASED_AT =
            """
            select erased_at, removed_at from task where id = :id and coalesce(erased_at, removed_at) is not null
            """;

    private ErasedTasks() {}

    /** Why nothing more can be decided about the task, or null if its content is there. */
    static @Nullable String problem(JdbcClient jdbc, UUID task) {
        return jdbc.sql(ERASED_AT)
                .param("id", task)
                .query((row, n) -> row.getTimestamp(1) != null
                        ? "the task was erased at %s with all that was kept about its user, so there is nothing to go on with; submit a new task"
                                .formatted(row.getTimestamp(1).toInstant())
                        : "the content of the task was removed at %s, as drover.keep says, so there is nothing to go on with; submit a new task"
                                .formatted(row.getTimestamp(2).toInstant()))
                .optional()
                .orElse(null);
    }
}
