package io.drover.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Tasks that wait for the end of a call with an effect. Who waits locks the effect, and then looks whether the call has
 * ended; who ends the call locks the effect, and then looks who waits. So no wake-up is lost.
 */
final class EffectWaits {

    private static final String LOCK_TO_WAIT =
            """
            select from effect e
              join unnest(?::text[], ?::text[], ?::text[]) as x(scope, name, key)
                on e.scope = x.scope and e.name = x.name and e.key = x.key
             order by e.scope, e.name, e.key for update of e
            """;

    // A release or an edit that did not know of the effect may have left it with a call that failed.
    private static final String FREE =
            """
            delete from effect e
             using unnest(?::text[], ?::text[], ?::text[]) as x(scope, name, key), call c
             where e.scope = x.scope and e.name = x.name and e.key = x.key
               and c.task_id = e.task_id and c.address = e.address and c.state = 'FAILED'
            """;

    private static final String WAIT =
            """
            insert into effect_wait (scope, name, key, task_id)
            select distinct e.scope, e.name, e.key, x.task_id::uuid
              from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                   as x(scope, name, key, first_task, first_address, task_id)
              join effect e on e.scope = x.scope and e.name = x.name and e.key = x.key
                           and e.task_id = x.first_task::uuid and e.address = x.first_address::uuid
              join call c on c.task_id = e.task_id and c.address = e.address
             where c.state not in ('SUCCEEDED', 'REJECTED', 'FAILED')
                on conflict (scope, name, key, task_id) do update set task_id = excluded.task_id
            returning scope, name, key, task_id
            """;

    private static final String LOCK_ENDED =
            """
            select from effect where task_id = any(?) order by scope, name, key for update
            """;

    private static final String WOKEN =
            """
            delete from effect_wait w
             using effect e join call c on c.task_id = e.task_id and c.address = e.address
             where e.task_id = any(?) and c.state in ('SUCCEEDED', 'REJECTED', 'FAILED')
               and w.scope = e.scope and w.name = e.name and w.key = e.key
            returning w.task_id
            """;

    private static final String WAKE =
            """
            update task t
               set woken = true,
                   status = case when waits then 'QUEUED' else t.status end,
                   wait_reason = case when waits then null else t.wait_reason end,
                   run_at = case when waits then now() else t.run_at end,
                   error = case when waits then null else t.error end
              from (select id, %s as waits
                      from task where id = any(?) and status in ('QUEUED', 'RUNNING', 'WAITING')
                     order by id for update) w
             where t.id = w.id
            """
                    .formatted(Plans.WAITS_FOR_A_RESULT);

    private static final String GIVE_BACK =
            """
            delete from effect e using call c
             where e.task_id = any(?) and c.task_id = e.task_id and c.address = e.address and c.state = 'FAILED'
            """;

    private static final String NOTIFY = """
            select pg_notify(?, '')
            """;

    /** A task that is to wait. */
    record Wait(UUID task, EffectHolder first) {}

    private EffectWaits() {}

    /** @return for each whether it waits now; else the call has ended, or another one has the effect */
    static List<Boolean> begin(Connection connection, List<Wait> waits) throws SQLException {
        return InTransaction.run(connection, transaction -> {
            try (PreparedStatement lock = transaction.prepareStatement(LOCK_TO_WAIT)) {
                keys(transaction, lock, waits);
                lock.executeQuery().close();
            }
            try (PreparedStatement free = transaction.prepareStatement(FREE)) {
                keys(transaction, free, waits);
                free.executeUpdate();
            }
            Set<List<Object>> waiting = new HashSet<>();
            try (PreparedStatement insert = transaction.prepareStatement(WAIT)) {
                keys(transaction, insert, waits)
                        .text(wait -> wait.first.task())
                        .text(wait -> wait.first.address())
                        .text(Wait::task);
                try (ResultSet row = insert.executeQuery()) {
                    while (row.next()) {
                        waiting.add(List.of(
                                row.getString(1), row.getString(2), row.getString(3), row.getObject(4, UUID.class)));
                    }
                }
            }
            return waits.stream()
                    .map(wait -> waiting.contains(List.of(
                            wait.first.effect().scope(),
                            wait.first.effect().name(),
                            wait.first.effect().key(),
                            wait.task)))
                    .toList();
        });
    }

    private static Columns<Wait> keys(Connection connection, PreparedStatement statement, List<Wait> waits)
            throws SQLException {
        return new Columns<>(connection, statement, waits)
                .text(wait -> wait.first.effect().scope())
                .text(wait -> wait.first.effect().name())
                .text(wait -> wait.first.effect().key());
    }

    /** The same in the transaction of Spring that is under way. */
    static void ended(DataSource dataSource, UUID... tasks) {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            ended(connection, tasks);
        } catch (SQLException e) {
            throw new UncategorizedSQLException("the end of a call with an effect", null, e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    /**
     * Wakes who waits for calls of these tasks that have ended, and gives the effects of failed ones back. In the
     * transaction that ends them.
     */
    static void ended(Connection connection, UUID[] tasks) throws SQLException {
        if (tasks.length == 0 || ids(connection, LOCK_ENDED, tasks) == 0) {
            return;
        }
        List<UUID> woken = new ArrayList<>();
        try (PreparedStatement delete = connection.prepareStatement(WOKEN)) {
            delete.setArray(1, connection.createArrayOf("uuid", tasks));
            try (ResultSet row = delete.executeQuery()) {
                while (row.next()) {
                    woken.add(Objects.requireNonNull(row.getObject(1, UUID.class)));
                }
            }
        }
        if (!woken.isEmpty()) {
            update(connection, WAKE, woken.toArray(UUID[]::new));
            try (PreparedStatement notify = connection.prepareStatement(NOTIFY)) {
                notify.setString(1, Wakeups.CHANNEL);
                notify.execute();
            }
        }
        update(connection, GIVE_BACK, tasks);
    }

    private static int ids(Connection connection, String select, UUID[] tasks) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setArray(1, connection.createArrayOf("uuid", tasks));
            int rows = 0;
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows++;
                }
            }
            return rows;
        }
    }

    private static void update(Connection connection, String update, UUID[] tasks) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(update)) {
            statement.setArray(1, connection.createArrayOf("uuid", tasks));
            statement.executeUpdate();
        }
    }
}
