package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class PostgresResultSamples implements ResultSamples {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresResultSamples.class);

    // No index of calls by tool is needed: the calls of the latest tasks are looked up by their key, until enough are
    // found. Long results are no samples.
    private static final String LATEST =
            """
            select latest.id, found.address, found.arguments, found.result, found.at
              from ((select id from task where id = :task)
                    union all
                    (select id from task where (:workflow::text is null or workflow = :workflow) and erased_at is null
                      order by created_at desc limit :tasks)) latest
             cross join lateral (
                   select address, arguments, result, coalesce(finished_at, started_at) as at from call
                    where task_id = latest.id and tool = :tool and state = 'SUCCEEDED'
                      and decided_at is null and fallback is null and octet_length(result::text) <= :longest
                    offset 0) found
             limit :most
            """;

    private static final int TASKS = 1_000;
    private static final int LONGEST = 64 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private record Found(String result, Instant at) {}

    private final JdbcClient jdbc;
    private final Seals seals;

    PostgresResultSamples(DataSource dataSource) {
        this.jdbc = BoundedQueries.of(dataSource, PATIENCE);
        this.seals = Seals.of(dataSource);
    }

    @Override
    public List<String> latest(String tool, @Nullable UUID task, @Nullable String workflow) {
        List<String> own = find(tool, task, workflow);
        return own.isEmpty() && workflow != null ? find(tool, null, null) : own;
    }

    private String result(ResultSet row) throws SQLException {
        UUID task = row.getObject("id", UUID.class);
        String arguments = seals.open(SealedColumn.CALL_ARGUMENTS, task, row.getString("arguments"));
        return Objects.requireNonNull(seals.open(
                SealedColumn.CALL_RESULT,
                task,
                row.getString("result"),
                row.getString("address"),
                Objects.requireNonNull(arguments)));
    }

    private List<String> find(String tool, @Nullable UUID task, @Nullable String workflow) {
        try {
            return jdbc
                    .sql(LATEST)
                    .param("tool", tool)
                    .param("task", task, Types.OTHER)
                    .param("workflow", workflow, Types.VARCHAR)
                    .param("tasks", TASKS)
                    .param("longest", LONGEST)
                    .param("most", MOST)
                    .query((row, i) ->
                            new Found(result(row), row.getTimestamp("at").toInstant()))
                    .list()
                    .stream()
                    .sorted(Comparator.comparing(Found::at).reversed())
                    .map(Found::result)
                    .toList();
        } catch (QueryTimeoutException e) {
            LOG.info("no sample of the results of tool:{} was found within {}", tool, PATIENCE);
            return List.of();
        }
    }
}
