package io.drover.journal;

import io.drover.encryption.Seals;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Finds tasks by what a person remembers about them.
 * An id or a whole key is looked up by primary key, so the number of tasks does not matter.
 * Any other text is searched for in the newest {@link #MOST_SCANNED} tasks, and the cursor continues from there.
 */
@Repository
public class TaskSearch {

    /** The number of tasks that one answer looks through. */
    public static final int MOST_SCANNED = 10_000;

    // The status is a literal, so that the planner may choose the partial index of that status.
    private static final String BY_ID = "select " + TaskRows.LISTED
            + """
              from task
             where id = any(:ids)
               and %s
               and (:workflow::text is null or workflow = :workflow)
               and (:who::text is null or submitted_by = :who)
               and (:allowed::text is null or workflow ~ :allowed)
               and (:mode::text is null or mode = :mode)
               and (:version::int is null or %s = :version)
             order by created_at desc, id desc
            """;
    private static final String SCAN = "select * from (select " + TaskRows.LISTED
            + """
                      from task
                     where %s
                       and (:workflow::text is null or workflow = :workflow)
                       and (:at::timestamptz is null or (created_at, id) < (:at, :id))
                     order by created_at desc, id desc
                     limit :most) scanned
             where (:who::text is null or submitted_by = :who)
               and (:allowed::text is null or workflow ~ :allowed)
               and (:mode::text is null or mode = :mode)
               and (:version::int is null or %s = :version)
               and (:text::text is null
                    or strpos(lower(key), lower(:text)) > 0
                    or strpos(lower(error::text), lower(:json)) > 0)
             order by created_at desc, id desc
             limit :limit
            """;
    private static final String END_OF_SCAN =
            """
            select created_at, id
              from task
             where %s
               and (:workflow::text is null or workflow = :workflow)
               and (:at::timestamptz is null or (created_at, id) < (:at, :id))
             order by created_at desc, id desc
            offset :most - 1
             limit 1
            """;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * What was found.
     *
     * @param next where to continue, or null if all tasks have been searched
     */
    public record Found(List<TaskView> tasks, @Nullable TaskCursor next) {}

    private final JdbcClient jdbc;
    private final Seals seals;

    TaskSearch(DataSource dataSource) {
        this.jdbc = BoundedQueries.of(dataSource, PATIENCE);
        this.seals = Seals.of(dataSource).forPeople();
    }

    /**
     * Finds the tasks with this id or key; if there are none, those with this text in their key or error.
     *
     * @param workflows whose keys are looked up
     * @param owners    of the keys, see {@link KeyOwner}
     * @param json      the text as it stands in a JSON document, or null if errors are not searched
     */
    public Found find(
            String text,
            @Nullable String json,
            Collection<String> workflows,
            Collection<String> owners,
            TaskFilter filter,
            int limit,
            @Nullable TaskCursor after) {
        if (after == null) {
            List<TaskView> exact = matching(of(BY_ID, filter), filter)
                    .param("ids", ids(text, workflows, owners))
                    .query((row, i) -> TaskRows.read(row, seals))
                    .list();
            if (!exact.isEmpty()) {
                return new Found(exact, null);
            }
        }
        return scan(text, json, filter, limit, after);
    }

    /** Lists the tasks that match, newest first, among the newest {@link #MOST_SCANNED}; the cursor continues. */
    public Found matching(TaskFilter filter, int limit, @Nullable TaskCursor after) {
        return scan(null, null, filter, limit, after);
    }

    private Found scan(
            @Nullable String text, @Nullable String json, TaskFilter filter, int limit, @Nullable TaskCursor after) {
        List<TaskView> found = matching(behind(of(SCAN, filter), after), filter)
                .param("text", text, Types.VARCHAR)
                .param("json", json, Types.VARCHAR)
                .param("limit", limit)
                .query((row, i) -> TaskRows.read(row, seals))
                .list();
        TaskCursor next = found.size() == limit
                ? TaskCursor.behind(found.get(limit - 1))
                : behind(of(END_OF_SCAN, filter), after)
                        .query((row, i) ->
                                new TaskCursor(row.getTimestamp(1).toInstant(), row.getObject(2, UUID.class)))
                        .optional()
                        .orElse(null);
        return new Found(found, next);
    }

    private JdbcClient.StatementSpec of(String statement, TaskFilter filter) {
        TaskStatus status = filter.status();
        return jdbc.sql(statement.formatted(
                        status == null ? "true" : "status = '%s'".formatted(status.name()), Lane.VERSION_OF_TRACK))
                .param("workflow", filter.workflow(), Types.VARCHAR);
    }

    private static JdbcClient.StatementSpec matching(JdbcClient.StatementSpec statement, TaskFilter filter) {
        Mode mode = filter.mode();
        return statement
                .param("who", filter.who(), Types.VARCHAR)
                .param("allowed", filter.allowed().regex(), Types.VARCHAR)
                .param("mode", mode == null ? null : mode.word(), Types.VARCHAR)
                .param("version", filter.version(), Types.INTEGER);
    }

    private static JdbcClient.StatementSpec behind(JdbcClient.StatementSpec statement, @Nullable TaskCursor after) {
        return statement
                .param(
                        "at",
                        after == null ? null : OffsetDateTime.ofInstant(after.createdAt(), ZoneOffset.UTC),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param("id", after == null ? null : after.id(), Types.OTHER)
                .param("most", MOST_SCANNED);
    }

    /** The id of a task with a key is a digest of workflow, key and perhaps its owner, so no index of keys is needed. */
    private static UUID[] ids(String text, Collection<String> workflows, Collection<String> owners) {
        List<UUID> ids = new ArrayList<>();
        for (String workflow : workflows) {
            ids.add(TaskIds.of(workflow, text));
            ids.add(TaskIds.of(workflow, KeyOwner.dryRun(null), text));
            owners.forEach(owner -> {
                ids.add(TaskIds.of(workflow, owner, text));
                ids.add(TaskIds.of(workflow, KeyOwner.dryRun(owner), text));
            });
        }
        try {
            ids.add(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            // it is no id
        }
        return ids.toArray(UUID[]::new);
    }
}
