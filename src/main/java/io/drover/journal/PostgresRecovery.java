package io.drover.journal;

import io.drover.start.RefusedToStartException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Repository
class PostgresRecovery implements Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private record Mark(Instant since, Instant began) {}

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final RecoveryProperties properties;
    private final @Nullable Mark mark;

    PostgresRecovery(JdbcClient jdbc, PlatformTransactionManager transactions, RecoveryProperties properties) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.properties = properties;
        Instant since = properties.since();
        if (since != null) {
            begin(since);
        }
        this.mark = latest();
    }

    private void begin(Instant since) {
        if (since.isAfter(now())) {
            throw new RefusedToStartException(
                    "drover.recover-since (%s) is in the future; it must be the instant to which the database went back"
                            .formatted(since));
        }
        boolean first = jdbc.sql("insert into recovery (since) values (:since) on conflict do nothing")
                        .param("since", since.atOffset(ZoneOffset.UTC))
                        .update()
                > 0;
        int open = jdbc.sql(
                        "select count(*) from task where status in ('QUEUED', 'RUNNING', 'WAITING') and created_at <="
                                + " (select max(began_at) from recovery)")
                .query(Integer.class)
                .single();
        LOG.warn(
                "recovering what happened since {}: calls of {} tasks may have been made since, and are asked about"
                        + " before they are made again{}",
                since,
                open,
                first ? "" : "; this recovery began at an earlier start");
    }

    private Instant now() {
        return jdbc.sql("select now()").query(Timestamp.class).single().toInstant();
    }

    private @Nullable Mark latest() {
        return jdbc.sql("select since, began_at from recovery order by began_at desc limit 1")
                .query((row, i) -> new Mark(
                        row.getTimestamp(1).toInstant(), row.getTimestamp(2).toInstant()))
                .optional()
                .orElse(null);
    }

    @Override
    public @Nullable Instant began() {
        return mark == null ? null : mark.began;
    }

    @Override
    public String reason() {
        return mark == null
                ? ""
                : "the database went back to %s, and the call may have been made between then and %s"
                        .formatted(mark.since, mark.began);
    }

    @Override
    public boolean doubts(ClaimedTask task) {
        return mark != null
                && (!task.createdAt().isAfter(mark.began)
                        || jdbc.sql("select exists (select from recovery_task where task_id = :id)")
                                .param("id", task.id())
                                .query(Boolean.class)
                                .single());
    }

    @Override
    public boolean doubts(UUID task) {
        return mark != null
                && jdbc.sql("select exists (select from task where id = :id and created_at <= :began)"
                                + " or exists (select from recovery_task where task_id = :id)")
                        .param("id", task)
                        .param("began", mark.began.atOffset(ZoneOffset.UTC))
                        .query(Boolean.class)
                        .single();
    }

    @Override
    public boolean mayHaveSeen(@Nullable Instant event) {
        if (mark == null) {
            return false;
        }
        Instant earliest = event == null ? now().minus(properties.recoverUndated()) : event;
        return !earliest.isAfter(mark.began);
    }

    @Override
    public void doubt(UUID task) {
        jdbc.sql("insert into recovery_task (task_id) values (:id) on conflict do nothing")
                .param("id", task)
                .update();
    }

    @Override
    public void once(String brokers, String group, Rewind rewind) {
        if (mark == null) {
            return;
        }
        Mark current = mark;
        transaction.executeWithoutResult(status -> {
            boolean first = jdbc.sql("insert into recovery_group (since, brokers, name) values (:since, :brokers,"
                                    + " :name) on conflict do nothing")
                            .param("since", current.since.atOffset(ZoneOffset.UTC))
                            .param("brokers", brokers)
                            .param("name", group)
                            .update()
                    > 0;
            if (first) {
                try {
                    rewind.rewind(current.since.minus(properties.recoverMargin()));
                } catch (Exception e) {
                    throw new IllegalStateException(
                            "the offsets of consumer group %s could not be set back to %s: %s"
                                    .formatted(group, current.since, e.getMessage()),
                            e);
                }
            }
        });
    }
}
