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

/**
 * Knows of a database that went back in time, and so has forgotten calls.
 * Tasks that it holds, and tasks of events that come again, may have made calls that are not in its journal.
 * The mark that says so stays in the database, and applies to every process that starts on it.
 */
@Repository
public class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private record Mark(Instant since, Instant began) {}

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final RecoveryProperties properties;
    private final @Nullable Mark mark;

    Recovery(JdbcClient jdbc, PlatformTransactionManager transactions, RecoveryProperties properties) {
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

    /** When the last recovery began, or null if the database never went back. */
    public @Nullable Instant began() {
        return mark == null ? null : mark.began;
    }

    /** The message about a call that may have been made. */
    public String reason() {
        return mark == null
                ? ""
                : "the database went back to %s, and the call may have been made between then and %s"
                        .formatted(mark.since, mark.began);
    }

    /** Whether the task may have made calls that the journal does not hold. */
    public boolean doubts(ClaimedTask task) {
        return mark != null
                && (!task.createdAt().isAfter(mark.began)
                        || jdbc.sql("select exists (select from recovery_task where task_id = :id)")
                                .param("id", task.id())
                                .query(Boolean.class)
                                .single());
    }

    /** The same of a task that another one tells of, which is not at hand. */
    public boolean doubts(UUID task) {
        return mark != null
                && jdbc.sql("select exists (select from task where id = :id and created_at <= :began)"
                                + " or exists (select from recovery_task where task_id = :id)")
                        .param("id", task)
                        .param("began", mark.began.atOffset(ZoneOffset.UTC))
                        .query(Boolean.class)
                        .single();
    }

    /**
     * Whether a task of an event may have run before the database went back.
     *
     * @param event when it occurred; null where it bears no time, so that it may come again for a while
     */
    public boolean mayHaveSeen(@Nullable Instant event) {
        if (mark == null) {
            return false;
        }
        Instant earliest = event == null ? now().minus(properties.recoverUndated()) : event;
        return !earliest.isAfter(mark.began);
    }

    /** Records that this task, which is about to be submitted, may have run before. */
    public void doubt(UUID task) {
        jdbc.sql("insert into recovery_task (task_id) values (:id) on conflict do nothing")
                .param("id", task)
                .update();
    }

    /** What sets the offsets of a consumer group back. */
    public interface Rewind {

        /** @param to records that are older need not be read again */
        void rewind(Instant to) throws Exception;
    }

    /**
     * Sets a consumer group back, once for each recovery, whatever the number of processes; other processes wait
     * meanwhile.
     *
     * @throws IllegalStateException when it was not set back; the next caller then tries again
     */
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
