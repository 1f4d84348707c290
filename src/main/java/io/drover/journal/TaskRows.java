package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The columns of the table {@code task} that a submission writes and that people are shown.
 * A new column is added here, in {@link NewTask} and in {@link TaskView}, or in {@link Submitter} for both.
 */
final class TaskRows {

    /** The columns of a list: without input and output, which may be long. */
    static final String LISTED =
            """
            id, workflow, key, status, wait_reason, priority, attempt, token, run_at, worker, definition, submitted_by, trace, track,
            parent, root, lineage, redone, mode, 'null'::json as input, null::json as output, error, created_at, started_at, finished_at, erased_at, removed_at, usd, rollout, evaluated
            """;

    private static final String NEW =
            """
            insert into task (id, workflow, key, key_owner, status, wait_reason, priority, run_at, submitted_by, trace, track, on_end, input, input_bytes,
                              parent, root, lineage, awaited, redone, mode, parent_n, parent_branch, redact, address_key, rollout, evaluated%1$s)
            select x.id::uuid, x.workflow, x.key, x.key_owner,
                   case %2$s when x.delay_ms > 0 then 'WAITING' else 'QUEUED' end,
                   case when x.delay_ms > 0 then 'DELAY' end,
                   x.priority, now() + x.delay_ms * interval '1 millisecond', x.submitted_by, x.trace, x.track, x.on_end, x.input::json,
                   octet_length(x.input), x.parent::uuid, x.root::uuid, x.lineage, x.parent is not null, x.redone, x.mode, x.parent_n::int, x.parent_branch, x.redact, x.address_key, x.rollout, x.evaluated%3$s
              from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::int[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[],
                          ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[]%4$s)
                   as x(id, workflow, key, key_owner, priority, delay_ms, submitted_by, trace, track, on_end, input, parent, root, lineage,
                        redone, mode, parent_n, parent_branch, redact, address_key, rollout, evaluated%5$s)
              %6$s
                on conflict (id) do nothing
            returning id%7$s
            """;

    /** Stores new tasks, and returns the ids of those that were not there. */
    static final String INSERT = NEW.formatted("", "", "", "", "", "", "");

    /**
     * The same, but a task for which the worker has a place begins there in this statement: one more column says on which
     * definition, and then comes the worker. A worker that was declared dead gets nothing.
     */
    static final String INSERT_AND_CLAIM = NEW.formatted(
            ", worker, definition, token, attempt, begun, begun_at, started_at",
            "when here then 'RUNNING'",
            """
            , case when here then w.id end, case when here then x.definition::bigint end, here::int, here::int,
            case when here then 1 end, case when here then now() end, case when here then now() end""",
            ", ?::text[]",
            ", definition",
            """
            left join worker w on w.id = ? and not w.leaving
            cross join lateral (select x.definition is not null and w.id is not null as here) claimed""",
            ", status, created_at, run_at");

    private TaskRows() {}

    /** How many parameters {@link #bind} sets. */
    static final int COLUMNS = 22;

    /** Sets the parameters of {@link #INSERT}. */
    static Columns<NewTask> bind(Connection connection, PreparedStatement insert, List<NewTask> tasks, Tracks tracks)
            throws SQLException {
        Seals seals = Seals.of(connection);
        return new Columns<>(connection, insert, tasks)
                .text(NewTask::id)
                .text(NewTask::workflow)
                .text(NewTask::key)
                .text(NewTask::keyOwner)
                .integer(NewTask::priority)
                .bigint(task -> task.delay().toMillis())
                .text(task -> task.submitter().name())
                .text(task -> task.submitter().trace())
                .text(task -> tracks.of(task))
                .text(NewTask::onEnd)
                .sealed(SealedColumn.TASK_INPUT, NewTask::id, NewTask::input)
                .text(task -> of(task, Family::parent))
                .text(task -> of(task, Family::root))
                .text(task -> of(task, Family::lineage))
                .bool(task -> task.submitter().redone())
                .text(task -> task.submitter().mode().word())
                .text(task -> ofCall(task, Family.Call::n))
                .text(task -> ofCall(task, Family.Call::branch))
                .text(task ->
                        task.redaction().isNone() ? null : task.redaction().text())
                .sealedText(SealedColumn.TASK_ADDRESS_KEY, NewTask::id, task -> seals.addressKey(task.id()))
                .text(tracks::rollout)
                .bool(task -> task.submitter().evaluated());
    }

    private static @Nullable Object of(NewTask task, Function<Family, Object> part) {
        Family family = task.submitter().family();
        return family == null ? null : part.apply(family);
    }

    private static @Nullable Object ofCall(NewTask task, Function<Family.Call, @Nullable Object> part) {
        Family family = task.submitter().family();
        return family == null || family.call() == null ? null : part.apply(family.call());
    }

    /** A task from a row that holds all columns, or those of {@link #LISTED}. */
    static TaskView read(ResultSet row, Seals seals) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        String waitReason = row.getString("wait_reason");
        Lane lane = Lane.of(row.getString("track"));
        return new TaskView(
                id,
                row.getString("workflow"),
                row.getString("key"),
                TaskStatus.valueOf(row.getString("status")),
                waitReason == null ? null : WaitReason.valueOf(waitReason),
                row.getInt("priority"),
                row.getInt("attempt"),
                row.getLong("token"),
                "infinity".equals(row.getString("run_at")) ? null : instant(row, "run_at"),
                row.getObject("worker", UUID.class),
                row.getObject("definition", Long.class),
                new Submitter(
                        row.getString("submitted_by"),
                        row.getString("trace"),
                        Family.read(
                                row.getObject("parent", UUID.class),
                                row.getObject("root", UUID.class),
                                row.getString("lineage")),
                        row.getBoolean("redone"),
                        Mode.stored(row.getString("mode")),
                        lane.version(),
                        row.getString("rollout"),
                        row.getBoolean("evaluated")),
                lane.track(),
                Objects.requireNonNull(seals.open(SealedColumn.TASK_INPUT, id, row.getString("input"))),
                seals.open(SealedColumn.TASK_OUTPUT, id, row.getString("output")),
                seals.open(SealedColumn.TASK_ERROR, id, row.getString("error")),
                row.getTimestamp("created_at").toInstant(),
                instant(row, "started_at"),
                instant(row, "finished_at"),
                instant(row, "erased_at"),
                instant(row, "removed_at"),
                row.getBigDecimal("usd"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
