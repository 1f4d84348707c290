package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

@Repository
class PostgresAuditTrail implements AuditTrail {

    private static final String LIST =
            """
            select id, at, who, action, task_id, detail
              from audit
             where %s
                   (:actor::text is null or who = :actor)
               and (:what::text is null or action = :what)
               and (:since::timestamptz is null or at >= :since)
               and (:until::timestamptz is null or at < :until)
               and (:before::bigint is null or id < :before)
             order by id desc
             limit :limit
            """;

    private static final String OF_ALL = LIST.formatted("");
    private static final String OF_A_TASK = LIST.formatted("task_id = :task and"); // by its index

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final JdbcClient jdbc;
    private final Seals seals;

    PostgresAuditTrail(DataSource dataSource) {
        this.jdbc = BoundedQueries.of(dataSource, PATIENCE);
        this.seals = Seals.of(dataSource).forPeople();
    }

    @Override
    public List<Entry> list(Filter filter, int limit, @Nullable Long before) {
        StatementSpec statement = jdbc.sql(filter.task() == null ? OF_ALL : OF_A_TASK);
        if (filter.task() != null) {
            statement = statement.param("task", filter.task());
        }
        return statement
                .param("actor", filter.actor(), Types.VARCHAR)
                .param("what", filter.what(), Types.VARCHAR)
                .param("since", time(filter.since()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("until", time(filter.until()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("before", before, Types.BIGINT)
                .param("limit", limit)
                .query((row, i) -> entry(row))
                .list();
    }

    private Entry entry(ResultSet row) throws SQLException {
        UUID task = row.getObject("task_id", UUID.class);
        return new Entry(
                row.getLong("id"),
                row.getTimestamp("at").toInstant(),
                row.getString("who"),
                row.getString("action"),
                task,
                seals.open(
                        SealedColumn.AUDIT_DETAIL, task == null ? row.getLong("id") : task, row.getString("detail")));
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
