package io.drover.journal;

import io.drover.start.Listeners;
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
import javax.sql.DataSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class PostgresSignals implements Signals, DisposableBean {

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
    private final GroupCommit<Signal, Signal.Outcome> sent;
    private final SignalDelivery delivery;

    PostgresSignals(DataSource dataSource, Wakeups wakeups, List<CommitListener> listeners) {
        this.dataSource = dataSource;
        this.delivery = new SignalDelivery(dataSource, wakeups);
        this.sent = new GroupCommit<>(
                "signal",
                dataSource,
                PostgresSignals::insert,
                signal -> signal.body().length(),
                new Listeners<>(listeners));
        delivery.start();
    }

    @Override
    public CompletableFuture<Signal.Outcome> send(Signal signal) {
        return sent.add(signal).whenComplete((outcome, failure) -> delivery.wake());
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
