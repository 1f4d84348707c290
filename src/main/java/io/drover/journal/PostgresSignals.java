package io.drover.journal;

import io.drover.start.Listeners;
import io.drover.start.Periodic;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores signals and then wakes who waits for them. What a process has stored and not delivered, because it died, another
 * one delivers within a poll.
 */
@Repository
class PostgresSignals implements Signals, DisposableBean {

    private static final long POLL_MS = 1_000;
    private static final int BATCH = 500;

    private static final String INSERT =
            """
            insert into signal (source, name, key, body, sent_by)
            select x.source::uuid, x.name, x.key, x.body::json, x.sent_by
              from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) as x(source, name, key, body, sent_by)
                on conflict (source) do nothing
            returning source, id
            """;

    private static final String STORED =
            """
            select source, id, name, key, body from signal where source = any(?::uuid[])
            """;

    private static final String UNDELIVERED =
            """
            select id from signal where delivered_at is null order by id limit ? for update skip locked
            """;

    private static final String WAITING =
            """
            select distinct p.task_id
              from (select distinct name, key from signal where id = any(?)) s
              join pending_call p on p.name = s.name and p.key = s.key and p.reason = 'SIGNAL' and p.settled_at is null
              join task t on t.id = p.task_id and t.status in ('QUEUED', 'RUNNING', 'WAITING')
             order by 1
            """;

    private static final String DELIVERED =
            """
            update signal set delivered_at = now() where id = any(?)
            """;

    // One that is not delivered is not too old yet.
    private static final String FORGET =
            """
            delete from signal
             where id in (select id from signal
                           where at < now() - :ms * interval '1 millisecond' and delivered_at is not null
                           order by at limit :most for update skip locked)
            """;

    private record Stored(long id, String name, String key, String body) {

        boolean is(Signal signal) {
            return name.equals(signal.name()) && key.equals(signal.key()) && JsonDocuments.same(body, signal.body());
        }
    }

    private final DataSource dataSource;
    private final Wakeups wakeups;
    private final Results results;
    private final GroupCommit<Signal, Signal.Outcome> sent;
    private final Semaphore undelivered = new Semaphore(0);
    private final Periodic delivery = new Periodic("signals", Duration.ZERO, this::deliver);

    PostgresSignals(DataSource dataSource, Wakeups wakeups, List<CommitListener> listeners) {
        this.dataSource = dataSource;
        this.wakeups = wakeups;
        this.results = new Results(dataSource);
        this.sent = new GroupCommit<>(
                "signal",
                dataSource,
                PostgresSignals::insert,
                signal -> signal.body().length(),
                new Listeners<>(listeners));
        delivery.start(Duration.ofMillis(POLL_MS));
    }

    @Override
    public CompletableFuture<Signal.Outcome> send(Signal signal) {
        return sent.add(signal).whenComplete((outcome, failure) -> undelivered.release());
    }

    private static List<Signal.Outcome> insert(Connection connection, List<Signal> signals) throws SQLException {
        Map<UUID, Long> inserted = new HashMap<>();
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            new Columns<>(connection, insert, signals)
                    .text(Signal::source)
                    .text(Signal::name)
                    .text(Signal::key)
                    .text(Signal::body)
                    .text(Signal::sentBy);
            try (ResultSet row = insert.executeQuery()) {
                while (row.next()) {
                    inserted.put(row.getObject(1, UUID.class), row.getLong(2));
                }
            }
        }
        Map<UUID, Stored> stored = inserted.size() < signals.size() ? stored(connection, signals) : Map.of();
        List<Signal.Outcome> outcomes = new ArrayList<>(signals.size());
        for (Signal signal : signals) {
            Long id = inserted.remove(signal.source());
            outcomes.add(id != null ? new Signal.Outcome.Accepted(id) : known(signal, stored));
        }
        return outcomes;
    }

    private static Signal.Outcome known(Signal signal, Map<UUID, Stored> stored) {
        Stored there = stored.get(signal.source());
        if (there == null) {
            throw new IllegalStateException("signal '%s' was stored before and is gone".formatted(signal.name()));
        }
        return there.is(signal) ? new Signal.Outcome.Known(there.id) : new Signal.Outcome.Conflict(there.id);
    }

    private static Map<UUID, Stored> stored(Connection connection, List<Signal> signals) throws SQLException {
        Map<UUID, Stored> stored = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(STORED)) {
            new Columns<>(connection, select, signals).text(Signal::source);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    stored.put(
                            row.getObject(1, UUID.class),
                            new Stored(row.getLong(2), row.getString(3), row.getString(4), row.getString(5)));
                }
            }
        }
        return stored;
    }

    private void deliver() throws InterruptedException, SQLException {
        if (undelivered.tryAcquire(POLL_MS, TimeUnit.MILLISECONDS)) {
            undelivered.drainPermits();
        }
        while (deliverSome() == BATCH) {
            delivery.alive();
        }
    }

    /** The rows are locked while their tasks are woken, so another process takes others. */
    private int deliverSome() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Long[] signals = numbers(connection);
                if (signals.length > 0) {
                    wake(waiting(connection, signals));
                    try (PreparedStatement delivered = connection.prepareStatement(DELIVERED)) {
                        delivered.setArray(1, connection.createArrayOf("int8", signals));
                        delivered.executeUpdate();
                    }
                }
                connection.commit();
                return signals.length;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private void wake(List<UUID> tasks) throws SQLException {
        for (int from = 0; from < tasks.size(); from += BATCH) {
            results.andWake(tasks.subList(from, Math.min(tasks.size(), from + BATCH)));
            delivery.alive();
        }
        if (!tasks.isEmpty()) {
            JdbcClient.create(dataSource)
                    .sql("select pg_notify(:channel, '')")
                    .param("channel", Wakeups.CHANNEL)
                    .query()
                    .singleRow();
            wakeups.wake();
        }
    }

    private static Long[] numbers(Connection connection) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(UNDELIVERED)) {
            select.setInt(1, BATCH);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
        }
        return ids.toArray(Long[]::new);
    }

    private static List<UUID> waiting(Connection connection, Long[] signals) throws SQLException {
        List<UUID> tasks = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(WAITING)) {
            select.setArray(1, connection.createArrayOf("int8", signals));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    tasks.add(row.getObject(1, UUID.class));
                }
            }
        }
        return tasks;
    }

    @Override
    public int forget(Duration age, int most) {
        return JdbcClient.create(dataSource)
                .sql(FORGET)
                .param("ms", age.toMillis())
                .param("most", most)
                .update();
    }

    @Override
    public void destroy() {
        sent.close();
        delivery.close();
    }
}
