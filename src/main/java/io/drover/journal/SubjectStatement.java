package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import io.drover.journal.SubjectLimit.Earlier;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Decides, in the transaction that records that calls begin, whether earlier calls leave room for them, and keeps what
 * they have in common with later ones.
 */
final class SubjectStatement {

    // In one order, and before anything else of the transaction is locked. They are given back at its end.
    private static final String LOCK =
            """
            select pg_advisory_xact_lock(subject) from unnest(?::bigint[]) as subject
            """;

    // A call that another one answered for, or had the effect of, was not made. One whose task has ended meanwhile, as
    // by
    // a person, is not waited for: it may have been made.
    private static final String EARLIER =
            """
            select s.subject, s.task_id, s.address, s.tool, c.arguments,
                   c.state = 'STARTED' and t.status in ('QUEUED', 'RUNNING', 'WAITING') as under_way,
                   extract(epoch from clock_timestamp() - s.began_at) as age
              from call_subject s
              join call c on c.task_id = s.task_id and c.address = s.address
              join task t on t.id = s.task_id
             where s.subject = any(?) and s.began_at > clock_timestamp() - make_interval(secs => ?)
               and (c.state = 'STARTED' or c.state = 'SUCCEEDED' and c.fallback is null
                    or c.state = 'IN_DOUBT' and c.error->'effect' is null)
             order by s.began_at
            """;

    private static final String KEEP =
            """
            insert into call_subject (subject, task_id, address, tool, began_at)
            select x.subject::uuid, x.task_id::uuid, x.address::uuid, x.tool, clock_timestamp()
              from unnest(?::text[], ?::text[], ?::text[], ?::text[]) as x(subject, task_id, address, tool)
                on conflict (subject, task_id, address) do update set began_at = excluded.began_at, tool = excluded.tool
            """;

    private record Row(UUID subject, CallRecord call) {}

    private SubjectStatement() {}

    /** What each of these calls, in this order, may do: one that may begin is under way for the next ones. */
    static Map<BeginRequest, SubjectLimit.Room> judge(Connection connection, List<BeginRequest> begins)
            throws SQLException {
        Map<BeginRequest, SubjectLimit.Room> rooms = new HashMap<>();
        if (begins.isEmpty()) {
            return rooms;
        }
        List<UUID> subjects = begins.stream()
                .flatMap(begin -> subjects(begin).stream())
                .distinct()
                .sorted()
                .toList();
        lock(connection, subjects);
        List<Earlier> all = earlier(connection, subjects, begins);
        for (BeginRequest begin : begins) {
            CallRecord call = begin.call();
            Collection<UUID> mine = subjects(begin);
            SubjectLimit.Room room = limit(begin)
                    .judge(all.stream()
                            .filter(one -> mine.contains(one.subject())
                                    && !(one.task().equals(call.taskId())
                                            && one.address().equals(call.address())))
                            .toList());
            rooms.put(begin, room);
            if (room == SubjectLimit.Room.FREE) {
                mine.forEach(subject -> all.add(new Earlier(
                        subject, call.taskId(), call.address(), call.tool(), Duration.ZERO, call.arguments(), true)));
            }
        }
        return rooms;
    }

    private static SubjectLimit limit(BeginRequest begin) {
        return Objects.requireNonNull(begin.limit());
    }

    private static Collection<UUID> subjects(BeginRequest begin) {
        return limit(begin).subjects();
    }

    private static void lock(Connection connection, List<UUID> subjects) throws SQLException {
        Object[] keys = subjects.stream()
                .map(UUID::getMostSignificantBits)
                .distinct()
                .sorted()
                .toArray();
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setArray(1, connection.createArrayOf("bigint", keys));
            lock.executeQuery().close();
        }
    }

    private static List<Earlier> earlier(Connection connection, List<UUID> subjects, List<BeginRequest> begins)
            throws SQLException {
        Duration within = begins.stream()
                .map(begin -> limit(begin).within())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        List<Earlier> all = new ArrayList<>();
        Seals seals = Seals.of(connection);
        try (PreparedStatement select = connection.prepareStatement(EARLIER)) {
            select.setArray(1, connection.createArrayOf("uuid", subjects.toArray()));
            select.setDouble(2, within.toMillis() / 1000.0);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    all.add(new Earlier(
                            row.getObject("subject", UUID.class),
                            row.getObject("task_id", UUID.class),
                            row.getObject("address", UUID.class),
                            row.getString("tool"),
                            Duration.ofMillis((long) (row.getDouble("age") * 1000)),
                            Objects.requireNonNull(seals.open(
                                    SealedColumn.CALL_ARGUMENTS,
                                    row.getObject("task_id", UUID.class),
                                    row.getString("arguments"))),
                            row.getBoolean("under_way")));
                }
            }
        }
        return all;
    }

    /** These calls have begun. */
    static void keep(Connection connection, List<BeginRequest> begun) throws SQLException {
        List<Row> rows = begun.stream()
                .flatMap(begin -> subjects(begin).stream().distinct().map(subject -> new Row(subject, begin.call())))
                .toList();
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement keep = connection.prepareStatement(KEEP)) {
            new Columns<>(connection, keep, rows)
                    .text(Row::subject)
                    .text(row -> row.call().taskId())
                    .text(row -> row.call().address())
                    .text(row -> row.call().tool());
            keep.executeUpdate();
        }
    }
}
