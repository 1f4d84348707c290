package io.drover.journal;

import io.drover.encryption.Seals;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Gives pending calls their results: the first signal that the task has not taken yet, or the end of the time. The
 * database's clock decides between them, and the lock of the task's row among those who bring results: the first wins.
 */
final class Results {

    // Everybody who brings a result locks the task first, in one order, and sees then what others have brought.
    private static final String LOCK =
            """
            select id from task
             where id = any(?) and status in ('QUEUED', 'RUNNING', 'WAITING')
             order by id for update
            """;

    private static final String SETTLE =
            """
            with open as (
                select p.*, c.n
                  from pending_call p join call c on c.task_id = p.task_id and c.address = p.address
                 where p.task_id = any(?) and p.settled_at is null and p.reason <> 'CHILD' and c.state = 'PENDING'
                   and (?::uuid is null or p.address = ?::uuid)),
            heard as (
                select o.task_id, o.address, o.n, s.id, s.body, s.at
                  from open o
                 cross join lateral (
                       select s.id, s.body, s.at
                         from signal s
                        where o.reason = 'SIGNAL' and s.name = o.name and s.key = o.key
                          and s.at >= o.since and s.at <= o.due_at
                          and not exists (select from pending_call q where q.task_id = o.task_id and q.signal_id = s.id)
                        order by s.id limit 1) s),
            taken as (
                select distinct on (task_id, id) * from heard order by task_id, id, n),
            settled as (
                select task_id, address, id as signal_id, json_build_object('outcome', 'received', 'signal', id,
                       'at', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'body', body) as result
                  from taken
                union all
                select task_id, address, null, json_build_object('outcome', case reason when 'TIME' then 'due' else 'timeout' end)
                  from open
                 where due_at <= now() and (reason = 'TIME' or not exists (
                       select from heard where heard.task_id = open.task_id and heard.address = open.address))),
            closed as (
                update pending_call p set settled_at = now(), signal_id = x.signal_id
                  from settled x where p.task_id = x.task_id and p.address = x.address),
            woken as (
                update task t
                   set woken = true,
                       status = case when waits then 'QUEUED' else t.status end,
                       wait_reason = case when waits then null else t.wait_reason end,
                       run_at = case when waits then now() else t.run_at end,
                       error = case when waits then null else t.error end
                  from (select id, %s as waits
                          from task where ? and id in (select task_id from settled)) w
                 where t.id = w.id)
            update call c
               set state = 'SUCCEEDED', result = x.result, finished_at = now(), bytes = null
              from settled x where c.task_id = x.task_id and c.address = x.address
            returning c.*
            """
                    .formatted(Plans.WAITS_FOR_A_RESULT);

    // A vote locks the task, too: the request is decided in time, or it is not.
    private static final String UNDECIDED =
            """
            with late as (
                update approval a
                   set state = 'UNDECIDED', decided_at = now()
                 where a.task_id = any(?) and a.state = 'OPEN' and a.decide_by <= now()
                returning a.task_id, a.address, a.id, a.asked_at, a.decide_by)
            update call c
               set state = 'REJECTED', finished_at = now(), bytes = null,
                   error = json_build_object('type', 'undecided', 'approval', late.id, 'message', format(
                           'no decision about approval %s came in time, until %s', late.id,
                           to_char(late.decide_by at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))
              from late
             where c.task_id = late.task_id and c.address = late.address and c.state = 'PENDING'
            returning c.*
            """;

    private static final String RECORDED =
            """
            select * from call where task_id = ? and address = ? and state <> 'PENDING'
            """;

    private final DataSource dataSource;
    private final Seals seals;

    Results(DataSource dataSource) {
        this.dataSource = dataSource;
        this.seals = Seals.of(dataSource);
    }

    /** For tasks whose attempts are about to read their calls: no task has to be woken. */
    List<CallRecord> ofClaimed(Collection<UUID> tasks) throws SQLException {
        return settle(tasks, null, false);
    }

    /** For one call of the attempt that asks. */
    List<CallRecord> ofCall(UUID task, UUID address) throws SQLException {
        return settle(List.of(task), address, false);
    }

    /** The call, if it has a result. */
    List<CallRecord> recorded(UUID task, UUID address) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(RECORDED)) {
            select.setObject(1, task);
            select.setObject(2, address);
            return calls(select);
        }
    }

    /** For tasks that may run or wait. */
    List<CallRecord> andWake(Collection<UUID> tasks) throws SQLException {
        return settle(tasks, null, true);
    }

    private List<CallRecord> settle(Collection<UUID> tasks, @Nullable UUID address, boolean wake) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return InTransaction.run(connection, transaction -> {
                List<CallRecord> all = new ArrayList<>();
                UUID[] locked = locked(transaction, tasks.toArray(UUID[]::new));
                if (address == null && !wake) {
                    all.addAll(undecided(transaction, locked));
                }
                List<CallRecord> some = settled(transaction, locked, address, wake);
                while (!some.isEmpty()) { // of two calls that wait for equal signals, one takes the first
                    all.addAll(some);
                    some = settled(transaction, locked, address, wake);
                }
                return all;
            });
        }
    }

    private List<CallRecord> undecided(Connection connection, UUID[] tasks) throws SQLException {
        try (PreparedStatement settle = connection.prepareStatement(UNDECIDED)) {
            settle.setArray(1, array(connection, tasks));
            return calls(settle);
        }
    }

    private static UUID[] locked(Connection connection, UUID[] tasks) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setArray(1, array(connection, tasks));
            List<UUID> ids = new ArrayList<>();
            try (ResultSet row = lock.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getObject(1, UUID.class));
                }
            }
            return ids.toArray(UUID[]::new);
        }
    }

    private List<CallRecord> settled(Connection connection, UUID[] tasks, @Nullable UUID address, boolean wake)
            throws SQLException {
        if (tasks.length == 0) {
            return List.of();
        }
        try (PreparedStatement settle = connection.prepareStatement(SETTLE)) {
            settle.setArray(1, array(connection, tasks));
            settle.setObject(2, address);
            settle.setObject(3, address);
            settle.setBoolean(4, wake);
            return calls(settle);
        }
    }

    private List<CallRecord> calls(PreparedStatement statement) throws SQLException {
        List<CallRecord> calls = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                calls.add(PostgresJournal.read(row, seals));
            }
        }
        return calls;
    }

    private static Array array(Connection connection, UUID[] ids) throws SQLException {
        return connection.createArrayOf("uuid", ids);
    }
}
