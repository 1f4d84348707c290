package io.drover.journal;

import io.drover.start.Periodic;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Wakes the tasks that wait for signals that are stored. What a process has stored and not delivered, because it died,
 * another one delivers within a poll.
 */
final class SignalDelivery implements AutoCloseable {

    private static final long POLL_MS = 1_000;
    private static final int BATCH = 500;

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

    private final DataSource dataSource;
    private final Wakeups wakeups;
    private final Results results;
    private final Semaphore undelivered = new Semaphore(0);
    private final Periodic delivery = new Periodic("signals", Duration.ZERO, this::deliver);

    SignalDelivery(DataSource dataSource, Wakeups wakeups) {
        this.dataSource = dataSource;
        this.wakeups = wakeups;
        this.results = new Results(dataSource);
    }

    void start() {
        delivery.start(Duration.ofMillis(POLL_MS));
    }

    /** There is a signal to deliver. */
    void wake() {
        undelivered.release();
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
            return InTransaction.run(connection, this::deliverSome);
        }
    }

    private int deliverSome(Connection connection) throws SQLException {
        Long[] signals = numbers(connection);
        if (signals.length > 0) {
            List<UUID> tasks = waiting(connection, signals);
            for (int from = 0; from < tasks.size(); from += BATCH) {
                results.andWake(tasks.subList(from, Math.min(tasks.size(), from + BATCH)));
                delivery.alive();
            }
            try (PreparedStatement delivered = connection.prepareStatement(DELIVERED)) {
                delivered.setArray(1, connection.createArrayOf("int8", signals));
                delivered.executeUpdate();
            }
            if (!tasks.isEmpty()) {
                notifyWorkers(connection);
                wakeups.wake();
            }
        }
        return signals.length;
    }

    private static void notifyWorkers(Connection connection) throws SQLException {
        try (PreparedStatement notify = connection.prepareStatement("select pg_notify(?, '')")) {
            notify.setString(1, Wakeups.CHANNEL);
            notify.execute();
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
    public void close() {
        delivery.close();
    }
}
