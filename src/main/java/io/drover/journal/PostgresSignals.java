package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import io.drover.start.Listeners;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
            insert into signal (id, source, name, key, body, sent_by) overriding system value
            select x.id::bigint, x.source::uuid, x.name, x.key, x.body::json, x.sent_by
              from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) as x(id, source, name, key, body, sent_by)
                on conflict (source) do nothing
            returning source, id
            """;

    private static final String IDS =
            """
            select nextval(pg_get_serial_sequence('signal', 'id')) from generate_series(1, ?)
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

    /** In the place of the name of an erased signal; no signal that is sent is called this. */
    private static final String ERASED = "(erased)";

    private record Stored(long id, String name, String key, String body) {

        /** Of an erased signal nothing but its source is known. */
        boolean is(Signal signal) {
            return name.equals(ERASED)
                    || name.equals(signal.name())
                            && key.equals(signal.key())
                            && JsonDocuments.same(body, signal.body());
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
        Map<Signal, Long> ids = ids(connection, signals);
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            new Columns<>(connection, insert, signals)
                    .text(ids::get)
                    .text(Signal::source)
                    .text(Signal::name)
                    .text(Signal::key)
                    .sealed(SealedColumn.SIGNAL_BODY, ids::get, Signal::body)
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

    /** A body is sealed for its row, so the row's id is taken first. */
    private static Map<Signal, Long> ids(Connection connection, List<Signal> signals) throws SQLException {
        Map<Signal, Long> ids = new IdentityHashMap<>();
        try (PreparedStatement select = connection.prepareStatement(IDS)) {
            select.setInt(1, signals.size());
            try (ResultSet row = select.executeQuery()) {
                for (Signal signal : signals) {
                    row.next();
                    ids.put(signal, row.getLong(1));
                }
            }
        }
        return ids;
    }

    private static Signal.Outcome known(Signal signal, Map<UUID, Stored> stored) {
        Stored there = stored.get(signal.source());
        if (there == null) {
            throw new IllegalStateException("signal '%s' was stored before and is gone".formatted(signal.name()));
        }
        return there.is(signal) ? new Signal.Outcome.Known(there.id) : new Signal.Outcome.Conflict(there.id);
    }

    private static Map<UUID, Stored> stored(Connection connection, List<Signal> signals) throws SQLException {
        Seals seals = Seals.of(connection);
        Map<UUID, Stored> stored = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(STORED)) {
            new Columns<>(connection, select, signals).text(Signal::source);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    stored.put(
                            row.getObject(1, UUID.class),
                            new Stored(
                                    row.getLong(2),
                                    row.getString(3),
                                    row.getString(4),
                                    Objects.requireNonNull(
                                            seals.open(SealedColumn.SIGNAL_BODY, row.getLong(2), row.getString(5)))));
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
