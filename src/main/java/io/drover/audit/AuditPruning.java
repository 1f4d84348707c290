package io.drover.audit;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Removes the rows of chains that ended under an old checkpoint, and the decisions that they bind, as the owner of the tables. The
 * leaves and the checkpoints stay, so what is left is verified as before. A line in a chain says what was removed.
 */
public final class AuditPruning {

    private static final String LAST_BEFORE =
            """
            select coalesce(max(size), 0) from audit_checkpoint where at <= now() - ? * interval '1 second'
            """;

    private static final String LAST_PRUNED =
            """
            select coalesce(max(size), 0) from audit_pruned where finished_at is not null
            """;

    // A chain is continued for an hour, and a transaction takes less than another one.
    private static final String UNSEALED =
            """
            select w.writer
              from audit_chain w
             cross join lateral (select c.seq from audit_chain c where c.writer = w.writer order by c.seq desc limit 1) h
              left join lateral (select l.seq from audit_leaf l where l.writer = w.writer order by l.seq desc limit 1) s on true
             where w.seq = 1
               and w.at <= (select at from audit_checkpoint where size = ?) - interval '2 hours'
               and h.seq is distinct from s.seq
             limit 1
            """;

    private static final String BEGIN =
            """
            insert into audit_pruned (size) values (?) on conflict do nothing
            """;

    private static final String TELL =
            """
            select audit_append(array[json_build_array('pruned', ?::bigint, current_user)::text])
            """;

    private static final String ENDED =
            """
            select w.writer
              from audit_chain w
             where w.seq = 1
               and w.at <= (select at from audit_checkpoint where size = ?) - interval '2 hours'
               and (select max(l.index) from audit_leaf l where l.writer = w.writer) < ?
             order by w.at
            """;

    private static final String REMOVE =
            """
            with gone as (delete from audit_chain where writer = ? returning body),
                 line as (select substring(line from '^\\["decided", ([0-9]{1,18}),')::bigint as decision
                            from gone, regexp_split_to_table(body, '\\n') line
                           where line like '["decided"%'),
                 decided as (delete from audit where id in (select decision from line) returning 1)
            select (select count(*) from gone), (select count(*) from decided)
            """;

    private static final String END =
            """
            update audit_pruned set finished_at = now() where size = ?
            """;

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    public AuditPruning(DataSource owner) {
        this.jdbc = new JdbcTemplate(owner);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(owner));
    }

    /**
     * What was removed.
     *
     * @param size      of the tree under which it was; zero where nothing was so old
     * @param chains    how many, as a whole
     * @param rows      how many
     * @param decisions how many
     */
    public record Pruned(long size, long chains, long rows, long decisions) {}

    /**
     * Removes the chains that ended under the last checkpoint of that age. What was cut off is continued by the next run.
     *
     * @param age by the database's clock
     * @throws IllegalStateException where a chain from then is not under a checkpoint as a whole: it may have been changed
     * @throws DataAccessException   where the database does not answer, or this is not the owner of the tables
     */
    public Pruned olderThan(Duration age) {
        long size = number(LAST_BEFORE, age.toSeconds());
        if (size <= number(LAST_PRUNED)) {
            return new Pruned(0, 0, 0, 0);
        }
        List<UUID> unsealed = jdbc.queryForList(UNSEALED, UUID.class, size);
        if (!unsealed.isEmpty()) {
            throw new IllegalStateException(
                    "chain %s is not under a checkpoint as a whole: it may have been changed; nothing is removed; run `audit export` and `audit verify`"
                            .formatted(unsealed.getFirst()));
        }
        transaction.executeWithoutResult(status -> {
            if (jdbc.update(BEGIN, size) > 0) {
                jdbc.queryForObject(TELL, Integer.class, size);
            }
        });
        List<UUID> chains = jdbc.queryForList(ENDED, UUID.class, size, size);
        long rows = 0;
        long decisions = 0;
        for (UUID chain : chains) { // a chain is what one session wrote in an hour, and goes in one statement
            Removed removed = remove(chain);
            rows += removed.rows;
            decisions += removed.decisions;
        }
        jdbc.update(END, size);
        return new Pruned(size, chains.size(), rows, decisions);
    }

    private record Removed(long rows, long decisions) {}

    private Removed remove(UUID chain) {
        return Objects.requireNonNull(
                jdbc.queryForObject(REMOVE, (row, i) -> new Removed(row.getLong(1), row.getLong(2)), chain));
    }

    private long number(String sql, @Nullable Object... arguments) {
        return Objects.requireNonNull(jdbc.queryForObject(sql, Long.class, arguments));
    }
}
