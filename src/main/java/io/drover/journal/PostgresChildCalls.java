package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.json.Json;
import io.drover.start.Listeners;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.stereotype.Repository;

@Repository
class PostgresChildCalls implements ChildCalls, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresChildCalls.class);

    // A call that is refused has its result already.
    private static final String INSERT =
            """
            insert into pending_call (task_id, address, reason, name, since, due_at, child, settled_at, settled_token)
            select x.task_id::uuid, x.address::uuid, 'CHILD', x.name, now(), 'infinity', x.child::uuid,
                   case when x.child is null then now() end, case when x.child is null then x.token end
              from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[])
                   as x(task_id, address, name, child, token)
                on conflict do nothing
            """;

    private static final String REFUSE =
            """
            update call set state = 'REJECTED', error = x.error::json, finished_at = now()
              from unnest(?::text[], ?::text[], ?::text[]) as x(task_id, address, error)
             where call.task_id = x.task_id::uuid and call.address = x.address::uuid and state = 'PENDING'
            """;

    private static final String WAKE =
            """
            update task set woken = true where id = any(?::uuid[]) and status = 'RUNNING'
            """;

    private static final String UNSETTLED =
            """
            (select distinct c.id
               from pending_call p join task c on c.id = p.child
              where p.reason = 'CHILD' and p.settled_at is null and c.status in ('COMPLETED', 'DEAD', 'CANCELLED')
              limit 500)
            union all
            (select id from task
              where parent_n is not null and awaited and status in ('COMPLETED', 'DEAD', 'CANCELLED')
              limit 500)
            """;

    private static final String HEARD =
            """
            update task set awaited = false where id = any(?::uuid[]) and parent_n is not null and awaited
            """;

    /** The parents whose attempts hold their leases; they are locked. */
    private static final String LEASES =
            """
            select id, token from task where id = any(?) and status = 'RUNNING'
            """;

    private final DataSource dataSource;
    private final Submissions submissions;
    private final ChildResults results;
    private final GroupCommit<ChildCall, Boolean> begun;

    PostgresChildCalls(
            DataSource dataSource, Wakeups wakeups, Tracks tracks, LocalWorker local, List<CommitListener> listeners) {
        this.dataSource = dataSource;
        this.submissions = new Submissions(wakeups, tracks, local);
        this.results = new ChildResults(wakeups);
        this.begun = new GroupCommit<>("child", dataSource, this::write, ChildCall::length, new Listeners<>(listeners));
    }

    @Override
    public CompletableFuture<Boolean> begin(ChildCall call) {
        return begun.add(call);
    }

    @Override
    public int settleEnded() {
        try (Connection connection = dataSource.getConnection()) {
            List<UUID> ended = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(UNSETTLED);
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ended.add(row.getObject(1, UUID.class));
                }
            }
            if (!ended.isEmpty()) {
                InTransaction.run(connection, transaction -> {
                    ChildResults.lock(transaction, ended, TaskLocks.END);
                    results.settle(transaction, ended);
                    update(transaction, HEARD, ended);
                    return ended;
                });
            }
            return ended.size();
        } catch (SQLException e) {
            throw new UncategorizedSQLException("the results of children that have ended", null, e);
        }
    }

    private List<Boolean> write(Connection connection, List<ChildCall> calls) throws SQLException {
        if (calls.stream().noneMatch(ChildCall::shared)) {
            try {
                return InTransaction.run(connection, transaction -> store(transaction, calls, TaskLocks.BEGIN));
            } catch (KnownChildException e) { // it may have ended, and its parent has to be woken
                LOG.debug("children that are there already are awaited under the locks of their ends");
            }
        }
        return InTransaction.run(connection, transaction -> store(transaction, calls, TaskLocks.END));
    }

    /** Of the children that only their parent can submit, one is there: from an earlier attempt, or an earlier try of this write. */
    private static final class KnownChildException extends RuntimeException {}

    /** A call that is stored, and the child that it got. */
    private record Stored(ChildCall call, Submission submission) {

        boolean isRefused() {
            return submission instanceof Submission.Conflict;
        }

        @Nullable
        UUID child() {
            return isRefused() ? null : submission.id();
        }

        String refusal() {
            Map<String, String> error = new LinkedHashMap<>();
            error.put("type", "ChildRefused");
            error.put(
                    "message",
                    "task:%s is not submitted: its key '%s' is taken by task %s with another input; use a separate key for each input"
                            .formatted(call.task().workflow(), call.task().key(), submission.id()));
            return Json.write(error);
        }
    }

    // A parent that is cancelled, and a shared child that ends, wait for these locks; so each sees what is stored here.
    // New children do not wait for those of the same parent that end. These may not see them, and wake the parent,
    // whose
    // attempt is under way: at its end it looks itself for children that are open.
    private List<Boolean> store(Connection connection, List<ChildCall> calls, TaskLocks lock) throws SQLException {
        lock.take(
                connection,
                calls.stream()
                        .flatMap(call -> call.shared()
                                ? Stream.of(call.call().taskId(), call.task().id())
                                : Stream.of(call.call().taskId()))
                        .toList());
        List<Boolean> written = record(connection, calls);
        List<ChildCall> allowed = IntStream.range(0, calls.size())
                .filter(written::get)
                .mapToObj(calls::get)
                .toList();
        if (!allowed.isEmpty()) {
            List<Submission> submitted = submissions.insert(
                    connection, allowed.stream().map(ChildCall::stored).toList());
            List<Stored> stored = new ArrayList<>(allowed.size());
            for (int i = 0; i < allowed.size(); i++) {
                stored.add(new Stored(allowed.get(i), submitted.get(i)));
            }
            if (lock == TaskLocks.BEGIN && !submitted.stream().allMatch(Submission.Accepted.class::isInstance)) {
                throw new KnownChildException();
            }
            // one that is refused has no child that could be its row
            CallStatement.write(
                    connection,
                    writes(stored.stream()
                            .filter(Stored::isRefused)
                            .map(Stored::call)
                            .filter(ChildCall::isKept)));
            pend(
                    connection,
                    stored.stream()
                            .filter(one -> one.isRefused() || !one.call().isKept())
                            .toList());
            settle(connection, stored);
        }
        return written;
    }

    /** What the parents' attempts may begin: the calls that are rows of their own are recorded as pending, the others are their children. */
    private static List<Boolean> record(Connection connection, List<ChildCall> calls) throws SQLException {
        List<CallStatement.Write> rows = writes(calls.stream().filter(call -> !call.isKept()));
        Iterator<Journal.Begin> begun = CallStatement.write(connection, rows).iterator();
        Map<UUID, Long> leases = rows.size() == calls.size() ? Map.of() : leases(connection, calls);
        return calls.stream()
                .map(call -> call.isKept()
                        ? Objects.equals(
                                leases.get(call.call().taskId()), call.call().token())
                        : begun.next() instanceof Journal.Begin.Begun)
                .toList();
    }

    private static List<CallStatement.Write> writes(Stream<ChildCall> calls) {
        return calls.map(call -> new CallStatement.Write(call.call(), null)).toList();
    }

    private static Map<UUID, Long> leases(Connection connection, List<ChildCall> calls) throws SQLException {
        Map<UUID, Long> leases = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(LEASES)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "uuid",
                            calls.stream()
                                    .map(call -> call.call().taskId())
                                    .distinct()
                                    .toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    leases.put(row.getObject(1, UUID.class), row.getLong(2));
                }
            }
        }
        return leases;
    }

    private static void pend(Connection connection, List<Stored> calls) throws SQLException {
        if (calls.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            new Columns<>(connection, insert, calls)
                    .text(stored -> stored.call().call().taskId())
                    .text(stored -> stored.call().call().address())
                    .text(stored -> stored.call().task().workflow())
                    .text(Stored::child)
                    .bigint(stored -> stored.call().call().token());
            insert.executeUpdate();
        }
    }

    /** What is there already may have ended; what is refused never begins. */
    private void settle(Connection connection, List<Stored> calls) throws SQLException {
        List<UUID> known = calls.stream()
                .map(Stored::submission)
                .filter(Submission.Known.class::isInstance)
                .map(Submission::id)
                .toList();
        List<Stored> refused = calls.stream().filter(Stored::isRefused).toList();
        if (!known.isEmpty()) {
            TaskLocks.END.take(
                    connection, known); // one that another parent has just submitted was not there to be locked
            ChildResults.await(connection, known);
            results.settle(connection, known);
        }
        if (!refused.isEmpty()) {
            try (PreparedStatement refuse = connection.prepareStatement(REFUSE)) {
                new Columns<>(connection, refuse, refused)
                        .text(stored -> stored.call().call().taskId())
                        .text(stored -> stored.call().call().address())
                        .sealed(
                                SealedColumn.CALL_ERROR,
                                stored -> stored.call().call().taskId(),
                                Stored::refusal);
                refuse.executeUpdate();
            }
            update(
                    connection,
                    WAKE,
                    refused.stream()
                            .map(stored -> stored.call().call().taskId())
                            .toList());
        }
    }

    private static void update(Connection connection, String sql, List<UUID> tasks) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setArray(1, connection.createArrayOf("uuid", tasks.toArray()));
            update.executeUpdate();
        }
    }

    @Override
    public void destroy() {
        begun.close();
    }
}
