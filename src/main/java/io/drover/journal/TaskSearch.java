package io.drover.journal;

import io.drover.encryption.Seals;
import io.drover.who.Workflows;
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
     * @param mode      only tasks of this mode, or null
     * @param who       only what this one submitted, or null
     * @param allowed   only tasks of these workflows
     */
    public Found find(
            String text,
            @Nullable String json,
            Collection<String> workflows,
            Collection<String> owners,
            @Nullable TaskStatus status,
            @Nullable String workflow,
            @Nullable Mode mode,
            int limit,
            @Nullable TaskCursor after,
            @Nullable String who,
            Workflows allowed) {
        if (after == null) {
            List<TaskView> exact = filtered(BY_ID, status, workflow)
                    .param("ids", ids(text, workflows, owners))
                    .param("who", who, Types.VARCHAR)
                    .param("allowed", allowed.regex(), Types.VARCHAR)
                    .param("mode", word(mode), Types.VARCHAR)
                    .query((row, i) -> TaskRows.read(row, seals))
                    .list();
            if (!exact.isEmpty()) {
                return new Found(exact, null);
            }
        }
        return scan(text, json, status, workflow, mode, limit, after, who, allowed);
    }

    /** Lists the tasks of one submitter, or of one mode, newest first, among the newest {@link #MOST_SCANNED}; the cursor continues. */
    public Found submittedBy(
            @Nullable String who,
            @Nullable TaskStatus status,
            @Nullable String workflow,
            @Nullable Mode mode,
            int limit,
            @Nullable TaskCursor after,
            Workflows allowed) {
        return scan(null, null, status, workflow, mode, limit, after, who, allowed);
    }

    private Found scan(
            @Nullable String text,
            @Nullable String json,
            @Nullable TaskStatus status,
            @Nullable String workflow,
            @Nullable Mode mode,
            int limit,
            @Nullable TaskCursor after,
            @Nullable String who,
            Workflows allowed) {
        List<TaskView> found = behind(filtered(SCAN, status, workflow), after)
                .param("text", text, Types.VARCHAR)
                .param("json", json, Types.VARCHAR)
                .param("who", who, Types.VARCHAR)
                .param("allowed", allowed.regex(), Types.VARCHAR)
                .param("mode", word(mode), Types.VARCHAR)
                .param("limit", limit)
                .query((row, i) -> TaskRows.read(row, seals))
                .list();
        TaskCursor next = found.size() == limit
                ? TaskCursor.behind(found.get(limit - 1))
                : behind(filtered(END_OF_SCAN, status, workflow), after)
                        .query((row, i) ->
                                new TaskCursor(row.getTimestamp(1).toInstant(), row.getObject(2, UUID.class)))
                        .optional()
                        .orElse(null);
        return new Found(found, next);
    }

    private static @Nullable String word(@Nullable Mode mode) {
        return mode == null ? null : mode.word();
    }

    private JdbcClient.StatementSpec filtered(
            String statement, @Nullable TaskStatus status, @Nullable String workflow) {
        return jdbc.sql(statement.formatted(status == null ? "true" : "status = '%s'".formatted(status.name())))
                .param("workflow", workflow, Types.VARCHAR);
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
