package io.drover.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import io.drover.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What became of a task since somebody looked, read from its durable rows; so every process tells the same. */
@Repository
public class TaskChanges {

    /** The step of a workflow that publishes progress; it is recorded like a call. */
    public static final String PROGRESS = "signal:progress";

    private static final String STATES =
            """
            select n, state, tries from call where task_id = :task and n >= :from order by n, started_at limit :most
            """;

    private static final String CALLS =
            """
            select n, tool, state, tries, fallback, started_at, finished_at, error::text,
                   case when tool = :progress then arguments end as arguments
              from call where task_id = :task and n = any(:numbers) order by n, started_at
            """;

    private static final String ATTEMPTS =
            """
            select token, n, ended_at, ending, error::text from attempt
             where task_id = :task and token > :after order by token limit :most
            """;

    private static final int MOST_CALLS = 20_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The state of a call. */
    public record State(int n, CallState state, int tries) {}

    /**
     * A call.
     *
     * @param error a JSON document, or null
     * @param body  what was published, a JSON document, if it is a step {@link #PROGRESS}
     */
    public record Call(
            int n,
            String tool,
            CallState state,
            int tries,
            @Nullable String fallback,
            Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable String error,
            @Nullable String body) {}

    /**
     * An attempt that did not bring the task to its end.
     *
     * @param error a JSON document, or null
     */
    public record Ended(long token, int n, Instant endedAt, String ending, @Nullable String error) {}

    private final JdbcClient jdbc;
    private final Seals seals;

    TaskChanges(DataSource dataSource) {
        this.jdbc = BoundedQueries.of(dataSource, PATIENCE);
        this.seals = Seals.of(dataSource).forPeople();
    }

    /** The states of the calls from this number on, in order. */
    public List<State> states(UUID task, int from) {
        return jdbc.sql(STATES)
                .param("task", task)
                .param("from", from)
                .param("most", MOST_CALLS)
                .query((row, i) -> new State(row.getInt(1), CallState.valueOf(row.getString(2)), row.getInt(3)))
                .list();
    }

    /** These calls, in order. */
    public List<Call> calls(UUID task, Collection<Integer> numbers) {
        return jdbc.sql(CALLS)
                .param("task", task)
                .param("progress", PROGRESS)
                .param("numbers", numbers.toArray(Integer[]::new))
                .query((row, i) -> call(task, row))
                .list();
    }

    /** The attempts that ended after the one with this token, in order. */
    public List<Ended> attempts(UUID task, long after) {
        return jdbc.sql(ATTEMPTS)
                .param("task", task)
                .param("after", after)
                .param("most", TaskAttempt.MOST_KEPT)
                .query((row, i) -> new Ended(
                        row.getLong("token"),
                        row.getInt("n"),
                        row.getTimestamp("ended_at").toInstant(),
                        row.getString("ending"),
                        seals.open(SealedColumn.ATTEMPT_ERROR, task, row.getString("error"))))
                .list();
    }

    private static @Nullable String body(@Nullable String arguments) {
        try {
            JsonNode body =
                    arguments == null ? null : Json.mapper().readTree(arguments).get("body");
            return body == null ? null : Json.write(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("arguments that are stored are not JSON", e);
        }
    }

    private Call call(UUID task, ResultSet row) throws SQLException {
        Timestamp finished = row.getTimestamp("finished_at");
        return new Call(
                row.getInt("n"),
                row.getString("tool"),
                CallState.valueOf(row.getString("state")),
                row.getInt("tries"),
                row.getString("fallback"),
                row.getTimestamp("started_at").toInstant(),
                finished == null ? null : finished.toInstant(),
                seals.open(SealedColumn.CALL_ERROR, task, row.getString("error")),
                body(seals.open(SealedColumn.CALL_ARGUMENTS, task, row.getString("arguments"))));
    }
}
